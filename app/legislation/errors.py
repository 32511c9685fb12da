"""What the legislation room refuses, apart from findings about single values."""

from uuid import UUID

from app.kernel.errors import AppError, ConflictError, NotFoundError


class LegislativeRequestNotFoundError(NotFoundError):
    """No legislative request has this name (or none had it yet, as of the moment asked for)."""

    title = "No such legislative request"

    def __init__(self) -> None:
        super().__init__("There is no legislative request with this id or reference.")


class VehicleNotFoundError(NotFoundError):
    """No vehicle has this id or name (or none had it yet, as of the moment asked for)."""

    title = "No such vehicle"

    def __init__(self) -> None:
        super().__init__(
            "There is no vehicle with this id or name; a name is like US/118/H.R. 815."
        )


class PartNotFoundError(NotFoundError):
    """The legislative request or the vehicle has no such part."""

    title = "No such part"

    def __init__(self, part: str) -> None:
        super().__init__(f"There is no {part} with this id or key.")


class ActionNotFoundError(PartNotFoundError):
    """The legislative request or the vehicle has no such action."""

    title = "No such action"

    def __init__(self) -> None:
        super().__init__("action")


class IllegalTransitionError(ConflictError):
    """The step does not lead from the state before it, or makes a later step impossible.

    Facts:
        from: the state before the step; ``None`` where there is none.
        to: the state that the step would lead to.
        allowed: the states that it may lead to.
        action: id of the action whose step is not legal; ``None`` where it is not an action's.
        on: its date.
    """

    code = "illegal-transition"
    title = "The current state does not allow this"

    def __init__(
        self,
        detail: str,
        *,
        before: str | None,
        after: str,
        allowed: list[str],
        action_id: UUID | None = None,
        on: str | None = None,
    ) -> None:
        action = str(action_id) if action_id else None
        facts = {"from": before, "to": after, "allowed": allowed, "action": action, "on": on}
        super().__init__(detail, **facts)
        self.action_id = action_id


class AlreadyWithdrawnError(ConflictError):
    """What was recorded in error was taken back before; it changes no more."""

    code = "already-withdrawn"
    title = "It was withdrawn before"


class VehicleExistsError(ConflictError):
    """Another vehicle has this jurisdiction, session and identifier.

    Facts:
        vehicle: the id of the one that has them.
    """

    code = "vehicle-exists"
    title = "The vehicle is there already"

    def __init__(self, vehicle_id: UUID) -> None:
        super().__init__(
            "A vehicle of this jurisdiction, session and identifier is recorded; change that one.",
            vehicle=str(vehicle_id),
        )


class FundingExceededError(ConflictError):
    """Pledges would take more from an enacted line than was enacted and still stands.

    Facts:
        enacted_line: its key.
        left: decimal string, what pledges may still take.
        currency: of ``left``.
    """

    code = "funding-exceeded"
    title = "More than was enacted"

    def __init__(self, key: str, left: str, currency: str) -> None:
        super().__init__(
            f"Of this enacted line {left} {currency} are left for pledges.",
            enacted_line=key,
            left=left,
            currency=currency,
        )


class StillFundingError(ConflictError):
    """What pledges are paid from cannot be taken back before the links to them are.

    Facts:
        funding: ids of the links.
    """

    code = "still-funding"
    title = "Pledges are paid from it"

    def __init__(self, links: list[UUID]) -> None:
        super().__init__(
            "Withdraw the links to the pledges that are paid from it first.",
            funding=[str(link) for link in links],
        )


class NoMoneyForPledgesError(ConflictError):
    """The enacted line is not for the recipient, or has no amount: no pledge can be paid from it."""

    code = "no-money-for-pledges"
    title = "No pledge can be paid from it"


class RelatedToItselfError(ConflictError):
    """A request cannot be related to itself."""

    code = "related-to-itself"
    title = "A request is not related to itself"

    def __init__(self) -> None:
        super().__init__("Name another legislative request.")


class VersionMovedError(AppError):
    """The change is based on a version that is not the current one."""

    code = "precondition-failed"
    title = "The version has moved on"

    def __init__(self, current: int) -> None:
        super().__init__(
            "The record was changed since; read it again.",
            etag=f'"{current}"',
            version=current,
        )

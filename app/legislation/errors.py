"""What the legislation room refuses, apart from findings about single values."""

from app.kernel.errors import AppError, ConflictError, NotFoundError


class LegislativeRequestNotFoundError(NotFoundError):
    """No legislative request has this name (or none had it yet, as of the moment asked for)."""

    title = "No such legislative request"

    def __init__(self) -> None:
        super().__init__("There is no legislative request with this id or reference.")


class ActionNotFoundError(NotFoundError):
    """The legislative request has no such action."""

    title = "No such action"

    def __init__(self) -> None:
        super().__init__("The legislative request has no action with this id.")


class IllegalTransitionError(ConflictError):
    """The step does not lead from the state before it, or makes a later step impossible.

    Facts:
        from: the state before the step; ``None`` where there is none.
        to: the state that the step would lead to.
        allowed: the states that it may lead to.
    """

    code = "illegal-transition"
    title = "The current state does not allow this"

    def __init__(self, detail: str, *, before: str | None, after: str, allowed: list[str]) -> None:
        super().__init__(detail, **{"from": before, "to": after, "allowed": allowed})


class AlreadyWithdrawnError(ConflictError):
    """What was recorded in error was taken back before; it changes no more."""

    code = "already-withdrawn"
    title = "It was withdrawn before"


class VersionMovedError(AppError):
    """The change is based on a version that is not the current one."""

    code = "precondition-failed"
    title = "The version has moved on"

    def __init__(self, current: int) -> None:
        super().__init__(
            "The legislative request was changed since; read it again.",
            etag=f'"{current}"',
            version=current,
        )

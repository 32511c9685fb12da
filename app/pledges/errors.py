"""What the pledges room refuses, apart from findings about single values."""

from app.kernel.errors import AppError, ConflictError, NotFoundError


class PledgeNotFoundError(NotFoundError):
    """No pledge has this id (or none had it yet, as of the moment asked for)."""

    title = "No such pledge"

    def __init__(self) -> None:
        super().__init__("There is no pledge with this id.")


class MovementNotFoundError(NotFoundError):
    """The pledge has no such movement."""

    title = "No such movement"

    def __init__(self) -> None:
        super().__init__("The pledge has no movement with this id.")


class IllegalTransitionError(ConflictError):
    """The state of the pledge or movement does not allow the step."""

    code = "illegal-transition"
    title = "The current state does not allow this"

    def __init__(self, detail: str, *, state: str) -> None:
        super().__init__(detail, state=state)


class VersionMovedError(AppError):
    """The change is based on a version that is not the current one."""

    code = "precondition-failed"
    title = "The version has moved on"

    def __init__(self, current: int) -> None:
        super().__init__(
            "The pledge was changed since; read it again.", etag=f'"{current}"', version=current
        )

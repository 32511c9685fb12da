"""The refusals of this room."""

from app.kernel.errors import NotFoundError


class DraftNotFoundError(NotFoundError):
    """The caller's key has no draft with this id."""

    title = "No such draft"

    def __init__(self) -> None:
        super().__init__("There is no draft with this id; drafts are kept for 30 days.")

"""What can go wrong with a citation."""

from app.kernel.errors import ConflictError


class CitationDiffersError(ConflictError):
    """The figure at a permanent address is not the one that was cited."""

    code = "citation-differs"
    title = "The figure is not the one that was cited"

    def __init__(self) -> None:
        super().__init__(
            "The address was changed, or it is of another ledger than this: its figure is not the one that was cited."
        )

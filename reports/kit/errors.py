"""How a report refuses figures that a workbook cannot hold."""

from app.kernel.errors import ConflictError


class ReportTooLargeError(ConflictError):
    """The figures do not fit a workbook; cutting them silently would falsify the report.

    Attributes:
        place: the sheet and column at fault.
        limit: what Excel allows there.
    """

    code = "report-too-large"
    title = "Too large for a workbook"

    def __init__(self, place: str, what: str, limit: int) -> None:
        super().__init__(
            f"{place}: Excel holds at most {limit:,} {what}.", place=place, limit=limit
        )
        self.place = place
        self.limit = limit

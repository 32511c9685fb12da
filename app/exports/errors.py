"""What the exports refuse."""

from app.kernel.errors import ConflictError


class ReportNotReadyError(ConflictError):
    """A report that was ordered is not finished, or nothing became of it."""

    code = "report-not-ready"
    title = "The report is not ready"

    def __init__(self, state: str) -> None:
        super().__init__("There is no file of this job, or none yet.", state=state)

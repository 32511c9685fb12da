"""What the imports room refuses, apart from findings about single cells."""

from collections.abc import Sequence
from typing import Final

from app.kernel.errors import AppError, Finding, InvalidError, NotFoundError


class UnreadableFileError(AppError):
    """The file is not what it was said to be."""

    code = "unreadable-file"
    title = "The file cannot be read"


class RefusedRowsError(InvalidError):
    """Some rows cannot be recorded, so none was; ``import`` is the address of the import, whose report has them all."""

    def __init__(self, findings: Sequence[Finding], address: str) -> None:
        super().__init__(findings, "Some rows cannot be recorded, so none was.")
        self.facts = {"import": address}


class NoWorkbookError(NotFoundError):
    """There is no workbook to write comments into."""

    code = "no-workbook"
    title = "There is no workbook"


class RefusedFileError(AppError):
    """A file that the gate stops; nobody has looked at its cells. Subclass it."""


class UnsupportedWorkbookError(RefusedFileError):
    """It is neither an Excel workbook (.xlsx) nor a CSV file in UTF-8."""

    code = "unsupported-workbook"
    title = "The file is no workbook that can be read"


class MalformedWorkbookError(RefusedFileError):
    """It says that it is a workbook, and what stands inside contradicts that."""

    code = "malformed-workbook"
    title = "The workbook is damaged"


class WorkbookTooLargeError(RefusedFileError):
    """The file, what it unpacks to, or the area that its cells span is too large."""

    code = "workbook-too-large"
    title = "The file is too large"


class EncryptedWorkbookError(RefusedFileError):
    """A password protects it."""

    code = "workbook-encrypted"
    title = "The workbook is protected by a password"


class WorkbookHasMacrosError(RefusedFileError):
    """It holds programs."""

    code = "workbook-has-macros"
    title = "The workbook holds programs"


class WorkbookHasLinksError(RefusedFileError):
    """Its cells depend on other files."""

    code = "workbook-has-links"
    title = "The workbook depends on other files"


class NoSummaryError(AppError):
    """The workbook has no sums of its own to compare with."""

    code = "no-summary"
    title = "The workbook has no sums of its own"

    def __init__(self, measure: str) -> None:
        super().__init__(f"The file has no main data, or no sheet with its sums by {measure}.")


REFUSALS: Final[tuple[type[RefusedFileError], ...]] = (
    UnsupportedWorkbookError,
    MalformedWorkbookError,
    WorkbookTooLargeError,
    EncryptedWorkbookError,
    WorkbookHasMacrosError,
    WorkbookHasLinksError,
)

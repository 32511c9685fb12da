"""How large a file may be. The process that reads it imports this, and nothing of the layouts."""

from dataclasses import asdict, dataclass

from app.imports.domain.cells import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be. What is larger is refused before it is read.

    Attributes:
        file_bytes: of the file itself.
        sheets: of a workbook.
        rows: the highest row number of any sheet.
        columns: the highest column number of any sheet.
        cells: that hold something, in all sheets.
    """

    file_bytes: int = 10 * 2**20
    sheets: int = 20
    rows: int = 10_000
    columns: int = 64
    cells: int = 500_000

    def widened(self, other: "Limits") -> "Limits":
        """What both allow together."""
        return Limits(
            **{name: max(value, getattr(other, name)) for name, value in asdict(self).items()}
        )

    def admits(self, book: Book) -> bool:
        """Whether the sheets of a book are within them."""
        return len(book.sheets) <= self.sheets and all(
            sheet.last_row <= self.rows and sheet.last_column <= self.columns
            for sheet in book.sheets
        )

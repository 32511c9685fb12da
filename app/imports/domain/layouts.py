"""What a layout is: how large its files may be, how they are recognised, and who maps them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from app.imports.domain.cells import Book
from app.imports.domain.proposals import Mapper


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRules:
    """One layout.

    Attributes:
        name: as ``--as`` has it.
        recognises: whether a book is of this layout, judged by its headers.
        map: makes proposals of the book.
        limits: of its files.
        series: under which external ids are kept from one file to the next; ``None`` where a row names its pledge by
            the ledger's own reference, and then says with the version which state of it the row is based on.
    """

    name: str
    recognises: Callable[[Book], bool]
    map: Mapper
    limits: Limits = Limits()
    series: str | None = None

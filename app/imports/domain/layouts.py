"""What a layout is: how large its files may be, how they are recognised, and who maps them."""

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRules:
    """One layout.

    Attributes:
        name: as ``--as`` has it.
        recognises: whether a book is of this layout, judged by its headers.
        map: makes proposals of the book.
        limits: of its files.
        takes_formulas: the saved result of a formula is taken for its value. Otherwise every formula is an error:
            what stands in the ledger must stand in the file.
    """

    name: str
    recognises: Callable[[Book], bool]
    map: Mapper
    limits: Limits = Limits()
    takes_formulas: bool = False

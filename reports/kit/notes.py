"""Notes on cells, which show when the pointer rests on them."""

from collections.abc import Mapping
from typing import Any, Final

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.worksheet.worksheet import Worksheet

_WIDTH: Final = 320
_HEIGHT: Final = 90


def add_notes(worksheet: Worksheet, notes: Mapping[int, str], *, author: str) -> None:
    """Put notes on cells of the first row, by column, counted from 1.

    openpyxl collects them from the cells that it writes itself, and forgets at its first row what it had before; the
    kit writes the rows, so they are handed over where openpyxl looks for them.

    Args:
        worksheet: of a ``Book``; how wide its columns are and what is frozen has been said.
        notes: texts.
        author: who says it.
    """
    sheet: Any = worksheet
    sheet._get_writer()  # noqa: SLF001
    for column, text in notes.items():
        cell = Cell(worksheet, row=1, column=column)
        cell.comment = Comment(text, author, height=_HEIGHT, width=_WIDTH)
        sheet._comments.append(CommentRecord.from_cell(cell))  # noqa: SLF001

"""The layouts that are known, and which of them a file has."""

from collections.abc import Mapping
from functools import reduce
from typing import Final

from app.imports.domain import pledge_sheet
from app.imports.domain.cells import Book
from app.imports.domain.kiel.mapper import RULES as KIEL
from app.imports.domain.layouts import LayoutRules
from app.imports.domain.limits import Limits
from app.imports.errors import WorkbookTooLargeError
from app.kernel.errors import invalid

TEMPLATE: Final = LayoutRules(
    name="template", recognises=pledge_sheet.recognises, map=pledge_sheet.map_book
)
CSV: Final = LayoutRules(
    name="csv",
    recognises=pledge_sheet.recognises,
    map=pledge_sheet.map_book,
    limits=Limits(file_bytes=64 * 2**20, sheets=1, rows=250_000),
)
# In the order in which they are tried.
LAYOUTS: Final[Mapping[str, LayoutRules]] = {rules.name: rules for rules in (TEMPLATE, CSV, KIEL)}
WIDEST: Final = reduce(Limits.widened, (rules.limits for rules in LAYOUTS.values()))


def get_layout(name: str) -> LayoutRules:
    """The layout of this name.

    Raises:
        InvalidError: ``unknown-value``.
    """
    if name not in LAYOUTS:
        raise invalid(
            "/layout", "unknown-value", "Not one of the allowed values.", allowed=[*LAYOUTS]
        )
    return LAYOUTS[name]


def choose_layout(book: Book, name: str | None, size: int) -> LayoutRules:
    """The layout that was named, or the one that knows the file by its headers, or our own.

    Args:
        book: what was read.
        name: of the layout.
        size: of the file, in bytes.

    Raises:
        InvalidError: ``unknown-value``.
        WorkbookTooLargeError: the layout has no files of this size.
    """
    rules = get_layout(name) if name else _guess(book)
    most = rules.limits
    if size > most.file_bytes or not most.admits(book):
        raise WorkbookTooLargeError(
            f"A file of layout {rules.name} has at most {most.file_bytes} bytes and {most.sheets} sheets"
            f" of {most.rows} rows and {most.columns} columns."
        )
    return rules


def _guess(book: Book) -> LayoutRules:
    ours = CSV if book.is_text else TEMPLATE
    return next(
        (one for one in LAYOUTS.values() if one not in {TEMPLATE, CSV} and one.recognises(book)),
        ours,
    )

"""What a layout is: how its files are recognised, who maps them, and how large they may be."""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.imports.domain.cells import Book
from app.imports.domain.limits import Limits
from app.imports.domain.proposals import Mapper


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
    limits: Limits = field(default_factory=Limits)
    series: str | None = None

"""Formulas that the kit writes: a small language, made by code and never by recorded text, each with its result.

Excel works a formula out when it opens the file. Viewers, pandas and whoever does not calculate show the result that
stands beside it in the file, so each formula is made together with its result.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from reports.kit.numbers import Number

FUNCTIONS: Final = ("ABS", "COUNTIFS", "IF", "ROUND", "SUBTOTAL", "SUM", "SUMIFS")
_CELL: Final = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(?![\w(])"
_TOKENS: Final = (
    rf"(?:{'|'.join(FUNCTIONS)})\(",
    # A column of a native table, and the cell of it that stands in the formula's own row.
    r"[A-Za-z]\w*\[(?:[A-Za-z0-9 ]+|\[\#This Row\],\[[A-Za-z0-9 ]+\])\]",
    rf"(?:'[A-Za-z0-9 ]+'!)?{_CELL}(?::{_CELL})?",
    r"[A-Za-z][A-Za-z_]*(?![\w(\[!])",  # a defined name
    r'"(?:[A-Za-z0-9 ]*|<?=)"',
    r"[0-9]+(?:\.[0-9]+)?(?![\w(])",
    r"[-+*/&=<>(),]",
)
# What may stand in a file of ours; a test reads every file that we can make with it.
ALLOWED: Final = re.compile(rf"(?:{'|'.join(_TOKENS)})+", re.ASCII)
_WORD: Final = re.compile(r"[A-Za-z0-9 ]+", re.ASCII)

Result: TypeAlias = Number | int | str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to.

    Attributes:
        text: without the equals sign.
        result: what a program that calculates will find.

    Raises:
        ValueError: the text is not of the kit's language; something that was recorded has got into it.
    """

    text: str
    result: Result

    def __post_init__(self) -> None:
        if not is_allowed(self.text):
            raise ValueError("This is no formula that a workbook of ours may hold.")


@lru_cache(maxsize=4096)
def is_allowed(text: str) -> bool:
    """Whether a text is a formula of the kit's language."""
    return ALLOWED.fullmatch(text) is not None


def is_word(text: str) -> bool:
    """Whether a text may be quoted in a formula: no sign in it means anything to a spreadsheet."""
    return _WORD.fullmatch(text) is not None


def column_of(table: str, title: str) -> str:
    """A column of a native table."""
    return f"{table}[{title}]"


def cell_of(table: str, title: str) -> str:
    """The cell of a native table's column that stands in the row of the formula."""
    return f"{table}[[#This Row],[{title}]]"


def total(table: str, title: str, result: Result) -> Formula:
    """The sum of a column."""
    return Formula(f"SUM({column_of(table, title)})", result)

"""A chart of a page with its words, and the same as a table: for the eye in words, for programs exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from typing_extensions import override

from app.kernel.money import format_minor
from app.pledges.domain import decimals_of
from app.web.charts import Drawn
from app.web.words import Unit


@dataclass(frozen=True, slots=True)
class Exact:
    """A figure as it is shown, and as it is: a decimal string in units of its currency, or a whole number."""

    text: str
    value: str | int | None

    @override
    def __str__(self) -> str:
        return self.text


Cell = str | Exact


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``key`` names it in files, ``is_number`` sets what is below to the right."""

    name: str
    key: str
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart with its words.

    Attributes:
        title: what it shows, with its unit.
        caption: what the table shows of it, where that is less than the chart does.
        rows: of the table; the first cell names the row.
        total: a last row that adds up those above it, and others that are left out.
        notes: what has to be known to read it.
        has_months: whether a cross-hair reads it month by month.
    """

    title: str
    drawn: Drawn
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    caption: str = ""
    notes: Sequence[str] = ()
    has_months: bool = False


def money(minor: int, unit: Unit) -> Exact:
    """An amount in the unit of its block."""
    return Exact(unit.format(minor), exact_money(minor, unit.currency))


def exact_money(minor: int, currency: str) -> str:
    """An amount as it stands on the wire."""
    return format_minor(minor, decimals_of(currency))

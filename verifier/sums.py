"""Totals, added up afresh from the postings that the entries carry."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from verifier.entries import Cell, Posting
from verifier.rates import Rates

NATIVE: Final = "native"
# A frame contains other pledges; it is in no total unless somebody asks for it by name.
FRAME: Final = "authority"
NO_CURRENCY: Final = "XXX"
_KEYS: Final[dict[str, Callable[[Cell], str | None]]] = {
    "donor": lambda cell: cell.donor,
    "aid_type": lambda cell: cell.aid_type,
    "instrument": lambda cell: cell.instrument,
    "currency": lambda cell: None if cell.currency == NO_CURRENCY else cell.currency,
}
DIMENSIONS: Final = frozenset(_KEYS)
Key = tuple[str | None, ...]


@dataclass(slots=True)
class Figures:
    """Minor units of one currency, pledges behind them, those of unknown amount, and the undated part."""

    amount: int = 0
    pledges: int = 0
    unvalued: int = 0
    undated: int = 0

    def add(self, other: "Figures") -> None:
        """Add figures of the same currency."""
        self.amount += other.amount
        self.pledges += other.pledges
        self.unvalued += other.unvalued
        self.undated += other.undated


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a total is asked for.

    Attributes:
        measure: the stage.
        by: any of donor, aid_type, instrument, currency.
        currency: a target, or ``native``.
        donors, aid_types: which; empty means all.
        instruments: which; empty means all but frames.
        first, last: ISO days; what cannot lie between them is left out, what may is undated.
    """

    measure: str
    by: tuple[str, ...]
    currency: str
    donors: frozenset[str] = frozenset()
    aid_types: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    first: str | None = None
    last: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of a row; amounts that keep their own currency show which."""
        if self.currency == NATIVE and "currency" not in self.by:
            return (*self.by, "currency")
        return self.by

    def admits(self, cell: Cell) -> bool:
        """Whether the cell is asked for, whatever its days."""
        return (
            cell.stage == self.measure
            and (not self.donors or cell.donor in self.donors)
            and (not self.aid_types or cell.aid_type in self.aid_types)
            and (
                cell.instrument in self.instruments
                if self.instruments
                else cell.instrument != FRAME
            )
        )

    def overlaps(self, cell: Cell) -> bool:
        """Whether the cell may lie in the days asked for; an undated one may always."""
        if cell.first is None or cell.last is None:
            return True
        return (self.last is None or cell.first <= self.last) and (
            self.first is None or cell.last >= self.first
        )

    def contains(self, cell: Cell) -> bool:
        """Whether the cell lies wholly in the days asked for."""
        if cell.first is None or cell.last is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= cell.first) and (
            self.last is None or cell.last <= self.last
        )


@dataclass(slots=True)
class Answer:
    """Rows by their keys, the grand total of each currency, and what is in neither.

    Attributes:
        apart: by its own currency, in minor units, what has no day to be converted at.
    """

    rows: dict[Key, Figures]
    totals: dict[str, Figures]
    apart: dict[str, int]


@dataclass(slots=True)
class Sums:
    """The postings of all entries so far, cell by cell: minor units, pledges, unvalued."""

    cells: dict[Cell, tuple[int, int, int]] = field(default_factory=dict)
    decimals: dict[str, int] = field(default_factory=dict)

    def add(self, postings: Iterable[Posting]) -> None:
        """Add the postings of one entry."""
        for cell, minor, decimals, pledges, unvalued in postings:
            before = self.cells.get(cell, (0, 0, 0))
            self.cells[cell] = (before[0] + minor, before[1] + pledges, before[2] + unvalued)
            self.decimals[cell.currency] = decimals

    def answer(self, question: Question, rates: Rates) -> Answer:
        """What the ledger should have answered.

        Raises:
            MismatchError: an amount cannot be converted with the rates at hand.
        """
        rows: defaultdict[Key, Figures] = defaultdict(Figures)
        totals: defaultdict[str, Figures] = defaultdict(Figures)
        apart: defaultdict[str, int] = defaultdict(int)
        for cell, (minor, pledges, unvalued) in self.cells.items():
            standing = minor or pledges or unvalued
            if not standing or not question.admits(cell) or not question.overlaps(cell):
                continue
            certain = question.contains(cell)
            if not certain and not minor:
                continue
            amount = self._converted(cell, minor, question, rates)
            if amount is None:
                apart[cell.currency] += minor
                amount = 0
            figures = Figures(
                amount=amount,
                pledges=pledges if certain else 0,
                unvalued=unvalued if certain else 0,
                undated=0 if certain and cell.first is not None else amount,
            )
            totals[cell.currency if question.currency == NATIVE else question.currency].add(figures)
            rows[tuple(_KEYS[name](cell) for name in question.columns)].add(figures)
        shown = {key: one for key, one in rows.items() if one != Figures()}
        return Answer(shown, dict(totals), {code: one for code, one in apart.items() if one})

    def _converted(self, cell: Cell, minor: int, question: Question, rates: Rates) -> int | None:
        """The amount in the currency asked for; ``None`` where it has no day to be converted at."""
        if not minor or question.currency in {NATIVE, cell.currency}:
            return minor
        if cell.valued_on is None:
            return None
        decimals = self.decimals[cell.currency]
        return rates.convert(minor, decimals, cell.currency, question.currency, cell.valued_on)


def format_minor(minor: int, decimals: int) -> str:
    """A decimal string with exactly as many digits behind the point."""
    whole, fraction = divmod(abs(minor), 10**decimals)
    point = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{'-' if minor < 0 else ''}{whole}{point}"

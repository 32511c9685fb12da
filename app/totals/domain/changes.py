"""What made a total change between two states of the ledger: its difference, split by cause without a remainder.

A total is a sum of cells, each converted and rounded by itself (decision 6). So a difference is split cell by cell,
with a telescoping sum: what stood in the cell at the earlier state is taken through the causes in the order of
``Cause``. Each adds what its entries posted there, and the sum is converted and rounded anew; the part of a cause is
what the converted sum gained in its turn. However the rounding falls, the parts of a cell add up to its difference.

All conversions take one set of rates, those known as of the later state: a difference is one of facts, never of rates.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.donors.domain import get_donor
from app.fx.domain import EURO, Rate
from app.pledges.domain import (
    CAUSE_OF_KIND,
    Cause,
    Cell,
    Effect,
    Instrument,
    Pledge,
    cause_of,
    reclassification,
)
from app.pledges.domain.postings import NOTHING
from app.pledges.domain.query import Filters
from app.totals.domain.totals import (
    CellKey,
    CellSum,
    Convert,
    Plan,
    ProvisionalRate,
    Sum,
    TotalsQuery,
)


class Posted(NamedTuple):
    """What the entries of one kind did to one cell; where the kind is no cause by itself, what one entry did.

    Attributes:
        revision: of that one entry; 0 where they are taken together.
    """

    kind: str
    revision: int
    cell: CellKey
    effect: Effect


class EntryFacts(NamedTuple):
    """An entry whose data have to be read to know the cause of what it did.

    Attributes:
        data: the facts of the event.
        before: the version that it amended, where it both moved and restated the pledge.
    """

    revision: int
    kind: str
    data: Mapping[str, Any]
    before: Pledge | None


class Shift(NamedTuple):
    """What entries did to one cell for one cause; ``revision`` is as in ``Posted``."""

    cause: Cause
    revision: int
    cell: CellKey
    effect: Effect


@dataclass(slots=True)
class Difference:
    """Two totals in one currency, and what led from one to the other, in minor units: the parts add up to it."""

    before: Sum = field(default_factory=Sum)
    after: Sum = field(default_factory=Sum)
    parts: dict[Cause, int] = field(default_factory=lambda: dict.fromkeys(Cause, 0))

    @property
    def amount(self) -> int:
        """How much more there is."""
        return self.after.amount - self.before.amount

    @property
    def is_nothing(self) -> bool:
        """Whether nothing changed: not the total, nor a count, nor two parts that make up for each other."""
        return self.before == self.after and not any(self.parts.values())

    def add(self, other: "Difference") -> None:
        """Add another difference in the same currency."""
        self.before.add(other.before)
        self.after.add(other.after)
        for cause, amount in other.parts.items():
            self.parts[cause] += amount


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What changed of one donor, in one currency."""

    donor: str
    currency: str
    figures: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The answer: the donors of which something changed, by code, and the difference of all per currency.

    Attributes:
        entries: how many entries each cause had; one that both moved and restated counts for both.
        apart: by its own currency, before and after, what has no day to be converted at and is in no figure.
        base: the currency that the rates are of one unit of.
        rates: those that were used.
    """

    query: TotalsQuery
    rows: tuple[DifferenceRow, ...]
    by_currency: Mapping[str, Difference]
    entries: Mapping[Cause, int]
    provisional: tuple[ProvisionalRate, ...] = ()
    apart: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    base: str = EURO
    rates: tuple[Rate, ...] = ()


def attribute(
    posted: Iterable[Posted], facts: Iterable[EntryFacts], query: TotalsQuery
) -> list[Shift]:
    """What was posted, by cause.

    Args:
        posted: all postings to the measure's stage that the filters let through, added up.
        facts: of all entries that a line of ``posted`` names, and of all that moved and restated a pledge: where
            one of these comes out even in a cell, its two parts may not.
        query: the measure and the filters.
    """
    effects: defaultdict[tuple[Cause, int, CellKey], Effect] = defaultdict(Effect)
    causes: dict[int, Cause] = {}
    for entry in facts:
        causes[entry.revision] = cause_of(entry.kind, entry.data)
        for cell, effect in _reclassified(entry, query):
            # Its postings stand as restated, this part of them included.
            moved = (Cause.RECLASSIFIED, entry.revision, cell)
            restated = (Cause.RESTATED, entry.revision, cell)
            effects[moved] = effects[moved].plus(effect)
            effects[restated] = effects[restated].minus(effect)
    for line in posted:
        key = (CAUSE_OF_KIND.get(line.kind) or causes[line.revision], line.revision, line.cell)
        effects[key] = effects[key].plus(line.effect)
    return [Shift(*key, effect) for key, effect in effects.items() if effect != NOTHING]


def set_shifts_apart(
    shifts: Iterable[Shift], query: TotalsQuery
) -> tuple[list[Shift], dict[str, int]]:
    """As ``set_apart``, of what was posted: the shifts without such amounts, and these, by their currencies."""
    plan = Plan(query)
    kept: list[Shift] = []
    apart: Counter[str] = Counter()
    for shift in shifts:
        cell = CellSum(*shift.cell, *shift.effect)
        if plan.sets_apart(cell):
            apart[cell.currency] += cell.amount
            kept.append(shift._replace(effect=shift.effect._replace(amount=0)))
        else:
            kept.append(shift)
    return kept, dict(apart)


def count_entries(shifts: Iterable[Shift], by_kind: Mapping[str, int]) -> dict[Cause, int]:
    """How many entries each cause had: those that shifts name, and of the other kinds as many as are given."""
    counts = Counter(cause for cause, revision in {one[:2] for one in shifts} if revision)
    for kind, count in by_kind.items():
        counts[CAUSE_OF_KIND[kind]] += count
    return {cause: counts[cause] for cause in Cause}


def explain(
    after: Iterable[CellSum], shifts: Iterable[Shift], query: TotalsQuery, convert: Convert
) -> tuple[tuple[DifferenceRow, ...], dict[str, Difference]]:
    """The rows, by donor and currency, and the difference of all per currency.

    Args:
        after: the cells at the later state; those of the earlier one follow from the shifts.
        shifts: all that was posted between the two.
        query: the target currency; only the donor is a dimension.
        convert: as for ``aggregate``.
    """
    ends = {cell[:7]: Effect(*cell[7:]) for cell in after}
    changes: defaultdict[CellKey, dict[Cause, Effect]] = defaultdict(dict)
    for shift in shifts:
        held = changes[shift.cell].get(shift.cause, NOTHING)
        changes[shift.cell][shift.cause] = held.plus(shift.effect)
    rows: defaultdict[tuple[str, str], Difference] = defaultdict(Difference)
    grand: defaultdict[str, Difference] = defaultdict(Difference)
    if not query.is_native:
        grand[query.currency] = Difference()
    for cell in {**ends, **changes}:
        currency = cell[3] if query.is_native else query.currency
        figures = _compare(cell, ends.get(cell, NOTHING), changes.get(cell, {}), currency, convert)
        rows[cell[0], currency].add(figures)
        grand[currency].add(figures)
    shown = (
        DifferenceRow(*key, figures) for key, figures in sorted(rows.items(), key=_donor_first)
    )
    return tuple(row for row in shown if not row.figures.is_nothing), dict(grand)


def _compare(
    cell: CellKey, end: Effect, effects: Mapping[Cause, Effect], currency: str, convert: Convert
) -> Difference:
    """One cell taken from the earlier state to the later one, cause by cause: the rule of this module."""

    def worth(minor: int) -> int:
        if not minor or currency == cell[3]:
            return minor
        return convert(CellSum(*cell, minor, 0, 0))

    start = end
    for effect in effects.values():
        start = start.minus(effect)
    minor, value = start.amount, worth(start.amount)
    figures = Difference(before=Sum(value, start.pledges, start.unvalued))
    for cause in Cause:
        if cause in effects:
            minor += effects[cause].amount
            reached = worth(minor)
            figures.parts[cause] = reached - value
            value = reached
    figures.after = Sum(value, end.pledges, end.unvalued)
    return figures


def _reclassified(entry: EntryFacts, query: TotalsQuery) -> Iterator[tuple[CellKey, Effect]]:
    """What an amendment that also restated would have posted, within what is asked for, by moving alone."""
    if entry.before is None:
        return
    for posting in reclassification(entry.before, entry.data):
        cell = posting.cell
        if cell.stage == query.measure.value and is_asked_for(cell, query.filters):
            yield (*cell[:3], *cell[4:]), posting.effect


def is_asked_for(cell: Cell, filters: Filters) -> bool:
    """As the store's conditions on postings, for effects that were never posted; days are not asked for here."""
    instruments = filters.instruments or set(Instrument) - {Instrument.AUTHORITY}
    groups = get_donor(cell.donor).groups_on(cell.last) if filters.groups else ()
    return (
        (not filters.donors or cell.donor in filters.donors)
        and (not filters.aid_types or cell.aid_type in filters.aid_types)
        and cell.instrument in instruments
        and (not filters.groups or not set(groups).isdisjoint(filters.groups))
    )


def _donor_first(item: tuple[tuple[str, str], Difference]) -> tuple[str, str]:
    return item[0]

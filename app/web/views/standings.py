"""Donors side by side: what each has pledged, committed, allocated and delivered, and how that grew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.kernel.errors import invalid
from app.pledges.domain import Stage
from app.pledges.domain.model import STAGES
from app.totals import service as totals
from app.totals.domain import Sum, TotalsQuery
from app.web import charts
from app.web.charts import Rank
from app.web.views.drawings import Cell, Drawing, Exact, Head, money
from app.web.views.filters import SHARED, View
from app.web.views.twins import Block, Twin, summary_twins
from app.web.words import (
    NOTHING,
    Unit,
    count_words,
    day_words,
    donor_name,
    group_digits,
    share_words,
)

# The donors that have a colour of their own; the rest share one.
COLOURS: Final = 7
OTHERS: Final = "band-other"
SORTS: Final = ("donor", "pledged", "committed", "allocated", "delivered", "pledges", "last")
DONORS: Final = Block(name="donors", takes=(*SHARED, "sort", "most"), is_total=True, height=620)
_LARGEST_MOST: Final = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands of one donor, in minor units of the currency asked for.

    Attributes:
        sums: by stage.
        growth: of the measure, month by month.
        css: its colour, wherever it is drawn.
        pledges: how many there are, whatever the filters.
        last_on: when the last of these was announced.
    """

    code: str
    name: str
    sums: Mapping[Stage, Sum]
    growth: Sequence[int]
    css: str
    pledges: int
    last_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """All donors of a view, the largest first.

    Attributes:
        query: what was asked for.
        months: of ``growth``, without a gap.
        totals: of all donors, by stage.
        unit: that suits the largest total.
        provisional: whether a rate stands in because its day's own is not published yet.
        apart: by its own currency, what no figure holds, because it has no day to be converted at.
    """

    query: TotalsQuery
    months: Sequence[str]
    donors: Sequence[Standing]
    totals: Mapping[Stage, Sum]
    unit: Unit
    provisional: bool
    apart: Mapping[str, int]

    @property
    def measure(self) -> Stage:
        """The stage that the view is about."""
        return self.query.measure

    @property
    def total(self) -> Sum:
        """The grand total of the measure."""
        return self.totals[self.measure]


def read_standings(session: ReadSession, view: View, snapshot: Snapshot) -> Standings:
    """The donors of a view as of a snapshot.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    query = view.to_totals("donor,month", cumulative="true")
    series = totals.read_totals(session, query, snapshot)
    months = sorted({str(row.key[1]) for row in series.rows})
    growth = {(row.key[0], row.key[1]): row.figures.amount for row in series.rows}
    by_stage = {
        stage: totals.read_totals(session, view.to_totals("donor", measure=stage.value), snapshot)
        for stage in STAGES
    }
    sums: dict[str, dict[Stage, Sum]] = {}
    for stage, answer in by_stage.items():
        for row in answer.rows:
            sums.setdefault(str(row.key[0]), {})[stage] = row.figures
    activity = {one.donor: one for one in totals.list_activity(session, snapshot)}
    ranked = sorted(sums, key=lambda code: (-_amount(sums[code], query.measure), code))
    grand = {stage: answer.by_currency[query.currency] for stage, answer in by_stage.items()}
    return Standings(
        query=query,
        months=months,
        donors=[
            Standing(
                code=code,
                name=donor_name(code),
                sums={stage: sums[code].get(stage, Sum()) for stage in STAGES},
                growth=[max(growth.get((code, month), 0), 0) for month in months],
                css=f"band-{rank}" if rank < COLOURS else OTHERS,
                pledges=activity[code].pledges if code in activity else 0,
                last_on=activity[code].last_on if code in activity else None,
            )
            for rank, code in enumerate(ranked)
        ],
        totals=grand,
        unit=Unit.fitting(query.currency, max(one.amount for one in grand.values())),
        provisional=bool(series.provisional),
        apart=by_stage[query.measure].apart,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorLine:
    """One line of the table, in words."""

    code: str
    name: str
    figures: Sequence[str]
    share: str
    meter: Markup
    sparkline: Markup
    pledges: int
    last_on: str


@dataclass(frozen=True, slots=True)
class Column:
    """A head of a table that sorts it.

    Attributes:
        label: its name.
        css: ``number`` where figures stand below.
        address: of the same view, sorted by it; the other way round where it is sorted so already.
        direction: ``ascending``, ``descending`` or ``none``.
    """

    label: str
    css: str
    address: str
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorTable:
    """Donors below each other, with the total of all, also of those that are left out."""

    columns: Sequence[Column]
    lines: Sequence[DonorLine]
    left_out: int
    totals: Sequence[str]
    share: str
    unit: str
    since: str


def donor_table(standings: Standings, view: View, most: int | None = None) -> DonorTable:
    """The table in the order that the view asks for; at most so many lines.

    Raises:
        InvalidError: there is no such column.
    """
    key, falls = _read_sort(view, standings)
    ordered = sorted(standings.donors, key=_key(key), reverse=falls)
    shown = ordered[:most]
    return DonorTable(
        columns=[_column(view, name, key, falls=falls) for name in SORTS],
        lines=[_line(one, standings) for one in shown],
        left_out=len(ordered) - len(shown),
        totals=[standings.unit.format(standings.totals[stage].amount) for stage in STAGES],
        share=_share(standings.totals),
        unit=standings.unit.name,
        since=standings.months[0][:4] if standings.months else "",
    )


def donor_twins(view: View, standings: Standings, most: int | None = None) -> list[Twin]:
    """The table of donors as files; the picture and the tables hold as many lines as the page shows."""
    if not standings.donors:
        return []
    about = f"{standings.measure.value} by donor"
    own = {"most": str(most)} if most else {}
    return [*summary_twins(view, about), *DONORS.files(view, about, **own)]


def read_most(view: View) -> int | None:
    """How many lines a block by itself shows at most; ``None`` for all.

    Raises:
        InvalidError: it is no number above 0.
    """
    text = view.texts.get("most")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _LARGEST_MOST):
        raise invalid("?most", "invalid-integer", f"A number from 1 to {_LARGEST_MOST}.")
    return int(text)


def draw_donors(standings: Standings, view: View, most: int | None = None) -> Drawing | None:
    """The table of donors as a chart, in the same order; ``None`` where there is nobody.

    Raises:
        InvalidError: there is no such column.
    """
    key, falls = _read_sort(view, standings)
    ordered = sorted(standings.donors, key=_key(key), reverse=falls)
    if not ordered:
        return None
    shown, unit, measure = ordered[:most], standings.unit, standings.measure
    since = standings.months[0][:4] if standings.months else ""
    said = ", ".join(f"{one.name} {unit.format(one.sums[measure].amount)}" for one in shown)
    return Drawing(
        title=f"{measure.value.capitalize()} by donor, in {unit.name}",
        drawn=charts.ranking(
            [_rank(one, standings) for one in shown],
            (
                f"{measure.value.capitalize()}, {unit.name}",
                "Delivered share",
                f"Since {since}" if since else "",
            ),
            name="donors",
            title=f"{measure.value.capitalize()} by donor, in {unit.name}",
            description=f"{said}.",
        ),
        heads=[
            Head("Donor", "donor"),
            *(Head(one.value.capitalize(), one.value, is_number=True) for one in STAGES),
            Head("Delivered share", "delivered_share", is_number=True),
            Head("Pledges", "pledges", is_number=True),
            Head("Last pledge", "last_pledge"),
        ],
        rows=[_cells(one, standings) for one in shown],
        total=[
            "Total",
            *(money(standings.totals[stage].amount, unit) for stage in STAGES),
            _share(standings.totals),
            "",
            "",
        ],
        notes=[f"The total holds {count_words(len(ordered) - len(shown), 'other donor')} as well."]
        if len(ordered) > len(shown)
        else [],
    )


def _read_sort(view: View, standings: Standings) -> tuple[str, bool]:
    """The column that the view is sorted by, and whether it falls."""
    sort = view.texts.get("sort") or f"-{standings.measure.value}"
    key = sort.removeprefix("-")
    if key not in SORTS:
        raise invalid("?sort", "unknown-value", f"Sort by one of {', '.join(SORTS)}.")
    return key, sort.startswith("-")


def _rank(one: Standing, standings: Standings) -> Rank:
    amount = one.sums[standings.measure].amount
    return Rank(
        name=one.name,
        value=max(amount, 0),
        text=standings.unit.format(amount),
        part=one.sums[Stage.DELIVERED].amount,
        whole=one.sums[Stage.COMMITTED].amount,
        share=_share(one.sums),
        growth=one.growth,
        css=one.css,
    )


def _cells(one: Standing, standings: Standings) -> list[Cell]:
    last = one.last_on.isoformat() if one.last_on else None
    return [
        Exact(one.name, one.code),
        *(money(one.sums[stage].amount, standings.unit) for stage in STAGES),
        _share(one.sums),
        Exact(group_digits(str(one.pledges)), one.pledges),
        Exact(day_words(one.last_on) if one.last_on else NOTHING, last),
    ]


def _key(name: str) -> Callable[[Standing], tuple[str | int, str]]:
    def key(one: Standing) -> tuple[str | int, str]:
        match name:
            case "donor":
                return one.name, one.code
            case "pledges":
                return one.pledges, one.code
            case "last":
                return (one.last_on or date.min).isoformat(), one.code
            case _:
                return one.sums[Stage(name)].amount, one.code

    return key


def _column(view: View, name: str, key: str, *, falls: bool) -> Column:
    is_number = name not in {"donor", "last"}
    is_sorted = name == key
    # Figures are looked at from the largest down, names from the first on.
    next_falls = not falls if is_sorted else is_number or name == "last"
    direction = ("descending" if falls else "ascending") if is_sorted else "none"
    label = "Last pledge" if name == "last" else name.capitalize()
    address = view.address(sort=("-" if next_falls else "") + name) + "#donors"
    return Column(label, "number" if is_number else "", address, direction)


def _line(one: Standing, standings: Standings) -> DonorLine:
    committed, delivered = (one.sums[stage].amount for stage in (Stage.COMMITTED, Stage.DELIVERED))
    return DonorLine(
        code=one.code,
        name=one.name,
        figures=[standings.unit.format(one.sums[stage].amount) for stage in STAGES],
        share=_share(one.sums),
        meter=charts.meter(delivered, committed),
        sparkline=charts.sparkline(one.growth, one.css),
        pledges=one.pledges,
        last_on=day_words(one.last_on) if one.last_on else NOTHING,
    )


def _share(sums: Mapping[Stage, Sum]) -> str:
    return share_words(sums[Stage.DELIVERED].amount, sums[Stage.COMMITTED].amount)


def _amount(sums: Mapping[Stage, Sum], stage: Stage) -> int:
    return sums[stage].amount if stage in sums else 0

"""Sheets of a series over time: one stage by month, quarter or year, in each period and running, as formulas."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from app.kernel.periods import Grain, Period
from app.pledges.domain.model import AidType, Stage
from reports.figures import Stamp
from reports.kit.charts import HEIGHT_CM, Chart, Plot, lines, stacked_columns, stacked_months
from reports.kit.looks import SERIES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Unit, Value, add_up, money, refer, serial, unit_for
from reports.series_figures import PeriodTotals, SeriesTotals
from reports.sheets.checks import Check
from reports.sheets.lines import NOTHING, stamp_line
from reports.sheets.postings import Here, PostingSums, Wanted, year_number

_UNTIL: Final = "Last day"
ALL: Final = "All aid"
_RUNNING: Final = "running"
_WIDTH_CM: Final = 17
_TITLES: Final = {Grain.MONTH: "Month", Grain.QUARTER: "Quarter", Grain.YEAR: "Year"}


@dataclass(frozen=True, slots=True)
class Series:
    """A stage over time by one length of period, and how its sheet calls things."""

    measure: Stage
    totals: SeriesTotals

    @property
    def grain(self) -> Grain:
        """The length of its periods."""
        return self.totals.grain

    @property
    def periods(self) -> tuple[PeriodTotals, ...]:
        """From the first to the last."""
        return self.totals.periods

    @property
    def tab(self) -> str:
        """The sheet's name, such as ``By month``."""
        return f"By {self.grain.value}"

    @property
    def table(self) -> str:
        """The name of its native table."""
        return f"By{_TITLES[self.grain]}"

    @property
    def title(self) -> str:
        """The title of its first column."""
        return _TITLES[self.grain]

    def wanted(self, period: Period | None) -> dict[str, Wanted]:
        """The criterion for a period; ``None`` for what is in none."""
        return {self.grain.value: None if period is None else self.here(period)}

    def here(self, period: Period) -> Here:
        """The cell that names the period of a row."""
        first = period.span.first
        match self.grain:
            case Grain.MONTH:
                return Here(self.table, self.title, first)
            case Grain.QUARTER:
                return Here(self.table, self.title, period.label)
            case Grain.YEAR:
                return Here(self.table, self.title, first.year)

    def until(self, period: Period) -> Here:
        """The cell with the last day of a row's period."""
        return Here(self.table, _UNTIL, period.span.last)


def by_period(series: Series, stamp: Stamp, sums: PostingSums) -> Page:
    """One row for each period, and what is in none below."""
    grid = lay_out(_table(series, sums), series.tab)
    is_charted = bool(series.periods) and not grid.has_long_numbers
    measure = words(series.measure.value)
    page = Page(
        tab=series.tab,
        title=f"{measure} by {series.grain.value}",
        lines=(
            stamp_line(stamp, f"{measure} amounts in {stamp.currency}"),
            "Undated amounts, and those whose date is coarser than a period, stand below the table.",
            "Running columns have an amount from the last day of its date on, so they take in coarser dates.",
        ),
        grid=grid,
        room=HEIGHT_CM if is_charted else 0,
    )
    if not is_charted:
        return page
    return replace(page, charts=(_flow(page, series, stamp), _stock(page, series, stamp)))


def period_checks(series: Series, stamp: Stamp, sums: PostingSums) -> Iterator[Check]:
    """Each period beside the ledger's own, running totals too, and what is in none."""
    table, tab = series.table, series.tab
    for one in series.periods:
        period = one.period
        text = f"SUMIFS({table}[{ALL}],{table}[{_UNTIL}],{serial(period.span.last)})"
        found = sums.amount(stage=series.measure, **series.wanted(period))
        yield Check(f"{tab}: {period.label}", refer(text, found), money(one.flow, stamp.currency))
        running = sums.running(series.until(period), stage=series.measure)
        text = f"SUMIFS({table}[{ALL} {_RUNNING}],{table}[{_UNTIL}],{serial(period.span.last)})"
        told = money(one.running, stamp.currency)
        yield Check(f"{tab}: until {period.label}", refer(text, running), told)
    flows = [
        sums.amount(stage=series.measure, **series.wanted(one.period)) for one in series.periods
    ]
    total = sum((one.flow for one in series.periods), Decimal(0))
    whole = add_up(f"SUM({table}[{ALL}])", flows, stamp.currency)
    yield Check(f"{tab}: all periods", whole, money(total, stamp.currency))
    undated = sums.amount(stage=series.measure, **series.wanted(None))
    yield Check(f"{tab}: in none", undated, money(series.totals.undated, stamp.currency))


def _table(series: Series, sums: PostingSums) -> Table[PeriodTotals]:
    stage = series.measure

    def flow(title: str, **wanted: Wanted) -> Column[PeriodTotals]:
        return Column(
            title,
            lambda one: sums.amount(stage=stage, **wanted, **series.wanted(one.period)),
            Look.NUMBER,
        )

    def running(title: str, **wanted: Wanted) -> Column[PeriodTotals]:
        return Column(
            f"{title} {_RUNNING}",
            lambda one: sums.running(series.until(one.period), stage=stage, **wanted),
            Look.NUMBER,
        )

    types = [(words(one.value), one) for one in AidType]
    none = series.wanted(None)
    return Table(
        name=series.table,
        columns=(
            Column(
                series.title,
                lambda one: _label(series.grain, one.period),
                Look.MONTH if series.grain is Grain.MONTH else Look.TEXT,
            ),
            Column(_UNTIL, lambda one: one.period.span.last, Look.DAY),
            flow(ALL),
            *(flow(title, aid_type=one) for title, one in types),
            running(ALL),
            *(running(title, aid_type=one) for title, one in types),
        ),
        rows=series.periods,
        empty=NOTHING,
        totals=(
            _below(
                "Undated",
                sums.amount(stage=stage, **none),
                *(sums.amount(stage=stage, aid_type=one, **none) for _, one in types),
            ),
            _below(
                "Total",
                sums.amount(stage=stage),
                *(sums.amount(stage=stage, aid_type=one) for _, one in types),
            ),
        ),
    )


def _below(label: str, *amounts: Value) -> tuple[Value, ...]:
    return (label, None, *amounts, *(None for _ in amounts))


def _label(grain: Grain, period: Period) -> Value:
    match grain:
        case Grain.MONTH:
            return period.span.first
        case Grain.QUARTER:
            return period.label
        case Grain.YEAR:
            return year_number(period.span.first.year)


def _flow(page: Page, series: Series, stamp: Stamp) -> Chart:
    unit = unit_for(abs(one.flow) for one in series.periods)
    plot = _plot(page, series, stamp, unit, first=3)
    heading = f"{words(series.measure.value)} in each {series.grain.value}"
    draw = stacked_months if series.grain is Grain.MONTH else stacked_columns
    return draw(replace(plot, heading=heading))


def _stock(page: Page, series: Series, stamp: Stamp) -> Chart:
    unit = unit_for(abs(one.running) for one in series.periods)
    plot = _plot(page, series, stamp, unit, first=7)
    return lines(replace(plot, heading=f"{words(series.measure.value)} since the beginning"))


def _plot(page: Page, series: Series, stamp: Stamp, unit: Unit, *, first: int) -> Plot:
    return Plot(
        page=page,
        heading="",
        along=series.title,
        unit=unit.label(stamp.currency),
        colours=SERIES[: len(AidType)],
        first=first,
        named_from=3,
        width=_WIDTH_CM,
        pattern=unit.pattern,
    )

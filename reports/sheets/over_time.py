"""The sheet "Over time": one stage by month and donor as formulas, charted by month and running."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

from reports.figures import DonorMonths, MonthlyCommitments, Stamp
from reports.kit.charts import Chart, Plot, stacked_areas, stacked_months
from reports.kit.looks import OTHERS, SERIES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.values import Unit, add_up, money, unit_for
from reports.sheets.checks import Check
from reports.sheets.lines import NOTHING, chart_page, stamp_line
from reports.sheets.postings import Here, PostingSums

TAB: Final = "Over time"
CHART_TAB: Final = "Month chart data"
_TABLE: Final = "MonthlyCommitments"
_ALL: Final = "All donors"
_WIDTH_CM: Final = 17
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Month:
    """One row: a month and what each donor committed in it."""

    first: date
    amounts: tuple[Decimal, ...]


def over_time(monthly: MonthlyCommitments, stamp: Stamp, sums: PostingSums) -> tuple[Page, Page]:
    """The sheet itself and, for the end of the workbook, the one with its charts' numbers."""
    ranked = tuple(sorted(monthly.donors, key=lambda each: (-each.total, each.name)))
    charted = _with_others(ranked)
    unit = unit_for(sum(each.amounts, _ZERO) for each in charted)
    label = unit.label(stamp.currency)
    data = chart_page(_chart_table(monthly, charted, unit), CHART_TAB, TAB, label, stamp)
    page = Page(
        tab=TAB,
        title="Commitments by month and donor",
        lines=(
            stamp_line(stamp, f"Committed amounts in {stamp.currency}"),
            "Undated amounts stand below the table; they are in no month and in no chart.",
        ),
        grid=lay_out(_table(monthly, ranked, sums), TAB),
        charts=_charts(data, charted, label) if monthly.months else (),
    )
    return page, data


def _months(
    monthly: MonthlyCommitments, columns: tuple[tuple[Decimal, ...], ...]
) -> tuple[_Month, ...]:
    rows = zip(*columns, strict=True) if columns else (() for _ in monthly.months)
    return tuple(map(_Month, monthly.months, rows))


def month_checks(monthly: MonthlyCommitments, stamp: Stamp, sums: PostingSums) -> Iterator[Check]:
    """The series beside the ledger's: what all months come to, and what is in none."""
    each = (sums.amount(stage=monthly.measure, month=month) for month in monthly.months)
    found = add_up(f"SUM({_TABLE}[{_ALL}])", each, stamp.currency)
    dated = sum((sum(each.amounts, _ZERO) for each in monthly.donors), _ZERO)
    yield Check(f"{TAB}: all months", found, money(dated, stamp.currency))
    undated = sum((each.undated for each in monthly.donors), _ZERO)
    found = sums.amount(stage=monthly.measure, month=None)
    yield Check(f"{TAB}: in no month", found, money(undated, stamp.currency))


def _table(
    monthly: MonthlyCommitments, donors: tuple[DonorMonths, ...], sums: PostingSums
) -> Table[_Month]:
    stage = monthly.measure

    def month_of(row: _Month) -> Here:
        return Here(_TABLE, "Month", row.first)

    def donor_column(donor: DonorMonths) -> Column[_Month]:
        return Column(
            donor.name,
            lambda row: sums.amount(stage=stage, donor=donor.donor, month=month_of(row)),
            Look.NUMBER,
        )

    codes = [each.donor for each in donors]
    undated = (
        sums.amount(stage=stage, month=None),
        *(sums.amount(stage=stage, donor=code, month=None) for code in codes),
    )
    totals = (
        sums.amount(stage=stage),
        *(sums.amount(stage=stage, donor=code) for code in codes),
    )
    return Table(
        name=_TABLE,
        columns=(
            Column("Month", lambda row: row.first, Look.MONTH),
            Column(_ALL, lambda row: sums.amount(stage=stage, month=month_of(row)), Look.NUMBER),
            *map(donor_column, donors),
        ),
        rows=_months(monthly, tuple(each.amounts for each in donors)),
        empty=NOTHING,
        totals=(("Undated", *undated), ("Total", *totals)),
    )


def _with_others(donors: tuple[DonorMonths, ...]) -> tuple[DonorMonths, ...]:
    """As many donors as there are colours, and all others as one."""
    shown, rest = donors[: len(SERIES)], donors[len(SERIES) :]
    if not rest:
        return shown
    others = DonorMonths(
        donor="",
        name=f"{len(rest)} others",
        amounts=tuple(
            sum(month, _ZERO) for month in zip(*(each.amounts for each in rest), strict=True)
        ),
        undated=sum((each.undated for each in rest), _ZERO),
    )
    return (*shown, others)


def _chart_table(
    monthly: MonthlyCommitments, donors: tuple[DonorMonths, ...], unit: Unit
) -> Table[_Month]:
    """Each donor twice: by month, then running."""
    by_month = tuple(each.amounts for each in donors)
    running = tuple(tuple(accumulate(amounts)) for amounts in by_month)
    names = [each.name for each in donors]
    titles = [*names, *(f"{name}, running" for name in names)]
    return Table(
        name="MonthChart",
        columns=(
            Column("Month", lambda month: month.first, Look.MONTH),
            *(_chart_column(index, title, unit) for index, title in enumerate(titles)),
        ),
        rows=_months(monthly, by_month + running),
        empty=NOTHING,
    )


def _chart_column(index: int, title: str, unit: Unit) -> Column[_Month]:
    return Column(title, lambda month: unit.scale(month.amounts[index]), Look.NUMBER)


def _charts(data: Page, donors: tuple[DonorMonths, ...], unit: str) -> tuple[Chart, ...]:
    colours = (*SERIES, OTHERS)[: len(donors)]
    return (
        stacked_months(
            Plot(
                page=data,
                heading="Committed in each month",
                along="Month of commitment",
                unit=unit,
                colours=colours,
                width=_WIDTH_CM,
            )
        ),
        stacked_areas(
            Plot(
                page=data,
                heading="Committed since the beginning",
                along="Month of commitment",
                unit=unit,
                colours=colours,
                first=1 + len(donors),
                width=_WIDTH_CM,
            )
        ),
    )

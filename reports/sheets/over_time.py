"""The sheet "Over time": commitments by month and donor, charted by month and running."""

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
from reports.kit.values import Unit, Value, money, unit_for
from reports.sheets.lines import NOTHING, chart_page, stamp_line

TAB: Final = "Over time"
CHART_TAB: Final = "Month chart data"
_WIDTH_CM: Final = 17
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Month:
    """One row: a month and what each donor committed in it."""

    first: date
    amounts: tuple[Decimal, ...]


def over_time(monthly: MonthlyCommitments, stamp: Stamp) -> tuple[Page, Page]:
    """The sheet itself and, for the end of the workbook, the one with its charts' numbers."""
    ranked = tuple(sorted(monthly.donors, key=lambda each: (-each.total, each.name)))
    charted = _with_others(ranked)
    unit = unit_for(sum(each.amounts, _ZERO) for each in charted)
    data = chart_page(_chart_table(monthly, charted, unit), CHART_TAB, TAB, unit, stamp)
    page = Page(
        tab=TAB,
        title="Commitments by month and donor",
        lines=(
            stamp_line(stamp, f"Committed amounts in {stamp.currency}"),
            "Undated amounts stand below the table; they are in no month and in no chart.",
        ),
        grid=lay_out(_table(monthly, ranked, stamp.currency), TAB),
        charts=_charts(data, charted, unit.label(stamp.currency)) if monthly.months else (),
    )
    return page, data


def _months(
    monthly: MonthlyCommitments, columns: tuple[tuple[Decimal, ...], ...]
) -> tuple[_Month, ...]:
    rows = zip(*columns, strict=True) if columns else (() for _ in monthly.months)
    return tuple(map(_Month, monthly.months, rows))


def _table(
    monthly: MonthlyCommitments, donors: tuple[DonorMonths, ...], currency: str
) -> Table[_Month]:
    undated = tuple(each.undated for each in donors)
    totals = tuple(each.total for each in donors)
    return Table(
        name="MonthlyCommitments",
        columns=(
            Column("Month", lambda month: month.first, Look.MONTH),
            Column(
                "All donors", lambda month: money(sum(month.amounts, _ZERO), currency), Look.NUMBER
            ),
            *(_donor_column(index, donor, currency) for index, donor in enumerate(donors)),
        ),
        rows=_months(monthly, tuple(each.amounts for each in donors)),
        empty=NOTHING,
        totals=(_total("Undated", undated, currency), _total("Total", totals, currency)),
    )


def _donor_column(index: int, donor: DonorMonths, currency: str) -> Column[_Month]:
    return Column(donor.name, lambda month: money(month.amounts[index], currency), Look.NUMBER)


def _total(label: str, amounts: tuple[Decimal, ...], currency: str) -> tuple[Value, ...]:
    return (label, *(money(amount, currency) for amount in (sum(amounts, _ZERO), *amounts)))


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

"""The chart of what is pending by donor, and the sheet with its numbers."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.figures import Stamp
from reports.kit.charts import Chart, Plot, clustered_columns
from reports.kit.looks import SERIES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table
from reports.kit.values import Unit, unit_for
from reports.legislation_figures import ZERO, LegislationFigures
from reports.sheets.kinds import KINDS, amount_of, kind_words
from reports.sheets.lines import chart_page

TAB: Final = "Pending chart data"
# More than a dozen clusters can no longer be told apart.
_CHARTED: Final = 12
_WIDTH_CM: Final = 25
_TOO_FEW: Final = 1  # donors; there is nothing to compare
# What is not for the recipient is no part of the picture.
_LEFT_OUT: Final = "out_of_scope"


@dataclass(frozen=True, slots=True)
class _Donor:
    """What is pending of one donor, by kind."""

    name: str
    amounts: dict[str, Decimal]


def chart_data(figures: LegislationFigures, stamp: Stamp, charted_on: str) -> Page | None:
    """The numbers of the chart; ``None`` where there are fewer than two donors to compare, or several currencies.

    Args:
        figures: of the workbook.
        stamp: which ledger.
        charted_on: the sheet that the chart stands on.
    """
    donors = _donors(figures)
    if len(figures.totals) != 1 or len(donors) <= _TOO_FEW:
        return None
    unit = _unit(donors)
    table = Table(
        name="PendingChart",
        columns=(
            Column("Donor", lambda one: one.name),
            *(_column(kind, unit) for kind in _kinds(donors)),
        ),
        rows=donors[:_CHARTED],
        empty="Nothing is pending.",
    )
    currency = figures.totals[0].currency
    return chart_page(table, TAB, charted_on, unit.label(currency), stamp)


def chart(data: Page, figures: LegislationFigures) -> Chart:
    """A cluster for each donor, a column in it for each kind of amount."""
    donors = _donors(figures)
    shown = len(data.grid.rows)
    which = "by donor" if shown == len(donors) else f"the {shown} largest of {len(donors)} donors"
    return clustered_columns(
        Plot(
            page=data,
            heading=f"Pending in parliaments: {which}",
            along="Donor",
            unit=_unit(donors).label(figures.totals[0].currency),
            colours=SERIES[: len(_kinds(donors))],
            width=_WIDTH_CM,
        )
    )


def _donors(figures: LegislationFigures) -> list[_Donor]:
    """The donors of which an amount is pending, the largest first; what is only announced is not."""
    found: defaultdict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(KINDS, ZERO))
    for row in figures.pending:
        if row.standing != "announced":
            for kind in KINDS:
                found[row.donor_name][kind] += amount_of(row.amounts, kind)
    shown = [
        _Donor(name, {kind: amount for kind, amount in amounts.items() if kind != _LEFT_OUT})
        for name, amounts in found.items()
    ]
    ranked = sorted(shown, key=lambda one: (-max(one.amounts.values()), one.name))
    return [one for one in ranked if any(one.amounts.values())]


def _kinds(donors: list[_Donor]) -> list[str]:
    """The kinds of which anything is pending."""
    return [kind for kind in KINDS if any(one.amounts.get(kind) for one in donors)]


def _column(kind: str, unit: Unit) -> Column[_Donor]:
    return Column(kind_words(kind), lambda one: unit.scale(one.amounts[kind]), Look.NUMBER)


def _unit(donors: list[_Donor]) -> Unit:
    return unit_for(amount for one in donors for amount in one.amounts.values())

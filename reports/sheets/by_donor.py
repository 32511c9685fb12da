"""The sheet "By donor": totals by donor and stage, the largest first, with a chart."""

from decimal import Decimal
from typing import Final

from app.pledges.domain.model import Stage
from reports.figures import DonorStages, Stages, Stamp
from reports.kit.charts import Chart, Plot, clustered_columns
from reports.kit.looks import STAGES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Unit, Value, money, unit_for
from reports.sheets.lines import NOTHING, chart_page, stamp_line

TAB: Final = "By donor"
CHART_TAB: Final = "Donor chart data"
# More than a dozen clusters of four columns can no longer be told apart.
_CHARTED: Final = 12
_WIDTH_CM: Final = 25
_CHART_HEADING: Final = "How far the money has got"


def by_donor(donors: tuple[DonorStages, ...], stamp: Stamp) -> tuple[Page, Page]:
    """The sheet itself and, for the end of the workbook, the one with its chart's numbers."""
    ranked = tuple(sorted(donors, key=lambda each: (-each.stages.pledged, each.name)))
    unit = unit_for(each.stages.pledged for each in ranked)
    data = _chart_data(ranked[:_CHARTED], unit, stamp)
    page = Page(
        tab=TAB,
        title="Aid by donor and stage",
        lines=(
            stamp_line(stamp, f"Amounts in {stamp.currency}"),
            "Each stage contains the later ones: compare the stages, never add them to each other.",
            "Unvalued: pledges without a published amount. Undated: pledged amounts without a day.",
        ),
        grid=lay_out(_table(ranked, stamp.currency), TAB),
        charts=(_chart(data, len(ranked), unit.label(stamp.currency)),) if ranked else (),
    )
    return page, data


def total_stages(donors: tuple[DonorStages, ...]) -> Stages:
    """The sum over all donors, stage by stage."""
    return Stages(*(sum((each.stages.at(stage) for each in donors), Decimal(0)) for stage in Stage))


def _table(donors: tuple[DonorStages, ...], currency: str) -> Table[DonorStages]:
    return Table(
        name="DonorTotals",
        columns=(
            Column("Donor", lambda each: each.name),
            Column("Code", lambda each: each.donor),
            *(_stage_column(stage, currency) for stage in Stage),
            Column("Pledges", lambda each: each.pledges, Look.NUMBER),
            Column("Unvalued", lambda each: each.unvalued, Look.NUMBER),
            Column("Undated", lambda each: money(each.undated, currency), Look.NUMBER),
        ),
        rows=donors,
        empty=NOTHING,
        totals=(_totals(donors, currency),),
    )


def _stage_column(stage: Stage, currency: str) -> Column[DonorStages]:
    return Column(
        words(stage.value), lambda each: money(each.stages.at(stage), currency), Look.NUMBER
    )


def _totals(donors: tuple[DonorStages, ...], currency: str) -> tuple[Value, ...]:
    stages = total_stages(donors)
    return (
        "All donors",
        None,
        *(money(stages.at(stage), currency) for stage in Stage),
        sum(each.pledges for each in donors),
        sum(each.unvalued for each in donors),
        money(sum((each.undated for each in donors), Decimal(0)), currency),
    )


def _chart_data(donors: tuple[DonorStages, ...], unit: Unit, stamp: Stamp) -> Page:
    def column(stage: Stage) -> Column[DonorStages]:
        return Column(
            words(stage.value), lambda each: unit.scale(each.stages.at(stage)), Look.NUMBER
        )

    table = Table(
        name="DonorChart",
        columns=(Column("Donor", lambda each: each.name), *map(column, Stage)),
        rows=donors,
        empty=NOTHING,
    )
    return chart_page(table, CHART_TAB, TAB, unit, stamp)


def _chart(data: Page, donors: int, unit: str) -> Chart:
    shown = len(data.grid.rows)
    which = "by donor" if shown == donors else f"the {shown} largest of {donors} donors"
    return clustered_columns(
        Plot(
            page=data,
            heading=f"{_CHART_HEADING}: {which}",
            along="Donor",
            unit=unit,
            colours=STAGES,
            width=_WIDTH_CM,
        )
    )

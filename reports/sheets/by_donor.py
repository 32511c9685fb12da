"""The sheet "By donor": totals by donor and stage as formulas, the largest first, with a chart."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from app.pledges.domain.model import Stage
from reports.figures import DonorStages, Stages, Stamp
from reports.kit.charts import Chart, Plot, clustered_columns
from reports.kit.formulas import is_word
from reports.kit.looks import STAGES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Unit, money, refer, unit_for
from reports.sheets.checks import Check
from reports.sheets.lines import NOTHING, chart_page, stamp_line
from reports.sheets.postings import Here, PostingSums
from reports.sheets.stage_columns import stage_columns, stage_totals

TAB: Final = "By donor"
CHART_TAB: Final = "Donor chart data"
# More than a dozen clusters of four columns can no longer be told apart.
_CHARTED: Final = 12
_WIDTH_CM: Final = 25
_TABLE: Final = "DonorTotals"
_CHART_HEADING: Final = "How far the money has got"


def by_donor(donors: tuple[DonorStages, ...], stamp: Stamp, sums: PostingSums) -> tuple[Page, Page]:
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
        grid=lay_out(_table(ranked, sums), TAB),
        charts=(_chart(data, len(ranked), unit.label(stamp.currency)),) if ranked else (),
    )
    return page, data


def total_stages(donors: tuple[DonorStages, ...]) -> Stages:
    """The sum over all donors, stage by stage."""
    return Stages(*(sum((each.stages.at(stage) for each in donors), Decimal(0)) for stage in Stage))


def key_figures(page: Page) -> dict[str, str]:
    """The names of the totals, and where each stands."""
    stages = {f"Total_{stage.value}": words(stage.value) for stage in Stage}
    counts = {"Pledges_count": "Pledges", "Unvalued_count": "Unvalued", "Undated_total": "Undated"}
    return {name: page.total_cell(title) for name, title in (stages | counts).items()}


def donor_checks(
    donors: tuple[DonorStages, ...], stamp: Stamp, sums: PostingSums
) -> Iterator[Check]:
    """Each figure of the sheet beside the ledger's."""
    told = total_stages(donors)
    for stage in Stage:
        found = refer(f"Total_{stage.value}", sums.amount(stage=stage))
        yield Check(f"{TAB}: all, {stage.value}", found, money(told.at(stage), stamp.currency))
    pledges = refer("Pledges_count", sums.pledges(stage=Stage.PLEDGED))
    yield Check(f"{TAB}: pledges", pledges, sum(each.pledges for each in donors))
    unvalued = refer("Unvalued_count", sums.unvalued(stage=Stage.PLEDGED))
    yield Check(f"{TAB}: unvalued pledges", unvalued, sum(each.unvalued for each in donors))
    for donor in filter(lambda each: is_word(each.donor), donors):
        for stage in Stage:
            text = f'SUMIFS({_TABLE}[{words(stage.value)}],{_TABLE}[Code],"{donor.donor}")'
            found = refer(text, sums.amount(stage=stage, donor=donor.donor))
            what = f"{TAB}: {donor.name}, {stage.value}"
            yield Check(what, found, money(donor.stages.at(stage), stamp.currency))


def _table(donors: tuple[DonorStages, ...], sums: PostingSums) -> Table[DonorStages]:
    def key(one: DonorStages) -> dict[str, Here]:
        return {"donor": Here(_TABLE, "Code", one.donor)}

    return Table(
        name=_TABLE,
        columns=(
            Column("Donor", lambda each: each.name),
            Column("Code", lambda each: each.donor),
            *stage_columns(sums, key),
        ),
        rows=donors,
        empty=NOTHING,
        totals=(("All donors", None, *stage_totals(sums)),),
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
    return chart_page(table, CHART_TAB, TAB, unit.label(stamp.currency), stamp)


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

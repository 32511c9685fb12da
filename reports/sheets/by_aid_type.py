"""The sheet "By aid type": totals by aid type and stage as formulas, with a chart."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.pledges.domain.model import Stage
from reports.figures import AidTypeStages, Stages, Stamp
from reports.kit.charts import HEIGHT_CM, Plot, clustered_columns
from reports.kit.looks import STAGES
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import money, refer, unit_for
from reports.sheets.checks import Check
from reports.sheets.lines import NOTHING, stamp_line
from reports.sheets.postings import Here, PostingSums
from reports.sheets.stage_columns import stage_columns, stage_totals

TAB: Final = "By aid type"
_TABLE: Final = "AidTypeTotals"
_WIDTH_CM: Final = 20


def by_aid_type(aid_types: tuple[AidTypeStages, ...], stamp: Stamp, sums: PostingSums) -> Page:
    """One row for each aid type of which anything was pledged."""
    grid = lay_out(_table(aid_types, sums), TAB)
    # Long numbers stand as text, which no chart can show.
    is_charted = bool(aid_types) and not grid.has_long_numbers
    page = Page(
        tab=TAB,
        title="Aid by type and stage",
        lines=(
            stamp_line(stamp, f"Amounts in {stamp.currency}"),
            "Each stage contains the later ones: compare the stages, never add them to each other.",
        ),
        grid=grid,
        room=HEIGHT_CM if is_charted else 0,
    )
    if not is_charted:
        return page
    unit = unit_for(each.stages.pledged for each in aid_types)
    plot = Plot(
        page=page,
        heading="How far the money has got: by aid type",
        along="Aid type",
        unit=unit.label(stamp.currency),
        colours=STAGES,
        width=_WIDTH_CM,
        pattern=unit.pattern,
    )
    return replace(page, charts=(clustered_columns(plot),))


def key_figures(page: Page) -> dict[str, str]:
    """The names of the totals, and where each stands."""
    return {f"Total_{stage.value}": page.total_cell(words(stage.value)) for stage in Stage}


def total_checks(told: Stages, stamp: Stamp, sums: PostingSums) -> Iterator[Check]:
    """The totals of all aid types beside the ledger's, in a workbook that names them."""
    for stage in Stage:
        found = refer(f"Total_{stage.value}", sums.amount(stage=stage))
        yield Check(f"{TAB}: all, {stage.value}", found, money(told.at(stage), stamp.currency))


def aid_type_checks(
    aid_types: tuple[AidTypeStages, ...], stamp: Stamp, sums: PostingSums
) -> Iterator[Check]:
    """Each figure of the sheet beside the ledger's."""
    for one in aid_types:
        for stage in Stage:
            name = words(one.aid_type.value)
            text = f'SUMIFS({_TABLE}[{words(stage.value)}],{_TABLE}[Aid type],"{name}")'
            found = refer(text, sums.amount(stage=stage, aid_type=one.aid_type))
            told = money(one.stages.at(stage), stamp.currency)
            yield Check(f"{TAB}: {name}, {stage.value}", found, told)


def _table(aid_types: tuple[AidTypeStages, ...], sums: PostingSums) -> Table[AidTypeStages]:
    def key(one: AidTypeStages) -> dict[str, Here]:
        return {"aid_type": Here(_TABLE, "Aid type", one.aid_type)}

    return Table(
        name=_TABLE,
        columns=(
            Column("Aid type", lambda each: words(each.aid_type.value)),
            *stage_columns(sums, key),
        ),
        rows=aid_types,
        empty=NOTHING,
        totals=(("All aid", *stage_totals(sums)),),
    )

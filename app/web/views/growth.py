"""The chart of growth: the largest donors as bands upon each other, month by month."""

from collections.abc import Sequence
from typing import Final

from app.pledges.domain import Stage
from app.web import charts
from app.web.views.drawings import Cell, Drawing, Head, money
from app.web.views.filters import SHARED, View
from app.web.views.standings import COLOURS, OTHERS, Standing, Standings
from app.web.views.twins import Block, Twin, file_address, in_target, series_twins
from app.web.words import day_words

NOUN: Final = {
    Stage.PLEDGED: "pledges",
    Stage.COMMITTED: "commitments",
    Stage.ALLOCATED: "allocations",
    Stage.DELIVERED: "deliveries",
}


GROWTH: Final = Block(name="growth", takes=SHARED, is_total=True)


def draw_growth(standings: Standings) -> Drawing | None:
    """The chart, and as a table the end of each quarter and the last month; ``None`` where nothing has a month."""
    if not standings.months:
        return None
    chart, unit = _chart(standings), standings.unit
    last = len(standings.months) - 1
    shown = [
        place
        for place, month in enumerate(standings.months)
        if month[5:] in {"03", "06", "09", "12"} or place == last
    ]
    return Drawing(
        title=chart.title,
        drawn=chart.drawn(),
        heads=[
            Head("End of", "month"),
            *(Head(one.name, one.short, is_number=True) for one in chart.bands),
            Head("Total", "total", is_number=True),
        ],
        rows=[_row(chart, place, standings) for place in shown],
        caption=", at the end of each quarter",
        notes=[f"{unit.format(standings.total.undated)} {unit.name} is undated and in no month."]
        if standings.total.undated
        else [],
        has_months=True,
    )


def growth_twins(view: View, about: str, **own: str) -> list[Twin]:
    """The figures of the chart of growth, and the chart as a picture."""
    workbook = file_address("/v1/reports/timeline.xlsx", view, SHARED, own)
    return [
        *in_target(view, Twin("XLSX", workbook, f"{about}, in the workbook over time")),
        *series_twins(view, "donor,month", about, {"cumulative": "true", **own}),
        GROWTH.picture(view, about, **own),
    ]


def _row(chart: charts.AreaChart, place: int, standings: Standings) -> list[Cell]:
    values = [one.values[place] for one in chart.bands]
    return [
        standings.months[place],
        *(money(value, standings.unit) for value in [*values, sum(values)]),
    ]


def _chart(standings: Standings) -> charts.AreaChart:
    largest, rest = standings.donors[:COLOURS], standings.donors[COLOURS:]
    bands = [_band(one, standings) for one in largest]
    if rest:
        values = [sum(column) for column in zip(*(one.growth for one in rest), strict=True)]
        bands.append(_named("Other donors", "Others", OTHERS, values, standings))
    unit = standings.unit
    total = unit.format(sum(one.values[-1] for one in bands))
    names = ", ".join(f"{one.name} {one.texts[-1]}" for one in bands)
    whose = "by donor" if len(bands) > 1 else f"of {bands[0].name}"
    return charts.AreaChart(
        name="growth",
        title=f"Cumulative {NOUN[standings.measure]} {whose}, in {unit.name}",
        description=f"By {day_words(standings.months[-1])} they come to {total} {unit.name}: {names}.",
        months=standings.months,
        bands=bands,
        unit=unit.minor,
    )


def _band(one: Standing, standings: Standings) -> charts.Band:
    return _named(one.name, one.code, one.css, one.growth, standings)


def _named(
    name: str, short: str, css: str, values: Sequence[int], standings: Standings
) -> charts.Band:
    texts = [standings.unit.format(value) for value in values]
    return charts.Band(name=name, short=short, css=css, values=values, texts=texts)

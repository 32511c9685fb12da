"""The chart of growth: the largest donors as bands upon each other, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.pledges.domain import Stage
from app.web import charts
from app.web.views.standings import COLOURS, OTHERS, Standing, Standings
from app.web.words import day_words

NOUN: Final = {
    Stage.PLEDGED: "pledges",
    Stage.COMMITTED: "commitments",
    Stage.ALLOCATED: "allocations",
    Stage.DELIVERED: "deliveries",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The chart with its words, and the same as a table.

    Attributes:
        wide, narrow: the chart for a desk and for a phone; the stylesheet shows one.
        names: the columns of the table.
        rows: the end of each quarter, and the last month; each with its figures and their sum.
    """

    title: str
    unit: str
    wide: Markup
    narrow: Markup
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    undated: str | None


def draw_growth(standings: Standings) -> Growth | None:
    """The chart; ``None`` where there is nothing with a month."""
    if not standings.months:
        return None
    chart = _chart(standings)
    sums = [sum(column) for column in zip(*(one.values for one in chart.bands), strict=True)]
    unit = standings.unit
    shown = [
        place
        for place, month in enumerate(standings.months)
        if month[5:] in {"03", "06", "09", "12"} or place == len(standings.months) - 1
    ]
    return Growth(
        title=chart.title,
        unit=unit.name,
        wide=chart.draw(charts.WIDE),
        narrow=chart.draw(charts.NARROW),
        names=[one.name for one in chart.bands],
        rows=[
            (
                standings.months[place],
                [*(one.texts[place] for one in chart.bands), unit.format(sums[place])],
            )
            for place in shown
        ],
        undated=unit.format(standings.total.undated) if standings.total.undated else None,
    )


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

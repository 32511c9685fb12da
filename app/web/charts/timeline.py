"""The timeline: what happened when, from left to right, as far apart as it was in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from app.web.charts.labels import spread
from app.web.charts.scales import Scale
from app.web.charts.svg import element, join, number, picture

_WIDTH: Final = 720
_HEIGHT: Final = 74
_MARGIN: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened on a day; ``css`` says its colour."""

    on: date
    name: str
    css: str = "band-0"


def timeline(moments: Sequence[Moment], *, name: str, title: str, description: str) -> Markup:
    """A line with a mark for each moment, its day above and its name below.

    Args:
        moments: in the order of their days; at most about eight, or their names would not find room.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    if not moments:
        return Markup("")
    begin, end = moments[0].on, moments[-1].on
    scale = Scale(max((end - begin).days, 1), 10 * _MARGIN, 10 * (_WIDTH - _MARGIN))
    places = [scale.place((one.on - begin).days) for one in moments]
    texts = spread(places, 860, 10 * _MARGIN, 10 * (_WIDTH - _MARGIN))
    line = element("line", css="base", x1=_MARGIN, x2=_WIDTH - _MARGIN, y1=36, y2=36)
    marks: list[Markup] = [line]
    for one, x, text_x in zip(moments, places, texts, strict=True):
        marks += [
            element("circle", css=f"mark {one.css}", cx=number(x), cy=36, r=6),
            element("text", one.on.isoformat(), css="tick middle", x=number(text_x), y=20),
            element("text", one.name, css="label middle", x=number(text_x), y=62),
        ]
    return picture(
        _WIDTH, _HEIGHT, title, description, join(marks), css="chart timeline", name=name
    )

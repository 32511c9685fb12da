"""The timeline: what happened when, as far apart as it was in time; drawn wide, and from the top down on phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from app.web.charts.labels import spread
from app.web.charts.scales import Scale
from app.web.charts.svg import Drawn, element, join, number, picture

# So many names find room beside each other, in two rows.
MOST_MOMENTS: Final = 10
_WIDTH: Final = 1120
_HEIGHT: Final = 118
_MARGIN: Final = 74
_NAME: Final = 1640
_NARROW: Final = 358
_ROW: Final = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Something that happened on a day; ``css`` says its colour."""

    on: date
    name: str
    css: str = "band-0"


def timeline(moments: Sequence[Moment], *, name: str, title: str, description: str) -> Drawn:
    """A line with a mark for each moment and its day and name beside it; on phones it runs from the top down.

    Args:
        moments: in the order of their days; one to ``MOST_MOMENTS`` of them, or their names would overlap.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    height = max(_ROW * len(moments) // 10, 40)
    wide, narrow = (
        picture(
            width,
            tall,
            title,
            description,
            join(body),
            css=f"chart timeline {suffix}",
            name=f"{name}-{suffix}",
        )
        for suffix, width, tall, body in (
            ("wide", _WIDTH, _HEIGHT, _across(moments)),
            ("narrow", _NARROW, height, _down(moments, height)),
        )
    )
    return Drawn(wide, narrow)


def _places(moments: Sequence[Moment], first: int, last: int) -> list[int]:
    begin, end = moments[0].on, moments[-1].on
    scale = Scale(max((end - begin).days, 1), first, last)
    return [scale.place((one.on - begin).days) for one in moments]


def _across(moments: Sequence[Moment]) -> list[Markup]:
    """Names in turn above and below the line, so that twice as many have room."""
    first, last, middle = 10 * _MARGIN, 10 * (_WIDTH - _MARGIN), _HEIGHT // 2
    places = _places(moments, first, last)
    texts = [0] * len(moments)
    for row in (0, 1):
        texts[row::2] = spread(places[row::2], _NAME, first, last)
    drawn: list[Markup] = [
        element("line", css="base", x1=_MARGIN, x2=_WIDTH - _MARGIN, y1=middle, y2=middle)
    ]
    for turn, (one, x, text_x) in enumerate(zip(moments, places, texts, strict=True)):
        above = turn % 2 == 0
        day_y, name_y, end_y = (12, 28, 34) if above else (110, 94, 80)
        drawn += [
            _leader(x, 10 * middle, text_x, 10 * end_y),
            element("circle", css=f"mark {one.css}", cx=number(x), cy=middle, r=6),
            element("text", one.on.isoformat(), css="tick middle", x=number(text_x), y=day_y),
            element("text", one.name, css="label middle", x=number(text_x), y=name_y),
        ]
    return drawn


def _down(moments: Sequence[Moment], height: int) -> list[Markup]:
    first, last, x = 120, 10 * height - 120, 10
    places = _places(moments, first, last)
    texts = spread(places, 320, first, last)
    drawn: list[Markup] = [
        element("line", css="base", x1=x, x2=x, y1=number(first), y2=number(last))
    ]
    for one, y, text_y in zip(moments, places, texts, strict=True):
        drawn += [
            _leader(10 * x, y, 320, text_y),
            element("circle", css=f"mark {one.css}", cx=x, cy=number(y), r=6),
            element("text", one.on.isoformat(), css="tick", x=38, y=number(text_y + 40)),
            element("text", one.name, css="label", x=116, y=number(text_y + 40)),
        ]
    return drawn


def _leader(x: int, y: int, to_x: int, to_y: int) -> Markup:
    """A fine line from a mark to its name."""
    return element("line", css="grid", x1=number(x), y1=number(y), x2=number(to_x), y2=number(to_y))

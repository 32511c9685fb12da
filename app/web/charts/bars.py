"""Bars: a list of figures side by side, a share of a whole, and the stages of one pledge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.web.charts.scales import Scale
from app.web.charts.svg import element, join, number, picture

_ROW: Final = 26
_METER: Final = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, its figure, the same in words, and what says its colour."""

    name: str
    value: int
    text: str
    css: str = "band-0"


def bars(
    items: Sequence[Bar], *, name: str, title: str, description: str, width: int = 720
) -> Markup:
    """Bars below each other, each with its name before it and its figure behind it.

    Args:
        items: from the top down; figures are not below 0.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
        width: in pixels.
    """
    left, right = 130, 70
    highest = max((one.value for one in items), default=0)
    scale = Scale(max(highest, 1), 10 * left, 10 * (width - right))
    drawn: list[Markup] = []
    for place, one in enumerate(items):
        y = place * _ROW
        end = scale.place(one.value)
        drawn += [
            element("text", one.name, css="label end", x=left - 10, y=y + 17),
            element(
                "rect",
                css=f"bar {one.css}",
                x=left, y=y + 4, width=number(end - scale.start), height=_ROW - 8, rx=2,
            ),
            element("text", one.text, css="label value", x=number(end + 60), y=y + 17),
        ]  # fmt: skip
    return picture(
        width,
        max(len(items), 1) * _ROW,
        title,
        description,
        join(drawn),
        css="chart bars",
        name=name,
    )


def meter(part: int, whole: int) -> Markup:
    """A share as a bar; the figure stands beside it, so it is an ornament."""
    scale = Scale(max(whole, 1), 0, 10 * _METER)
    filled = scale.place(min(max(part, 0), max(whole, 1)))
    return picture(
        _METER,
        8,
        "",
        "",
        element("rect", css="rail", width=_METER, height=8, rx=4),
        element("rect", css="fill", width=number(filled), height=8, rx=4),
        css="meter",
    )


def stages(items: Sequence[Bar], whole: int, *, name: str, title: str, description: str) -> Markup:
    """How far the money of one pledge has got: a bar for each stage upon the rail of the whole."""
    width, left = 720, 0
    scale = Scale(max(whole, 1), 10 * left, 10 * width)
    drawn: list[Markup] = []
    for place, one in enumerate(items):
        y = place * 40
        drawn += [
            element("text", one.name, css="label", x=left, y=y + 13),
            element("text", one.text, css="label value end", x=width, y=y + 13),
            element("rect", css="rail", x=left, y=y + 19, width=width, height=10, rx=5),
            element(
                "rect",
                css=f"bar {one.css}",
                x=left, y=y + 19, width=number(scale.place(one.value)), height=10, rx=5,
            ),
        ]  # fmt: skip
    return picture(
        width, len(items) * 40, title, description, join(drawn), css="chart stages", name=name
    )

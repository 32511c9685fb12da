"""Bars: a list of figures side by side, a share of a whole, the stages of money, and the parts of a difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from markupsafe import Markup

from app.web.charts.scales import Scale
from app.web.charts.svg import Drawn, element, join, number, picture

_ROW: Final = 26
_METER: Final = 96
_STAGE: Final = 40
# The width of stages in pixels, and how many letters of a name find room beside its figure.
_ROOMS: Final[Mapping[str, tuple[int, int]]] = {"wide": (560, 46), "narrow": (358, 32)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its name, its figure, the same in words, and what says its colour.

    Attributes:
        of: what it is a part of, where that is its own; ``None`` for the whole of all.
    """

    name: str
    value: int
    text: str
    css: str = "band-0"
    of: int | None = None


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


def stages(items: Sequence[Bar], whole: int, *, name: str, title: str, description: str) -> Drawn:
    """How far money has got: a bar for each item upon a rail.

    Args:
        items: from the top down; figures are not below 0.
        whole: the length of the rail of those that are of nothing else; what a full width stands for, or less.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    top = max([whole, *(max(one.value, one.of or 0) for one in items)])
    wide, narrow = (
        picture(
            width,
            max(len(items), 1) * _STAGE,
            title,
            description,
            join(_stages(items, whole, Scale(max(top, 1), 0, 10 * width), letters)),
            css=f"chart stages {suffix}",
            name=f"{name}-{suffix}",
        )
        for suffix, (width, letters) in _ROOMS.items()
    )
    return Drawn(wide, narrow)


def _stages(items: Sequence[Bar], whole: int, scale: Scale, letters: int) -> list[Markup]:
    drawn: list[Markup] = []
    for place, one in enumerate(items):
        y = place * _STAGE
        name = one.name if len(one.name) <= letters else one.name[: letters - 1] + "…"
        rail = scale.place(whole if one.of is None else one.of)
        drawn += [
            element("text", name, css="label", x=0, y=y + 13),
            element("text", one.text, css="label value end", x=number(scale.end), y=y + 13),
            element("rect", css="rail", x=0, y=y + 19, width=number(rail), height=10, rx=5),
            element(
                "rect",
                css=f"bar {one.css}",
                x=0, y=y + 19, width=number(scale.place(one.value)), height=10, rx=5,
            ),
        ]  # fmt: skip
    return drawn


@dataclass(frozen=True, slots=True)
class Stride:
    """One part of a difference: its name, how much more or less it makes, and the same in words."""

    name: str
    value: int
    text: str


def bridge(
    strides: Sequence[Stride], total: str, *, name: str, title: str, description: str
) -> Drawn:
    """A difference taken step by step: each part begins where the one above ended; the last bar is all of it.

    Args:
        strides: the parts, from the top down.
        total: their sum in words.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    whole = Stride("Change", sum(one.value for one in strides), total)
    wide, narrow = (
        picture(
            width,
            (len(strides) + 1) * _ROW,
            title,
            description,
            join(_bridge(strides, whole, left, width - right)),
            css=f"chart bridge {suffix}",
            name=f"{name}-{suffix}",
        )
        for suffix, width, left, right in (("wide", 720, 110, 90), ("narrow", 358, 92, 76))
    )
    return Drawn(wide, narrow)


def _bridge(strides: Sequence[Stride], whole: Stride, left: int, right: int) -> list[Markup]:
    reached = [0, *accumulate(one.value for one in strides)]
    low = min(reached)
    scale = Scale(max(max(reached) - low, 1), 10 * left, 10 * right)
    starts = [*reached[:-1], 0]
    zero = number(scale.place(-low))
    drawn = [element("line", css="base", x1=zero, x2=zero, y1=0, y2=(len(strides) + 1) * _ROW)]
    for place, (one, start) in enumerate(zip([*strides, whole], starts, strict=True)):
        y = place * _ROW
        begin, end = (scale.place(at - low) for at in sorted((start, start + one.value)))
        css = "whole" if one is whole else "gain" if one.value > 0 else "loss"
        drawn += [
            element("text", one.name, css="label end", x=left - 10, y=y + 17),
            element(
                "rect",
                css=f"bar {css}",
                x=number(begin), y=y + 4, width=number(end - begin), height=_ROW - 8, rx=2,
            ),
            element("text", one.text, css="label value", x=number(end + 60), y=y + 17),
        ]  # fmt: skip
    return drawn

"""The ranking: a table of donors drawn, each with its figure as a bar, a share of a whole, and how it grew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.web.charts.scales import Scale
from app.web.charts.sparkline import HEIGHT, shape
from app.web.charts.svg import Drawn, element, join, number, picture

_ROW: Final = 28
_HEADS: Final = 26
# Where the columns begin in pixels: bars behind the names, shares, how it grew.
_BARS, _BARS_END, _SHARES, _GROWTH = 190, 520, 640, 800
_METER: Final = 96
_WIDE: Final = 900
_NARROW: Final = 358
_TALL: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """One line.

    Attributes:
        value: its figure, not below 0; ``text`` is the same in words.
        part, whole: the share that stands beside it; ``share`` is the same in words.
        growth: one figure for each period, not below 0.
        css: says its colour.
    """

    name: str
    value: int
    text: str
    part: int
    whole: int
    share: str
    growth: Sequence[int]
    css: str


def ranking(
    ranks: Sequence[Rank],
    heads: tuple[str, str, str],
    *,
    name: str,
    title: str,
    description: str,
) -> Drawn:
    """Lines below each other; on phones without how they grew.

    Args:
        ranks: from the top down.
        heads: of the figures, of the shares, of how they grew.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    highest = max((one.value for one in ranks), default=0)
    wide, narrow = (
        picture(
            width,
            tall,
            title,
            description,
            join(body),
            css=f"chart ranking {suffix}",
            name=f"{name}-{suffix}",
        )
        for suffix, width, tall, body in (
            ("wide", _WIDE, _HEADS + len(ranks) * _ROW, _across(ranks, heads, highest)),
            ("narrow", _NARROW, _HEADS + len(ranks) * _TALL, _down(ranks, heads, highest)),
        )
    )
    return Drawn(wide, narrow)


def _across(ranks: Sequence[Rank], heads: Sequence[str], highest: int) -> list[Markup]:
    scale = Scale(max(highest, 1), 10 * _BARS, 10 * _BARS_END)
    columns = (_BARS, _SHARES, _GROWTH)
    drawn = [
        element("text", text, css="tick", x=x, y=14) for text, x in zip(heads, columns, strict=True)
    ]
    for place, one in enumerate(ranks):
        y = _HEADS + place * _ROW
        end = scale.place(one.value)
        filled = _filled(one)
        drawn += [
            element("text", one.name, css="label end", x=_BARS - 10, y=y + 18),
            element(
                "rect",
                css=f"bar {one.css}",
                x=_BARS, y=y + 5, width=number(end - scale.start), height=_ROW - 10, rx=2,
            ),
            element("text", one.text, css="label value", x=number(end + 60), y=y + 18),
            element("rect", css="rail", x=_SHARES, y=y + 10, width=_METER, height=8, rx=4),
            element("rect", css="fill", x=_SHARES, y=y + 10, width=number(filled), height=8, rx=4),
            element("text", one.share, css="label", x=_SHARES + _METER + 8, y=y + 18),
        ]  # fmt: skip
        if any(one.growth):
            drawn.append(shape(one.growth, one.css, _GROWTH, y + (_ROW - HEIGHT) // 2))
    return drawn


def _down(ranks: Sequence[Rank], heads: Sequence[str], highest: int) -> list[Markup]:
    """Name and figures above a bar that has the whole width."""
    scale = Scale(max(highest, 1), 0, 10 * _NARROW)
    told = f"{heads[0]}; {heads[1].lower()}"
    drawn = [element("text", told, css="tick end", x=_NARROW, y=12)]
    for place, one in enumerate(ranks):
        y = _HEADS + place * _TALL
        drawn += [
            element("text", one.name, css="label", x=0, y=y + 13),
            element("text", f"{one.text}; {one.share}", css="label value end", x=_NARROW, y=y + 13),
            element("rect", css="rail", x=0, y=y + 19, width=_NARROW, height=10, rx=5),
            element(
                "rect",
                css=f"bar {one.css}",
                x=0, y=y + 19, width=number(scale.place(one.value)), height=10, rx=5,
            ),
        ]  # fmt: skip
    return drawn


def _filled(one: Rank) -> int:
    """How far the meter of a share is filled, in tenths of a pixel."""
    scale = Scale(max(one.whole, 1), 0, 10 * _METER)
    return scale.place(min(max(one.part, 0), max(one.whole, 1)))

"""Waits: in groups below each other, how long each thing has waited, the days as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from app.web.charts.scales import Scale
from app.web.charts.svg import Drawn, element, join, number, picture

_WIDE: Final = 900
_LEFT, _END = 250, 640
_NAMES: Final = 170
_NARROW: Final = 358
_ROW: Final = 24
_TALL: Final = 38
_HEAD: Final = 32
_NOTE: Final = 16
_LETTERS: Final = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One thing that waits: for so many days, the same in words, and what says its colour."""

    name: str
    days: int
    text: str
    css: str = "band-0"


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """Things that wait for the same; ``notes`` stand beside its name, ``more`` below the last of them."""

    name: str
    notes: Sequence[str]
    waits: Sequence[Wait]
    more: str = ""


def waits(groups: Sequence[WaitGroup], *, name: str, title: str, description: str) -> Drawn:
    """Groups below each other; all bars have one scale.

    Args:
        groups: from the top down.
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it.
    """
    longest = max((one.days for group in groups for one in group.waits), default=0)
    wide, narrow = (
        picture(
            width,
            max(tall, _HEAD),
            title,
            description,
            join(body),
            css=f"chart waits {suffix}",
            name=f"{name}-{suffix}",
        )
        for suffix, width, (tall, body) in (
            ("wide", _WIDE, _across(groups, longest)),
            ("narrow", _NARROW, _down(groups, longest)),
        )
    )
    return Drawn(wide, narrow)


def _across(groups: Sequence[WaitGroup], longest: int) -> tuple[int, list[Markup]]:
    """How high it is, and what is drawn."""
    scale = Scale(max(longest, 1), 10 * _LEFT, 10 * _END)
    drawn: list[Markup] = []
    y = 0
    for group in groups:
        drawn += [
            element("text", group.name, css="label value", x=0, y=y + 20),
            element("text", " · ".join(group.notes), css="tick", x=_NAMES, y=y + 20),
        ]
        y += _HEAD
        for one in group.waits:
            end = scale.place(one.days)
            drawn += [
                element("text", _short(one.name), css="label end", x=_LEFT - 10, y=y + 16),
                element(
                    "rect",
                    css=f"bar {one.css}",
                    x=_LEFT, y=y + 4, width=number(max(end - scale.start, 10)), height=_ROW - 8, rx=2,
                ),
                element("text", one.text, css="label", x=number(end + 70), y=y + 16),
            ]  # fmt: skip
            y += _ROW
        if group.more:
            drawn.append(element("text", group.more, css="tick", x=_LEFT, y=y + 16))
            y += _ROW
    return y, drawn


def _down(groups: Sequence[WaitGroup], longest: int) -> tuple[int, list[Markup]]:
    """Each note in a line of its own; names above their bars, and words below the names."""
    scale = Scale(max(longest, 1), 0, 10 * _NARROW)
    drawn: list[Markup] = []
    y = 0
    for group in groups:
        drawn.append(element("text", group.name, css="label value", x=0, y=y + 20))
        y += _HEAD
        for note in group.notes:
            drawn.append(element("text", note, css="tick", x=0, y=y + 8))
            y += _NOTE
        for one in group.waits:
            drawn += [
                element("text", _short(one.name), css="label", x=0, y=y + 14),
                element("text", one.text, css="label end", x=_NARROW, y=y + 14),
                element(
                    "rect",
                    css=f"bar {one.css}",
                    x=0, y=y + 20, width=number(max(scale.place(one.days), 10)), height=10, rx=2,
                ),
            ]  # fmt: skip
            y += _TALL
        if group.more:
            drawn.append(element("text", group.more, css="tick", x=0, y=y + 12))
            y += _NOTE + 4
    return y, drawn


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else name[: _LETTERS - 1] + "…"

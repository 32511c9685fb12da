"""The stacked area: how figures grew over time, each band with its name and its last value beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from markupsafe import Markup

from app.web.charts.labels import spread
from app.web.charts.scales import Scale, ticks
from app.web.charts.svg import Drawn, Point, element, join, number, path, picture

_MONTHS: Final = 12
_TITLE: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band.

    Attributes:
        name: beside it.
        short: beside it where there is little room.
        css: says its colour.
        values: one for each period, not below 0.
        texts: the same in words, for the cross-hair.
    """

    name: str
    short: str
    css: str
    values: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The room that a chart has, in pixels."""

    width: int
    height: int
    left: int
    right: int
    top: int = 12
    bottom: int = 26
    gap: int = 17
    ticks: int = 6
    is_narrow: bool = False


WIDE: Final = Frame(width=1120, height=372, left=40, right=186)
NARROW: Final = Frame(width=358, height=300, left=36, right=94, gap=16, ticks=5, is_narrow=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChart:
    """A stacked area over months.

    Attributes:
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it, in a sentence.
        months: ``2023-11``, one for each value, without a gap.
        bands: from the bottom to the top.
        unit: how many units of the values one unit of the axis is.
    """

    name: str
    title: str
    description: str
    months: Sequence[str]
    bands: Sequence[Band]
    unit: int

    def drawn(self) -> Drawn:
        """The chart for a desk and for a phone."""
        return Drawn(self.draw(WIDE), self.draw(NARROW))

    def draw(self, frame: Frame = WIDE) -> Markup:
        """The chart in the room that it has."""
        edges = self.edges()
        axis = ticks(max(edges[-1], default=0), frame.ticks) if edges else [0, 1]
        vertical = Scale(axis[-1], 10 * (frame.height - frame.bottom), 10 * frame.top)
        horizontal = Scale(
            max(len(self.months) - 1, 1), 10 * frame.left, 10 * (frame.width - frame.right)
        )
        suffix = "narrow" if frame.is_narrow else "wide"
        body = element(
            "g",
            join(self._grid(axis, vertical, horizontal)),
            join(self._areas(edges, vertical, horizontal)),
            join(self._years(frame, horizontal)),
            join(self._labels(edges, vertical, frame)),
            css="plot",
            data_months=" ".join(self.months),
            data_left=number(horizontal.start),
            data_right=number(horizontal.end),
            data_top=frame.top,
            data_bottom=frame.height - frame.bottom,
        )
        return picture(
            frame.width,
            frame.height,
            self.title,
            self.description,
            body,
            css=f"chart area {suffix}",
            name=f"{self.name}-{suffix}",
        )

    def edges(self) -> list[list[int]]:
        """The upper edge of each band: its own values upon those below it."""
        columns = [
            list(accumulate(column))
            for column in zip(*(one.values for one in self.bands), strict=True)
        ]
        return [list(edge) for edge in zip(*columns, strict=True)]

    def _grid(self, axis: Sequence[int], vertical: Scale, horizontal: Scale) -> list[Markup]:
        lines = []
        for value in axis:
            y = vertical.place(value)
            lines.append(
                element(
                    "line",
                    css="grid" if value else "base",
                    x1=number(horizontal.start), x2=number(horizontal.end), y1=number(y), y2=number(y),
                )
            )  # fmt: skip
            lines.append(
                element(
                    "text",
                    _axis_text(value, self.unit),
                    css="tick end",
                    x=number(horizontal.start - 80),
                    y=number(y + 40),
                )
            )
        return lines

    def _areas(
        self, edges: Sequence[Sequence[int]], vertical: Scale, horizontal: Scale
    ) -> list[Markup]:
        floor: Sequence[int] = [0] * len(self.months)
        drawn = []
        for band, edge in zip(self.bands, edges, strict=True):
            upper = _points(edge, vertical, horizontal)
            lower = _points(floor, vertical, horizontal)
            drawn.append(
                element(
                    "path",
                    css=f"band {band.css}",
                    d=path([*upper, *reversed(lower)], closed=True),
                    data_name=band.name,
                    data_texts=" ".join(band.texts),
                )
            )
            floor = edge
        return drawn

    def _years(self, frame: Frame, horizontal: Scale) -> list[Markup]:
        """A name below each January; the first month has one where it is no January and the next is far enough."""
        y = frame.height - frame.bottom + 19
        marks = []
        for index, month in enumerate(self.months):
            opens = month.endswith("-01")
            first = index == 0 and len(self.months) < _MONTHS and not opens
            if opens or first:
                x = number(horizontal.place(index))
                marks.append(
                    element("text", month[:4] if opens else month, css="tick start", x=x, y=y)
                )
        return marks

    def _labels(
        self, edges: Sequence[Sequence[int]], vertical: Scale, frame: Frame
    ) -> list[Markup]:
        """From the top down, each at the height of the middle of its band."""
        if not self.months:
            return []
        floors = [0, *(edge[-1] for edge in edges)]
        wanted = [
            vertical.place((low + edge[-1]) // 2) for low, edge in zip(floors, edges, strict=False)
        ]
        wanted.reverse()
        places = spread(
            wanted, 10 * frame.gap, 10 * frame.top, 10 * (frame.height - frame.bottom - _TITLE)
        )
        left, right = frame.width - frame.right + 12, frame.width
        labels = []
        for band, y in zip(reversed(self.bands), places, strict=True):
            swatch = element(
                "rect",
                css=f"swatch {band.css}",
                x=left,
                y=number(y - 50),
                width=10,
                height=10,
                rx=2,
            )
            name = band.short if frame.is_narrow else band.name
            labels += [
                swatch,
                element("text", name, css="label", x=left + 16, y=number(y + 40)),
                element("text", band.texts[-1], css="label value end", x=right, y=number(y + 40)),
            ]
        return labels


def _points(values: Sequence[int], vertical: Scale, horizontal: Scale) -> list[Point]:
    if len(values) == 1:
        # A month alone is as wide as the chart: there is nothing before or after it that it could lead to.
        return [(place, vertical.place(values[0])) for place in (horizontal.start, horizontal.end)]
    return [(horizontal.place(index), vertical.place(value)) for index, value in enumerate(values)]


def _axis_text(value: int, unit: int) -> str:
    """A tick in units of the axis; ticks are round, so few digits follow the point."""
    whole, rest = divmod(value, unit)
    fraction = f"{rest:0{len(str(unit)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{fraction}" if fraction else str(whole)

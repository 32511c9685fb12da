"""The line: how one figure moved from day to day; its axis begins where the figures do, and says so by its ticks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from app.web.charts.area import NARROW, WIDE, Frame
from app.web.charts.scales import Scale, ticks
from app.web.charts.svg import Drawn, element, join, number, path, picture

_TICKS: Final = 5
_YEARS_APART: Final = 55


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """One figure over days.

    Attributes:
        name: unique on the page.
        title: what it shows.
        description: what can be seen in it, in a sentence.
        days: rising, one for each value; at least one.
        values: whole numbers, ``10**decimals`` of them for one unit of the axis.
        decimals: of the values.
    """

    name: str
    title: str
    description: str
    days: Sequence[date]
    values: Sequence[int]
    decimals: int

    def drawn(self) -> Drawn:
        """The chart for a desk and for a phone."""
        return Drawn(self.draw(WIDE), self.draw(NARROW))

    def draw(self, frame: Frame = WIDE) -> Markup:
        """The chart in the room that it has."""
        low, step, count = self._axis()
        right = 10 * (frame.width - 12)
        left = 10 * (frame.left + 14)
        vertical = Scale(step * count, 10 * (frame.height - frame.bottom), 10 * frame.top)
        span = (self.days[-1] - self.days[0]).days
        horizontal = Scale(max(span, 1), left, right)
        points = [
            (horizontal.place((day - self.days[0]).days), vertical.place(value - low))
            for day, value in zip(self.days, self.values, strict=True)
        ]
        suffix = "narrow" if frame.is_narrow else "wide"
        return picture(
            frame.width,
            frame.height,
            self.title,
            self.description,
            join(self._grid(low, step, count, vertical, horizontal)),
            join(self._years(frame, horizontal)),
            element("path", css="line", d=path(points)),
            css=f"chart area {suffix}",
            name=f"{self.name}-{suffix}",
        )

    def _axis(self) -> tuple[int, int, int]:
        """Where the axis begins, its step, and how many steps it has."""
        lowest, highest = min(self.values), max(self.values)
        step = ticks(highest - lowest, _TICKS)[1]
        low = lowest // step * step
        return low, step, max(-(-(highest - low) // step), 1)

    def _grid(
        self, low: int, step: int, count: int, vertical: Scale, horizontal: Scale
    ) -> list[Markup]:
        lines = []
        for place in range(count + 1):
            y = vertical.place(place * step)
            lines += [
                element(
                    "line",
                    css="base" if place == 0 else "grid",
                    x1=number(horizontal.start), x2=number(horizontal.end), y1=number(y), y2=number(y),
                ),
                element(
                    "text",
                    self._text(low + place * step),
                    css="tick end",
                    x=number(horizontal.start - 80), y=number(y + 40),
                ),
            ]  # fmt: skip
        return lines

    def _years(self, frame: Frame, horizontal: Scale) -> list[Markup]:
        """A name below each January, as far as there is room."""
        first, last = self.days[0], self.days[-1]
        y = frame.height - frame.bottom + 19
        marks: list[Markup] = []
        free_from = 0
        for year in range(first.year, last.year + 1):
            x = horizontal.place((max(date(year, 1, 1), first) - first).days)
            if x >= free_from:
                marks.append(element("text", str(year), css="tick start", x=number(x), y=y))
                free_from = x + 10 * _YEARS_APART
        return marks

    def _text(self, value: int) -> str:
        whole, rest = divmod(value, 10**self.decimals)
        fraction = f"{rest:0{self.decimals}d}".rstrip("0") if rest else ""
        return f"{whole}.{fraction}" if fraction else str(whole)

"""The sparkline: the shape of one series, in a line of a table."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from app.web.charts.scales import Scale
from app.web.charts.svg import element, path, picture

WIDTH: Final = 96
HEIGHT: Final = 22


def sparkline(values: Sequence[int], css: str) -> Markup:
    """The area below a series, its highest figure as high as the line.

    Args:
        values: one for each period, not below 0.
        css: says its colour.
    """
    if not any(values):
        return Markup("")
    return picture(WIDTH, HEIGHT, "", "", shape(values, css), css="sparkline")


def shape(values: Sequence[int], css: str, left: int = 0, top: int = 0) -> Markup:
    """The same as a part of another picture, ``left`` and ``top`` pixels into it.

    Args:
        values: one for each period, not below 0; one of them at least is above.
        css: says its colour.
        left: in pixels.
        top: in pixels.
    """
    vertical = Scale(max(values), 10 * (top + HEIGHT - 1), 10 * (top + 1))
    horizontal = Scale(max(len(values) - 1, 1), 10 * left, 10 * (left + WIDTH))
    floor = vertical.place(0)
    points = [(horizontal.place(place), vertical.place(one)) for place, one in enumerate(values)]
    outline = [(10 * left, floor), *points, (points[-1][0], floor)]
    return element("path", css=css, d=path(outline, closed=True))

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
    vertical = Scale(max(values), 10 * (HEIGHT - 1), 10)
    horizontal = Scale(max(len(values) - 1, 1), 0, 10 * WIDTH)
    floor = vertical.place(0)
    points = [(horizontal.place(place), vertical.place(one)) for place, one in enumerate(values)]
    shape = [(0, floor), *points, (points[-1][0], floor)]
    area = element("path", css=css, d=path(shape, closed=True))
    return picture(WIDTH, HEIGHT, "", "", area, css="sparkline")

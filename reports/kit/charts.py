"""Native charts of a page's table: one column runs along the bottom, others are the series."""

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from openpyxl.chart import AreaChart, BarChart, LineChart
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from reports.kit.chart_parts import legend, month_axis, name_axis, series, title, value_axis
from reports.kit.page import Page
from reports.kit.values import is_negative

Chart: TypeAlias = AreaChart | BarChart | LineChart
HEIGHT_CM: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a chart shows.

    Attributes:
        page: holds the numbers.
        heading: title of the chart.
        along: what the first column lists; title of the horizontal axis.
        unit: of the amounts; title of the vertical axis.
        colours: RRGGBB, one for each series.
        first: the first series' column, counted from 0; the others follow it.
        named_from: the column whose header names the first series.
        width: of the chart, in centimetres.
        pattern: of the numbers on the vertical axis.
    """

    page: Page
    heading: str
    along: str
    unit: str
    colours: tuple[str, ...]
    first: int = 1
    named_from: int = 1
    width: int
    pattern: str = "#,##0.##"


def clustered_columns(plot: Plot) -> BarChart:
    """Columns side by side, for amounts that must not be added, such as stages."""
    chart = BarChart(grouping="clustered", gapWidth=60, overlap=0)
    chart.x_axis = name_axis(plot.along)
    _draw(chart, plot)
    return chart


def stacked_months(plot: Plot) -> BarChart:
    """Columns by month, one donor on top of the other."""
    chart = BarChart(grouping="stacked", gapWidth=25, overlap=100)
    chart.x_axis = month_axis(plot.along, len(plot.page.grid.rows))
    _draw(chart, plot)
    return chart


def stacked_areas(plot: Plot) -> AreaChart:
    """Areas by month, one donor on top of the other, with straight edges: nothing is smoothed."""
    chart = AreaChart(grouping="stacked")
    chart.x_axis = month_axis(plot.along, len(plot.page.grid.rows))
    _draw(chart, plot)
    return chart


def stacked_columns(plot: Plot) -> BarChart:
    """Columns by period, one part on top of the other; the periods are texts, not dates."""
    chart = BarChart(grouping="stacked", gapWidth=40, overlap=100)
    chart.x_axis = name_axis(plot.along)
    _draw(chart, plot)
    return chart


def lines(plot: Plot) -> LineChart:
    """A line for each series, straight from point to point; along the bottom are months or texts."""
    chart = LineChart(grouping="standard")
    is_by_month = isinstance(plot.page.grid.column(0)[0], date)
    chart.x_axis = (
        month_axis(plot.along, len(plot.page.grid.rows)) if is_by_month else name_axis(plot.along)
    )
    _draw(chart, plot)
    for drawn, colour in zip(chart.ser, plot.colours, strict=True):
        drawn.smooth = False
        drawn.marker = Marker(symbol="none")
        drawn.spPr = GraphicalProperties(ln=LineProperties(solidFill=colour, w=28575))
    return chart


def _draw(chart: Chart, plot: Plot) -> None:
    chart.y_axis = value_axis(plot.unit, plot.pattern)
    if not _goes_below_zero(plot):
        # Left to itself, a program may begin further up, and a column no longer shows how much.
        chart.y_axis.scaling.min = 0
    chart.title = title(plot.heading)
    chart.legend = legend()
    chart.ser = [
        series(plot.page, plot.first + index, plot.named_from + index, index, colour)
        for index, colour in enumerate(plot.colours)
    ]
    chart.width, chart.height = plot.width, HEIGHT_CM
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(
        solidFill="FFFFFF", ln=LineProperties(noFill=True)
    )


def _goes_below_zero(plot: Plot) -> bool:
    columns = range(plot.first, plot.first + len(plot.colours))
    return any(is_negative(cell) for column in columns for cell in plot.page.grid.column(column))

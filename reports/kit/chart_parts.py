"""The parts that all charts share: titles, axes, lines, and series that carry their numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from openpyxl.chart.axis import ChartLines, DateAxis, NumericAxis, TextAxis
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)

from reports.kit.formulas import Formula
from reports.kit.looks import GREY, HAIRLINE, INK
from reports.kit.numbers import Number
from reports.kit.page import Page
from reports.kit.values import MONTH_PATTERN, Value, serial

Axis = TypeVar("Axis", DateAxis, NumericAxis, TextAxis)
_VALUES_ID: Final = 100
_LABELS_ID: Final = 10
_POINT: Final = 100  # DrawingML measures type in hundredths of a point
_TITLE_SIZE: Final = 13
_TEXT_SIZE: Final = 9


def title(text: str, size: int = _TITLE_SIZE, colour: str = INK, *, bold: bool = True) -> Title:
    """A title beside the plot, never on top of it."""
    letters = _letters(size, colour, bold=bold)
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=letters), r=[RegularTextRun(rPr=letters, t=text)]
    )
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def legend() -> Legend:
    """The legend below the plot, where long names have room."""
    parts = Legend(legendPos="b", overlay=False)
    parts.txPr = _small_text()
    return parts


def value_axis(label: str, pattern: str) -> NumericAxis:
    """The vertical axis, with its unit and pale lines across the plot."""
    axis = NumericAxis(axId=_VALUES_ID, crossAx=_LABELS_ID, crossBetween="between")
    axis.number_format = pattern
    axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(HAIRLINE)))
    axis = _plain(axis, label)
    axis.spPr = GraphicalProperties(ln=LineProperties(noFill=True))
    return axis


def name_axis(label: str) -> TextAxis:
    """The horizontal axis of a chart by name."""
    return _plain(TextAxis(axId=_LABELS_ID, crossAx=_VALUES_ID, axPos="b"), label)


def month_axis(label: str, months: int) -> DateAxis:
    """The horizontal axis of a chart over time, with about ten dates on it however long it is."""
    axis = DateAxis(axId=_LABELS_ID, crossAx=_VALUES_ID, axPos="b", auto=True)
    axis.number_format = MONTH_PATTERN
    axis.baseTimeUnit = "months"
    axis.majorTimeUnit = "months"
    axis.majorUnit = next((step for step in (1, 3, 6, 12, 24) if months <= step * 12), 60)
    return _plain(axis, label)


def series(page: Page, column: int, named_by: int, index: int, colour: str) -> Series:
    """One column of a page's table as a series, over the table's first column.

    The numbers are kept in the chart too, for readers that do not look them up: previews, phones.

    Args:
        page: holds the table.
        column: with the series' numbers, counted from 0.
        named_by: the column whose header names the series.
        index: of the series in its chart.
        colour: RRGGBB.
    """
    header = StrData(ptCount=1, pt=[StrVal(idx=0, v=page.grid.headers[named_by])])
    made = Series(
        idx=index,
        order=index,
        tx=SeriesLabel(strRef=StrRef(f=page.header_cell(named_by), strCache=header)),
        cat=_categories(page),
        val=NumDataSource(numRef=_numbers(page, column)),
        spPr=GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True)),
    )
    made.invertIfNegative = False
    return made


def _plain(axis: Axis, label: str) -> Axis:
    # Left unsaid, newer versions of Excel hide an axis.
    axis.delete = False
    axis.title = title(label, _TEXT_SIZE, GREY, bold=False)
    axis.txPr = _small_text()
    axis.spPr = GraphicalProperties(ln=_line(GREY))
    axis.tickLblPos = "low"
    return axis


def _categories(page: Page) -> AxDataSource:
    values = page.grid.column(0)
    if all(isinstance(value, date) for value in values):
        return AxDataSource(numRef=_numbers(page, 0))
    points = [StrVal(idx=index, v=str(value)) for index, value in enumerate(values)]
    cache = StrData(ptCount=len(points), pt=points)
    return AxDataSource(strRef=StrRef(f=page.cells(0), strCache=cache))


def _numbers(page: Page, column: int) -> NumRef:
    values: Sequence[Value] = page.grid.column(column)
    points = [NumVal(idx=index, v=_plotted(value)) for index, value in enumerate(values)]
    pattern = MONTH_PATTERN if column == 0 else "General"
    cache = NumData(formatCode=pattern, ptCount=len(points), pt=points)
    return NumRef(f=page.cells(column), numCache=cache)


def _plotted(value: Value) -> str:
    match value:
        case Formula():
            return _plotted(value.result)
        case Number() | int():
            return str(value)
        case date():
            return str(serial(value))
        case _:
            raise TypeError("A chart shows numbers over names or dates.")


def _letters(size: int, colour: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * _POINT, b=bold, solidFill=colour)


def _small_text() -> RichText:
    letters = _letters(_TEXT_SIZE, GREY)
    style = ParagraphProperties(defRPr=letters)
    return RichText(p=[Paragraph(pPr=style, endParaRPr=letters, r=[])])


def _line(colour: str) -> LineProperties:
    return LineProperties(solidFill=colour, w=9525)

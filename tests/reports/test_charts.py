"""Promise: the charts are native, say what they show and in which unit, and show what the cells hold."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

from reports.figures import DonorMonths, MonthlyCommitments
from tests.reports.look import charts_of, column, opened, parts
from tests.reports.make import ZERO, build, make_donor, make_empty, make_figures

CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TEXT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
SHEET: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
DONORS: Final = ["United States", "Denmark", "South Korea"]


@pytest.fixture(scope="module")
def file() -> bytes:
    return build()


@pytest.fixture(scope="module")
def workbook(file: bytes) -> Workbook:
    return opened(file)


@pytest.fixture(scope="module")
def charts(file: bytes) -> list[ET.Element]:
    return charts_of(file)


def texts(chart: ET.Element) -> list[str | None]:
    return [each.text for each in chart.iter(TEXT)]


def value(element: ET.Element, path: str) -> str | None:
    """The `val` of the one element at a path."""
    [found] = element.findall(path)
    return found.get("val")


def axes(chart: ET.Element) -> list[ET.Element]:
    kinds = {f"{CHART}{kind}" for kind in ("catAx", "dateAx", "valAx", "serAx")}
    return [each for each in chart.iter() if each.tag in kinds]


def test_there_is_a_chart_by_donor_one_by_aid_type_and_two_over_time(file: bytes) -> None:
    drawings = parts(file, r"xl/drawings/drawing\d\.xml").values()
    frames = [len(ET.fromstring(xml).findall(f"{SHEET}oneCellAnchor")) for xml in drawings]
    assert frames == [1, 1, 2]


def test_charts_have_titles_and_units(charts: list[ET.Element]) -> None:
    assert [texts(chart) for chart in charts] == [
        ["How far the money has got: by donor", "Donor", "million EUR"],
        ["How far the money has got: by aid type", "Aid type", "million EUR"],
        ["Committed in each month", "Month of commitment", "million EUR"],
        ["Committed since the beginning", "Month of commitment", "million EUR"],
    ]


def test_a_legend_names_each_series_and_covers_nothing(charts: list[ET.Element]) -> None:
    names = [
        [each.findtext(f"{CHART}tx//{CHART}v") for each in chart.iter(f"{CHART}ser")]
        for chart in charts
    ]
    stages = ["Pledged", "Committed", "Allocated", "Delivered"]
    assert names == [stages, stages, DONORS, DONORS]
    assert [value(chart, f".//{CHART}legend/{CHART}overlay") for chart in charts] == ["0"] * 4


def test_axes_are_shown(charts: list[ET.Element]) -> None:
    shown = [value(axis, f"{CHART}delete") for chart in charts for axis in axes(chart)]
    assert shown == ["0"] * 8


def test_nothing_is_smoothed(charts: list[ET.Element]) -> None:
    smooth = [each.get("val") for chart in charts for each in chart.iter(f"{CHART}smooth")]
    assert set(smooth) <= {"0"}


def test_stages_stand_side_by_side_and_donors_on_top_of_each_other(
    charts: list[ET.Element],
) -> None:
    groupings = [value(chart, f".//{CHART}grouping") for chart in charts]
    assert groupings == ["clustered", "clustered", "stacked", "stacked"]


def test_months_are_dates_on_the_axis(charts: list[ET.Element]) -> None:
    for chart in charts[2:]:
        [axis] = chart.iter(f"{CHART}dateAx")
        [pattern] = axis.iter(f"{CHART}numFmt")
        assert pattern.get("formatCode") == "yyyy-mm"
        assert value(axis, f"{CHART}baseTimeUnit") == "months"


def referred(workbook: Workbook, reference: str) -> list[Any]:
    """The values of the cells that a chart refers to."""
    found = re.fullmatch(r"'(.+)'!(.+)", reference)
    assert found
    left, top, right, bottom = range_boundaries(found[2].replace("$", ""))
    rows = workbook[found[1]].iter_rows(top, bottom, left, right, values_only=True)
    return [value for row in rows for value in row]


def plotted(value: Any) -> str | Decimal:
    """A cell's value as a chart keeps it: days are counted from the end of 1899."""
    match value:
        case str():
            return value
        case date():
            return Decimal((value - type(value)(1899, 12, 30)).days)
        case _:
            return Decimal(str(value))


def test_charts_keep_the_numbers_of_the_cells_that_they_refer_to(
    workbook: Workbook, charts: list[ET.Element]
) -> None:
    for kind, read in (("numRef", Decimal), ("strRef", str)):
        references = [each for chart in charts for each in chart.iter(f"{CHART}{kind}")]
        # Numbers: 4 + 4 + 3 + 3 series, and the months of six. Text: 14 names, and donors and types eight times.
        assert len(references) == {"numRef": 14 + 6, "strRef": 14 + 8}[kind]
        for reference in references:
            kept = [read(each.text or "") for each in reference.iter(f"{CHART}v")]
            there = referred(workbook, reference.findtext(f"{CHART}f") or "")
            assert kept == [plotted(value) for value in there]


def test_many_donors_are_charted_as_the_largest_and_all_others() -> None:
    names = [f"Donor {number:02}" for number in range(46)]
    donors = [make_donor(name, name, f"{100 - n} {100 - n} 0 0") for n, name in enumerate(names)]
    months = [
        DonorMonths(donor=name, name=name, amounts=(Decimal(100 - n), ZERO), undated=ZERO)
        for n, name in enumerate(names)
    ]
    monthly = MonthlyCommitments(months=(date(2022, 1, 1), date(2022, 2, 1)), donors=tuple(months))
    file = build(make_figures(donors=tuple(donors), monthly=monthly))
    by_donor, _, by_month, _ = charts_of(file)
    assert texts(by_donor)[0] == "How far the money has got: the 12 largest of 46 donors"
    assert len(list(by_month.iter(f"{CHART}ser"))) == 8
    workbook = opened(file)
    # 46 donors less the seven largest; these have 93 + 92 + ... + 55.
    assert column(workbook, "Month chart data", "39 others") == [sum(range(55, 94)), 0]
    assert column(workbook, "By donor", "Donor") == names


def test_nothing_to_show_makes_no_chart() -> None:
    assert parts(build(make_empty()), r"xl/charts/.*") == {}


def many_donors() -> MonthlyCommitments:
    """So many that the sheet is broader than a page."""
    amounts = (Decimal("1000000000.00"),)
    donors = [
        DonorMonths(donor=f"D{n}", name=f"Donor {n}", amounts=amounts, undated=ZERO)
        for n in range(20)
    ]
    return MonthlyCommitments(months=(date(2022, 1, 1),), donors=tuple(donors))


@pytest.mark.parametrize(("monthly", "first"), [(None, 0), (many_donors(), 1)])
def test_charts_stand_side_by_side_and_beside_a_column_that_is_repeated(
    monthly: MonthlyCommitments | None, first: int
) -> None:
    file = build(make_figures(**({"monthly": monthly} if monthly else {})))
    drawing = ET.fromstring(parts(file, r"xl/drawings/drawing3\.xml").popitem()[1])
    starts = [
        (int(each.findtext(f"{SHEET}col") or ""), int(each.findtext(f"{SHEET}colOff") or ""))
        for each in drawing.iter(f"{SHEET}from")
    ]
    assert starts[0] == (first, 0)
    # Excel clips an offset at the width of its column: 7 pixels for each character, 64 by default.
    sheet = opened(file)["Over time"]
    widths = {ord(key) - ord("A"): each.width for key, each in sheet.column_dimensions.items()}
    pixels = [widths.get(number, 64 / 7) * 7 for number in range(30)]
    column, offset = starts[1]
    assert offset < pixels[column] * 9_525
    assert sum(pixels[first:column]) * 9_525 + offset == pytest.approx(17 * 360_000)

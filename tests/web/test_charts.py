"""Promise: charts are true to their figures: areas add up, labels stand apart, axes name round figures."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import charts
from app.web.charts import NARROW, WIDE, AreaChart, Band, Frame, Scale, spread, ticks
from app.web.charts.svg import number, path

FIGURES = st.integers(0, 10**16)


@pytest.mark.parametrize(
    ("highest", "most", "expected"),
    [
        (0, 5, [0, 1]),
        (7, 5, [0, 2, 4, 6, 8]),
        (10, 5, [0, 2, 4, 6, 8, 10]),
        (74_300, 6, [0, 20_000, 40_000, 60_000, 80_000]),
        (1, 5, [0, 1]),
        (51, 5, [0, 20, 40, 60]),
    ],
)
def test_ticks_are_round(highest: int, most: int, expected: list[int]) -> None:
    assert ticks(highest, most) == expected


@given(FIGURES, st.integers(1, 10))
def test_ticks_reach_the_highest_figure_and_are_few(highest: int, most: int) -> None:
    found = ticks(highest, most)
    assert found[-1] >= highest
    assert len(found) - 1 <= max(most, 1)
    assert len({after - before for before, after in pairwise(found)}) == 1


@given(FIGURES, st.integers(1, 10**16), st.integers(-5000, 5000), st.integers(-5000, 5000))
def test_a_scale_is_off_by_half_a_tenth_at_most(value: int, top: int, start: int, end: int) -> None:
    place = Scale(top, start, end).place(value)
    # 2 * |place - exact| <= 1, without a fraction
    assert abs(2 * ((place - start) * top - value * (end - start))) <= top


@given(st.lists(st.integers(0, 4000), max_size=9).map(sorted), st.integers(0, 400))
def test_labels_never_overlap(wanted: list[int], gap: int) -> None:
    places = spread(wanted, gap, 0, 4000)
    assert len(places) == len(wanted)
    assert all(0 <= one <= 4000 for one in places)
    room = min(gap, 4000 // max(len(wanted) - 1, 1))
    assert all(after - before >= room for before, after in pairwise(places))


def test_labels_stay_where_they_want_to_be_if_there_is_room() -> None:
    assert spread([100, 500, 900], 170, 0, 1000) == [100, 500, 900]
    assert spread([500, 500, 500], 100, 0, 1000) == [500, 600, 700]
    assert spread([950, 990], 100, 0, 1000) == [900, 1000]


def chart(rows: list[list[int]]) -> AreaChart:
    months = [f"{2022 + place // 12}-{place % 12 + 1:02d}" for place in range(len(rows[0]))]
    return AreaChart(
        name="test", title="Growth", description="It grows.", months=months, unit=100,
        bands=[
            Band(
                name=f"Donor <{place}>", short=f"D{place}", css=f"band-{place}",
                values=row, texts=[str(value) for value in row],
            )
            for place, row in enumerate(rows)
        ],
    )  # fmt: skip


ROWS = st.integers(1, 30).flatmap(
    lambda months: st.lists(
        st.lists(st.integers(0, 10**13), min_size=months, max_size=months), min_size=1, max_size=8
    )
)


@given(ROWS)
def test_the_uppermost_edge_is_the_sum(rows: list[list[int]]) -> None:
    edges = chart(rows).edges()
    assert edges[-1] == [sum(column) for column in zip(*rows, strict=True)]
    assert edges[0] == rows[0]


@given(ROWS, st.sampled_from([WIDE, NARROW]))
def test_a_chart_is_well_formed_and_stays_in_its_frame(rows: list[list[int]], frame: Frame) -> None:
    root = ET.fromstring(chart(rows).draw(frame))
    assert root.get("role") == "img"
    assert [child.tag for child in root[:2]] == ["title", "desc"]
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    bands = root.findall(".//path")
    assert len(bands) == len(rows)
    for band in bands:
        for x, y in _corners(str(band.get("d"))):
            assert frame.left - 1 <= x <= frame.width - frame.right + 1
            assert frame.top - 1 <= y <= frame.height - frame.bottom + 1
    assert all("style" not in one.attrib for one in root.iter())


def _corners(data: str) -> list[tuple[int, int]]:
    """The corners of a path, in whole pixels."""
    x = y = 0
    found = []
    for letter, text in re.findall(r"([Mlhv])([-\d. ]+)", data):
        parts = [round(10 * float(part)) for part in text.split()]
        match letter:
            case "M":
                x, y = parts
            case "l":
                x, y = x + parts[0], y + parts[1]
            case "h":
                x += parts[0]
            case _:
                y += parts[0]
        found.append((x // 10, y // 10))
    return found


def test_names_are_escaped() -> None:
    drawn = chart([[1, 2, 3]]).draw()
    assert "Donor &lt;0&gt;" in drawn
    assert "<0>" not in drawn


def test_a_path_says_a_level_stretch_once() -> None:
    assert path([(0, 100), (100, 100), (200, 100), (300, 55)]) == "M0 10h20l10 -4.5"
    assert number(-5) == "-0.5"
    assert number(120) == "12"


def test_a_meter_never_leaves_its_rail() -> None:
    for part, whole in [(0, 0), (5, 0), (-3, 10), (12, 10), (5, 10)]:
        filled = ET.fromstring(charts.meter(part, whole)).findall("rect")[1]
        assert 0 <= float(str(filled.get("width"))) <= 96


def test_a_sparkline_of_nothing_is_nothing() -> None:
    assert charts.sparkline([0, 0, 0], "band-0") == ""
    assert charts.sparkline([1], "band-0") != ""


DAYS = st.lists(st.dates(), min_size=1, max_size=charts.MOST_MOMENTS).map(sorted)


@given(DAYS)
def test_the_names_of_a_timeline_never_overlap(days: list[date]) -> None:
    moments = [charts.Moment(on=day, name=f"committee {place}") for place, day in enumerate(days)]
    drawn = charts.timeline(moments, name="course", title="Course", description="It moved.")
    wide, narrow = ET.fromstring(f"<div>{drawn}</div>")
    assert (wide.get("class"), narrow.get("class")) == (
        "chart timeline wide",
        "chart timeline narrow",
    )
    for picture, across, room in ((wide, "x", 140), (narrow, "y", 30)):
        assert len(picture.findall("circle")) == len(days)
        rows: dict[str | None, list[float]] = {}
        for text in picture.findall("text"):
            if "label" in str(text.get("class")):
                # Wide, names of one row stand at one height; narrow, all stand below each other.
                row = text.get("y") if across == "x" else None
                rows.setdefault(row, []).append(float(str(text.get(across))))
        for places in rows.values():
            assert all(after - before >= room for before, after in pairwise(places))


def test_a_timeline_is_as_far_apart_as_the_days_are() -> None:
    """Of 100 days, the second moment is after 25: a quarter of the way from 74 to 1046."""
    days = [date(2023, 1, 1), date(2023, 1, 26), date(2023, 4, 11)]
    moments = [charts.Moment(on=day, name="moved") for day in days]
    drawn = charts.timeline(moments, name="course", title="Course", description="It moved.")
    wide = ET.fromstring(f"<div>{drawn}</div>")[0]
    assert [one.get("cx") for one in wide.findall("circle")] == ["74", "317", "1046"]


@given(st.lists(FIGURES, max_size=9))
def test_bars_are_as_long_as_their_figures(values: list[int]) -> None:
    items = [charts.Bar(name=f"<{value}>", value=value, text=str(value)) for value in values]
    root = ET.fromstring(charts.bars(items, name="bars", title="Bars", description="Some."))
    lengths = [float(str(one.get("width"))) for one in root.findall("rect")]
    highest = max([1, *values])
    # 720 pixels, of which 130 are for names and 70 for figures
    for length, value in zip(lengths, values, strict=True):
        assert abs(length - 520 * value / highest) <= 0.051


def test_a_bar_that_is_of_something_else_has_a_rail_of_that_length() -> None:
    """Given 150 of 100 that were asked for: the rail is two thirds of the width, the bar all of it."""
    item = charts.Bar(name="Grants", value=150, text="150 of 100", of=100)
    drawn = charts.stages([item], 0, name="given", title="Given", description="More than asked.")
    wide, narrow = ET.fromstring(f"<div>{drawn}</div>")
    assert [one.get("width") for one in wide.findall("rect")] == ["373.3", "560"]
    assert [one.get("width") for one in narrow.findall("rect")] == ["238.7", "358"]


@given(st.lists(st.integers(-(10**15), 10**15), max_size=7))
def test_each_part_of_a_bridge_begins_where_the_one_above_ended(values: list[int]) -> None:
    strides = [charts.Stride(f"cause {place}", value, "") for place, value in enumerate(values)]
    drawn = charts.bridge(strides, "", name="bridge", title="Change", description="In parts.")
    wide = ET.fromstring(f"<div>{drawn}</div>")[0]
    spans = [
        (float(str(one.get("x"))), float(str(one.get("x"))) + float(str(one.get("width"))))
        for one in wide.findall("rect")
    ]
    assert len(spans) == len(values) + 1
    for (start, end), value in zip(spans, [*values, sum(values)], strict=True):
        assert 110 <= start <= end <= 630.05, value
    ends = [end if value > 0 else start for (start, end), value in zip(spans, values, strict=False)]
    starts = [
        start if value > 0 else end for (start, end), value in zip(spans, values, strict=False)
    ]
    for end, start in zip(ends, starts[1:], strict=False):
        assert abs(end - start) < 0.2


def test_gain_and_loss_are_told_apart_by_more_than_colour() -> None:
    strides = [charts.Stride("New", 5, "+5"), charts.Stride("Cancelled", -2, "-2")]
    drawn = charts.bridge(strides, "+3", name="bridge", title="Change", description="Up by 3.")
    wide = ET.fromstring(f"<div>{drawn}</div>")[0]
    assert [one.get("class") for one in wide.findall("rect")] == [
        "bar gain",
        "bar loss",
        "bar whole",
    ]
    assert [one.text for one in wide.findall("text")][1::2] == ["+5", "-2", "+3"]


@given(st.lists(st.tuples(FIGURES, FIGURES, FIGURES), min_size=1, max_size=9))
def test_a_ranking_is_as_long_as_its_figures_and_its_meters_stay_on_their_rails(
    rows: list[tuple[int, int, int]],
) -> None:
    ranks = [
        charts.Rank(
            name=f"<{value}>", value=value, text=str(value), part=part, whole=whole,
            share="some", growth=[part, whole], css="band-0",
        )
        for value, part, whole in rows
    ]  # fmt: skip
    heads = ("Pledged", "Delivered share", "Since 2022")
    drawn = charts.ranking(ranks, heads, name="rank", title="Donors", description="Some.")
    wide, narrow = ET.fromstring(f"<div>{drawn}</div>")
    highest = max([1, *(value for value, _, _ in rows)])
    # 330 pixels for bars at a desk, the whole width of 358 on a phone
    for picture, room in ((wide, 330), (narrow, 358)):
        bars = [one for one in picture.findall("rect") if "bar" in str(one.get("class"))]
        for bar, (value, _, _) in zip(bars, rows, strict=True):
            assert abs(float(str(bar.get("width"))) - room * value / highest) <= 0.051
    meters = [one for one in wide.findall("rect") if one.get("class") == "fill"]
    assert all(0 <= float(str(one.get("width"))) <= 96 for one in meters)


@given(st.lists(st.lists(st.integers(0, 5000), max_size=5), min_size=1, max_size=5))
def test_what_has_waited_longer_has_the_longer_bar(groups: list[list[int]]) -> None:
    told = [
        charts.WaitGroup(f"State {place}", ["1 m"], [charts.Wait(name=f"<{day}>", days=day, text="") for day in days])
        for place, days in enumerate(groups)
    ]  # fmt: skip
    drawn = charts.waits(told, name="board", title="Waiting", description="Long.")
    longest = max([1, *(day for days in groups for day in days)])
    for picture, room in zip(ET.fromstring(f"<div>{drawn}</div>"), (390, 358), strict=True):
        bars = picture.findall("rect")
        days = [day for group in groups for day in group]
        for bar, day in zip(bars, days, strict=True):
            # Even of no day there is a pixel to be seen.
            assert abs(float(str(bar.get("width"))) - max(room * day / longest, 1)) <= 0.051
        height = int(str(picture.get("viewBox")).split()[-1])
        assert all(float(str(one.get("y"))) <= height for one in picture.iter() if one.get("y"))


def test_a_picture_that_stands_alone_keeps_its_words() -> None:
    drawn = charts.bridge(
        [charts.Stride("New", 5, "+5")], "+5", name="b", title="A & B", description="Up <5>."
    )
    root = ET.fromstring(
        charts.poster(drawn.wide, ("Aid <x>", "A & B"), "revision 3", style=".a { fill: red; }")
    )
    ns = "{http://www.w3.org/2000/svg}"
    assert [one.text for one in root[:2]] == ["A & B", "Up <5>."]
    words = [one.text for one in root.findall(f"{ns}text")]
    assert words == ["Aid <x>", "A & B", "revision 3"]
    assert root.find(f"{ns}svg/{ns}title") is None

"""Promise: a date says no more than its source does, and a range holds what it surely holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.dates import (
    UNDATED,
    Precision,
    Span,
    day_span,
    format_span,
    parse_day,
    parse_span,
    refuse_future,
)
from app.kernel.errors import ValueRefusedError

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return Span(first, last)


def days_of(span: Span) -> set[date]:
    length = (span.last - span.first).days
    return {span.first + timedelta(days=offset) for offset in range(length + 1)}


def refusal(text: str) -> str:
    with pytest.raises(ValueRefusedError) as refused:
        parse_span(text)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2023-11-14", date(2023, 11, 14), date(2023, 11, 14), Precision.DAY),
        ("2023-11", date(2023, 11, 1), date(2023, 11, 30), Precision.MONTH),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28), Precision.MONTH),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("2023", date(2023, 1, 1), date(2023, 12, 31), Precision.YEAR),
        (
            "2023-11-01/2023-11-14",
            date(2023, 11, 1),
            date(2023, 11, 14),
            Precision.INTERVAL,
        ),
        ("2023-11/2024-02", date(2023, 11, 1), date(2024, 2, 29), Precision.INTERVAL),
        ("2022/2023", date(2022, 1, 1), date(2023, 12, 31), Precision.INTERVAL),
        ("2023-12-30/2024", date(2023, 12, 30), date(2024, 12, 31), Precision.INTERVAL),
        ("2023/2023-06-30", date(2023, 1, 1), date(2023, 12, 31), Precision.YEAR),
    ],
)
def test_a_date_means_all_the_days_that_its_text_may_mean(
    text: str, first: date, last: date, precision: Precision
) -> None:
    span = parse_span(text)
    assert (span.first, span.last, span.precision) == (first, last, precision)


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("2023-11-01/2023-11-30", "2023-11"),
        ("2024-02-01/2024-02-29", "2024-02"),
        ("2024-02-01/2024-02-28", "2024-02-01/2024-02-28"),
        ("2023-01/2023-12", "2023"),
        ("2023-11-14/2023-11-14", "2023-11-14"),
        ("2022/2023", "2022-01-01/2023-12-31"),
    ],
)
def test_an_interval_is_written_in_its_shortest_form(text: str, shortest: str) -> None:
    assert format_span(parse_span(text)) == shortest


@pytest.mark.parametrize(
    "text",
    ["", " ", "23", "202", "20231114", "2023-1-1", "2023-13", "2023-00", "2023-02-29",
     "2023-11-31", "14.11.2023", "11/14/2023", "2023-W46", "2023-318", "2023-Q4",
     "2023-11-14T00:00:00Z", "2023-11-14 ", "2023-11-14\n", "-2023", "+2023", "0000", "٢٠٢٣",
     "2023-11-14/", "/2023-11-14", "2023//2024", "2023/P1M", "2023/2024/2025",
     "2023-11-14--2023-11-15", "now", "null"],
)  # fmt: skip
def test_anything_but_four_forms_is_no_date(text: str) -> None:
    assert refusal(text) == "invalid-date"


@pytest.mark.parametrize("text", ["1899-12-31", "1899", "2200-01-01", "2200", "0001", "2023/2200"])
def test_dates_lie_between_1900_and_2199(text: str) -> None:
    assert refusal(text) == "date-out-of-range"


def test_the_first_and_the_last_day_of_the_calendar_are_taken() -> None:
    assert parse_span("1900-01-01/2199-12-31").precision is Precision.INTERVAL


@pytest.mark.parametrize(
    "text", ["2023-11-14/2023-11-13", "2024/2023", "2023-12/2023-11-30", "2023-11/2023-10"]
)
def test_an_interval_does_not_end_before_it_begins(text: str) -> None:
    assert refusal(text) == "date-order"


@given(spans())
def test_what_was_written_reads_back(span: Span) -> None:
    text = format_span(span)
    assert text is not None
    assert parse_span(text) == span


def test_an_undated_thing_is_written_as_nothing_and_has_no_precision() -> None:
    assert format_span(UNDATED) is None
    assert UNDATED.precision is Precision.UNKNOWN
    assert not UNDATED.is_dated
    assert parse_span("2023").is_dated


def test_nothing_but_all_of_time_contains_an_undated_thing() -> None:
    assert UNDATED.contains(UNDATED)
    assert not parse_span("1900-01-01/2199-12-31").contains(UNDATED)
    assert UNDATED.contains(parse_span("2023"))


SHORT = st.builds(
    lambda first, length: Span(first, first + timedelta(days=length)),
    st.dates(date(2023, 1, 1), date(2023, 3, 1)),
    st.integers(0, 40),
)


@given(SHORT, SHORT)
def test_spans_are_the_sets_of_their_days(left: Span, right: Span) -> None:
    ours, theirs = days_of(left), days_of(right)
    assert left.contains(right) == (theirs <= ours)
    assert left.overlaps(right) == bool(ours & theirs)
    hull = days_of(left.hull(right))
    assert ours | theirs <= hull
    assert {min(hull), max(hull)} <= ours | theirs


@pytest.mark.parametrize("text", ["2026-11-22", "2026-11-23", "2026-11", "2026", "2020/2199"])
def test_a_date_that_may_have_come_is_taken_with_a_day_of_grace(text: str) -> None:
    span = parse_span(text)
    assert refuse_future(span, TODAY) is span


@pytest.mark.parametrize("text", ["2026-11-24", "2026-12", "2027", "2026-11-24/2026-11-25"])
def test_a_date_that_lies_wholly_ahead_is_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        refuse_future(parse_span(text), TODAY)
    assert refused.value.code == "date-in-future"


def test_an_undated_thing_does_not_lie_ahead() -> None:
    assert refuse_future(UNDATED, TODAY) is UNDATED


def test_where_one_day_is_meant_a_month_will_not_do() -> None:
    assert parse_day("2023-11-14") == date(2023, 11, 14)
    for text in ("2023-11", "2023", "2023-11-01/2023-11-14", "2023-11-14/2023-11-14", ""):
        with pytest.raises(ValueRefusedError) as refused:
            parse_day(text)
        assert refused.value.code == "invalid-date"


@given(DAYS)
def test_a_day_is_the_day_that_python_writes(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    assert format_span(day_span(day)) == day.isoformat()


@given(st.text(max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        span = parse_span(text)
    except ValueRefusedError:
        return
    assert span.first <= span.last

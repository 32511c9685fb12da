"""Promise: every day stands in one period of each grain, a date only in one that holds it all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.dates import UNDATED, Span, parse_span
from app.kernel.periods import Grain, find_period, period_of

DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def label_by_hand(grain: Grain, day: date) -> str:
    """The rule as an accountant would say it, from the day's text."""
    year, month = day.isoformat()[:4], day.isoformat()[5:7]
    quarters = {"Q1": "01 02 03", "Q2": "04 05 06", "Q3": "07 08 09", "Q4": "10 11 12"}
    quarter = next(name for name, months in quarters.items() if month in months.split())
    names = {
        Grain.MONTH: f"{year}-{month}",
        Grain.QUARTER: f"{year}-{quarter}",
        Grain.YEAR: year,
    }
    return names[grain]


@pytest.mark.parametrize(
    ("grain", "label", "first", "last"),
    [
        (Grain.MONTH, "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (Grain.QUARTER, "2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        (Grain.YEAR, "2024", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_knows_its_name_and_its_days(
    grain: Grain, label: str, first: date, last: date
) -> None:
    period = period_of(grain, date(2024, 2, 29))
    assert (period.label, period.span) == (label, Span(first, last))


@given(st.sampled_from(Grain), DAYS)
def test_every_day_stands_in_the_period_of_its_name(grain: Grain, day: date) -> None:
    period = period_of(grain, day)
    assert period.span.first <= day <= period.span.last
    assert period.label == label_by_hand(grain, day)


@given(st.sampled_from(Grain), DAYS)
def test_periods_follow_each_other_without_gap_or_overlap(grain: Grain, day: date) -> None:
    period = period_of(grain, day)
    following = period.next()
    assert following.span.first == period.span.last + timedelta(days=1)
    assert following > period
    assert following.grain is grain


@given(st.sampled_from(Grain), DAYS, st.integers(0, 500))
def test_a_date_stands_in_a_period_only_where_all_its_days_do(
    grain: Grain, first: date, length: int
) -> None:
    span = Span(first, first + timedelta(days=length))
    days = [first + timedelta(days=offset) for offset in range(length + 1)]
    labels = {label_by_hand(grain, day) for day in days}
    found = find_period(grain, span)
    assert (found.label if found else None) == (labels.pop() if len(labels) == 1 else None)


@pytest.mark.parametrize(
    ("text", "grain", "label"),
    [
        ("2023-11", Grain.MONTH, "2023-11"),
        ("2023-11", Grain.QUARTER, "2023-Q4"),
        ("2023-11/2023-12", Grain.MONTH, None),
        ("2023-11/2023-12", Grain.QUARTER, "2023-Q4"),
        ("2023", Grain.QUARTER, None),
        ("2023", Grain.YEAR, "2023"),
        ("2023-12-31/2024-01-01", Grain.YEAR, None),
    ],
)
def test_a_date_coarser_than_the_grain_stands_in_no_period(
    text: str, grain: Grain, label: str | None
) -> None:
    found = find_period(grain, parse_span(text))
    assert (found.label if found else None) == label


@pytest.mark.parametrize("grain", list(Grain))
def test_an_undated_thing_stands_in_no_period(grain: Grain) -> None:
    assert find_period(grain, UNDATED) is None

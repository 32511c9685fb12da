"""Promise: an instant names its zone, is kept in UTC, and reads back as it was written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import SystemClock, format_instant, parse_instant
from app.kernel.errors import ValueRefusedError


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("2026-11-22T10:00:00+00:00", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("2026-11-22T12:30:00+02:30", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("2026-11-21T23:00:00-11:00", datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),
        ("2026-11-22T10:00:00.5Z", datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00.000001Z", datetime(2026, 11, 22, 10, 0, 0, 1, tzinfo=UTC)),
        ("2024-02-29T23:59:59.999999Z", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_its_zone_and_kept_in_utc(text: str, instant: datetime) -> None:
    read = parse_instant(text)
    assert read == instant
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    ["", "now", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22 10:00:00Z",
     "2026-11-22T10:00Z", "2026-11-22T10:00:00z", "20261122T100000Z",
     "2026-11-22T10:00:00.1234567Z", "2026-11-22T10:00:00,5Z", "2026-11-22T10:00:00+02",
     "2026-11-22T10:00:00+0200", "2026-11-22T10:00:00 +02:00", "2026-11-22T10:00:00Z ",
     "2026-11-22T10:00:00Z\n", "2026-W47-7T10:00:00Z", "2026-02-29T10:00:00Z",
     "2026-13-01T10:00:00Z", "2026-11-22T25:00:00Z", "2026-11-22T10:60:00Z",
     "2026-11-22T23:59:60Z", "2026-11-22T10:00:00+24:00", "0000-01-01T00:00:00Z",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00", "1700000000",
     "\u0662026-11-22T10:00:00Z"],
)  # fmt: skip
def test_an_instant_without_a_zone_or_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        parse_instant(text)
    assert refused.value.code == "invalid-instant"


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 -- no zone wanted here
def test_what_was_written_reads_back(instant: datetime) -> None:
    text = format_instant(instant)
    assert text.endswith("Z")
    assert parse_instant(text) == instant


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    kyiv = timezone(timedelta(hours=2))
    assert format_instant(datetime(2026, 11, 22, 12, 0, tzinfo=kyiv)) == "2026-11-22T10:00:00Z"


def test_the_machines_clock_tells_the_time_in_utc_and_today_is_the_day_of_now() -> None:
    clock = SystemClock()
    before, today, after = clock.now(), clock.today(), clock.now()
    assert before.tzinfo is UTC
    assert before.date() <= today <= after.date()

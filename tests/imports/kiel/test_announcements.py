"""A date is as exact as what was typed, and one that cannot be is no date."""

from datetime import date
from typing import Any

import pytest

from app.imports.domain.cells import Cell
from app.imports.domain.kiel.announcements import (
    Announcement,
    hull,
    read_announcement,
    without_drag_fill,
)
from app.kernel.dates import format_span, parse_span
from tests.imports.kiel.workbook import midnight

RELEASE = parse_span("2022-01-24/2022-10-03")


def read(value: Any, row: int = 2) -> Announcement:
    return read_announcement(Cell("Main", row, 3, value), RELEASE)


def shown(announcement: Announcement) -> str | None:
    return format_span(announcement.span) if announcement.span else None


@pytest.mark.parametrize(
    ("value", "span", "code"),
    [
        (midnight(2022, 3, 1), "2022-03-01", None),
        (date(2022, 3, 1), "2022-03-01", None),
        ("2022-03-01", "2022-03-01", None),
        ("2022-03-01 00:00:00", "2022-03-01", None),
        ("3/1/2022", "2022-03-01", None),
        ("until 7/27/2022", "2022-01-24/2022-07-27", "date-not-exact"),
        ("until  5/7/2022", "2022-01-24/2022-05-07", "date-not-exact"),
        ("since 2/24/2022", "2022-02-24/2022-10-03", "date-not-exact"),
        ("between 3/4/22 & 3/11/22", "2022-03-04/2022-03-11", "date-not-exact"),
        ("between 3/20/2022 and 7/1/2022", "2022-03-20/2022-07-01", "date-not-exact"),
        ("unclear, 04/22", "2022-04", "date-not-exact"),
        ("not specified, 03/22", "2022-03", "date-not-exact"),
        ("unclear, 09/2022", "2022-09", "date-not-exact"),
        (".", None, None),
        (None, None, None),
        ("unspecified", None, None),
        ("Undisclosed", None, None),
        (midnight(2922, 2, 9), None, "impossible-date"),
        ("1/1/1900", None, "impossible-date"),
        ("until 6/7/2023", None, "date-after-release"),
        (midnight(2022, 10, 4), None, "date-after-release"),
        ("27/7/2022", None, "unreadable-date"),
        ("2/30/2022", None, "unreadable-date"),
        ("between 3/11/22 & 3/4/22", None, "unreadable-date"),
        ("in spring", None, "unreadable-date"),
        (44621, None, "unreadable-date"),
    ],
)  # fmt: skip
def test_what_was_typed_says_so_much_and_no_more(
    value: Any, span: str | None, code: str | None
) -> None:
    found = read(value)
    assert shown(found) == span
    assert (found.finding.code if found.finding else None) == code


def test_without_the_end_of_the_release_since_has_no_end() -> None:
    found = read_announcement(Cell("Main", 2, 3, "since 2/24/2022"), None)
    assert found.span is None
    assert read_announcement(Cell("Main", 2, 3, "until 4/6/2027"), None).span is not None


def test_dates_that_dragging_made_are_left_out() -> None:
    # LVM1 of the seventh release.
    typed = [read(f"until 4/6/{year}", row) for row, year in enumerate(range(2022, 2028), 2)]
    kept = without_drag_fill(typed)
    assert [shown(one) for one in kept] == ["2022-01-24/2022-04-06", *5 * [None]]
    assert [one.finding.code for one in kept if one.finding] == [
        "date-not-exact", *5 * ["drag-filled-date"],
    ]  # fmt: skip
    span = hull(kept)
    assert span
    assert format_span(span) == "2022-01-24/2022-04-06"


def test_a_late_date_that_nothing_was_dragged_from_is_told_as_what_it_is() -> None:
    [one] = without_drag_fill([read("until 6/7/2023")])
    assert one.finding
    assert one.finding.code == "date-after-release"


def test_a_package_was_announced_on_one_of_all_its_days() -> None:
    span = hull([read(midnight(2022, 2, 25)), read("."), read(midnight(2022, 9, 28))])
    assert span
    assert format_span(span) == "2022-02-25/2022-09-28"
    assert hull([read(".")]) is None

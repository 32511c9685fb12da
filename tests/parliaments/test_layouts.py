"""The same small bill in every layout gives the same story: vehicle, votes, states, and nothing twice."""

from datetime import UTC, date, datetime, time

import pytest

from app.legislation.domain import State
from app.parliaments.domain.actions import Reading
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports
from tests.parliaments import build

LAYOUTS = {
    "BILLSTATUS 3.0.0": [build.bill_status("3.0.0")],
    "BILLSTATUS 1.0.0": [build.bill_status("1.0.0")],
    "BILLSTATUS without version": [build.bill_status(None)],
    "API": [build.api_bill(), build.api_page()],
    "API in two pages, the later first": [
        build.api_bill(),
        build.api_page(build.ROWS[7:], count=14, name="page2.json"),
        build.api_page(build.ROWS[:7], count=14, offset=7, name="page1.json"),
    ],
    "data.json": [build.congress_data()],
}
ALL = pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)


def story(reading: Reading) -> list[tuple[str, State | None]]:
    return [(one.on.first.isoformat(), one.effect.state) for one in reading.actions]


@ALL
def test_the_bill_is_named(files: list[SourceFile]) -> None:
    reading = read_reports(files)
    assert reading.findings == ()
    vehicle = reading.vehicle
    assert vehicle is not None
    assert (vehicle.jurisdiction, vehicle.session, vehicle.identifier) == ("US", "117", "H.R. 7691")
    assert (vehicle.title, vehicle.law) == (build.TITLE, "P.L. 117-128")
    assert vehicle.introduced_on == date(2022, 5, 10)
    assert vehicle.external_ids == {"congress.gov": "117/hr/7691", "unitedstates": "hr7691-117"}
    assert vehicle.url == "https://www.congress.gov/bill/117th-congress/house-bill/7691"


@ALL
def test_each_happening_is_one_action_and_leads_where_it_led(files: list[SourceFile]) -> None:
    assert story(read_reports(files)) == [
        ("2022-05-10", State.SUBMITTED),
        ("2022-05-10", State.PASSED_ONE),
        ("2022-05-11", None),
        ("2022-05-16", State.FLOOR),
        ("2022-05-19", State.PASSED),
        ("2022-05-20", State.PASSED),
        ("2022-05-21", State.ENACTED),
        ("2022-05-21", None),
    ]


@ALL
def test_each_roll_call_is_one_vote(files: list[SourceFile]) -> None:
    votes = read_reports(files).votes
    assert [(one.chamber, one.session, one.roll, one.yes, one.no, one.passed) for one in votes] == [
        ("House", "117-2", 145, 368, 57, True),
        ("Senate", "117-2", 191, 86, 11, True),
    ]


@ALL
def test_the_natural_keys_are_the_same_whatever_the_layout(files: list[SourceFile]) -> None:
    keys = [one.key for one in read_reports(files).actions]
    assert keys == [one.key for one in read_reports([build.bill_status("3.0.0")]).actions]
    assert keys[1] == ("vote", "House", "117-2", "145")
    assert keys[3] == (
        "text",
        "2022-05-16",
        "motion to proceed to consideration of measure made in senate.",
    )


@pytest.mark.parametrize("version", ["3.0.0", "1.0.0", None])
def test_a_vote_late_in_the_evening_is_of_that_evening(version: str | None) -> None:
    passage = read_reports([build.bill_status(version)]).actions[1]
    assert passage.on.first == date(2022, 5, 10)
    assert passage.time == time(22, 8, 29)
    assert passage.vote is not None
    assert passage.vote.at == datetime(2022, 5, 11, 2, 8, 29, tzinfo=UTC)


def test_an_instant_of_the_night_in_utc_is_the_evening_before_in_washington() -> None:
    text = "Considered under suspension of the rules."
    row = {"acted_at": "2022-05-11T02:08:29Z", "text": text, "action_code": "H30000"}
    action = read_reports([build.congress_data(actions=[row])]).actions[0]
    assert (action.on.first, action.time) == (date(2022, 5, 10), time(22, 8, 29))


def test_the_clock_of_the_legacy_files_is_read() -> None:
    rows = [
        build.row("2015-03-19", "Held at the desk.", build.FLOOR, "H15000", actionTime="12:09PM")
    ]
    assert read_reports([build.bill_status(None, rows)]).actions[0].time == time(12, 9)


def test_a_row_of_type_not_used_counts() -> None:
    # Every row of the small bill has that type: the Library's decisive ones have it in the real files.
    assert all(row["type"] == "NotUsed" for row in build.ROWS)


def test_rows_that_repeat_are_told_with_their_places() -> None:
    reading = read_reports([build.bill_status("3.0.0")])
    # Each action stands on a line of its own; the Library's row repeats the chamber's before or after it.
    lines = build.bill_status("3.0.0").content.decode().splitlines()
    for one in reading.repeats:
        repeated, kept = (
            lines[int(at.where.removeprefix("line ")) - 1] for at in (one.place, one.of)
        )
        assert "Library of Congress" in repeated
        assert repeated != kept
    assert len(reading.actions) + len(reading.repeats) == len(build.ROWS)


def test_what_the_vetoed_file_calls_e30000_is_a_veto() -> None:
    # S.J.Res. 8 (114): the House's system puts E30000 on "Vetoed by President." as well.
    rows = [
        build.row("2022-05-21", "Vetoed by President.", build.FLOOR, "E30000"),
        build.row("2022-05-21", "Vetoed by President.", build.LIBRARY, "31000"),
        *build.ROWS[4:],
    ]
    assert story(read_reports([build.bill_status(None, rows)]))[-1] == ("2022-05-21", State.VETOED)
    assert story(read_reports([build.bill_status(None, [rows[0], *rows[2:]])]))[-1] == (
        "2022-05-21",
        State.VETOED,
    )


def test_a_vote_recorded_beside_a_text_without_counts_keeps_its_number() -> None:
    votes = build.recorded(12, "House", "2022-05-10T18:00:00Z")
    rows = [
        build.row("2022-05-10", "On passage Passed.", build.FLOOR, "H37100", recordedVotes=votes)
    ]
    vote = read_reports([build.bill_status("3.0.0", rows)]).votes[0]
    assert (vote.roll, vote.yes, vote.no) == (12, None, None)

"""The bills that carried the American requests: their real files give the states and votes that are known of them."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import Reading, ReportedVote
from app.parliaments.readers.reports import read_reports
from tests.parliaments import shared
from tests.parliaments.replay import replay

# When the Senate took up the veterans' bill as the vehicle of the October 2023 request.
BECAME_VEHICLE = date(2023, 11, 9)


@pytest.fixture(scope="module")
def hr815() -> Reading:
    return read_reports([shared.shared_file(shared.HR815)])


@pytest.fixture(scope="module")
def hr2471() -> Reading:
    return read_reports([shared.shared_file(shared.HR2471_XML)])


def rolls(reading: Reading) -> list[tuple[str | None, int | None, int | None, int | None]]:
    return [(vote.session, vote.roll, vote.yes, vote.no) for vote in reading.votes]


def test_the_112_actions_of_hr_815_are_all_there(hr815: Reading) -> None:
    assert hr815.findings == ()
    assert len(hr815.actions) == 112
    assert len({action.key for action in hr815.actions}) == 112
    assert hr815.vehicle is not None
    assert hr815.vehicle.name == "US/118/H.R. 815"
    assert hr815.vehicle.law == "P.L. 118-50"
    assert hr815.vehicle.introduced_on == date(2023, 2, 2)


def test_hr_815_has_15_roll_calls_though_16_rows_speak_of_one(hr815: Reading) -> None:
    # The counts as the Senate has them; roll 40 stands on two rows of the list.
    assert sorted(rolls(hr815)) == [
        ("118-1", 332, 49, 51),
        ("118-2", 39, 49, 50), ("118-2", 40, 58, 41), ("118-2", 41, 67, 32), ("118-2", 42, 64, 19),
        ("118-2", 43, 40, 53), ("118-2", 44, 67, 27), ("118-2", 45, 66, 33), ("118-2", 46, 66, 33),
        ("118-2", 47, 66, 33), ("118-2", 48, 70, 29), ("118-2", 151, 48, 50), ("118-2", 152, 80, 19),
        ("118-2", 153, 75, 20), ("118-2", 154, 79, 18),
    ]  # fmt: skip
    lost = {vote.roll for vote in hr815.votes if vote.passed is False}
    assert lost == {332, 39, 43, 151}
    assert all(vote.chamber == "Senate" for vote in hr815.votes)


@pytest.mark.parametrize(
    ("day", "state", "blocked"),
    [
        (date(2023, 10, 25), State.SUBMITTED, False),
        (date(2023, 12, 31), State.FLOOR, True),
        (date(2024, 2, 7), State.FLOOR, True),
        (date(2024, 2, 8), State.FLOOR, False),
        (date(2024, 2, 20), State.RECONCILING, False),
        (date(2024, 4, 22), State.RECONCILING, False),
        (date(2024, 4, 23), State.PASSED, False),
        (date(2024, 4, 24), State.ENACTED, False),
    ],
)
def test_the_october_2023_request_stands_as_it_stood(
    hr815: Reading, day: date, state: State, blocked: bool
) -> None:
    assert replay(hr815.actions, since=BECAME_VEHICLE, until=day) == (state, blocked)


def test_the_request_of_march_2022_was_submitted_while_its_later_vehicle_was_long_under_way(
    hr2471: Reading,
) -> None:
    day = date(2022, 3, 5)
    assert replay(hr2471.actions, since=date(2022, 3, 9), until=day)[0] is State.SUBMITTED
    assert replay(hr2471.actions, since=date(2021, 4, 13), until=day)[0] is State.RECONCILING


def test_hr_2471_is_law_on_the_13th_day_of_the_request(hr2471: Reading) -> None:
    enacted = [one for one in hr2471.actions if one.effect.state is State.ENACTED]
    # Code 36000 stands on the signature and on the publication: one enactment, on the day of the first.
    assert [one.text for one in enacted] == ["Signed by President."]
    assert (enacted[0].on.first - date(2022, 3, 2)).days == 13


def test_hr_815_is_law_on_the_187th_day_of_the_request(hr815: Reading) -> None:
    enacted = next(one for one in hr815.actions if one.effect.state is State.ENACTED)
    assert (enacted.on.first - date(2023, 10, 20)).days == 187


def test_cloture_that_fails_blocks_and_cloture_that_is_invoked_frees(hr815: Reading) -> None:
    told = [
        (one.on.first.isoformat(), one.effect.change, one.vote.roll)
        for one in hr815.actions
        if one.effect.flag is Flag.BLOCKED and one.vote
    ]
    assert told[:3] == [
        ("2023-12-06", FlagChange.SET, 332),
        ("2024-02-07", FlagChange.SET, 39),
        ("2024-02-08", FlagChange.CLEARED, 41),
    ]


def test_the_two_files_of_hr_2471_tell_the_same_story(hr2471: Reading) -> None:
    other = read_reports([shared.shared_file(shared.HR2471_DATA)])
    assert other.findings == hr2471.findings == ()
    assert len(hr2471.actions) == len(other.actions) == 45
    assert {one.key: one.effect for one in hr2471.actions} == {
        one.key: one.effect for one in other.actions
    }
    assert (
        rolls(hr2471)
        == rolls(other)
        == [
            ("117-2", 65, 361, 69),
            ("117-2", 66, 260, 171),
            ("117-2", 67, 270, 157),
            ("117-2", 68, 249, 180),
            ("117-2", 78, 68, 31),
        ]
    )
    assert hr2471.vehicle is not None
    assert other.vehicle is not None
    assert hr2471.vehicle.name == other.vehicle.name == "US/117/H.R. 2471"
    assert hr2471.vehicle.law == other.vehicle.law == "P.L. 117-103"


def test_the_vote_on_the_ukraine_part_keeps_its_question(hr2471: Reading) -> None:
    first, second = hr2471.votes[:2]
    assert first.question == (
        "On motion to agree in Senate amendment with amendment"
        " (divisions B, C, F, X, Z, titles 2 and 3 of division N)"
    )
    assert (second.other, second.passed) == ("1 present", True)
    assert first.url == "https://clerk.house.gov/evs/2022/roll065.xml"


def test_every_row_of_hr_2471_is_an_action_or_repeats_one(hr2471: Reading) -> None:
    assert len(hr2471.actions) + len(hr2471.repeats) == 56
    assert {one.of for one in hr2471.repeats} <= {one.place for one in hr2471.actions}


def test_silence_counts_from_the_last_substantive_action(hr815: Reading) -> None:
    days = sorted(
        {
            one.on.first
            for one in hr815.actions
            if one.substantive and one.on.first >= BECAME_VEHICLE
        }
    )
    longest = sorted(((after - before).days for before, after in pairwise(days)), reverse=True)
    # 7 December to 5 February, and 13 February to 20 April.
    assert longest[:2] == [67, 60]


def test_amendments_are_apart_from_the_bill(hr815: Reading) -> None:
    lines = [one for one in hr815.actions if one.text.startswith("S.Amdt.")]
    assert len(hr815.actions) - len(lines) == 63
    assert not any(one.effect for one in lines)
    assert Counter(one.substantive for one in lines) == {False: len(lines) - 2, True: 2}


def test_the_answers_of_the_api_are_read_together() -> None:
    reading = read_reports(shared.all_api_files())
    assert reading.findings == ()
    assert reading.vehicle is not None
    assert reading.vehicle.name == "US/117/H.R. 21"
    assert "FedRAMP Authorization Act" in reading.vehicle.titles
    assert [one.effect.state for one in reading.actions if one.effect.state][-2:] == [
        State.PASSED_ONE,
        State.IN_COMMITTEE,
    ]


def test_a_bill_that_began_in_the_senate_is_passed_by_one(hr815: Reading) -> None:
    reading = read_reports([shared.shared_file(shared.S35_XML)])
    assert reading.findings == ()
    assert replay(reading.actions, since=date(2021, 1, 1), until=date(2021, 12, 31)) == (
        State.PASSED_ONE,
        False,
    )


def questions(votes: tuple[ReportedVote, ...]) -> list[str | None]:
    return [vote.question for vote in votes]


def test_a_mention_of_an_earlier_vote_is_no_vote(hr815: Reading) -> None:
    mentions = [one for one in hr815.actions if "(Record Vote No. 332)" in one.text]
    assert len(mentions) == 3
    assert all(one.vote is None for one in mentions)
    assert "Cloture" in questions(hr815.votes)

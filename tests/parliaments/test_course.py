"""The course of a bill through Congress: the ways it can take, told in the words of congress.gov."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import Reading
from app.parliaments.domain.congress.bills import bill_facts, vote_session
from app.parliaments.domain.congress.reading import read_rows
from app.parliaments.domain.congress.rows import LIBRARY, Row
from app.parliaments.domain.patterns import congress_wordings
from app.parliaments.domain.places import Place

HOUSE_PASSES = "On passage Passed by the Yeas and Nays: 232 - 186 (Roll no. 128)."
SENATE_AMENDS = "Passed Senate with an amendment by Voice Vote."
SENATE_PASSES = "Passed Senate without amendment by Unanimous Consent."
MOTION = "On motion that the House agree to the Senate amendments"
HOUSE_AGREES = f"{MOTION} Agreed to by recorded vote: 219 - 212 (Roll no. 165)."
HOUSE_REFUSES = f"{MOTION} Failed by recorded vote: 212 - 219 (Roll no. 165)."
CONFERENCE_HOUSE = (
    "On agreeing to the conference report Agreed to by the Yeas and Nays: 293 - 132 (Roll no. 72)."
)
CONFERENCE_SENATE = (
    "Senate agreed to conference report by Yea-Nay Vote. 60 - 36. Record Vote Number: 22."
)
PRESENTED, SIGNED, VETOED = (
    "Presented to President.",
    "Signed by President.",
    "Vetoed by President.",
)
HOUSE_OVERRIDES = (
    "Two-thirds of the Members present having voted in the affirmative the bill is passed,"
    " Passed by the Yeas and Nays: (2/3 required): 383 - 41 (Roll no. 491)."
)
SENATE_OVERRIDES = "Passed Senate over veto by Yea-Nay Vote. 70 - 26. Record Vote Number: 177."
SENATE_SUSTAINS = (
    "Failed of passage in Senate over veto by Yea-Nay Vote. 50 - 50. Record Vote Number: 167."
)


def tell(*texts: str, codes: dict[str, str] | None = None) -> Reading:
    """A bill to which these things happen, one a day."""
    start = date(2022, 3, 1)
    rows = [
        Row(
            on=start + timedelta(days=index),
            time=None,
            text=text,
            codes=((codes or {})[text],) if text in (codes or {}) else (),
            source=LIBRARY if text in (codes or {}) else None,
            chamber=None,
            votes=(),
            place=Place("told", f"line {index + 1}"),
        )
        for index, text in enumerate(texts)
    ]
    return read_rows(bill_facts(117, "HR", "1"), rows)


def states(*texts: str) -> list[State | None]:
    reading = tell(*texts)
    assert reading.findings == ()
    return [one.effect.state for one in reading.actions]


def test_the_second_chamber_amends_and_the_first_agrees() -> None:
    assert states(HOUSE_PASSES, SENATE_AMENDS, HOUSE_AGREES) == [
        State.PASSED_ONE,
        State.RECONCILING,
        State.PASSED,
    ]


def test_the_second_chamber_passes_it_unchanged() -> None:
    assert states(HOUSE_PASSES, SENATE_PASSES) == [State.PASSED_ONE, State.PASSED]


def test_a_refusal_to_agree_blocks_and_ends_nothing() -> None:
    reading = tell(HOUSE_PASSES, SENATE_AMENDS, HOUSE_REFUSES, HOUSE_AGREES)
    refusal = reading.actions[2].effect
    assert (refusal.state, refusal.flag, refusal.change) == (None, Flag.BLOCKED, FlagChange.SET)
    assert reading.actions[3].effect.state is State.PASSED


def test_a_conference_report_needs_both_chambers() -> None:
    assert states(HOUSE_PASSES, SENATE_AMENDS, CONFERENCE_HOUSE, CONFERENCE_SENATE)[2:] == [
        State.RECONCILING,
        State.PASSED,
    ]


def test_a_veto_is_overridden_by_both_chambers_or_it_stands() -> None:
    before = (HOUSE_PASSES, SENATE_PASSES, PRESENTED, VETOED, HOUSE_OVERRIDES)
    assert states(*before, SENATE_OVERRIDES)[3:] == [State.VETOED, State.VETOED, State.ENACTED]
    assert states(*before, SENATE_SUSTAINS)[3:] == [State.VETOED, State.VETOED, State.REJECTED]


def test_a_failed_suspension_only_blocks_and_a_failed_passage_ends_it() -> None:
    failed = "Failed by the Yeas and Nays: (2/3 required): 240 - 167 (Roll no. 574)."
    suspended = tell(f"On motion to suspend the rules and pass the bill {failed}").actions[0].effect
    assert (suspended.state, suspended.flag) == (None, Flag.BLOCKED)
    assert states(f"On passage {failed}") == [State.REJECTED]


def test_the_work_of_a_chamber_begins_anew_in_the_other_and_never_goes_backwards() -> None:
    assert states(
        "Considered under suspension of the rules.",
        "Referred to the House Committee on Foreign Affairs.",
        HOUSE_PASSES,
        "Considered under suspension of the rules.",
        "Received in the Senate and Read twice and referred to the Committee on Foreign Relations.",
        "Measure laid before Senate by unanimous consent.",
        SENATE_AMENDS,
        "Measure laid before Senate by motion.",
    ) == [
        State.FLOOR,
        None,
        State.PASSED_ONE,
        None,
        State.IN_COMMITTEE,
        State.FLOOR,
        State.RECONCILING,
        None,
    ]


def test_of_several_bills_passed_at_once_only_this_ones_amendment_counts() -> None:
    text = (
        "Pursuant to section 8 of H. Res. 504, the following bills passed under suspension of the rules:"
        " H.R. 9, as amended; and {}."
    )
    assert states(SENATE_PASSES, text.format("H.R. 1"))[1] is State.PASSED
    assert states(SENATE_PASSES, text.format("H.R. 1, as amended"))[1] is State.RECONCILING


def test_the_library_s_code_goes_before_the_words() -> None:
    reading = tell(
        "Something that nobody has a pattern for.",
        codes={"Something that nobody has a pattern for.": "28000"},
    )
    assert reading.actions[0].effect.state is State.PASSED
    assert reading.actions[0].substantive


def test_an_unknown_code_of_the_library_is_a_finding_with_its_place() -> None:
    reading = tell(SIGNED, codes={SIGNED: "36001"})
    assert [(one.code, str(one.place)) for one in reading.findings] == [
        ("unknown-code", "told: line 1")
    ]
    assert "known in congress_gov. Found: '36001'. (unknown-code)" in str(reading.findings[0])


@pytest.mark.parametrize("texts", [(VETOED,), (HOUSE_PASSES, VETOED), (SIGNED, VETOED)])
def test_a_step_that_cannot_follow_is_a_finding_and_moves_nothing(texts: tuple[str, ...]) -> None:
    reading = tell("Introduced in House", *texts)
    assert [one.code for one in reading.findings] == ["illegal-transition"]
    assert reading.findings[0].place.where == f"line {len(texts) + 1}"
    assert reading.actions[-1].effect.state is None


def test_a_second_enactment_is_none() -> None:
    assert states(HOUSE_PASSES, SENATE_PASSES, SIGNED, "Became Public Law No: 117-103.")[2:] == [
        State.ENACTED,
        None,
    ]


@pytest.mark.parametrize(
    ("congress", "day", "session"),
    [
        (118, date(2023, 12, 6), "118-1"),
        (118, date(2024, 2, 7), "118-2"),
        # The "fiscal cliff" was voted on New Year's Day, in the session that ended on 3 January.
        (112, date(2013, 1, 1), "112-2"),
        (112, date(2012, 1, 1), "112-1"),
        (117, date(2021, 1, 3), "117-1"),
    ],
)
def test_a_roll_call_belongs_to_the_session_of_its_day(
    congress: int, day: date, session: str
) -> None:
    assert vote_session(congress, day) == session


@given(st.lists(st.sampled_from([one.example for one in congress_wordings()]), max_size=25))
def test_whatever_happens_in_whatever_order_every_step_is_legal(texts: list[str]) -> None:
    reading = tell(*texts)
    now: State | None = None
    for action in reading.actions:
        state = action.effect.state
        if state is not None:
            assert now is None or now.may_become(state)
            now = state

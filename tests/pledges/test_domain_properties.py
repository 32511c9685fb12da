"""Promise: whatever is asked of a pledge, the rules decide as an accountant would, and nothing is lost.

Random courses of one pledge, without a database; ``tests/naive.py`` is the accountant.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.kernel.dates import UNDATED, Span
from app.kernel.errors import AppError
from app.pledges.domain import (
    Book,
    Change,
    Command,
    Course,
    Effect,
    Pledge,
    RecordPledge,
    Stage,
    apply,
    book,
    count_marks,
    decide,
    pledge_record,
    posting_record,
    read_record,
)
from tests import naive
from tests.pledges.strategies import new_pledges, next_commands

PERIODS: list[naive.Days] = [
    naive.ALWAYS,
    (date(1900, 1, 1), date(2199, 12, 31)),
    (date(2022, 1, 1), date(2022, 12, 31)),
    (date(2023, 1, 1), date(2023, 12, 31)),
    (date(2023, 10, 1), date(2023, 12, 31)),
    (date(2023, 11, 1), date(2023, 11, 30)),
    (date(2023, 11, 10), date(2023, 12, 5)),
    (date(2023, 12, 1), date(2023, 12, 31)),
    (date(2023, 11, 14), date(2023, 11, 14)),
    (date(2022, 2, 24), date(2023, 12, 1)),
    (date(2023, 12, 1), date(2024, 2, 29)),
    (date(2026, 1, 1), date(2026, 12, 31)),
]


class Told:
    """One pledge as the rules have it and as the accountant has it."""

    def __init__(self) -> None:
        self.paper = naive.Ledger()
        self.state: Pledge | None = None
        self.changes: list[Change] = []

    def attempt(self, command: Command, today: date) -> Change | None:
        """Give both the command; they agree on whether it can be."""
        numbered = isinstance(command, RecordPledge) and command.reference is None
        try:
            self.paper.record([command], today)
        except naive.RefusedError:
            assert _refuses(self.state, command, today, numbered=numbered)
            return None
        change = decide(self.state, self._named(command), today)
        self.state = change.pledge
        self.changes.append(change)
        return change

    def _named(self, command: Command) -> Command:
        # The service numbers pledges that come without a reference; the rules take what they are given.
        if not isinstance(command, RecordPledge) or command.reference:
            return command
        return replace(command, reference=self.paper.pledges[command.pledge_id]["reference"])


def _refuses(state: Pledge | None, command: Command, today: date, *, numbered: bool) -> bool:
    if numbered and isinstance(command, RecordPledge):
        command = replace(command, reference="DK-2023-0001")
    try:
        decide(state, command, today)
    except AppError:
        return True
    return False


@st.composite
def stories(draw: st.DrawFn) -> Told:
    """A pledge that was recorded, and up to twelve more commands."""
    told = Told()
    today = date(2026, 11, 22)
    while told.state is None:
        told.attempt(draw(new_pledges()), today)
    for _ in range(draw(st.integers(2, 12))):
        today += timedelta(days=draw(st.sampled_from([0, 0, 1, 40])))
        [pledge] = told.paper.pledges.values()
        told.attempt(draw(next_commands(pledge)), today)
    return told


def plus(left: Book, right: Book) -> dict[object, Effect]:
    """Both books in one, without what has come to nothing."""
    keys = left.keys() | right.keys()
    sums = {key: left.get(key, Effect()).plus(right.get(key, Effect())) for key in keys}
    return {key: effect for key, effect in sums.items() if effect != Effect()}


def minor(amount: Decimal, pledge: naive.Paper) -> int:
    return int(amount * 10 ** naive.DECIMALS.get(pledge["currency"], 0))


@given(stories())
def test_the_stages_are_those_on_paper(told: Told) -> None:
    assert told.state is not None
    [pledge] = told.paper.pledges.values()
    account = naive.account_of(pledge)
    course = Course(told.state)
    assert {stage.value: amount for stage, amount in course.reached.items()} == {
        stage: minor(amount, pledge) for stage, amount in account.level.items()
    }
    assert {stage.value for stage in course.unknown} == account.vague
    assert course.status.value == ("withdrawn" if pledge["withdrawn"] else account.status)


@given(stories(), st.sampled_from(PERIODS), st.sampled_from(list(Stage)))
def test_every_figure_of_every_period_is_that_on_paper(
    told: Told, period: naive.Days, stage: Stage
) -> None:
    [pledge] = told.paper.pledges.values()
    inside = [
        effect
        for (cell, _implied), effect in book(told.state).items()
        if cell.stage == stage and naive.inside((cell.first, cell.last), period)
    ]
    expected = naive.figures(pledge, stage.value, period)
    assert reduce(Effect.plus, inside, Effect()) == Effect(
        minor(expected.amount, pledge), expected.pledges, expected.unvalued
    )


@given(stories())
def test_no_stage_is_ahead_of_the_one_before_at_any_version(told: Told) -> None:
    for change in told.changes:
        reached = Course(change.pledge).reached
        assert (
            reached[Stage.PLEDGED]
            >= reached[Stage.COMMITTED]
            >= reached[Stage.ALLOCATED]
            >= reached[Stage.DELIVERED]
            >= 0
        )


@given(stories())
def test_postings_turn_the_book_before_into_the_book_after(told: Told) -> None:
    before: Pledge | None = None
    for change in told.changes:
        postings = {(one.cell, one.implied): one.effect for one in change.postings}
        assert len(postings) == len(change.postings)
        assert plus(book(before), postings) == book(change.pledge)
        before = change.pledge


@given(stories())
def test_all_postings_of_a_pledge_add_up_to_its_book(told: Told) -> None:
    total: dict[object, Effect] = {}
    for change in told.changes:
        for posting in change.postings:
            key = (posting.cell, posting.implied)
            total[key] = total.get(key, Effect()).plus(posting.effect)
    total = {key: effect for key, effect in total.items() if effect != Effect()}
    assert total == book(told.state)


@given(stories())
def test_replaying_the_entries_gives_the_version_that_was_decided(told: Told) -> None:
    state: Pledge | None = None
    for version, change in enumerate(told.changes, start=1):
        state = apply(state, change.kind, change.data)
        assert state == change.pledge
        assert state.version == version


@given(stories())
def test_a_pledge_reads_back_from_its_record(told: Told) -> None:
    for change in told.changes:
        assert read_record(pledge_record(change.pledge)) == change.pledge


@given(stories())
def test_a_posting_is_hashed_with_all_that_it_says(told: Told) -> None:
    for change in told.changes:
        records = [posting_record(posting) for posting in change.postings]
        assert len({str(record) for record in records}) == len(records)


@given(stories())
def test_a_pledge_keeps_its_identity(told: Told) -> None:
    names: set[tuple[UUID, str, date]] = {
        (change.pledge.id, change.pledge.reference, change.pledge.recorded_on)
        for change in told.changes
    }
    assert len(names) == 1


DAYS = st.integers(0, 9).map(lambda offset: date(2023, 11, 10) + timedelta(days=offset))
SPANS = st.builds(lambda one, other: Span(*sorted((one, other))), DAYS, DAYS) | st.just(UNDATED)


@given(st.lists(SPANS, min_size=1, max_size=8), SPANS)
def test_the_marks_in_a_range_count_one_where_it_holds_a_date(
    dates: list[Span], period: Span
) -> None:
    counted = sum(mark for span, mark in count_marks(dates) if period.contains(span))
    assert counted == any(period.first <= one.first and one.last <= period.last for one in dates)


@given(st.lists(SPANS, min_size=1, max_size=8), SPANS)
def test_the_marks_of_what_has_ended_count_nothing_where_a_range_holds_it_all(
    dates: list[Span], period: Span
) -> None:
    ended = Span(min(one.first for one in dates), max(one.last for one in dates))
    marks = count_marks(dates, ended=ended)
    counted = sum(mark for span, mark in marks if period.contains(span))
    held = [period.first <= one.first and one.last <= period.last for one in dates]
    assert counted == (any(held) and not all(held))

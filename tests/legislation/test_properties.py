"""Promise: whatever is recorded in whatever order, state and pending sums follow from the actions."""

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.dates import parse_span
from app.kernel.errors import AppError
from app.legislation.domain import (
    TRANSITIONS,
    AmendLegislativeRequest,
    AmountKind,
    Beneficiary,
    Command,
    Component,
    Course,
    Dossier,
    LegislativeRequest,
    RecordAction,
    State,
    WithdrawAction,
    apply,
    decide,
    pending,
)
from tests.legislation.build import TODAY, action, line, recorded, recording

FIRST = date(2023, 10, 1)
DAYS = st.integers(0, 500).map(lambda number: FIRST + timedelta(days=number))
DATES = st.one_of(
    DAYS.map(date.isoformat),
    DAYS.map(lambda day: day.isoformat()[:7]),
    st.sampled_from(["2023", "2024"]),
    st.tuples(DAYS, st.integers(0, 90)).map(
        lambda pair: f"{pair[0]}/{pair[0] + timedelta(days=pair[1])}"
    ),
)
STEPS = st.lists(st.tuples(DATES, st.none() | st.sampled_from(State)), max_size=12)
LINES = st.lists(
    st.builds(
        line,
        st.none() | st.integers(1, 10**6).map(lambda number: f"{number}.00"),
        component=st.sampled_from(Component),
        amount_kind=st.sampled_from(AmountKind),
        beneficiary=st.sampled_from(Beneficiary),
        enacted_on=st.none() | DATES,
    ),
    max_size=5,
)


def tell(steps: list[tuple[str, State | None]], **fields: Any) -> LegislativeRequest:
    """The request after those of the steps that are taken."""
    request = recorded(**{"requested_on": "2023-10-01", **fields})
    for on, state in steps:
        command = RecordAction(request_id=request.id, action=action(on, state and state.value))
        with suppress(AppError):
            request = decide(request, command, TODAY).request
    return request


def naive_state(request: LegislativeRequest, day: date) -> State | None:
    """The rules on dates once more, as the notes on the facts have them."""
    told = [one for one in request.actions if not one.withdrawn]
    found = None
    for index, one in enumerate(told):
        if (one.on.last - one.on.first).days < 364:
            later = (two.on for two in told[index + 1 :] if (two.on.last - two.on.first).days < 364)
            since = min([one.on.last, *(two.last for two in later)])
        elif one.state and not TRANSITIONS[one.state]:
            since = one.on.last
        else:
            continue
        if one.state and since <= day:
            found = one.state
    return found


@settings(deadline=None)
@given(STEPS, DAYS)
def test_the_state_on_a_day_equals_a_naive_replay(
    steps: list[tuple[str, State | None]], day: date
) -> None:
    request = tell(steps)
    assert Course(request).state_on(day) is naive_state(request, day)


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, st.sampled_from(State)), max_size=10), DAYS)
def test_with_exact_days_the_state_is_that_of_the_last_action_by_then(
    steps: list[tuple[date, State]], day: date
) -> None:
    request = tell([(on.isoformat(), state) for on, state in steps])
    by_day = sorted(request.actions, key=lambda one: one.on.first)
    expected = [one.state for one in by_day if one.on.first <= day]
    assert Course(request).state_on(day) is (expected[-1] if expected else None)


@settings(deadline=None)
@given(STEPS)
def test_actions_stand_in_the_order_of_their_dates_and_every_step_is_legal(
    steps: list[tuple[str, State | None]],
) -> None:
    request = tell(steps)
    for index, one in enumerate(request.actions):
        assert all(one.on.first <= two.on.last for two in request.actions[index:])
    states = [one.state for one in request.actions if one.state]
    assert all(
        after in TRANSITIONS[before] or (after is before and TRANSITIONS[before])
        for before, after in pairwise(states)
    )


@settings(deadline=None)
@given(STEPS)
def test_the_order_of_recording_does_not_matter_for_the_days_that_count(
    steps: list[tuple[str, State | None]],
) -> None:
    days = [step.day for step in Course(tell(steps)).steps if step.action.on.precision != "year"]
    assert days == sorted(days)


@settings(deadline=None)
@given(STEPS, LINES, DAYS, st.none() | DAYS)
def test_what_is_pending_is_never_negative_and_each_live_line_counts_once(
    steps: list[tuple[str, State | None]],
    lines: list[dict[str, Any]],
    day: date,
    published: date | None,
) -> None:
    request = tell(steps, lines=lines, published_on=published and published.isoformat())
    rows = pending([Dossier(request)], day, known_on=day)
    state = naive_state(request, day)
    live = [
        one for one in lines if not one["enacted_on"] or parse_span(one["enacted_on"]).last > day
    ]
    if state is None or state.is_terminal or (published and day < published):
        assert rows == []
    elif lines:
        assert sum(row.minor or 0 for row in rows) == sum(
            int(one["amount"][:-3]) * 100 for one in live if one["amount"]
        )
        assert len(rows) == len(live)
    assert all(row.minor is None or row.minor > 0 for row in rows)
    assert all(row.state is state for row in rows)


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("act"), DATES, st.none() | st.sampled_from(State)),
        st.tuples(st.just("withdraw"), st.integers(0, 12)),
        st.tuples(st.just("amend"), DATES),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(CHANGES)
def test_replaying_all_entries_gives_the_current_version(changes: list[tuple[Any, ...]]) -> None:
    change = decide(None, recording(requested_on="2023-10-01"), TODAY)
    state, entries = change.request, [change]
    for what in changes:
        with suppress(AppError):
            change = decide(state, _command(state, what), TODAY)
            state = change.request
            entries.append(change)
    replayed: LegislativeRequest | None = None
    for entry in entries:
        replayed = apply(replayed, entry.kind, entry.data)
    assert replayed == state
    assert state.version == len(entries)


def _command(state: LegislativeRequest, what: tuple[Any, ...]) -> Command:
    match what:
        case ("act", on, step):
            return RecordAction(request_id=state.id, action=action(on, step and step.value))
        case ("withdraw", index):
            which = state.actions[index % len(state.actions)].id
            return WithdrawAction(request_id=state.id, action_id=which, reason="so")
        case _:
            return AmendLegislativeRequest(
                request_id=state.id, changes={"requested_on": what[1]}, reason="so"
            )

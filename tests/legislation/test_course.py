"""Promise: the state on a day follows from dated actions, however exactly their dates are known."""

from datetime import date

import pytest

from app.legislation.domain import Course, Flag, LegislativeRequest, State
from tests.legislation.build import action, after, recorded

SET = {"name": "blocked", "change": "set"}
CLEARED = {"name": "blocked", "change": "cleared"}


def states(request: LegislativeRequest, *days: str) -> list[State | None]:
    course = Course(request)
    return [course.state_on(date.fromisoformat(day)) for day in days]


def order(request: LegislativeRequest) -> list[str]:
    return [f"{one.on.first} {one.state}" for one in request.standing_actions]


def test_a_day_counts_from_that_day() -> None:
    request = after(recorded(), action("2023-12-06", "floor"))
    assert states(request, "2023-10-19", "2023-10-20", "2023-12-05", "2023-12-06") == [
        None,
        State.SUBMITTED,
        State.SUBMITTED,
        State.FLOOR,
    ]


def test_a_month_counts_from_its_last_day() -> None:
    request = after(recorded(requested_on="2023-06-07"), action("2024-03", "enacted"))
    assert states(request, "2024-03-30", "2024-03-31") == [State.SUBMITTED, State.ENACTED]


def test_a_month_counts_from_the_next_action_where_that_is_earlier() -> None:
    request = after(recorded(requested_on="2023-03"), action("2023-03-29", "floor"))
    request = after(request, action("2023-04-03", "enacted"))
    assert states(request, "2023-03-28", "2023-03-29") == [None, State.FLOOR]


def test_an_interval_counts_from_its_last_day() -> None:
    request = after(recorded(), action("2023-11-01/2023-11-14", "floor"))
    assert states(request, "2023-11-13", "2023-11-14") == [State.SUBMITTED, State.FLOOR]


def test_a_bare_year_never_makes_a_request_pending() -> None:
    request = recorded(requested_on="2023")
    assert states(request, "2023-06-30", "2023-12-31", "2026-11-22") == [None, None, None]
    assert Course(request).state is State.SUBMITTED
    assert Course(request).pending_since is None


def test_a_bare_year_that_ends_a_request_ends_it_with_the_year() -> None:
    request = after(recorded(requested_on="2023-02-01"), action("2023", "enacted"))
    assert states(request, "2023-12-30", "2023-12-31") == [State.SUBMITTED, State.ENACTED]


def test_actions_stand_in_the_order_of_their_days_however_they_were_recorded() -> None:
    request = after(recorded(), action("2024-02-13", "reconciling"), action("2023-11-09", "floor"))
    assert order(request) == [
        "2023-10-20 submitted",
        "2023-11-09 floor",
        "2024-02-13 reconciling",
    ]


def test_an_earlier_action_of_the_same_day_may_be_recorded_later() -> None:
    request = after(recorded(), action("2024-04-24", "enacted"), action("2024-04-24", "passed"))
    assert order(request)[1:] == ["2024-04-24 passed", "2024-04-24 enacted"]


def test_a_month_recorded_behind_a_day_of_it_stays_behind_it() -> None:
    request = recorded(requested_on="2025-03-18")
    request = after(request, action("2025-03", "enacted"), action("2025-04-02"))
    assert order(request) == [
        "2025-03-18 submitted",
        "2025-03-01 enacted",
        "2025-04-02 None",
    ]


def test_an_event_without_a_state_moves_nothing() -> None:
    request = after(recorded(), action("2023-11-16"))
    assert states(request, "2023-11-16") == [State.SUBMITTED]


def test_a_blocked_request_is_freed_by_a_later_vote() -> None:
    request = after(
        recorded(),
        action("2023-11-09", "floor"),
        action("2023-12-06", "floor", flag=SET),
        action("2024-02-08", "floor", flag=CLEARED),
    )
    course = Course(request)
    assert course.flags_on(date(2023, 12, 31)) == (Flag.BLOCKED,)
    assert course.state_on(date(2023, 12, 31)) is State.FLOOR
    assert course.flags_on(date(2024, 2, 8)) == ()


def test_a_blocked_request_is_freed_by_a_step_forward() -> None:
    request = after(
        recorded(), action("2023-12-06", "floor", flag=SET), action("2024-02-13", "passed_one")
    )
    assert Course(request).flags == ()


def test_a_step_back_leaves_a_request_blocked() -> None:
    request = after(
        recorded(), action("2023-12-06", "floor", flag=SET), action("2024-02-13", "in_committee")
    )
    assert Course(request).flags == (Flag.BLOCKED,)


@pytest.mark.parametrize(
    ("on", "days"),
    [("2023-10-19", None), ("2023-10-20", 0), ("2023-10-25", 5), ("2024-05-01", 187), (None, 187)],
)
def test_days_pending_run_from_the_request_to_its_end(on: str | None, days: int | None) -> None:
    request = after(recorded(), action("2024-04-24", "enacted"))
    assert Course(request).days_pending(date.fromisoformat(on) if on else None) == days


def test_days_pending_of_a_live_request_need_a_day() -> None:
    assert Course(recorded()).days_pending(None) is None
    assert Course(recorded()).days_pending(date(2023, 10, 30)) == 10


def test_an_announcement_pends_no_days() -> None:
    request = recorded(requested_on=None, announced_on="2023-03-15")
    assert Course(request).days_pending(date(2023, 3, 20)) is None

"""How long a request has been waiting, and whether anybody still works on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.legislation.domain.course import Course
from app.legislation.domain.states import State

# Days without a substantive action after which a request in this state is dormant. Set by what the
# state usually takes: a mark that comes too early annoys the offices that it is about.
DORMANT_AFTER: Final[Mapping[State, int]] = {
    State.SUBMITTED: 30,
    State.IN_COMMITTEE: 45,
    State.COMMITTEE_REPORTED: 30,
    State.FLOOR: 14,
    State.PASSED_ONE: 30,
    State.RECONCILING: 30,
    State.PASSED: 10,
    State.VETOED: 14,
    State.PARTLY_ENACTED: 90,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What the calendar says of a request at the end of a day; ``None`` where there is nothing to count.

    Attributes:
        days_pending: from the request to its end, or to the day.
        days_in_state: since the action that led to the state that it is in.
        days_since_substantive_action: since anything last moved it on.
        days_to_decision: from the request to its end, once it is over.
        dormant: pending, and without a substantive action for longer than its state usually takes.
    """

    days_pending: int | None
    days_in_state: int | None
    days_since_substantive_action: int | None
    days_to_decision: int | None
    dormant: bool


def age(course: Course, on: date, dormant_after: Mapping[State, int] = DORMANT_AFTER) -> Ageing:
    """What the calendar says of a request at the end of the day ``on``."""
    state = course.state_on(on)
    is_active = state is not None and state.is_active
    since, entered = last_substantive_day(course, on), course.in_state_since(on)
    silent = (on - since).days if since and is_active else None
    over = course.end is not None and course.end.day <= on
    pending = course.days_pending(on)
    return Ageing(
        days_pending=pending,
        days_in_state=(on - entered).days if is_active and entered else None,
        days_since_substantive_action=silent,
        days_to_decision=pending if over else None,
        dormant=state is not None
        and silent is not None
        and state in dormant_after
        and silent > dormant_after[state],
    )


def last_substantive_day(course: Course, on: date) -> date | None:
    """The day of the last action by ``on`` that moved the request on."""
    days = [step.day for step in course.steps if step.action.substantive and step.day <= on]
    return days[-1] if days else None

"""Every request with its state and ages, and what happened to it."""

from collections import defaultdict
from collections.abc import Iterator

from app.exports.legislation.told import Told, kind_of
from app.legislation.domain import Point, State, Step, Vote, age
from reports.legislation_figures import Columns, RequestState, TimelineStep


def by_state(one: Told) -> tuple[bool, bool, int, int, str]:
    """What is pending first, then what is announced, then what is over; within a state the longest pending first."""
    state, days = one.state, one.course.days_pending(one.on) or 0
    place = tuple(State).index(state)
    return state.is_terminal, not state.is_active, place, -days, one.request.reference


def request_state(one: Told) -> RequestState:
    """The request on the day."""
    request, course, on = one.request, one.course, one.on
    ageing = age(course, on)
    [*_, last] = [step for step in course.steps if step.day <= on]
    since, end = course.pending_since, course.end
    pending: defaultdict[str, int] = defaultdict(int)
    for line in one.lines:
        pending[kind_of(line.line)] += line.pending
    return RequestState(
        reference=request.reference,
        donor=request.donor,
        donor_name=one.donor_name,
        title=request.title,
        kind=request.kind.value,
        state=one.state.value,
        is_pending=one.state.is_active,
        is_over=one.state.is_terminal,
        flags=tuple(flag.value for flag in course.flags_on(on)),
        requested=request.requested,
        pending_since=since if since and since <= on else None,
        ended=end.action.on if end and end.day <= on else None,
        days_pending=ageing.days_pending,
        days_in_state=ageing.days_in_state,
        days_silent=ageing.days_since_substantive_action,
        days_to_decision=ageing.days_to_decision,
        dormant=ageing.dormant,
        currency=request.currency,
        pending=Columns(**{name: one.amount(minor) for name, minor in pending.items()}),
        last=last.day,
        body=last.action.body,
        vehicles=tuple(link.name.identifier for link in request.vehicles),
        revision=one.revision,
        version=request.version,
    )


def timeline(one: Told) -> Iterator[TimelineStep]:
    """What happened by the day, with the state after each step, and then what is ahead."""
    for point in one.course.points:
        if point.step.day <= one.on:
            yield _timeline_step(one, point.step, point)
    for step in one.course.steps:
        if step.day > one.on:
            yield _timeline_step(one, step, None)


def _timeline_step(one: Told, step: Step, point: Point | None) -> TimelineStep:
    action, vote = step.action, step.action.vote
    return TimelineStep(
        reference=one.request.reference,
        donor=one.request.donor,
        on=action.on,
        day=step.day,
        is_ahead=point is None,
        body=action.body,
        vehicle=step.link.name.identifier if step.link else action.vehicle,
        state=point.state.value if point and point.state else None,
        says=action.state.value if action.state else None,
        flags=tuple(flag.value for flag in point.flags) if point else (),
        text=action.text,
        language=action.language,
        yes=vote.yes if vote else None,
        no=vote.no if vote else None,
        other=vote.other if vote else None,
        roll=_roll(vote) if vote else None,
        question=vote.question if vote else None,
        substantive=action.substantive,
        known=action.known,
        source_url=action.source_url,
    )


def _roll(vote: Vote) -> str | None:
    """Such as ``House 118-2 no. 151``."""
    if vote.roll is None:
        return None
    return " ".join(filter(None, (vote.chamber, vote.session, f"no. {vote.roll}")))

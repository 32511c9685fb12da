"""The course of a request: in which order its actions stand, and what its state was on a day.

An action of one day counts from that day. One whose date is a month or an interval counts from its
last day, or from the day that the next action counts from, whichever is earlier. One that is known
by its year alone is too vague to open anything: it makes no request pending. Where it ends one, it
does so on the last day of the year, after which the request cannot be pending any more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

from app.kernel.dates import Precision, Span
from app.legislation.domain.model import Action, LegislativeRequest
from app.legislation.domain.states import Flag, FlagChange, State
from app.legislation.errors import IllegalTransitionError

_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Step:
    """An action that counts from a day on."""

    day: date
    action: Action


class Course:
    """What one can ask of a request's actions."""

    def __init__(self, request: LegislativeRequest) -> None:
        self._request = request

    @cached_property
    def state(self) -> State | None:
        """How far it has got by its last action, whatever the precision of the dates."""
        states = [action.state for action in self._request.standing_actions if action.state]
        return states[-1] if states else None

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The flags that are set after the last action."""
        return _flags(self._request.standing_actions)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The actions that count, each with its day, in their order."""
        return tuple(_steps(self._request.standing_actions))

    @cached_property
    def moves(self) -> tuple[tuple[date, State], ...]:
        """The states that actions led to, each with the day from which it counts."""
        return tuple((step.day, step.action.state) for step in self.steps if step.action.state)

    def state_on(self, day: date) -> State | None:
        """The state at the end of the day; ``None`` before the first one."""
        states = [state for since, state in self.moves if since <= day]
        return states[-1] if states else None

    def flags_on(self, day: date) -> tuple[Flag, ...]:
        """The flags that are set at the end of the day."""
        return _flags([step.action for step in self.steps if step.day <= day])

    @cached_property
    def pending_since(self) -> date | None:
        """The day of the request, or of the first action that made it pending."""
        active = [since for since, state in self.moves if state.is_active]
        if not active:
            return None
        requested = self._request.requested
        if requested.precision is Precision.DAY:
            return min(requested.first, active[0])
        return active[0]

    @cached_property
    def end(self) -> Step | None:
        """The action that ended it, with the day from which it counts as over."""
        ends = [step for step in self.steps if step.action.state and step.action.state.is_terminal]
        return ends[0] if ends else None

    def days_pending(self, on: date | None) -> int | None:
        """Days from the request to its end, or to ``on`` where that is earlier.

        ``None`` where it was not pending by then, or where it still is and no day is asked for.
        """
        since = self.pending_since
        over = self.end.day if self.end else None
        ends = [day for day in (over, on) if day is not None]
        if since is None or not ends or min(ends) < since:
            return None
        return (min(ends) - since).days


def is_vague(span: Span) -> bool:
    """Whether the date is a bare year, or no better than one."""
    return (span.last - span.first).days + 1 >= _A_YEAR


def place(actions: Sequence[Action], action: Action) -> tuple[Action, ...]:
    """The actions with a further one at its place, in the order in which they happened.

    It stands behind every action that lies wholly before it and before every one that lies wholly
    after it. Where that leaves several places, as among actions of one day, it takes the last one
    from which all steps are legal.

    Raises:
        IllegalTransitionError: there is no such place.
    """
    first, last = _bounds(actions, action)
    candidates = [
        (*actions[:index], action, *actions[index:]) for index in range(last, first - 1, -1)
    ]
    placed = next((one for one in candidates if find_illegal_step(one) is None), candidates[0])
    check_steps(placed)
    return placed


def place_all(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Actions in the order in which they happened, those that overlap in the order given.

    Raises:
        IllegalTransitionError: a step is not legal.
    """
    placed: tuple[Action, ...] = ()
    for action in actions:
        _, last = _bounds(placed, action)
        placed = (*placed[:last], action, *placed[last:])
    check_steps(placed)
    return placed


def find_illegal_step(actions: Sequence[Action]) -> tuple[State, State] | None:
    """The first two states of standing actions of which the second may not follow the first."""
    states = [action.state for action in actions if action.state and not action.withdrawn]
    return next((step for step in pairwise(states) if not step[0].may_become(step[1])), None)


def check_steps(actions: Sequence[Action]) -> None:
    """Refuse an order of actions with a step that the state machine does not know.

    Raises:
        IllegalTransitionError: with the states before and after, and those allowed.
    """
    illegal = find_illegal_step(actions)
    if illegal is None:
        return
    before, after = illegal
    detail = (
        f"A request that is {before.value} is over; withdraw the action that ended it first."
        if before.is_terminal
        else f"A request that is {before.value} cannot become {after.value}."
    )
    raise IllegalTransitionError(
        detail, before=before, after=after, allowed=[state.value for state in before.allowed]
    )


def _bounds(actions: Sequence[Action], action: Action) -> tuple[int, int]:
    """The first and the last index at which the action may stand by its date."""
    before = [index for index, one in enumerate(actions) if one.on.last < action.on.first]
    after = [index for index, one in enumerate(actions) if one.on.first > action.on.last]
    return max(before, default=-1) + 1, min(after, default=len(actions))


def _steps(actions: Sequence[Action]) -> Iterator[Step]:
    """The actions that count, with the days from which they do."""
    following = date.max
    steps: list[Step] = []
    for action in reversed(actions):
        if not is_vague(action.on):
            following = min(action.on.last, following)
            steps.append(Step(following, action))
        elif action.state and action.state.is_terminal:
            steps.append(Step(action.on.last, action))
    return reversed(steps)


def _flags(actions: Sequence[Action]) -> tuple[Flag, ...]:
    """The flags after these actions; a step forward clears ``blocked``."""
    flags: set[Flag] = set()
    state: State | None = None
    for action in actions:
        if action.state and state and state.advances_to(action.state):
            flags.discard(Flag.BLOCKED)
        state = action.state or state
        if action.flag and action.flag.change is FlagChange.SET:
            flags.add(action.flag.name)
        elif action.flag:
            flags.discard(action.flag.name)
    return tuple(flag for flag in Flag if flag in flags)

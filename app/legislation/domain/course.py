"""The course of a request: in which order its actions stand, and what its state was on a day.

An action of one day counts from that day. One whose date is a month or an interval counts from its
last day, or from the day that the next action counts from, whichever is earlier. One that is known
by its year alone is too vague to open anything: it makes no request pending. Where it ends one, it
does so on the last day of the year, after which the request cannot be pending any more.

A request moves by its own actions and by those of its vehicles. Its state is derived, in this order:
what ended it by name (withdrawn, superseded, folded and so on); that a part of it is law; that a
vehicle which settles it is law; else the furthest of what was said of it and of its live vehicles, each
counted from the day on which it became a vehicle of the request. A vehicle that dies kills no request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final
from uuid import UUID

from app.kernel.dates import Precision, Span, format_span
from app.legislation.domain.model import Action, LegislativeRequest, Vehicle, VehicleLink
from app.legislation.domain.states import Flag, FlagChange, State
from app.legislation.errors import IllegalTransitionError

_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Step:
    """An action that counts from a day on.

    Attributes:
        link: of the vehicle whose action it is; ``None`` for an action of the request itself.
        counts: whether its date is good enough to say what the state was on a day.
    """

    day: date
    action: Action
    link: VehicleLink | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """What the request was after a step; ``state`` is ``None`` before any step said one."""

    step: Step
    state: State | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """That a step said a state, and what the request was after it."""

    step: Step
    state: State

    @property
    def day(self) -> date:
        """From when."""
        return self.step.day


class Course:
    """What one can ask of a request's actions and of those of its vehicles.

    Args:
        request: the version that is looked at.
        vehicles: those that it links to, by id; what is missing here moves nothing.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """

    def __init__(
        self,
        request: LegislativeRequest,
        vehicles: Mapping[UUID, Vehicle] | None = None,
        *,
        known_on: date | None = None,
    ) -> None:
        self._request = request
        self._vehicles = vehicles or {}
        self._known_on = known_on

    @cached_property
    def state(self) -> State | None:
        """How far it has got by its last action, whatever the precision of the dates."""
        return _replay(self._timed).state_on(date.max)

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """The flags that are set after the last action."""
        points = _points(self._timed)
        return points[-1].flags if points else ()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The actions that count, each with its day, in their order."""
        return tuple(step for step in self._timed if step.counts)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What the request was after each step, by day."""
        return _points(self.steps)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """What the request was after each step that says a state, by day."""
        return tuple(
            Move(point.step, point.state)
            for point in self.points
            if point.step.action.state and point.state
        )

    def state_on(self, day: date) -> State | None:
        """The state at the end of the day; ``None`` before the first one."""
        return _replay(step for step in self.steps if step.day <= day).state_on(day)

    def in_state_since(self, day: date) -> date | None:
        """Since when the request was what it is at the end of the day; ``None`` before the first state."""
        state = self.state_on(day)
        turns = {move.day for move in self.moves if move.day <= day}
        turns |= {
            link.ceased.last
            for link in self._request.vehicles
            if link.ceased and link.ceased.last <= day
        }
        since = None
        for turn in sorted(turns, reverse=True):
            if self.state_on(turn) is not state:
                break
            since = turn
        return since

    def flags_on(self, day: date) -> tuple[Flag, ...]:
        """The flags that are set at the end of the day."""
        flags = [point.flags for point in self.points if point.step.day <= day]
        return flags[-1] if flags else ()

    @cached_property
    def pending_since(self) -> date | None:
        """The day of the request, or of the first action that made it pending."""
        active = [move.day for move in self.moves if move.state.is_active]
        if not active:
            return None
        requested = self._request.requested
        if requested.precision is Precision.DAY:
            return min(requested.first, active[0])
        return active[0]

    @cached_property
    def end(self) -> Step | None:
        """The action that ended it, with the day from which it counts as over."""
        ended: Step | None = None
        for move in self.moves:
            if not move.state.is_terminal:
                ended = None
            elif ended is None:
                ended = move.step
        return ended

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

    @cached_property
    def _timed(self) -> tuple[Step, ...]:
        """Every action of the request and of its vehicles that may count, by day."""
        known = self._known_on
        told = [
            step
            for steps in (
                _time(self._request.standing_actions, None),
                *(self._steps_of(link) for link in self._request.vehicles),
            )
            for step in steps
            if known is None or step.action.is_known_by(known)
        ]
        # Stable: what the desk says of the request comes before what a vehicle did on the same day.
        return tuple(sorted(told, key=lambda step: step.day))

    def _steps_of(self, link: VehicleLink) -> Iterator[Step]:
        """The vehicle's actions while it carried the request."""
        vehicle = self._vehicles.get(link.vehicle_id) if link.vehicle_id else None
        if vehicle is None:
            return
        since = carries_since(self._request, link)
        until = link.ceased.last if link.ceased else date.max
        actions = [one for one in vehicle.standing_actions if since <= one.on.last]
        yield from (step for step in _time(actions, link) if since <= step.day < until)


def carries_since(request: LegislativeRequest, link: VehicleLink) -> date:
    """The day from which a vehicle carries the request; the end of all time where nobody can say."""
    became = link.became_vehicle
    if became.is_dated:
        return became.last
    return request.requested.first if request.requested.is_dated else date.max


def is_vague(span: Span) -> bool:
    """Whether the date is a bare year, or no better than one."""
    return (span.last - span.first).days + 1 >= _A_YEAR


def course_of_vehicle(
    vehicle: Vehicle, on: date | None = None
) -> tuple[State | None, tuple[Flag, ...]]:
    """State and flags of a vehicle itself, whatever it carries, at the end of a day or by its last action."""
    points = points_of_vehicle(vehicle, on)
    return (points[-1].state, points[-1].flags) if points else (None, ())


def points_of_vehicle(vehicle: Vehicle, on: date | None = None) -> tuple[Point, ...]:
    """What a vehicle was after each of its actions; by the end of a day those alone that have a day by then."""
    steps = _time(vehicle.standing_actions, None)
    return _points(step for step in steps if on is None or (step.counts and step.day <= on))


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


def place_all(actions: Sequence[Action], among: tuple[Action, ...] = ()) -> tuple[Action, ...]:
    """Actions in the order in which they happened, those that overlap in the order given.

    Args:
        actions: to be placed.
        among: those that stand already.

    Raises:
        IllegalTransitionError: a step is not legal.
    """
    placed = among
    for action in actions:
        _, last = _bounds(placed, action)
        placed = (*placed[:last], action, *placed[last:])
    check_steps(placed)
    return placed


def find_illegal_step(actions: Iterable[Action]) -> tuple[Action, Action] | None:
    """The first two standing actions with states of which the second may not follow the first."""
    moving = [action for action in actions if action.state and not action.withdrawn]
    return next(
        (
            (one, two)
            for one, two in pairwise(moving)
            if one.state and two.state and not one.state.may_become(two.state)
        ),
        None,
    )


def check_steps(actions: Iterable[Action]) -> None:
    """Refuse an order of actions with a step that the state machine does not know.

    Raises:
        IllegalTransitionError: with the states before and after, and those allowed.
    """
    illegal = find_illegal_step(actions)
    if illegal is None:
        return
    before, after = illegal
    if before.state is None or after.state is None:
        raise AssertionError  # only steps between states are illegal
    detail = (
        f"What is {before.state.value} is over; withdraw the action that ended it first."
        if before.state.is_terminal
        else f"What is {before.state.value} cannot become {after.state.value}."
    )
    raise IllegalTransitionError(
        detail,
        before=before.state,
        after=after.state,
        allowed=[state.value for state in before.state.allowed],
        action_id=after.id,
        on=format_span(after.on),
    )


class _Progress:
    """State and flags of a request while its steps are taken one after the other."""

    def __init__(self) -> None:
        self._own: State | None = None
        self._vehicles: dict[VehicleLink, State] = {}
        self._flags: set[Flag] = set()
        self._state: State | None = None

    def take(self, step: Step) -> Point:
        """Take one step."""
        self._take(step)
        return Point(step, self._state, tuple(flag for flag in Flag if flag in self._flags))

    def _take(self, step: Step) -> None:
        action, before = step.action, self._state
        if action.state and step.link:
            self._vehicles[step.link] = action.state
        elif action.state:
            self._own = action.state
        self._state = self.state_on(step.day)
        # A step forward clears what was provisionally stopped.
        if before and self._state and before.advances_to(self._state):
            self._flags.discard(Flag.BLOCKED)
        if action.flag and action.flag.change is FlagChange.SET:
            self._flags.add(action.flag.name)
        elif action.flag:
            self._flags.discard(action.flag.name)

    def state_on(self, day: date) -> State | None:
        """The state at the end of a day, where no further step is taken by then."""
        own = self._own
        if own and (own.is_terminal or own is State.PARTLY_ENACTED):
            return own
        carrying = {
            link: state
            for link, state in self._vehicles.items()
            if link.ceased is None or day < link.ceased.last or state is State.ENACTED
        }
        if any(state is State.ENACTED and link.role.settles for link, state in carrying.items()):
            return State.ENACTED
        live = [state for state in carrying.values() if not state.is_terminal]
        return max([one for one in (own, *live) if one], key=list(State).index, default=None)


def _replay(steps: Iterable[Step]) -> _Progress:
    progress = _Progress()
    for step in steps:
        progress.take(step)
    return progress


def _points(steps: Iterable[Step]) -> tuple[Point, ...]:
    progress = _Progress()
    return tuple(progress.take(step) for step in steps)


def _bounds(actions: Sequence[Action], action: Action) -> tuple[int, int]:
    """The first and the last index at which the action may stand by its date."""
    before = [index for index, one in enumerate(actions) if one.on.last < action.on.first]
    after = [index for index, one in enumerate(actions) if one.on.first > action.on.last]
    return max(before, default=-1) + 1, min(after, default=len(actions))


def _time(actions: Sequence[Action], link: VehicleLink | None) -> Iterator[Step]:
    """The actions in their order, each with the day from which it counts."""
    following = date.max
    steps: list[Step] = []
    for action in reversed(actions):
        if not is_vague(action.on):
            following = min(action.on.last, following)
            steps.append(Step(following, action, link))
        elif action.state and action.state.is_terminal:
            steps.append(Step(action.on.last, action, link))
        else:
            steps.append(Step(min(action.on.last, following), action, link, counts=False))
    return reversed(steps)

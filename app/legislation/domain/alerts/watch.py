"""What the rules look at: a request day by day, up to the day asked for and not a day further."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby

from app.legislation.domain.course import Course, Point, Step
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import LegislativeRequest, VehicleLink
from app.legislation.domain.standing import standings
from app.legislation.domain.states import State


@dataclass(frozen=True, slots=True)
class Spell:
    """Days on end during which nothing happened to a request.

    Attributes:
        first: the day of the actions that it begins with.
        until: the day of the next ones; ``None`` where there were none by the day asked for.
        state: at the end of the first day, and so on all of them.
        moved: the step that led to the state.
        stirred: the last substantive step.
    """

    first: date
    until: date | None
    state: State | None
    moved: Step | None
    stirred: Step | None

    @property
    def is_active(self) -> bool:
        """Whether the request was pending."""
        return self.state is not None and self.state.is_active


class Watch:
    """A request and its vehicles up to a day.

    Args:
        dossier: as of one moment.
        on: what happened by the end of this day is looked at; later actions are as if they were not recorded.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """

    def __init__(self, dossier: Dossier, on: date, known_on: date | None) -> None:
        self.dossier = dossier
        self.on = on
        self._course: Course = dossier.course(known_on)

    @property
    def request(self) -> LegislativeRequest:
        """The request alone."""
        return self.dossier.request

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """What the request was after each step by the day."""
        return tuple(point for point in self._course.points if point.step.day <= self.on)

    @cached_property
    def spells(self) -> tuple[Spell, ...]:
        """The days from the first step on, cut where steps lie."""
        return _cut(self.points)

    @property
    def state(self) -> State | None:
        """The state at the end of the day."""
        return self.spells[-1].state if self.spells else None

    def first_active_day(self, since: date) -> date | None:
        """The first day from ``since`` on when the request was pending; ``None`` where there is none by the day."""
        for spell in self.spells:
            day = max(spell.first, since)
            if spell.is_active and day <= self.on and (spell.until is None or day < spell.until):
                return day
        return None

    def first_idle_day(self, after: date) -> date | None:
        """The first day behind ``after`` when the request was not pending."""
        days = (one.first for one in self.spells if one.first > after and not one.is_active)
        return next(days, None)

    def day_vehicle_ended(self, link: VehicleLink) -> date | None:
        """The day on which a vehicle no longer carried the request: it was over, or it was let go."""
        ends = [
            point.step.day
            for point in self.points
            if point.step.link == link
            and point.step.action.state is not None
            and point.step.action.state.is_terminal
        ]
        if link.ceased is not None:
            ends.append(link.ceased.last)
        return min(ends, default=None)

    def day_line_decided(self, key: str) -> date | None:
        """The day on which the last part of a line was decided while the request lives on."""
        request = self.request
        days = {one.on.last for one in request.standing_enactments}
        days |= {line.enacted.last for line in request.leaves if line.enacted is not None}
        wanted = self._leaves_below(key)
        for day in sorted(one for one in days if one <= self.on):
            told = standings(request, self._course.state_on(day), day)
            if told and not any(one.is_live for one in told if one.line.key in wanted):
                return day
        return None

    def _leaves_below(self, key: str) -> frozenset[str]:
        """Keys of the counted lines in a line, itself included."""
        wanted = {key}
        # A parent may stand behind its children.
        while True:
            more = {line.key for line in self.request.lines if line.parent in wanted} - wanted
            if not more:
                return frozenset(line.key for line in self.request.leaves if line.key in wanted)
            wanted |= more


def _cut(points: Iterable[Point]) -> tuple[Spell, ...]:
    spells: list[Spell] = []
    state, moved, stirred = None, None, None
    for day, told in groupby(points, key=lambda point: point.step.day):
        for point in told:
            if point.state is not state:
                state, moved = point.state, point.step
            if point.step.action.substantive:
                stirred = point.step
        if spells:
            spells[-1] = replace(spells[-1], until=day)
        spells.append(Spell(day, None, state, moved, stirred))
    return tuple(spells)

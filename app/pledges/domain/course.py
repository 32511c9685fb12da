"""The course of a pledge: its movements replayed in the order of the world, and what stands at each stage.

The rules of DESIGN section 2 live here. Movements are replayed by effective date (undated ones last), not in the
order in which they became known; so a commitment that is learnt of late takes the place of the one that an
earlier-recorded delivery had implied, and nothing is counted twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.dates import Span
from app.kernel.money import format_minor
from app.pledges.domain.model import STAGES, Movement, MovementStage, Pledge, Stage, Status

# The valuation day of an amount that has none: neither it nor the announcement of its pledge has a date.
NO_DAY: Final = date.max
_MOVING = (Stage.COMMITTED, Stage.ALLOCATED, Stage.DELIVERED)


class CourseRefusedError(ValueError):
    """A movement asks for more than stands at its date.

    Attributes:
        code: ``exceeds-remaining``, ``nothing-left``, ``pledge-unvalued`` or ``delivered-amount-unknown``.
        movement_id: the movement that does not fit.
        left: what would have fitted, in minor units; ``None`` where no amount would.
    """

    def __init__(self, code: str, movement_id: UUID, left: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.movement_id = movement_id
        self.left = left


@dataclass(frozen=True, slots=True)
class Step:
    """What one movement (or the announcement) does to one stage.

    Attributes:
        amount: signed minor units; ``None`` where the amount is unknown.
        valued_on: the day whose exchange rate converts it; ``NO_DAY`` where none does.
        implied: a later stage brought it about, no source says so.
        ends: an unknown amount is taken back.
        movement_id: what brought it about; ``None`` for the announcement.
    """

    stage: Stage
    span: Span
    amount: int | None
    valued_on: date
    implied: bool
    ends: bool = False
    movement_id: UUID | None = None


class Course:
    """The steps of a pledge and what they leave standing."""

    def __init__(self, pledge: Pledge) -> None:
        self.pledge = pledge
        self.steps: list[Step] = []
        self.reached: dict[Stage, int] = dict.fromkeys(STAGES, 0)
        self.unknown: set[Stage] = set()
        self._announced_on = valuation_day(pledge.announced, pledge.recorded_on)
        if not pledge.withdrawn:
            self._open()
            for movement in live_movements(pledge):
                self._move(movement)

    @property
    def status(self) -> Status:
        """The furthest stage at which anything stands."""
        if self.pledge.withdrawn:
            return Status.WITHDRAWN
        standing = [stage for stage in STAGES if self.reached[stage] or stage in self.unknown]
        return Status(standing[-1].value) if standing else Status.CANCELLED

    @property
    def stages(self) -> dict[str, str | None]:
        """What stands at each stage, as decimal strings; ``None`` where only an unknown amount does."""
        decimals = self.pledge.decimals
        return {
            stage.value: None
            if stage in self.unknown and not minor
            else format_minor(minor, decimals)
            for stage, minor in self.reached.items()
        }

    def _open(self) -> None:
        pledge, valued_on = self.pledge, self._announced_on
        for stage in (*pledge.opening.earlier, pledge.opening):
            implied = stage is not pledge.opening
            self.steps.append(Step(stage, pledge.announced, pledge.amount, valued_on, implied))
            if pledge.amount is None:
                self.unknown.add(stage)
            else:
                self.reached[stage] = pledge.amount

    def _move(self, movement: Movement) -> None:
        if not self.reached[Stage.PLEDGED] and Stage.PLEDGED not in self.unknown:
            raise CourseRefusedError("nothing-left", movement.id)
        if movement.amount is not None and self.pledge.amount is None:
            raise CourseRefusedError("pledge-unvalued", movement.id)
        if movement.stage is MovementStage.CANCELLED:
            self._cancel(movement)
        elif movement.amount is None:
            self._advance_unknown(movement)
        else:
            self._advance(movement, movement.amount)

    def _advance(self, movement: Movement, amount: int) -> None:
        target = Stage(movement.stage.value)
        left = self.reached[Stage.PLEDGED] - self.reached[target]
        if amount > left:
            raise CourseRefusedError("exceeds-remaining", movement.id, left)
        self._add(movement, target, amount, implied=False)
        for stage in target.earlier[1:]:
            gap = self.reached[target] - self.reached[stage]
            if gap > 0:
                self._add(movement, stage, gap, implied=True)

    def _advance_unknown(self, movement: Movement) -> None:
        target = Stage(movement.stage.value)
        for stage in (*target.earlier[1:], target):
            implied = stage is not target
            if implied and (self.reached[stage] or stage in self.unknown):
                continue
            self.unknown.add(stage)
            self._step(movement, stage, None, implied=implied)

    def _cancel(self, movement: Movement) -> None:
        if self.pledge.amount is None:
            self._cancel_unknown(movement)
            return
        left = self.reached[Stage.PLEDGED] - self.reached[Stage.DELIVERED]
        if movement.amount is None and Stage.DELIVERED in self.unknown:
            raise CourseRefusedError("delivered-amount-unknown", movement.id, left)
        amount = left if movement.amount is None else movement.amount
        if not 0 < amount <= left:
            raise CourseRefusedError(
                "exceeds-remaining" if left else "nothing-left", movement.id, left
            )
        standing = self.reached[Stage.PLEDGED] - amount
        for stage in Stage:
            over = self.reached[stage] - standing
            if over > 0:
                self._add(movement, stage, -over, implied=stage is not Stage.PLEDGED)
        if not standing:
            self._end_unknown(movement)

    def _cancel_unknown(self, movement: Movement) -> None:
        # Where part of an unvalued pledge was delivered, the part that is taken back is as unknown as the rest.
        if Stage.DELIVERED not in self.unknown:
            self._end_unknown(movement)

    def _end_unknown(self, movement: Movement) -> None:
        for stage in sorted(self.unknown):
            self._step(movement, stage, None, implied=stage is not Stage.PLEDGED, ends=True)
        self.unknown.clear()

    def _add(self, movement: Movement, stage: Stage, amount: int, *, implied: bool) -> None:
        self.reached[stage] += amount
        self._step(movement, stage, amount, implied=implied)

    def _step(
        self,
        movement: Movement,
        stage: Stage,
        amount: int | None,
        *,
        implied: bool,
        ends: bool = False,
    ) -> None:
        valued_on = self._announced_on
        if movement.on.is_dated:
            valued_on = valuation_day(movement.on, movement.recorded_on)
        self.steps.append(Step(stage, movement.on, amount, valued_on, implied, ends, movement.id))


def live_movements(pledge: Pledge) -> Iterator[Movement]:
    """The movements that count, in the order of the world; of one date, in the order of the stages.

    So a commitment of the same day as a delivery goes before it, whichever was recorded first.
    """
    if not pledge.movements:
        return iter(())
    order = list(MovementStage)
    live = [movement for movement in pledge.movements if not movement.withdrawn]
    return iter(sorted(live, key=lambda one: (one.on.last, one.on.first, order.index(one.stage))))


def valuation_day(span: Span, recorded_on: date) -> date:
    """The day whose rate converts an amount.

    The last day of its date (DESIGN section 2), or the day on which it was recorded where that came first: a year
    that is not over has no last working day yet. ``NO_DAY`` for no date: the day of recording says nothing of it.
    """
    return min(span.last, recorded_on) if span.is_dated else NO_DAY

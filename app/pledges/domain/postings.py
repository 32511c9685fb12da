"""Postings: what a version of a pledge adds to the totals, and the difference between two versions.

Amounts simply add up. Counts must not: a pledge with steps on two days stands behind both days, and once
behind any range that holds both. So counts are posted by inclusion and exclusion: +1 on each day, -1 on the span
that joins two neighbouring days. A range counts every posting whose span it contains, and every sum is then the exact
number of distinct pledges, although the roll-up knows no pledges.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

from app.kernel.canonical import Json
from app.kernel.dates import Span
from app.kernel.money import format_minor
from app.pledges.domain.course import NO_DAY, Course, Step
from app.pledges.domain.model import NO_CURRENCY, Pledge, Stage, decimals_of


class Cell(NamedTuple):
    """Where an effect is booked: one row of the roll-up. An undated one spans all of time."""

    donor: str
    aid_type: str
    instrument: str
    stage: str
    currency: str
    valued_on: date
    first: date
    last: date


class Effect(NamedTuple):
    """What is booked: minor units, pledges that stand behind them, pledges of unknown amount."""

    amount: int = 0
    pledges: int = 0
    unvalued: int = 0

    def plus(self, other: "Effect") -> "Effect":
        """Both together."""
        return Effect(
            self.amount + other.amount, self.pledges + other.pledges, self.unvalued + other.unvalued
        )

    def minus(self, other: "Effect") -> "Effect":
        """This without the other."""
        return Effect(
            self.amount - other.amount, self.pledges - other.pledges, self.unvalued - other.unvalued
        )


class Posting(NamedTuple):
    """A signed effect on one cell. ``implied`` tells steps that a later stage brought about."""

    cell: Cell
    implied: bool
    effect: Effect


Book = Mapping[tuple[Cell, bool], Effect]
NOTHING = Effect()


def book(pledge: Pledge | None) -> Book:
    """All effects of one version of a pledge; none for a pledge that is not there or was withdrawn."""
    return {} if pledge is None else book_course(Course(pledge))


def book_course(course: Course) -> Book:
    """As ``book``, where the course is known already."""
    by_stage: defaultdict[Stage, list[Step]] = defaultdict(list)
    for step in course.steps:
        by_stage[step.stage].append(step)
    effects: dict[tuple[Cell, bool], Effect] = {}
    for steps in by_stage.values():
        for step, effect in _stage_effects(steps):
            key = (_cell(course.pledge, step), step.implied)
            effects[key] = effects[key].plus(effect) if key in effects else effect
    return {key: effect for key, effect in effects.items() if effect != NOTHING}


def difference(before: Book, after: Book) -> list[Posting]:
    """The postings that turn one book into the other, in a stable order."""
    if not before:
        return [Posting(*key, effect) for key, effect in sorted(after.items())]
    keys = sorted(before.keys() | after.keys())
    changes = ((key, after.get(key, NOTHING).minus(before.get(key, NOTHING))) for key in keys)
    return [
        Posting(cell, implied, effect) for (cell, implied), effect in changes if effect != NOTHING
    ]


def posting_record(posting: Posting) -> Json:
    """A posting as it is hashed; the days are null where the effect is undated, that of its value where there is none.

    In this order: stage, first and last day, valuation day, donor, aid type, instrument, currency, amount, pledges,
    unvalued, implied.
    """
    cell, effect = posting.cell, posting.effect
    dated = cell.first != date.min
    return [
        cell.stage,
        cell.first.isoformat() if dated else None,
        cell.last.isoformat() if dated else None,
        None if cell.valued_on == NO_DAY else cell.valued_on.isoformat(),
        cell.donor,
        cell.aid_type,
        cell.instrument,
        cell.currency,
        format_minor(effect.amount, decimals_of(cell.currency)),
        effect.pledges,
        effect.unvalued,
        posting.implied,
    ]


def count_marks(spans: Iterable[Span], *, ended: Span | None = None) -> Iterator[tuple[Span, int]]:
    """Signed marks whose sum, over the marks that a range contains, is 1 if it contains a span and else 0.

    A span that contains another adds nothing, for a range that holds the wider one holds the narrower. The rest can be
    sorted so that any range holds neighbours only; each joint between two neighbours takes one back.

    Args:
        spans: where the pledge has steps.
        ended: the span of them all, where nothing is left standing: a range that contains all of it counts 0.
    """
    points = sorted(set(spans))
    narrow = [
        span
        for span in points
        if not any(span != other and span.contains(other) for other in points)
    ]
    for span in narrow:
        yield span, 1
    for left, right in pairwise(narrow):
        yield left.hull(right), -1
    if ended is not None:
        yield ended, -1


def _stage_effects(steps: list[Step]) -> Iterator[tuple[Step, Effect]]:
    """The amounts of one stage's steps, and the marks that count them."""
    if len(steps) == 1 and steps[0].amount:
        # As nearly always: what follows comes to the same, and takes ten times as long.
        yield steps[0], Effect(amount=steps[0].amount, pledges=1)
        return
    net: defaultdict[Span, int] = defaultdict(int)
    for step in steps:
        if step.amount is not None:
            net[step.span] += step.amount
            yield step, Effect(amount=step.amount)
    unknown = [step.span for step in steps if step.amount is None and not step.ends]
    endings = [step.span for step in steps if step.ends]
    spans = [*(span for span, amount in net.items() if amount), *unknown, *endings]
    if not spans:
        return
    stands = sum(net.values()) != 0 or bool(unknown and not endings)
    for span, mark in count_marks(spans, ended=None if stands else _hull(spans)):
        yield _mark(steps, span), Effect(pledges=mark)
    if unknown:
        ended = _hull([*unknown, *endings]) if endings else None
        for span, mark in count_marks(unknown, ended=ended):
            yield _mark(steps, span), Effect(unvalued=mark)


def _hull(spans: list[Span]) -> Span:
    return reduce(Span.hull, spans)


def _mark(steps: list[Step], span: Span) -> Step:
    """A step without money, for a count: booked beside the amount of the same span where there is one."""
    for step in steps:
        if step.span == span:
            return step
    valued_on = max(step.valued_on for step in steps)
    return Step(steps[0].stage, span, 0, valued_on, implied=False)


def _cell(pledge: Pledge, step: Step) -> Cell:
    return Cell(
        pledge.donor,
        pledge.aid_type.value,
        pledge.instrument.value,
        step.stage.value,
        pledge.currency or NO_CURRENCY,
        step.valued_on,
        step.span.first,
        step.span.last,
    )

"""What a change would do to what is pending, before it is recorded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.legislation.domain.dossier import Dossier
from app.legislation.domain.pending import Column, Standing, pending
from app.legislation.domain.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """What becomes of one column of a request, in minor units of its currency.

    Attributes:
        reference, donor: of the request.
        own: what is pending of it now, and then.
        total: what is pending of all requests of its donor in this currency, now and then.
    """

    reference: str
    donor: str
    column: Column
    currency: str
    own: tuple[int, int]
    total: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """That a request would be something else; ``None`` for before it was requested, and for one withdrawn."""

    reference: str
    before: State | None
    after: State | None


def foresee(
    now: Sequence[Dossier], then: Sequence[Dossier], others: Iterable[Dossier], on: date
) -> tuple[list[PendingChange], list[StateChange]]:
    """What changes of requests do to what is pending at the end of a day.

    What is only announced is in no sum of what is pending, and amounts that were not published are in none.

    Args:
        now: the requests as they are; without those that are new.
        then: the requests as they would be.
        others: all requests of their donors as they are, these among them or not.
        on: the day.
    """
    ids = {one.request.id for one in then}
    beside = [one for one in others if one.request.id not in ids]
    before = {one.request.id: one for one in now}
    moved = [
        change
        for one in then
        for change in _columns(before.get(one.request.id), one, [*beside, *now], on)
    ]
    states = []
    for one in then:
        was = before.get(one.request.id)
        old, new = was.state_on(on) if was else None, one.state_on(on)
        if old is not new:
            states.append(StateChange(reference=one.request.reference, before=old, after=new))
    return moved, states


def _columns(
    was: Dossier | None, one: Dossier, all_now: Sequence[Dossier], on: date
) -> Iterator[PendingChange]:
    request = one.request
    old, new = _sums([was] if was else [], on), _sums([one], on)
    total = _sums([each for each in all_now if each.request.donor == request.donor], on)
    for currency, column in sorted(old.keys() | new.keys()):
        key = (currency, column)
        if old[key] != new[key]:
            yield PendingChange(
                reference=request.reference,
                donor=request.donor,
                column=Column(column),
                currency=currency,
                own=(old[key], new[key]),
                total=(total[key], total[key] - old[key] + new[key]),
            )


def _sums(dossiers: Sequence[Dossier], on: date) -> Counter[tuple[str, str]]:
    """What is pending of all of them, by currency and column."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in pending(dossiers, on):
        if row.standing is not Standing.ANNOUNCED:
            sums[row.currency, row.column.value] += row.minor or 0
    return sums

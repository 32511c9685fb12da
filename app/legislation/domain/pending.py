"""What is pending on a day: asked of a parliament, known to the public, and neither law nor dead.

A pending amount is never a pledge. Each live line stands in exactly one column:

* ``amount``: money, that is cash and loans;
* ``authority``: ceilings on drawing from stocks, which are permission and not money;
* ``envelope``: multi-year frames, and commitment authorisations (the German VE), which turn into
  cash of later budgets and would be counted twice if they were added to it;
* ``in_kind``: the book value of materiel to be given;
* ``guarantee``: it is paid only where somebody else fails, so it is neither money nor a frame;
* ``out_of_scope``: whatever its kind, it is asked for in the same breath but not for the recipient,
  its region, or the donor's own cost of helping.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel.dates import Span
from app.legislation.domain.course import Course, is_vague
from app.legislation.domain.model import (
    AmountKind,
    Beneficiary,
    Component,
    Kind,
    LegislativeRequest,
    Line,
)
from app.legislation.domain.states import State


class Column(StrEnum):
    """Where a pending line stands; columns are never added to each other."""

    AMOUNT = "amount"
    AUTHORITY = "authority"
    ENVELOPE = "envelope"
    IN_KIND = "in_kind"
    GUARANTEE = "guarantee"
    OUT_OF_SCOPE = "out_of_scope"


_COLUMN_OF_KIND: Final = {
    AmountKind.CASH: Column.AMOUNT,
    AmountKind.LOAN: Column.AMOUNT,
    AmountKind.GUARANTEE: Column.GUARANTEE,
    AmountKind.AUTHORITY_CEILING: Column.AUTHORITY,
    AmountKind.ENVELOPE: Column.ENVELOPE,
    AmountKind.COMMITMENT_AUTHORISATION: Column.ENVELOPE,
    AmountKind.IN_KIND_VALUE: Column.IN_KIND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRow:
    """One line of one request that is pending.

    Attributes:
        request_id, reference, donor, kind: of the request.
        state: of the request on the day asked for; always an active one.
        minor: minor units of ``currency``; ``None`` where the amount was not published.
        valued_on: the day whose exchange rate converts the amount.
    """

    request_id: UUID
    reference: str
    donor: str
    kind: Kind
    state: State
    component: Component
    column: Column
    currency: str
    minor: int | None
    valued_on: date


def pending(requests: Iterable[LegislativeRequest], on: date) -> list[PendingRow]:
    """The live lines of the requests that are pending at the end of the day ``on``.

    Pending is a request in an active state that is known to the public. A line that is enacted by
    then is settled. A request without any line stands as one line of unknown amount.
    """
    return [row for request in requests for row in _rows(request, on)]


def pending_state(request: LegislativeRequest, on: date) -> State | None:
    """The active state that makes the request pending on the day; ``None`` where it is not."""
    if request.withdrawn or (request.published is not None and on < request.published.last):
        return None
    state = Course(request).state_on(on)
    return state if state is not None and state.is_active else None


def column_of(line: Line) -> Column:
    """The column that a line stands in."""
    if line.beneficiary is Beneficiary.NOT_IN_SCOPE:
        return Column.OUT_OF_SCOPE
    return _COLUMN_OF_KIND[line.amount_kind]


def valued_on(request: LegislativeRequest) -> date:
    """The day whose exchange rate converts the amounts: that of the request.

    Of a month or a year its last day, but none after the request was recorded. A request that has
    no date of its own, or a bare year, takes the day since which it is pending.
    """
    since = Course(request).pending_since or request.recorded_on
    requested = request.requested
    day = requested.last if requested.is_dated and not is_vague(requested) else since
    return min(day, request.recorded_on)


def _rows(request: LegislativeRequest, on: date) -> Iterator[PendingRow]:
    state = pending_state(request, on)
    if state is None:
        return
    unknown = PendingRow(
        request_id=request.id,
        reference=request.reference,
        donor=request.donor,
        kind=request.kind,
        state=state,
        component=Component.OTHER,
        column=Column.AMOUNT,
        currency=request.currency,
        minor=None,
        valued_on=valued_on(request),
    )
    if not request.lines:
        yield unknown
    for line in request.lines:
        if not is_settled(line.enacted, on):
            yield replace(
                unknown, component=line.component, column=column_of(line), minor=line.amount
            )


def is_settled(enacted: Span | None, on: date) -> bool:
    """Whether a line was enacted by the day."""
    return enacted is not None and enacted.last <= on

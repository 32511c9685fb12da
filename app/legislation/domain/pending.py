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

Only leaves of the tree of lines are counted; what a parent has beyond its parts is a leaf of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.legislation.domain.course import Course, is_vague
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import (
    AmountKind,
    Beneficiary,
    Component,
    EnactedLine,
    Kind,
    LegislativeRequest,
    Line,
)
from app.legislation.domain.standing import is_by, standings
from app.legislation.domain.states import State


class Column(StrEnum):
    """Where a pending line stands; columns are never added to each other."""

    AMOUNT = "amount"
    AUTHORITY = "authority"
    ENVELOPE = "envelope"
    IN_KIND = "in_kind"
    GUARANTEE = "guarantee"
    OUT_OF_SCOPE = "out_of_scope"


class Standing(StrEnum):
    """How firmly an amount is asked for; each has rows of its own.

    Attributes:
        PENDING: before the legislature.
        AWAITING_SIGNATURE: the legislature is done, the head of state is not.
        ANNOUNCED: not formally asked for yet; in no sum of what is pending.
    """

    PENDING = "pending"
    AWAITING_SIGNATURE = "awaiting_signature"
    ANNOUNCED = "announced"

    @classmethod
    def of(cls, state: State) -> "Standing":
        """The standing of what a request in this state asks for."""
        match state:
            case State.ANNOUNCED:
                return cls.ANNOUNCED
            case State.PASSED:
                return cls.AWAITING_SIGNATURE
            case _:
                return cls.PENDING


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
    """One line of one request that is pending or announced.

    Attributes:
        request_id, reference, donor, kind: of the request.
        state: of the request on the day asked for; an active one, or ``announced``.
        line: which; ``None`` for a request without any.
        minor: minor units of ``currency``; ``None`` where the amount was not published.
        valued_on: the day whose exchange rate converts the amount.
    """

    request_id: UUID
    reference: str
    donor: str
    kind: Kind
    state: State
    line: Line | None
    currency: str
    minor: int | None
    valued_on: date

    @property
    def component(self) -> Component:
        """What it is for."""
        return Component.OTHER if self.line is None else self.line.component

    @property
    def column(self) -> Column:
        """Where it stands."""
        return Column.AMOUNT if self.line is None else column_of(self.line)

    @property
    def standing(self) -> Standing:
        """How firmly it is asked for."""
        return Standing.of(self.state)


def pending(
    dossiers: Iterable[Dossier], on: date, known_on: date | None = None
) -> list[PendingRow]:
    """The live lines of the requests that are pending or announced at the end of the day ``on``.

    A line that is enacted by then is settled. A request without any line stands as one line of
    unknown amount.

    Args:
        dossiers: requests with their vehicles.
        on: what had happened by the end of this day.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """
    return [row for dossier in dossiers for row in _rows(dossier, on, known_on)]


def column_of(line: Line | EnactedLine) -> Column:
    """The column that a line stands in."""
    if line.beneficiary is Beneficiary.NOT_IN_SCOPE:
        return Column.OUT_OF_SCOPE
    return _COLUMN_OF_KIND[line.amount_kind]


def valued_on(request: LegislativeRequest, course: Course) -> date:
    """The day whose exchange rate converts the amounts: that of the request.

    Of a month or a year its last day, but none after the request was recorded. A request that has
    no date of its own, or a bare year, takes the day since which it is pending; one that is only
    announced that of the announcement.
    """
    since = course.pending_since or request.recorded_on
    for own in (request.requested, request.announced):
        if own.is_dated and not is_vague(own):
            return min(own.last, request.recorded_on)
    return min(since, request.recorded_on)


def _rows(dossier: Dossier, on: date, known_on: date | None) -> Iterator[PendingRow]:
    request = dossier.request
    state = dossier.state_on(on, known_on)
    if state is None or state.is_terminal:
        return
    when = valued_on(request, dossier.course(known_on))
    for line, minor in _live(request, state, on):
        yield PendingRow(
            request_id=request.id,
            reference=request.reference,
            donor=request.donor,
            kind=request.kind,
            state=state,
            line=line,
            currency=request.currency,
            minor=minor,
            valued_on=when,
        )


def _live(
    request: LegislativeRequest, state: State, on: date
) -> Iterator[tuple[Line | None, int | None]]:
    """What is still open of a request: each line with its minor units."""
    if not request.lines:
        yield None, None
    if state is State.ANNOUNCED:
        for line in request.leaves:
            if not is_by(line.enacted, on):
                yield line, line.amount
        return
    for one in standings(request, state, on):
        if one.is_live:
            yield one.line, None if one.line.amount is None else one.pending

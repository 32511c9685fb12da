"""The board: what parliaments have still to decide, in columns by how far it has got."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.db import ReadSession
from app.fx.domain import TARGETS
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.domain import (
    Column,
    Dossier,
    PendingLine,
    PendingQuery,
    State,
    age,
    pending_lines,
)
from app.legislation.domain.pending import column_of
from app.web.words import Unit, amount_words, count_words, day_words, donor_name, plain_words

COLUMNS: Final[Mapping[str, tuple[State, ...]]] = {
    "Submitted": (State.SUBMITTED,),
    "Committee": (State.IN_COMMITTEE, State.COMMITTEE_REPORTED),
    "Floor vote": (State.FLOOR, State.PASSED_ONE, State.RECONCILING, State.VETOED),
    "Passed, not signed": (State.PASSED,),
    "Partly enacted": (State.PARTLY_ENACTED,),
}
# What stands in these columns is no money of its own.
_UNCOUNTED: Final = frozenset({Column.OUT_OF_SCOPE})
_NAMES: Final[Mapping[Column, str]] = {
    Column.AMOUNT: "",
    Column.AUTHORITY: "of authority",
    Column.ENVELOPE: "as a frame",
    Column.IN_KIND: "in kind",
    Column.GUARANTEE: "guaranteed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One request: what it asks for, how long it has waited, and whether nobody has moved it for too long."""

    reference: str
    address: str
    title: str
    donor: str
    amounts: Sequence[str]
    waited: str
    since: str
    is_dormant: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board."""

    name: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is pending on a day.

    Attributes:
        money: what is asked for in money, converted; authority, frames and guarantees are no part of it.
        dormant: how many have been left alone for longer than their state usually takes.
    """

    on: str
    lanes: Sequence[Lane]
    requests: int
    dormant: int
    money: str
    unit: Unit

    @property
    def note(self) -> str:
        """How many, and what to look at."""
        told = count_words(self.requests, "request")
        return f"{told}, {self.dormant} dormant" if self.dormant else told


def address_of_request(reference: str) -> str:
    """Where one reads about a request."""
    return f"/v1/legislative-requests/{reference}"


def read_board(
    session: ReadSession, snapshot: Snapshot, on: date, currency: str, donors: Sequence[str] = ()
) -> Board:
    """The board at the end of a day; of these donors, or of all.

    Raises:
        NoExchangeRateError: an amount cannot be converted.
    """
    dossiers = legislation.list_dossiers(session, snapshot, donors=donors)
    by_id = {one.request.id: one for one in dossiers}
    lines: dict[str, list[PendingLine]] = {}
    for line in pending_lines(dossiers, on):
        lines.setdefault(line.request.reference, []).append(line)
    cards = [(one[0].state, _card(by_id[one[0].request.id], one, on)) for one in lines.values()]
    minor, unit = _money(session, snapshot, on, currency, donors)
    return Board(
        on=day_words(on),
        lanes=[
            Lane(name, [card for state, card in cards if state in states])
            for name, states in COLUMNS.items()
        ],
        requests=len(cards),
        dormant=sum(1 for _, card in cards if card.is_dormant),
        money=unit.format(minor, 1),
        unit=unit,
    )


def _money(
    session: ReadSession, snapshot: Snapshot, on: date, currency: str, donors: Sequence[str]
) -> tuple[int, Unit]:
    target = currency if currency in TARGETS else "EUR"
    query = PendingQuery(on=on, currency=target, donors=tuple(donors))
    total = legislation.read_pending(session, query, snapshot).total
    minor = sum(one.minor.get(Column.AMOUNT, 0) for one in total.by_currency)
    return minor, Unit.fitting(target, minor)


def _card(dossier: Dossier, lines: Sequence[PendingLine], on: date) -> Card:
    request, first = dossier.request, lines[0]
    ageing = age(dossier.course(), on)
    silent = ageing.days_since_substantive_action
    return Card(
        reference=request.reference,
        address=address_of_request(request.reference),
        title=request.title,
        donor=donor_name(request.donor),
        amounts=list(_amounts(lines, request.currency)),
        waited=f"{plain_words(first.state.value)}, pending {count_words(first.days_pending or 0, 'day')}",
        since=f"no action for {silent} d" if silent is not None else "no date",
        is_dormant=ageing.dormant,
    )


def _amounts(lines: Iterable[PendingLine], currency: str) -> Iterable[str]:
    sums: dict[Column, int] = {}
    for line in lines:
        if line.pending is not None:
            column = column_of(line.line)
            sums[column] = sums.get(column, 0) + line.pending
    counted = {column: minor for column, minor in sums.items() if column not in _UNCOUNTED}
    if not counted:
        yield "no amount published"
    for column, minor in counted.items():
        yield f"{amount_words(minor, currency)} {_NAMES[column]}".strip()

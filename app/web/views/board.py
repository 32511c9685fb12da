"""The board: what parliaments have still to decide, in columns by how far it has got."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.db import ReadSession
from app.fx.domain import TARGETS
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.domain import (
    Column,
    Dimension,
    Dossier,
    LegislativeRequest,
    PendingFigures,
    PendingLine,
    PendingQuery,
    State,
    age,
    pending_lines,
)
from app.legislation.domain.alerts import Alert, Rule, alerts
from app.legislation.domain.pending import column_of
from app.web.words import (
    Unit,
    amount_words,
    count_words,
    day_words,
    donor_name,
    group_digits,
    plain_words,
)

COLUMNS: Final[Mapping[str, tuple[State, ...]]] = {
    "Submitted": (State.SUBMITTED,),
    "Committee": (State.IN_COMMITTEE, State.COMMITTEE_REPORTED),
    "Floor vote": (State.FLOOR, State.PASSED_ONE, State.RECONCILING, State.VETOED),
    "Passed, not signed": (State.PASSED,),
    "Partly enacted": (State.PARTLY_ENACTED,),
}
NAMES_OF_COLUMNS: Final[Mapping[Column, str]] = {
    Column.AMOUNT: "",
    Column.AUTHORITY: "of authority",
    Column.ENVELOPE: "as a frame",
    Column.IN_KIND: "in kind",
    Column.GUARANTEE: "guaranteed",
    Column.OUT_OF_SCOPE: "outside the scope",
}
# Rules that are about a day by which something should be decided, and the name of that day in their causes.
_DEADLINES: Final[Mapping[Rule, str]] = {
    Rule.PERIOD_ENDS: "ends_on",
    Rule.SESSION_ENDS: "ends_on",
    Rule.DEPENDENT_DUE: "due_on",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A word about a request that should be looked at; ``css`` says how much."""

    text: str
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One request: what it asks for, how long it has waited, and what makes it worth a look."""

    reference: str
    address: str
    title: str
    donor: str
    amounts: Sequence[str]
    waited: str
    since: str
    marks: Sequence[Mark]
    days: int
    is_dormant: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One column of the board.

    Attributes:
        sums: what its requests ask for, each kind of amount by itself.
        requests: how many there are, also those that are left out.
    """

    name: str
    cards: Sequence[Card]
    sums: Sequence[str]
    requests: int

    @property
    def left_out(self) -> int:
        """How many are not shown."""
        return self.requests - len(self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is pending on a day.

    Attributes:
        money: what is asked for in money, converted; authority, frames and guarantees are no part of it.
        dormant: how many have been left alone for longer than their state usually takes.
        overdue: how many should have been decided by a day that is over.
        figures: what the sums were made of.
        alerts: what the marks were made of, and the others of the same requests.
    """

    on: str
    lanes: Sequence[Lane]
    requests: int
    dormant: int
    overdue: int
    money: str
    unit: Unit
    figures: PendingFigures
    alerts: Sequence[Alert]

    @property
    def note(self) -> str:
        """How many, and what to look at."""
        told = [count_words(self.requests, "request")]
        told += [f"{self.overdue} overdue"] if self.overdue else []
        told += [f"{self.dormant} dormant"] if self.dormant else []
        return ", ".join(told)


def address_of_request(reference: str) -> str:
    """Where one reads about a request."""
    return f"/legislation/{reference}"


def address_of_vehicle(vehicle_id: UUID) -> str:
    """Where one reads about a bill or a decision that carries requests."""
    return f"/legislation/vehicles/{vehicle_id}"


def usual_query(on: date, currency: str, donors: Sequence[str] = ()) -> PendingQuery:
    """What is pending at the end of a day; of these donors, or of all."""
    target = currency if currency in TARGETS else TARGETS[0]
    return PendingQuery(on=on, currency=target, donors=tuple(donors))


def read_board(
    session: ReadSession,
    snapshot: Snapshot,
    query: PendingQuery,
    dossiers: Sequence[Dossier] | None = None,
    most: int | None = None,
) -> Board:
    """The board of a query in one currency.

    Args:
        session: where the requests are.
        snapshot: the state of the ledger.
        query: the day, the currency, donors and kinds.
        dossiers: of these donors, where they have been read already.
        most: so many cards stand in a column.

    Raises:
        NoExchangeRateError: an amount cannot be converted.
    """
    if dossiers is None:
        dossiers = legislation.list_dossiers(session, snapshot, donors=query.donors)
    asked = [one for one in dossiers if not query.kinds or one.request.kind in query.kinds]
    by_id = {one.request.id: one for one in asked}
    lines: dict[str, list[PendingLine]] = {}
    for line in pending_lines(asked, query.on, query.known_on):
        lines.setdefault(line.request.reference, []).append(line)
    waiting = [by_id[one[0].request.id] for one in lines.values()]
    standing = [one for one in alerts(waiting, query.on, query.known_on) if one.ceased is None]
    cards = [
        (one[0].state, _card(by_id[one[0].request.id], one, query, standing))
        for one in lines.values()
    ]
    figures = legislation.read_pending(session, _by_state(query), snapshot)
    minor = sum(one.minor.get(Column.AMOUNT, 0) for one in figures.total.by_currency)
    unit = Unit.fitting(query.currency, minor)
    return Board(
        on=day_words(query.on),
        lanes=[_lane(name, states, cards, figures, most) for name, states in COLUMNS.items()],
        requests=len(cards),
        dormant=sum(1 for _, card in cards if card.is_dormant),
        overdue=sum(1 for _, card in cards if card.is_overdue),
        money=unit.format(minor, 1),
        unit=unit,
        figures=figures,
        alerts=standing,
    )


def sums_words(minor: Mapping[Column, int], currency: str) -> list[str]:
    """Sums by column, each with its name; they are never added to each other."""
    return [
        f"{amount_words(minor[column], currency)} {name}".strip()
        for column, name in NAMES_OF_COLUMNS.items()
        if minor.get(column)
    ]


def asked_words(request: LegislativeRequest) -> list[str]:
    """What a request asks for in its own currency, whatever became of it."""
    sums: Counter[Column] = Counter()
    for line in request.leaves:
        if line.amount is not None:
            sums[column_of(line)] += line.amount
    return sums_words(sums, request.currency) or ["no amount published"]


def _by_state(query: PendingQuery) -> PendingQuery:
    return PendingQuery(
        on=query.on,
        known_on=query.known_on,
        by=(Dimension.STATE,),
        currency=query.currency,
        rate_of=query.rate_of,
        donors=query.donors,
        kinds=query.kinds,
    )


def _lane(
    name: str,
    states: Sequence[State],
    cards: Iterable[tuple[State, Card]],
    figures: PendingFigures,
    most: int | None,
) -> Lane:
    """Its cards, the one that has waited longest first."""
    own = sorted((card for state, card in cards if state in states), key=lambda one: -one.days)
    sums: Counter[Column] = Counter()
    for row in figures.rows:
        if row.key[0] in states:
            sums.update(row.sums.minor)
    return Lane(name, own[:most], sums_words(sums, figures.query.currency), len(own))


def _card(
    dossier: Dossier, lines: Sequence[PendingLine], query: PendingQuery, standing: Iterable[Alert]
) -> Card:
    request, first = dossier.request, lines[0]
    ageing = age(dossier.course(query.known_on), query.on)
    silent = ageing.days_since_substantive_action
    own = [one for one in standing if one.request.id == request.id]
    marks = [*_deadlines(own, query.on)]
    if ageing.dormant:
        marks.append(Mark(f"dormant: no action for {silent} d", "late"))
    return Card(
        reference=request.reference,
        address=address_of_request(request.reference),
        title=request.title,
        donor=donor_name(request.donor),
        amounts=list(_amounts(lines, request.currency)),
        waited=f"{plain_words(first.state.value)}, pending {count_words(first.days_pending or 0, 'day')}",
        since=f"last action {silent} d ago" if silent is not None else "no date",
        marks=marks,
        days=first.days_pending or 0,
        is_dormant=ageing.dormant,
        is_overdue=any(mark.text.startswith("overdue") for mark in marks),
    )


def _deadlines(standing: Iterable[Alert], on: date) -> Iterator[Mark]:
    """By when it should be decided: the nearest day that is over, or that is near."""
    days = sorted(
        date.fromisoformat(one.cause[_DEADLINES[one.rule]])
        for one in standing
        if one.rule in _DEADLINES
    )
    if days and days[0] < on:
        yield Mark(f"overdue {group_digits(str((on - days[0]).days))} d", "bad")
    elif days:
        yield Mark(f"due in {(days[0] - on).days} d", "late")


def _amounts(lines: Iterable[PendingLine], currency: str) -> Iterator[str]:
    sums: Counter[Column] = Counter()
    for line in lines:
        if line.pending is not None:
            sums[column_of(line.line)] += line.pending
    # What is not for the recipient is no reason to look at a card.
    sums.pop(Column.OUT_OF_SCOPE, None)
    yield from sums_words(sums, currency) or ["no amount published"]

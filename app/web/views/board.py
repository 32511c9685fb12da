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
from app.web import charts
from app.web.charts import Wait, WaitGroup
from app.web.views.drawings import Cell, Drawing, Exact, Head, exact_money
from app.web.views.filters import View
from app.web.views.twins import Block, Twin, file_address
from app.web.words import (
    NOTHING,
    Unit,
    amount_words,
    count_words,
    day_words,
    donor_name,
    group_digits,
    plain_words,
)

FILTERS: Final = ("donor", "kind", "on", "currency", "as_of")
BOARD: Final = Block(name="board", takes=(*FILTERS, "most"), height=720)
# What the board and the page of a request have in common.
_OF_THE_MOMENT: Final = ("on", "as_of")
# A bar says by its colour what the mark beside it says in words.
_CALM, _DORMANT, _OVERDUE = "band-1", "band-3", "band-4"
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
    silent_days: int | None
    exact_amounts: str
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


def moment_of(view: View) -> Mapping[str, str]:
    """The parameters that say which day a view is about, and as known when."""
    return {name: view.texts[name] for name in _OF_THE_MOMENT if name in view.texts}


def address_of_request(reference: str, moment: Mapping[str, str] = {}) -> str:
    """Where one reads about a request; of another moment than now where that is asked for."""
    return View(f"/legislation/{reference}", moment).address()


def pending_twins(view: View) -> list[Twin]:
    """What the board adds up, request by request, as files of the API."""

    def address(path: str, **more: str) -> str:
        return file_address(path, view, FILTERS, more)

    by = "state,request,donor"
    return [
        Twin("XLSX", address("/v1/reports/legislation.xlsx"), "Legislation, workbook"),
        Twin(
            "CSV",
            address("/v1/legislative-requests/pending.csv", by=by),
            "Pending amounts by request, CSV",
        ),
        Twin(
            "JSON",
            address("/v1/legislative-requests/pending", by=by),
            "Pending amounts by request, JSON",
        ),
    ]


def board_pictures(view: View, board: "Board", most: int | None = None) -> list[Twin]:
    """The board as a picture, where there is something on it."""
    if not board.requests:
        return []
    return [BOARD.picture(view, "Pending requests", **({"most": str(most)} if most else {}))]


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
    moment: Mapping[str, str],
    dossiers: Sequence[Dossier] | None = None,
    most: int | None = None,
) -> Board:
    """The board of a query in one currency.

    Args:
        session: where the requests are.
        snapshot: the state of the ledger.
        query: the day, the currency, donors and kinds.
        moment: what the cards' links say of the moment, see ``moment_of``.
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
        (one[0].state, _card(by_id[one[0].request.id], one, query, standing, moment))
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


def draw_board(board: Board) -> Drawing | None:
    """How long each request has waited, state by state; ``None`` where none is pending."""
    if not board.requests:
        return None
    groups = [
        WaitGroup(
            name=f"{lane.name}, {lane.requests}",
            notes=lane.sums or ["no amount published"],
            waits=[_wait(card) for card in lane.cards],
            more=f"and {lane.left_out} more" if lane.left_out else "",
        )
        for lane in board.lanes
        if lane.requests
    ]
    title = f"Pending in parliaments on {board.on}, by state and days waited"
    said = "; ".join(f"{one.name}: {', '.join(one.notes)}" for one in groups)
    return Drawing(
        title=title,
        drawn=charts.waits(groups, name="board", title=title, description=f"{said}. {board.note}."),
        heads=[
            Head("Request", "request"),
            Head("State", "state"),
            Head("Title", "title"),
            Head("Donor", "donor"),
            Head("Asked for", "amount"),
            Head("Days pending", "days_pending", is_number=True),
            Head("Days since the last action", "days_silent", is_number=True),
            Head("To look at", "marks"),
        ],
        rows=[_cells(lane, card) for lane in board.lanes for card in lane.cards],
        notes=["What is asked for is not promised: none of it is in any total of pledges."],
    )


def _wait(card: Card) -> Wait:
    css = _OVERDUE if card.is_overdue else _DORMANT if card.is_dormant else _CALM
    marks = [mark.text.partition(":")[0] for mark in card.marks]
    return Wait(
        name=f"{card.reference} · {card.donor}",
        days=card.days,
        text=", ".join([count_words(card.days, "day"), *marks]),
        css=css,
    )


def _cells(lane: Lane, card: Card) -> list[Cell]:
    silent = card.silent_days
    return [
        card.reference,
        lane.name,
        card.title,
        card.donor,
        Exact(", ".join(card.amounts), card.exact_amounts),
        Exact(group_digits(str(card.days)), card.days),
        Exact(NOTHING if silent is None else group_digits(str(silent)), silent),
        ", ".join(mark.text for mark in card.marks),
    ]


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
    dossier: Dossier,
    lines: Sequence[PendingLine],
    query: PendingQuery,
    standing: Iterable[Alert],
    moment: Mapping[str, str],
) -> Card:
    request, first = dossier.request, lines[0]
    ageing = age(dossier.course(query.known_on), query.on)
    silent = ageing.days_since_substantive_action
    own = [one for one in standing if one.request.id == request.id]
    sums = _sums(lines)
    marks = [*_deadlines(own, query.on)]
    if ageing.dormant:
        marks.append(Mark(f"dormant: no action for {silent} d", "late"))
    return Card(
        reference=request.reference,
        address=address_of_request(request.reference, moment),
        title=request.title,
        donor=donor_name(request.donor),
        amounts=sums_words(sums, request.currency) or ["no amount published"],
        waited=f"{plain_words(first.state.value)}, pending {count_words(first.days_pending or 0, 'day')}",
        since=f"last action {silent} d ago" if silent is not None else "no date",
        marks=marks,
        days=first.days_pending or 0,
        silent_days=silent,
        exact_amounts=_exact_words(sums, request.currency),
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


def _sums(lines: Iterable[PendingLine]) -> Counter[Column]:
    """What is pending of a request, by kind of amount, in minor units."""
    sums: Counter[Column] = Counter()
    for line in lines:
        if line.pending is not None:
            sums[column_of(line.line)] += line.pending
    # What is not for the recipient is no reason to look at a card.
    sums.pop(Column.OUT_OF_SCOPE, None)
    return sums


def _exact_words(minor: Mapping[Column, int], currency: str) -> str:
    """The sums of a card without rounding: ``90000000.00 USD; 5000000.00 USD of authority``."""
    return "; ".join(
        f"{exact_money(minor[column], currency)} {currency} {name}".strip()
        for column, name in NAMES_OF_COLUMNS.items()
        if minor.get(column)
    )

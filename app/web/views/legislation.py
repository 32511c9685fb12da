"""Legislation: the board with its sums, what is only announced, what to look at, and what became of the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from app.db import ReadSession
from app.fx.domain import TARGETS
from app.journal.domain import Snapshot
from app.kernel.dates import format_span
from app.legislation import service as legislation
from app.legislation.domain import (
    Column,
    Dossier,
    Kind,
    LegislativeRequest,
    PendingQuery,
    State,
    age,
)
from app.legislation.domain.alerts import Alert
from app.legislation.domain.pending import column_of
from app.legislation.domain.standing import standings
from app.legislation.schemas import PendingFilterParams
from app.web.views.board import (
    Board,
    address_of_request,
    asked_words,
    read_board,
    sums_words,
)
from app.web.views.filters import FilterBar, Option, View, read_params
from app.web.views.twins import Twin
from app.web.words import Unit, count_words, day_words, donor_name, plain_words

NAMES: Final = ("donor", "kind", "on", "currency", "as_of")
MOST_ALERTS: Final = 40
MOST_ENDED: Final = 200
_FIGURES: Final[Mapping[Column, tuple[str, str]]] = {
    Column.AMOUNT: ("Money asked for", "grants and loans"),
    Column.AUTHORITY: ("Authority", "ceilings to draw from stocks; permission and not money"),
    Column.ENVELOPE: ("Frames", "several years ahead; they turn into later budgets"),
    Column.IN_KIND: ("In kind", "book value of materiel"),
    Column.GUARANTEE: ("Guarantees", "paid only where somebody else fails"),
    Column.OUT_OF_SCOPE: ("Outside the scope", "asked for in the same breath, not for Ukraine"),
}


@dataclass(frozen=True, slots=True)
class LegislationFilterBar(FilterBar):
    """The fields of the page's own bar."""

    @property
    def kinds(self) -> list[Option]:
        """All, then each."""
        named = {one.value: plain_words(one.value).capitalize() for one in Kind}
        return self._options("kind", {"": "Any kind", **named})

    @property
    def currencies(self) -> list[Option]:
        """Those that pending amounts are converted into."""
        return self._options("currency", {code: code for code in TARGETS})


@dataclass(frozen=True, slots=True)
class Figure:
    """The sum of one kind of amount; kinds are never added to each other."""

    name: str
    figure: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One thing to look at."""

    reference: str
    address: str
    title: str
    sentence: str
    severity: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A request as one line: what it asked for, and what became of it."""

    reference: str
    address: str
    donor: str
    title: str
    kind: str
    requested: str
    asked: Sequence[str]
    enacted: Sequence[str]
    state: str
    state_css: str
    ended: str
    took: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegislationPage:
    """All that the page shows."""

    basis: str
    board: Board
    figures: Sequence[Figure]
    notes: Sequence[str]
    announced: Sequence[RequestLine]
    announced_sums: Sequence[str]
    alerts: Sequence[AlertLine]
    more_alerts: int
    ended: Sequence[RequestLine]
    more_ended: int
    twins: Sequence[Twin]
    calendar: str
    feed: str


def read_query(view: View, snapshot: Snapshot, today: date) -> PendingQuery:
    """What a view asks for, by the rules of ``/v1/legislative-requests/pending``.

    Raises:
        InvalidError: it cannot be read.
    """
    asked = {**view.texts, "currency": view.get("currency")}
    return read_params(PendingFilterParams, asked).to_query(today, snapshot.day)


def read_legislation(
    session: ReadSession, view: View, snapshot: Snapshot, today: date
) -> LegislationPage:
    """The page of a view as of a snapshot.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    query = read_query(view, snapshot, today)
    dossiers = [
        one
        for one in legislation.list_dossiers(session, snapshot, donors=query.donors)
        if not query.kinds or one.request.kind in query.kinds
    ]
    board = read_board(session, snapshot, query, dossiers)
    ended = lines_of(dossiers, query, lambda state: state.is_terminal)
    announced = lines_of(dossiers, query, lambda state: state is State.ANNOUNCED)
    told = [_alert_line(one) for one in board.alerts]
    later = board.figures.announced_total.by_currency
    filters = _filters(view, "donor")
    return LegislationPage(
        basis=f"What was pending at the end of {day_words(query.on)} · ledger revision {snapshot.revision}"
        f" · {query.currency} at the rate of each request's own day",
        board=board,
        figures=_figures(board, query.currency),
        notes=_notes(board),
        announced=announced,
        announced_sums=sums_words(later[0].minor, query.currency) if later else [],
        alerts=told[:MOST_ALERTS],
        more_alerts=max(len(told) - MOST_ALERTS, 0),
        ended=ended[:MOST_ENDED],
        more_ended=max(len(ended) - MOST_ENDED, 0),
        twins=_twins(view),
        calendar=f"/v1/legislative-requests/calendar.ics{filters}",
        feed=f"/v1/legislative-requests/changes.atom{filters}",
    )


def lines_of(
    dossiers: Iterable[Dossier], query: PendingQuery, admits: Callable[[State], bool]
) -> list[RequestLine]:
    """The requests whose state on the day is one of those, the last decided or asked for first."""
    told = [
        (_key(one, query), _line(one, state, query))
        for one in dossiers
        if (state := one.state_on(query.on, query.known_on)) and admits(state)
    ]
    return [line for _, line in sorted(told, key=lambda pair: pair[0], reverse=True)]


def _key(dossier: Dossier, query: PendingQuery) -> tuple[date, str]:
    course = dossier.course(query.known_on)
    day = course.end.day if course.end else course.pending_since
    return day or date.min, dossier.request.reference


def _line(dossier: Dossier, state: State, query: PendingQuery) -> RequestLine:
    request, course = dossier.request, dossier.course(query.known_on)
    ageing = age(course, query.on)
    enacted: dict[Column, int] = {}
    for one in standings(request, state, query.on):
        column = column_of(one.line)
        enacted[column] = enacted.get(column, 0) + one.enacted
    is_over = course.end is not None and course.end.day <= query.on
    took = ageing.days_to_decision
    return RequestLine(
        reference=request.reference,
        address=address_of_request(request.reference),
        donor=donor_name(request.donor),
        title=request.title,
        kind=plain_words(request.kind.value),
        requested=_requested(request),
        asked=asked_words(request),
        enacted=sums_words(enacted, request.currency),
        state=plain_words(state.value),
        state_css=state.value,
        ended=day_words(format_span(course.end.action.on)) if course.end and is_over else "",
        took=count_words(took, "day") if took is not None else "",
    )


def _requested(request: LegislativeRequest) -> str:
    """When it was asked for; where nobody says, when it was announced that it would be."""
    if not request.requested.is_dated and request.announced.is_dated:
        return f"announced {day_words(format_span(request.announced))}"
    return day_words(format_span(request.requested))


def _figures(board: Board, currency: str) -> list[Figure]:
    [minor] = [one.minor for one in board.figures.total.by_currency] or [{}]
    waiting = [one.minor for one in board.figures.awaiting_signature.by_currency]
    shown = []
    for column, (name, note) in _FIGURES.items():
        amount = minor.get(column, 0)
        if not amount and column is not Column.AMOUNT:
            continue
        unit = Unit.fitting(currency, amount)
        passed = waiting[0].get(column, 0) if waiting else 0
        awaits = f"; {unit.format(passed)} of it awaits signature" if passed else ""
        shown.append(Figure(name, unit.format(amount), unit.name, note + awaits))
    return shown


def _notes(board: Board) -> list[str]:
    notes = ["What is asked for is not promised: none of it is in any total of pledges."]
    unvalued = board.figures.total.unvalued
    if unvalued:
        notes.append(f"{count_words(unvalued, 'line has', 'lines have')} no published amount.")
    if board.figures.provisional:
        notes.append("The latest rates are provisional.")
    return notes


def _alert_line(alert: Alert) -> AlertLine:
    return AlertLine(
        reference=alert.request.reference,
        address=address_of_request(alert.request.reference),
        title=alert.request.title,
        sentence=alert.sentence,
        severity=alert.severity.value,
        since=day_words(alert.began),
    )


def _twins(view: View) -> list[Twin]:
    pending = _filters(view, *NAMES)
    return [
        Twin("XLSX", f"/v1/reports/legislation.xlsx{pending}", "Legislation, workbook"),
        Twin("CSV", f"/v1/legislative-requests/pending.csv{pending}", "Pending amounts, CSV"),
        Twin("JSON", f"/v1/legislative-requests/pending{pending}", "Pending amounts, JSON"),
    ]


def _filters(view: View, *names: str) -> str:
    texts = {name: view.get(name) for name in names if view.get(name)}
    return f"?{urlencode(texts, safe=',:')}" if texts else ""

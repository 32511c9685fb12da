"""One request to a parliament: what was asked, what happened, who voted how, and what became of each line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.kernel.dates import Span, format_span
from app.kernel.findings import Collector
from app.kernel.money import format_minor
from app.kernel.sources import Source
from app.legislation import service as legislation
from app.legislation.domain import (
    Claim,
    Condition,
    Dossier,
    EnactedLine,
    LegislativeRequest,
    Line,
    LineStanding,
    State,
    Step,
    Vote,
    age,
    course_of_vehicle,
    standings,
)
from app.legislation.domain.alerts import alerts
from app.legislation.domain.pending import column_of
from app.legislation.schemas.queries import read_day
from app.pledges import service as pledges
from app.web import charts
from app.web.charts import MOST_MOMENTS, Bar, Moment
from app.web.views.board import NAMES_OF_COLUMNS, address_of_request, asked_words
from app.web.views.changes import EntryStory, tell_request
from app.web.views.drawings import Cell, Drawing, Exact, Head, exact_money
from app.web.views.filters import View
from app.web.views.pledges import BOUNDS
from app.web.views.sharing import Sharing, share
from app.web.views.twins import Block, Twin, file_address
from app.web.words import NOTHING, count_words, day_words, donor_name, exact_words, plain_words

NAMES: Final = ("on", "as_of")
COURSE: Final = Block(name="request-course", takes=("request", *NAMES), height=360)
AGAINST: Final = Block(name="request-enacted", takes=("request", *NAMES), height=460)
Draw = Callable[[Dossier, date], Drawing | None]
# The colours of a chart's marks: what moves on, what is law, what is over without one.
_UNDER_WAY: Final = "band-1"
_LAW: Final = "band-6"
_OVER: Final = "band-4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One action: what happened, what the request was after it, and how was voted."""

    on: str
    body: str
    text: str
    state: str
    state_css: str
    vote: str
    vehicle: str
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """What one source says of an amount."""

    amount: str
    source: Source | None
    retrieved: str
    is_preferred: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One line of the request; a part of another one stands below it and is set in."""

    css: str
    label: str
    note: str | None
    amount: str
    kind: str
    whom: str
    outcome: Sequence[str]
    claims: Sequence[ClaimLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedBy:
    """A vehicle of the request."""

    name: str
    title: str
    role: str
    since: str
    state: str
    state_css: str
    law: str | None
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """That something hangs on the request, or it on something: with words before and behind the link."""

    before: str
    name: str
    address: str
    behind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """All that the page shows.

    Attributes:
        timeline: what moved it; ``None`` where nothing did.
        against: what is law of each line against what was asked for; ``None`` where nothing is decided.
        permanent: of the same page, by day and revision.
    """

    request: LegislativeRequest
    donor: str
    basis: str
    state: str
    state_css: str
    flags: Sequence[str]
    facts: Sequence[tuple[str, str]]
    twins: Sequence[Twin]
    amounts: Sequence[str]
    alerts: Sequence[str]
    timeline: Drawing | None
    course_twins: Sequence[Twin]
    course_sharing: Sharing
    happened: Sequence[Happening]
    ahead: Sequence[Happening]
    lines: Sequence[AskedLine]
    against: Drawing | None
    against_twins: Sequence[Twin]
    against_sharing: Sharing
    vehicles: Sequence[CarriedBy]
    relations: Sequence[Tie]
    funded: Sequence[Tie]
    waiting: Sequence[Tie]
    history: Sequence[EntryStory]
    permanent: str


def read_on(view: View, snapshot: Snapshot, today: date) -> date:
    """The day that is asked about, at its end.

    Raises:
        InvalidError: it cannot be read, or has not come yet.
    """
    collector = Collector()
    on = collector.find(lambda text: read_day(text, today), "?on", view.texts.get("on"))
    collector.finish()
    return on or snapshot.day or today


def read_request(
    session: ReadSession,
    view: View,
    dossier: Dossier,
    revision: int,
    snapshot: Snapshot,
    on: date,
) -> RequestPage:
    """The page of one request, whose version has this revision, as of a snapshot, at the end of a day."""
    request = dossier.request
    course = dossier.course()
    state = dossier.state_on(on)
    split = {one.line.key: one for one in standings(request, state, on)}
    reference, own = request.reference, {"request": request.reference}
    timeline, against = draw_course(dossier, on), draw_against(dossier, on)
    permanent = view.address(on=on.isoformat(), as_of=str(snapshot.revision))
    standing = [one for one in alerts([dossier], on) if one.ceased is None]
    points = [point for point in course.points if point.step.day <= on]
    items = legislation.list_history(session, request.id, snapshot)
    return RequestPage(
        request=request,
        donor=donor_name(request.donor),
        basis=f"{request.reference} · version {request.version} · at the end of {day_words(on)}"
        f" · ledger revision {revision}",
        state=plain_words(state.value) if state else "not requested yet",
        state_css=state.value if state else "",
        flags=[plain_words(flag.value) for flag in course.flags_on(on)],
        facts=list(_facts(dossier, on)),
        twins=[
            Twin(
                "JSON",
                file_address(f"/v1/legislative-requests/{reference}", view, NAMES, {}),
                "This request, JSON",
            )
        ],
        amounts=asked_words(request),
        alerts=[one.sentence for one in standing],
        timeline=timeline,
        course_twins=COURSE.files(view, f"Course of {reference}", **own) if timeline else [],
        course_sharing=share(
            COURSE, view, f"What became of {reference}", snapshot, permanent, **own
        ),
        happened=[_happening(one.step, one.state) for one in points],
        ahead=[_happening(step, None) for step in course.steps if step.day > on],
        lines=[_asked(line, request, split.get(line.key)) for line in request.lines],
        against=against,
        against_twins=AGAINST.files(view, f"What is law of {reference}", **own) if against else [],
        against_sharing=share(
            AGAINST, view, f"What is law of {reference}", snapshot, permanent, **own
        ),
        vehicles=list(_vehicles(dossier, on)),
        relations=_relations(session, request, snapshot),
        funded=_funded(session, request, snapshot),
        waiting=_waiting(session, request, snapshot),
        history=[tell_request(item, request) for item in reversed(items)],
        permanent=permanent,
    )


def _facts(dossier: Dossier, on: date) -> Iterator[tuple[str, str]]:
    request, course = dossier.request, dossier.course()
    ageing = age(course, on)
    yield "Kind", plain_words(request.kind.value)
    told: Iterable[tuple[str, str | None]] = (
        ("Asked by", request.requesting_office),
        ("Addressed to", request.addressed_to),
        ("Under", request.legal_basis),
        ("Announced", _day(request.announced)),
        ("Requested", _day(request.requested)),
        ("For the time of", _day(request.period)),
        ("Published", _day(request.published)),
        ("Decided", _day(course.end.action.on) if course.end and course.end.day <= on else None),
    )
    yield from ((name, text) for name, text in told if text)
    if ageing.days_to_decision is not None:
        yield "Took", count_words(ageing.days_to_decision, "day")
    elif ageing.days_pending is not None:
        yield "Pending for", count_words(ageing.days_pending, "day")
    if ageing.days_since_substantive_action is not None:
        late = "; dormant" if ageing.dormant else ""
        days = count_words(ageing.days_since_substantive_action, "day")
        yield "Last action", f"{days} ago{late}"
    yield "Checked", request.verification.value


def _day(span: Span | None) -> str | None:
    text = format_span(span) if span else None
    return day_words(text) if text else None


def draw_course(dossier: Dossier, on: date) -> Drawing | None:
    """What changed the state by a day; of very many turns the first, and the last ones; ``None`` of no turn."""
    request = dossier.request
    turns = [
        (one.step.day, one.state)
        for one in dossier.course().points
        if one.state and one.step.day <= on
    ]
    moved = [
        turn for place, turn in enumerate(turns) if not place or turns[place - 1][1] is not turn[1]
    ]
    if len(moved) > MOST_MOMENTS:
        moved = [moved[0], *moved[1 - MOST_MOMENTS :]]
    if not moved:
        return None
    said = ", ".join(f"{plain_words(state.value)} on {day_words(day)}" for day, state in moved)
    title = f"What became of {request.reference}"
    return Drawing(
        title=title,
        drawn=charts.timeline(
            [
                Moment(on=day, name=plain_words(state.value), css=_colour(state))
                for day, state in moved
            ],
            name="course",
            title=title,
            description=f"It was {said}.",
        ),
        heads=[Head("On", "on"), Head("State", "state")],
        rows=[
            [Exact(day_words(day), day.isoformat()), Exact(plain_words(state.value), state.value)]
            for day, state in moved
        ],
    )


def _colour(state: State) -> str:
    if state in {State.ENACTED, State.PARTLY_ENACTED}:
        return _LAW
    return _OVER if state.is_terminal else _UNDER_WAY


def _happening(step: Step, state: State | None) -> Happening:
    action = step.action
    return Happening(
        on=day_words(format_span(action.on)),
        body=action.body or "",
        text=action.text or (plain_words(action.state.value) if action.state else ""),
        state=plain_words(state.value) if state else "",
        state_css=state.value if state else "",
        vote=_vote(action.vote) if action.vote else "",
        vehicle=str(step.link.name) if step.link else action.vehicle or "",
        source_url=action.source_url,
    )


def _vote(vote: Vote) -> str:
    """``311 to 117, roll call 503``; what is not known is left out."""
    counted = f"{vote.yes} to {vote.no}" if vote.yes is not None and vote.no is not None else ""
    roll = f"roll call {vote.roll}" if vote.roll is not None else ""
    return ", ".join(part for part in (vote.question, counted, vote.other, roll) if part)


def _asked(line: Line, request: LegislativeRequest, split: LineStanding | None) -> AskedLine:
    depth, above = 0, line.parent
    while above is not None:
        parent = request.find_line(above)
        depth, above = depth + 1, parent.parent if parent else None
    outcome = []
    if split and line.amount is not None:
        outcome = [
            f"{name} {_money(minor, request)}"
            for name, minor in (
                ("pending", split.pending),
                ("enacted", split.enacted),
                ("not granted", split.dead),
            )
            if minor
        ]
    year = f" {line.year}" if line.year else ""
    known = {False: "promised before", True: "new money", None: ""}[line.new_money]
    return AskedLine(
        css=f"depth-{min(depth, 3)}",
        label=line.label or plain_words(line.subcomponent or line.component.value),
        note=" · ".join(part for part in (line.note, known) if part) or None,
        amount=BOUNDS[line.bound.value] * (line.amount is not None) + _money(line.amount, request),
        kind=f"{line.component.value}, {plain_words(line.amount_kind.value)}{year}",
        whom=plain_words(line.beneficiary.value),
        outcome=outcome,
        claims=[_claim(one, request) for one in line.claims],
    )


def _claim(claim: Claim, request: LegislativeRequest) -> ClaimLine:
    bound = BOUNDS[claim.bound.value] if claim.amount is not None else ""
    return ClaimLine(
        amount=bound + _money(claim.amount, request),
        source=claim.source,
        retrieved=_day(claim.retrieved) or "",
        is_preferred=claim.preferred,
        reason=claim.reason,
    )


def _money(minor: int | None, request: LegislativeRequest) -> str:
    text = None if minor is None else format_minor(minor, request.decimals).removesuffix(".00")
    return exact_words(text, request.currency)


def draw_against(dossier: Dossier, on: date) -> Drawing | None:
    """A bar for each line that is counted: what is law of it, upon a rail of what was asked for.

    ``None`` where nothing is decided.
    """
    request = dossier.request
    split = standings(request, dossier.state_on(on), on)
    answered = [one for one in split if one.line.amount]
    laws = [
        line
        for enactment in request.standing_enactments
        if enactment.on.last <= on
        for line in enactment.lines
    ]
    added = [one for one in laws if one.line is None and one.standing]
    if not any(one.enacted or one.dead for one in answered) and not added:
        return None
    bars = [_bar(one, request, laws) for one in answered] + [_added(one, request) for one in added]
    said = "; ".join(f"{one.name} {one.text}" for one in bars)
    title = f"What is law of {request.reference} against what was asked for"
    return Drawing(
        title=f"{title}, in {request.currency}",
        drawn=charts.stages(
            bars,
            0,
            name="against",
            title=title,
            description=f"In {request.currency}: {said}.",
        ),
        heads=[
            Head("Line", "line"),
            Head("Enacted", "enacted", is_number=True),
            Head("Asked for", "requested", is_number=True),
        ],
        rows=[_row(one, request) for one in bars],
        notes=[
            "The grey rail is what was asked for. Money, authority and frames are never added to each other."
        ],
    )


def _row(bar: Bar, request: LegislativeRequest) -> list[Cell]:
    asked = bar.of or 0
    return [
        bar.name,
        Exact(_money(bar.value, request), exact_money(bar.value, request.currency)),
        Exact(_money(asked, request), exact_money(asked, request.currency)),
    ]


def _bar(one: LineStanding, request: LegislativeRequest, laws: Sequence[EnactedLine]) -> Bar:
    line, given = one.line, _given(one, laws)
    column = NAMES_OF_COLUMNS[column_of(line)]
    name = line.label or plain_words(line.subcomponent or line.component.value)
    return Bar(
        name=f"{name}, {column}" if column else name,
        value=given,
        of=line.amount or 0,
        text=f"{_figure(given, request)} of {_figure(line.amount or 0, request)}",
        css=_LAW,
    )


def _given(one: LineStanding, laws: Sequence[EnactedLine]) -> int:
    """What stands of a line, also where the law gives more than was asked for."""
    answers = [answer for answer in laws if answer.line == one.line.key]
    beyond = sum(max((answer.standing or 0) - (answer.asked or 0), 0) for answer in answers)
    return one.enacted + (beyond if one.enacted else 0)


def _added(one: EnactedLine, request: LegislativeRequest) -> Bar:
    given = one.standing or 0
    name = one.label or plain_words(one.component.value)
    return Bar(name=name, value=given, of=0, text=f"{_figure(given, request)}, added", css=_LAW)


def _figure(minor: int, request: LegislativeRequest) -> str:
    """A figure in millions, as a chart has room for it."""
    millions = minor // 10 ** (request.decimals + 6)
    return f"{millions:,} m".replace(",", "\u202f") if millions else _money(minor, request)


def _vehicles(dossier: Dossier, on: date) -> Iterator[CarriedBy]:
    for link in dossier.request.vehicles:
        vehicle = dossier.vehicles.get(link.vehicle_id) if link.vehicle_id else None
        state = course_of_vehicle(vehicle, on)[0] if vehicle else None
        parts = [_day(link.became_vehicle), f"until {_day(link.ceased)}" if link.ceased else None]
        yield CarriedBy(
            name=f"{link.name}, {link.division}" if link.division else str(link.name),
            title=(vehicle.title if vehicle else None) or "",
            role=link.role.value,
            since=", ".join(part for part in parts if part) or NOTHING,
            state=plain_words(state.value) if state else NOTHING,
            state_css=state.value if state else "",
            law=vehicle.law_citation if vehicle else None,
            url=vehicle.url if vehicle else None,
        )


def _relations(session: ReadSession, request: LegislativeRequest, snapshot: Snapshot) -> list[Tie]:
    own = [
        Tie(
            before=plain_words(one.kind.value),
            name=one.other,
            address=address_of_request(one.other),
            behind=one.rationale or "",
        )
        for one in request.standing_relations
    ]
    others = [
        Tie(
            before="named by",
            name=other.request.reference,
            address=address_of_request(other.request.reference),
            behind=f"as: {plain_words(one.kind.value)}. {one.rationale or ''}",
        )
        for other in legislation.list_dossiers(session, snapshot, donors=(request.donor,))
        for one in other.request.standing_relations
        if one.other_id == request.id
    ]
    return [*own, *others]


def _funded(session: ReadSession, request: LegislativeRequest, snapshot: Snapshot) -> list[Tie]:
    links = request.standing_funding
    named = pledges.list_references(session, {one.pledge_id for one in links}, snapshot)
    return [
        Tie(
            before=_money(one.amount, request),
            name=named[one.pledge_id],
            address=f"/pledges/{named[one.pledge_id]}",
            behind=f"from the enacted line {one.enacted_line}",
        )
        for one in links
        if one.pledge_id in named
    ]


def _waiting(session: ReadSession, request: LegislativeRequest, snapshot: Snapshot) -> list[Tie]:
    found = [
        one
        for one in legislation.list_conditions(session, snapshot)
        if one.request.id == request.id
    ]
    named = pledges.list_references(session, {one.dependency.pledge_id for one in found}, snapshot)
    return [_tie(one, named) for one in found if one.dependency.pledge_id in named]


def _tie(one: Condition, named: dict[UUID, str]) -> Tie:
    dependency, name = one.dependency, named[one.dependency.pledge_id]
    parts = [
        plain_words(dependency.kind.value),
        f"for the line {dependency.line}" if dependency.line else None,
        f"due {_day(dependency.due)}" if _day(dependency.due) else None,
        f"otherwise {plain_words(dependency.on_fail.value)}",
        dependency.note,
    ]
    return Tie(
        before=one.outcome.value,
        name=name,
        address=f"/pledges/{name}",
        behind=", ".join(part for part in parts if part),
    )

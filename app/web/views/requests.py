"""One request to a parliament: what was asked, what happened, who voted how, and what became of each line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.kernel.findings import Collector
from app.legislation import service as legislation
from app.legislation.domain import (
    Condition,
    Dossier,
    LegislativeRequest,
    age,
    course_of_vehicle,
    standings,
)
from app.legislation.domain.alerts import alerts
from app.legislation.schemas.queries import read_day
from app.pledges import service as pledges
from app.web.views.board import address_of_request, address_of_vehicle, asked_words
from app.web.views.changes import EntryStory, tell_request
from app.web.views.drawings import Drawing
from app.web.views.filters import View
from app.web.views.happenings import Happening, happening, span_words
from app.web.views.happenings import draw_course as draw_turns
from app.web.views.request_lines import AskedLine, Law, asked_line, laws, money
from app.web.views.request_lines import draw_against as draw_laws
from app.web.views.sharing import Sharing, cite_address, share
from app.web.views.twins import Block, Twin, file_address
from app.web.views.vehicles import time_of_link
from app.web.words import NOTHING, count_words, day_words, donor_name, plain_words

NAMES: Final = ("on", "as_of")
COURSE: Final = Block(name="request-course", takes=("request", *NAMES), height=360)
AGAINST: Final = Block(name="request-enacted", takes=("request", *NAMES), height=460)
Draw = Callable[[Dossier, date], Drawing | None]


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
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """That something hangs on the request, or it on something: with words before and behind the link."""

    before: str
    name: str
    address: str
    behind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Funded(Tie):
    """That a pledge is paid from it, with the id of the link."""

    id: UUID


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
    laws: Sequence[Law]
    vehicles: Sequence[CarriedBy]
    relations: Sequence[Tie]
    funded: Sequence[Funded]
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
    course, state = dossier.course(), dossier.state_on(on)
    split = {one.line.key: one for one in standings(request, state, on)}
    reference, own = request.reference, {"request": request.reference}
    address = f"/v1/legislative-requests/{reference}"
    timeline, against = draw_course(dossier, on), draw_against(dossier, on)
    permanent = view.address(on=on.isoformat(), as_of=str(snapshot.revision))

    def sharing(block: Block, title: str) -> Sharing:
        cited = cite_address(address, view, ("on",), as_of=str(snapshot.revision))
        return share(block, view, title, snapshot, permanent, cited, **own)

    points = [point for point in course.points if point.step.day <= on]
    items = legislation.list_history(session, request.id, snapshot)
    return RequestPage(
        request=request,
        donor=donor_name(request.donor),
        basis=_basis(request, revision, on),
        state=plain_words(state.value) if state else "not requested yet",
        state_css=state.value if state else "",
        flags=[plain_words(flag.value) for flag in course.flags_on(on)],
        facts=list(_facts(dossier, on)),
        twins=[Twin("JSON", file_address(address, view, NAMES, {}), "This request, JSON")],
        amounts=asked_words(request),
        alerts=[one.sentence for one in alerts([dossier], on) if one.ceased is None],
        timeline=timeline,
        course_twins=COURSE.files(view, f"Course of {reference}", **own) if timeline else [],
        course_sharing=sharing(COURSE, f"What became of {reference}"),
        happened=[happening(one.step, one.state) for one in points],
        ahead=[happening(step, None) for step in course.steps if step.day > on],
        lines=[asked_line(line, request, split.get(line.key)) for line in request.lines],
        against=against,
        against_twins=AGAINST.files(view, f"What is law of {reference}", **own) if against else [],
        against_sharing=sharing(AGAINST, f"What is law of {reference}"),
        laws=laws(request),
        vehicles=list(_vehicles(dossier, on)),
        relations=_relations(session, request, snapshot),
        funded=_funded(session, request, snapshot),
        waiting=_waiting(session, request, snapshot),
        history=[tell_request(item, request) for item in reversed(items)],
        permanent=permanent,
    )


def _basis(request: LegislativeRequest, revision: int, on: date) -> str:
    moment = f"at the end of {day_words(on)} · ledger revision {revision}"
    return f"{request.reference} · version {request.version} · {moment}"


def draw_course(dossier: Dossier, on: date) -> Drawing | None:
    """What changed the state by a day; ``None`` where nothing did."""
    points = [one for one in dossier.course().points if one.step.day <= on]
    turns = [(one.step.day, one.state) for one in points if one.state]
    return draw_turns(dossier.request.reference, turns)


def draw_against(dossier: Dossier, on: date) -> Drawing | None:
    """What is law of each line that is counted against what was asked for; ``None`` where nothing is decided."""
    split = standings(dossier.request, dossier.state_on(on), on)
    return draw_laws(dossier.request, split, on)


def _facts(dossier: Dossier, on: date) -> Iterator[tuple[str, str]]:
    request, course = dossier.request, dossier.course()
    ageing = age(course, on)
    yield "Kind", plain_words(request.kind.value)
    told: Iterable[tuple[str, str | None]] = (
        ("Asked by", request.requesting_office),
        ("Addressed to", request.addressed_to),
        ("Under", request.legal_basis),
        ("Announced", span_words(request.announced)),
        ("Requested", span_words(request.requested)),
        ("For the time of", span_words(request.period)),
        ("Published", span_words(request.published)),
        (
            "Decided",
            span_words(course.end.action.on) if course.end and course.end.day <= on else None,
        ),
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


def _vehicles(dossier: Dossier, on: date) -> Iterator[CarriedBy]:
    for link in dossier.request.vehicles:
        vehicle = dossier.vehicles.get(link.vehicle_id) if link.vehicle_id else None
        state = course_of_vehicle(vehicle, on)[0] if vehicle else None
        yield CarriedBy(
            name=f"{link.name}, {link.division}" if link.division else str(link.name),
            title=(vehicle.title if vehicle else None) or "",
            role=link.role.value,
            since=time_of_link(link),
            state=plain_words(state.value) if state else NOTHING,
            state_css=state.value if state else "",
            law=vehicle.law_citation if vehicle else None,
            url=vehicle.url if vehicle else None,
            address=address_of_vehicle(link.vehicle_id) if link.vehicle_id else None,
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


def _funded(session: ReadSession, request: LegislativeRequest, snapshot: Snapshot) -> list[Funded]:
    links = request.standing_funding
    named = pledges.list_references(session, {one.pledge_id for one in links}, snapshot)
    return [
        Funded(
            id=one.id,
            before=money(one.amount, request),
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
        f"due {span_words(dependency.due)}" if span_words(dependency.due) else None,
        f"otherwise {plain_words(dependency.on_fail.value)}",
        dependency.note,
    ]
    return Tie(
        before=one.outcome.value,
        name=name,
        address=f"/pledges/{name}",
        behind=", ".join(part for part in parts if part),
    )

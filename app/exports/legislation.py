"""Gathers the figures of the legislation workbook: what is pending, and what became of all requests."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.stamps import as_of_words, citation, tree_head
from app.journal.domain import Snapshot
from app.kernel.currencies import CURRENCIES
from app.kernel.money import to_decimal
from app.legislation import service as legislation
from app.legislation.domain import (
    NATIVE,
    Claim,
    Column,
    Component,
    Course,
    Dossier,
    EnactedLine,
    FigureRow,
    LegislativeRequest,
    Line,
    PendingFigures,
    PendingQuery,
    Point,
    RateOf,
    State,
    Step,
    Sums,
    Vote,
    age,
    standings,
)
from app.legislation.domain.pending import column_of
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.domain.standing import LineStanding, is_by
from reports.figures import Stamp
from reports.legislation_figures import (
    AskedAndEnacted,
    ClaimLine,
    Columns,
    LegislationFigures,
    PendingSum,
    PendingTotal,
    RequestState,
    TimelineStep,
    add_up,
)
from reports.terms import LICENCE

_NATIVE_RULE: Final = "Nothing is converted: each amount stands in its request's own currency, and two are never added."
_RATE_RULE: Final = (
    "On sheet Pending each line is converted with the euro reference rate of the European Central Bank of {day}, or"
    " of the last working day before it, and rounded to the cent. All other sheets keep the requests' currencies."
)
_RATE_DAYS: Final = {
    RateOf.REQUESTED_ON: "the day of its request",
    RateOf.ON: "the day of the report",
}
# The columns of pending amounts, by their names in a workbook.
_KINDS: Final = {
    Column.AMOUNT: "money",
    Column.AUTHORITY: "authority",
    Column.ENVELOPE: "envelope",
    Column.IN_KIND: "in_kind",
    Column.GUARANTEE: "guarantee",
    Column.OUT_OF_SCOPE: "out_of_scope",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """One request with all that its rows are made of.

    Attributes:
        revision: of the entry that made the version.
        state: at the end of the day ``on``, that of the report.
        lines: what became of each counted line by then.
    """

    request: LegislativeRequest
    revision: int
    course: Course
    state: State
    on: date
    lines: tuple[LineStanding, ...]

    @property
    def donor_name(self) -> str:
        """Its donor's name."""
        return get_donor(self.request.donor).name

    def amount(self, minor: int) -> Decimal:
        """Minor units of its currency in major ones."""
        return to_decimal(minor, self.request.decimals)

    def find_amount(self, minor: int | None) -> Decimal | None:
        """The same, where there is an amount."""
        return None if minor is None else self.amount(minor)


def gather_legislation(
    session: ReadSession, query: PendingQuery, snapshot: Snapshot
) -> tuple[LegislationFigures, Stamp]:
    """All that the legislation workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    told = _list_told(session, query, snapshot)
    pending = legislation.read_pending(session, query, snapshot)
    figures = LegislationFigures(
        on=query.on,
        known_on=query.known_on,
        pending=tuple(map(_pending_sum, (*pending.rows, *pending.announced))),
        totals=tuple(map(_pending_total, pending.total.by_currency)),
        requests=tuple(map(_request_state, sorted(told, key=_by_state))),
        timeline=tuple(step for one in told for step in _timeline(one)),
        asked=tuple(row for one in told for row in _asked(one, query.components)),
        lines=tuple(row for one in told for row in _lines(one, query.components)),
    )
    return figures, _stamp(query, snapshot, pending)


def _list_told(session: ReadSession, query: PendingQuery, snapshot: Snapshot) -> list[_Told]:
    """The requests that match and that were public and had a state on the day, by reference."""
    filters = Filters(
        donors=query.donors,
        kinds=query.kinds,
        states=query.states,
        on=query.on,
        known_on=query.known_on,
    )
    order = Order(SortKey.REFERENCE, descending=False)
    found = legislation.iter_requests(session, filters, order, snapshot)
    told = (_tell(stored.dossier, stored.revision, query) for stored in found)
    return [one for one in told if one is not None]


def _tell(dossier: Dossier, revision: int, query: PendingQuery) -> _Told | None:
    course = dossier.course(query.known_on)
    state = course.state_on(query.on)
    if state is None:
        return None
    lines = tuple(standings(dossier.request, state, query.on))
    return _Told(dossier.request, revision, course, state, query.on, lines)


def _pending_sum(row: FigureRow) -> PendingSum:
    donor, component = row.key
    return PendingSum(
        donor=donor,
        donor_name=get_donor(donor).name,
        component=component,
        standing=row.standing.value,
        currency=row.sums.currency,
        amounts=_columns_of(row.sums),
        requests=row.sums.requests,
        unvalued=row.sums.unvalued,
    )


def _pending_total(sums: Sums) -> PendingTotal:
    return PendingTotal(
        currency=sums.currency,
        amounts=_columns_of(sums),
        requests=sums.requests,
        unvalued=sums.unvalued,
    )


def _columns_of(sums: Sums) -> Columns:
    decimals = CURRENCIES[sums.currency].decimals
    return Columns(
        **{name: to_decimal(sums.minor.get(one, 0), decimals) for one, name in _KINDS.items()}
    )


def _by_state(one: _Told) -> tuple[bool, bool, int, int, str]:
    """What is pending first, then what is announced, then what is over; within a state the longest pending first."""
    state, days = one.state, one.course.days_pending(one.on) or 0
    place = tuple(State).index(state)
    return state.is_terminal, not state.is_active, place, -days, one.request.reference


def _request_state(one: _Told) -> RequestState:
    request, course, on = one.request, one.course, one.on
    ageing = age(course, on)
    [*_, last] = [step for step in course.steps if step.day <= on]
    since, end = course.pending_since, course.end
    pending: defaultdict[str, int] = defaultdict(int)
    for line in one.lines:
        pending[_KINDS[column_of(line.line)]] += line.pending
    return RequestState(
        reference=request.reference,
        donor=request.donor,
        donor_name=one.donor_name,
        title=request.title,
        kind=request.kind.value,
        state=one.state.value,
        is_pending=one.state.is_active,
        is_over=one.state.is_terminal,
        flags=tuple(flag.value for flag in course.flags_on(on)),
        requested=request.requested,
        pending_since=since if since and since <= on else None,
        ended=end.action.on if end and end.day <= on else None,
        days_pending=ageing.days_pending,
        days_in_state=ageing.days_in_state,
        days_silent=ageing.days_since_substantive_action,
        days_to_decision=ageing.days_to_decision,
        dormant=ageing.dormant,
        currency=request.currency,
        pending=Columns(**{name: one.amount(minor) for name, minor in pending.items()}),
        last=last.day,
        body=last.action.body,
        vehicles=tuple(link.name.identifier for link in request.vehicles),
        revision=one.revision,
        version=request.version,
    )


def _timeline(one: _Told) -> Iterator[TimelineStep]:
    """What happened by the day, with the state after each step, and then what is ahead."""
    for point in one.course.points:
        if point.step.day <= one.on:
            yield _timeline_step(one, point.step, point)
    for step in one.course.steps:
        if step.day > one.on:
            yield _timeline_step(one, step, None)


def _timeline_step(one: _Told, step: Step, point: Point | None) -> TimelineStep:
    action, vote = step.action, step.action.vote
    return TimelineStep(
        reference=one.request.reference,
        donor=one.request.donor,
        on=action.on,
        day=step.day,
        is_ahead=point is None,
        body=action.body,
        vehicle=step.link.name.identifier if step.link else action.vehicle,
        state=point.state.value if point and point.state else None,
        says=action.state.value if action.state else None,
        flags=tuple(flag.value for flag in point.flags) if point else (),
        text=action.text,
        language=action.language,
        yes=vote.yes if vote else None,
        no=vote.no if vote else None,
        other=vote.other if vote else None,
        roll=_roll(vote) if vote else None,
        question=vote.question if vote else None,
        substantive=action.substantive,
        known=action.known,
        source_url=action.source_url,
    )


def _roll(vote: Vote) -> str | None:
    """Such as ``House 118-2 no. 151``."""
    if vote.roll is None:
        return None
    return " ".join(filter(None, (vote.chamber, vote.session, f"no. {vote.roll}")))


def _asked(one: _Told, components: Sequence[Component]) -> Iterator[AskedAndEnacted]:
    """Each component and kind of amount of a request, in the order of its lines."""
    rows = [_asked_line(one, line) for line in one.lines]
    rows += [_added_line(one, law) for law in _laws(one) if law.line is None]
    groups: defaultdict[tuple[str, str], list[AskedAndEnacted]] = defaultdict(list)
    for row in rows:
        if not components or Component(row.component) in components:
            groups[row.component, row.column].append(row)
    return map(add_up, groups.values())


def _asked_line(one: _Told, standing: LineStanding) -> AskedAndEnacted:
    """A line of the request. What a law gave beyond it was never asked for."""
    line = standing.line
    law = sum(_stands(answer, one.on) for answer in _laws(one) if answer.line == line.key)
    return AskedAndEnacted(
        reference=one.request.reference,
        donor=one.request.donor,
        donor_name=one.donor_name,
        component=line.component.value,
        column=_KINDS[column_of(line)],
        currency=one.request.currency,
        asked=one.amount(standing.pending + standing.enacted + standing.dead),
        pending=one.amount(standing.pending),
        enacted=one.amount(standing.enacted),
        dead=one.amount(standing.dead),
        beyond=one.amount(max(0, law - standing.enacted)),
        unvalued=int(line.amount is None),
    )


def _added_line(one: _Told, law: EnactedLine) -> AskedAndEnacted:
    """A line that the legislature added."""
    return AskedAndEnacted(
        reference=one.request.reference,
        donor=one.request.donor,
        donor_name=one.donor_name,
        component=law.component.value,
        column=_KINDS[column_of(law)],
        currency=one.request.currency,
        asked=one.amount(0),
        pending=one.amount(0),
        enacted=one.amount(0),
        dead=one.amount(0),
        beyond=one.amount(_stands(law, one.on)),
        unvalued=int(law.amount is None),
    )


def _laws(one: _Told) -> list[EnactedLine]:
    """The lines of laws that were enacted by the day."""
    enacted = (law for law in one.request.standing_enactments if law.on.last <= one.on)
    return [line for law in enacted for line in law.lines]


def _stands(law: EnactedLine, on: date) -> int:
    """What stands of an enacted line at the end of the day, in minor units; what was asked where nobody says."""
    if is_by(law.annulled, on):
        return 0
    granted = (law.asked or 0) if law.amount is None else law.amount
    return granted - law.rescinded


def _lines(one: _Told, components: Sequence[Component]) -> Iterator[ClaimLine]:
    """Each line, as often as there are statements of its amount."""
    told = {standing.line.key: standing for standing in one.lines}
    counted = {line.key for line in one.request.leaves}
    for line in one.request.lines:
        if components and line.component not in components:
            continue
        claims: Sequence[Claim | None] = line.claims or [None]
        for place, claim in enumerate(claims):
            # The figures of a line stand once, or a reader who adds the column up counts them twice.
            standing = None if place or line.amount is None else told.get(line.key)
            row = _claim_line(one, line, standing, claim)
            is_counted = line.key in counted
            yield replace(row, is_counted=is_counted, amount=None if place else row.amount)


def _claim_line(
    one: _Told, line: Line, standing: LineStanding | None, claim: Claim | None
) -> ClaimLine:
    source = claim.source if claim else next(iter(one.request.sources), None)
    return ClaimLine(
        reference=one.request.reference,
        donor=one.request.donor,
        key=line.key,
        parent=line.parent,
        component=line.component.value,
        subcomponent=line.subcomponent,
        label=line.label,
        amount_kind=line.amount_kind.value,
        beneficiary=line.beneficiary.value,
        year=line.year,
        new_money=line.new_money,
        is_counted=True,
        amount=one.find_amount(line.amount),
        pending=one.amount(standing.pending) if standing else None,
        enacted=one.amount(standing.enacted) if standing else None,
        dead=one.amount(standing.dead) if standing else None,
        currency=one.request.currency,
        claim=one.find_amount(claim.amount) if claim else None,
        bound=(claim or line).bound.value,
        verification=(claim or line).verification.value,
        preferred=claim.preferred if claim else None,
        reason=claim.reason if claim else None,
        retrieved=claim.retrieved if claim else None,
        source_title=source.title if source else None,
        source_url=source.url if source else None,
        note=line.note,
    )


def _stamp(query: PendingQuery, snapshot: Snapshot, pending: PendingFigures) -> Stamp:
    is_native = query.currency == NATIVE
    return Stamp(
        title="Aid to Ukraine: legislative requests",
        what="What governments asked of their parliaments, what became of it, and what is still pending.",
        filters=tuple(_filter_words(query)),
        as_of=as_of_words(snapshot),
        revision=snapshot.revision,
        recorded_at=snapshot.recorded_at,
        checkpoint=tree_head(snapshot),
        currency=query.currency,
        fx_rule=_NATIVE_RULE if is_native else _RATE_RULE.format(day=_RATE_DAYS[query.rate_of]),
        fx_notes=tuple(
            f"{rate.currency} of {rate.asked_for}: no rate is published yet, that of {rate.on} stands in."
            for rate in pending.provisional
        ),
        generated_at=None,
        licence=LICENCE,
        citation=citation(snapshot),
    )


def _filter_words(query: PendingQuery) -> Iterator[tuple[str, str]]:
    """The day, and name and value of each filter that is set."""
    yield "On", f"{query.on}, at its end"
    if query.known_on:
        yield "Known on", f"{query.known_on}: what the public knew at its end"
    chosen: tuple[tuple[str, Sequence[str]], ...] = (
        ("Donor", query.donors),
        ("Component", query.components),
        ("State", query.states),
        ("Kind", query.kinds),
    )
    for name, values in chosen:
        if values:
            yield name, ", ".join(values)

"""One pledge as one ``iati-activity``. The order of the elements is that of the schema, which is a sequence."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID
from xml.etree import ElementTree as ET

from app.donors.domain import get_donor
from app.exports.iati import codes
from app.kernel.clock import format_instant
from app.kernel.dates import Precision, Span, format_span
from app.kernel.text import xml_text
from app.pledges.domain import Course, Instrument, Pledge, Stage, Status, StoredPledge
from app.pledges.domain.course import Step

_SECONDARY: Final[Mapping[str, str]] = {"secondary-reporter": "1"}
_IMPLIED: Final = "A later step implies it; no source says so."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingOrg:
    """Who reports: the ``ref`` is also what every identifier begins with.

    Attributes:
        ref: an organisation identifier, such as ``XM-DAC-3-1``.
        kind: of the list OrganisationType.
        name: in words.
    """

    ref: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appropriation:
    """What a law gives a pledge.

    Attributes:
        amount: a decimal text in units of the currency.
        on: the day of the law.
        until: the last day on which the money may be used; at most a year after ``on``.
    """

    amount: str
    currency: str
    on: date
    until: date


def build_activity(
    stored: StoredPledge, org: ReportingOrg, appropriations: Sequence[Appropriation] = ()
) -> ET.Element:
    """The activity of a pledge that was not withdrawn."""
    pledge = stored.pledge
    course = Course(pledge)
    activity = ET.Element("iati-activity", _attributes(stored, pledge))
    _add(activity, "iati-identifier", text=identifier(org, pledge.reference))
    _narrate(activity, "reporting-org", org.name, ref=org.ref, type=org.kind, **_SECONDARY)
    _narrate(activity, "title", pledge.title)
    _narrate(activity, "description", " ".join(_describe(pledge, course)), type=codes.GENERAL)
    if pledge.notes:
        _narrate(activity, "description", pledge.notes, type=codes.OTHER)
    _add_classes(activity, pledge, course)
    for one in appropriations:
        _add_budget(activity, one)
    _add_money(activity, pledge, course)
    for source in pledge.sources:
        _add_document(activity, source.url, source.title)
    for reference in pledge.overlaps:
        other = identifier(org, reference)
        _add(activity, "related-activity", ref=other, type=codes.SIBLING)
    return activity


def identifier(org: ReportingOrg, reference: str) -> str:
    """The ``iati-identifier`` of a pledge; references never change."""
    return f"{org.ref}-{reference}"


def first_day(span: Span, recorded_on: date) -> date:
    """The first day that a date may mean, and none that had not come when it was recorded."""
    return min(span.first, recorded_on)


def _attributes(stored: StoredPledge, pledge: Pledge) -> dict[str, str]:
    attributes = {
        "xml:lang": "en",
        "last-updated-datetime": format_instant(stored.recorded_at),
        "humanitarian": "1" if pledge.aid_type.value == "humanitarian" else "0",
    }
    return attributes | ({"default-currency": pledge.currency} if pledge.currency else {})


def _add_classes(activity: ET.Element, pledge: Pledge, course: Course) -> None:
    """Everything between the descriptions and the money."""
    donor = get_donor(pledge.donor)
    kind = codes.ORGANISATIONS[donor.kind]
    _narrate(activity, "participating-org", donor.name, role=codes.FUNDING, type=kind)
    _add(activity, "other-identifier", ref=pledge.reference, type=codes.OWN_IDENTIFIER)
    _add(activity, "activity-status", code=_status(course))
    _add_dates(activity, pledge, course)
    _add(activity, "recipient-country", code=codes.RECIPIENT, percentage="100")
    sector = codes.SECTORS[pledge.aid_type]
    _add(activity, "sector", vocabulary=sector.vocabulary, code=sector.code, percentage="100")
    flow = codes.FLOWS.get(pledge.aid_type)
    if flow is not None:
        _add(activity, "default-flow-type", code=flow)
    finance = codes.FINANCE.get(pledge.instrument)
    if finance is not None:
        _add(activity, "default-finance-type", code=finance)


def _status(course: Course) -> str:
    if course.status is Status.PLEDGED:
        return codes.PIPELINE
    if course.status is Status.CANCELLED:
        return codes.CANCELLED
    reached = course.reached
    whole = reached[Stage.DELIVERED] == reached[Stage.PLEDGED] and not course.unknown
    return codes.CLOSED if whole else codes.IMPLEMENTATION


def _add_dates(activity: ET.Element, pledge: Pledge, course: Course) -> None:
    """The announcement as planned start, the first delivery as actual start. The schema asks for one at least."""
    note = _imprecise(pledge.announced)
    if not pledge.announced.is_dated:
        note = "No date is known. This is the day on which the pledge was recorded."
    on = first_day(pledge.announced, pledge.recorded_on)
    on = on if pledge.announced.is_dated else pledge.recorded_on
    _add_date(activity, codes.PLANNED_START, on, note)
    days = _days_recorded(pledge)
    started = [
        (_day(step, days), step.span)
        for step in course.steps
        if step.stage is Stage.DELIVERED and step.span.is_dated
    ]
    if started:
        on, span = min(started)
        _add_date(activity, codes.ACTUAL_START, on, _imprecise(span))


def _add_date(activity: ET.Element, kind: str, on: date, note: str | None) -> None:
    dated = _add(activity, "activity-date", **{"type": kind, "iso-date": on.isoformat()})
    if note:
        _add(dated, "narrative", text=note)


def _add_budget(activity: ET.Element, one: Appropriation) -> None:
    budget = _add(activity, "budget", type=codes.ORIGINAL, status=codes.COMMITTED)
    _add(budget, "period-start", **{"iso-date": one.on.isoformat()})
    _add(budget, "period-end", **{"iso-date": one.until.isoformat()})
    _add_value(budget, one.amount, one.currency, one.on)


def _add_money(activity: ET.Element, pledge: Pledge, course: Course) -> None:
    """What was allocated as plans, and the other stages as transactions, which stand behind all plans."""
    if pledge.instrument is Instrument.AUTHORITY:
        # A frame contains other pledges: as transactions its amount would be counted twice.
        return
    days = _days_recorded(pledge)
    # What has no known amount, or no known date, cannot be written down.
    steps = [step for step in course.steps if step.amount and step.span.is_dated]
    for step in steps:
        if step.stage is Stage.ALLOCATED:
            plan = _add(activity, "planned-disbursement")
            _add(plan, "period-start", **{"iso-date": _day(step, days).isoformat()})
            _add_amount(plan, pledge, step, _day(step, days))
    for step in steps:
        if step.stage is not Stage.ALLOCATED:
            _add_transaction(activity, pledge, step, _day(step, days))


def _add_transaction(activity: ET.Element, pledge: Pledge, step: Step, on: date) -> None:
    """The step as a transaction; what is taken back is one of the same type below zero."""
    made = _add(activity, "transaction", ref=f"{step.movement_id or pledge.id}-{step.stage}")
    kind = codes.TRANSACTIONS[step.stage]
    if pledge.instrument is Instrument.GUARANTEE and step.stage is Stage.COMMITTED:
        kind = codes.GUARANTEED
    _add(made, "transaction-type", code=kind)
    _add(made, "transaction-date", **{"iso-date": on.isoformat()})
    _add_amount(made, pledge, step, on)
    notes = [_imprecise(step.span), _IMPLIED if step.implied else None]
    if any(notes):
        _narrate(made, "description", " ".join(filter(None, notes)))
    if step.stage is Stage.DELIVERED and pledge.instrument is Instrument.IN_KIND:
        _add(made, "disbursement-channel", code=codes.IN_KIND)


def _add_amount(parent: ET.Element, pledge: Pledge, step: Step, on: date) -> None:
    _add_value(parent, pledge.format(step.amount) or "", pledge.currency or "", on)


def _add_value(parent: ET.Element, amount: str, currency: str, on: date) -> None:
    _add(parent, "value", text=amount, **{"currency": currency, "value-date": on.isoformat()})


def _add_document(activity: ET.Element, url: str, title: str | None) -> None:
    link = _add(activity, "document-link", format="text/html", url=_uri(url))
    _narrate(link, "title", title or url)
    _add(link, "category", code=codes.WEB_PAGE)


def _days_recorded(pledge: Pledge) -> Mapping[UUID | None, date]:
    """When what brought a step about was recorded, by its ``movement_id``."""
    return {None: pledge.recorded_on, **{one.id: one.recorded_on for one in pledge.movements}}


def _day(step: Step, days: Mapping[UUID | None, date]) -> date:
    return first_day(step.span, days[step.movement_id])


def _describe(pledge: Pledge, course: Course) -> Iterator[str]:
    """What the elements cannot say."""
    donor = get_donor(pledge.donor).name
    yield f"{pledge.aid_type.value.capitalize()} aid promised by {donor}, {_words(pledge.instrument)}."
    amount = pledge.format(pledge.amount)
    if amount is None:
        yield "Its amount was not published, so there are no transactions: unknown is not zero."
    else:
        yield f"Amount: {_words(pledge.bound)} {pledge.currency} {amount}."
    if pledge.instrument is Instrument.AUTHORITY:
        yield "A frame that contains other pledges: it has no transactions of its own."
        return
    undated: defaultdict[Stage, int] = defaultdict(int)
    for step in course.steps:
        if step.amount and not step.span.is_dated:
            undated[step.stage] += step.amount
    for stage, minor in undated.items():
        said = f"{pledge.currency} {pledge.format(minor)}"
        yield f"{stage.value.capitalize()} on an unknown date, and so in no transaction: {said}."


def _imprecise(span: Span) -> str | None:
    """A note where a date means more than one day."""
    if not span.is_dated or span.precision is Precision.DAY:
        return None
    return f"The date is known as {format_span(span)}."


def _words(name: str) -> str:
    return name.replace("_", " ")


def _uri(url: str) -> str:
    """The address with everything escaped that no URI may hold (RFC 3986)."""
    parts = urlsplit(url)
    path, query, fragment = (
        quote(part, safe="/:@!$&'()*+,;=~%?") for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, parts.netloc, path, query, fragment))


def _narrate(parent: ET.Element, name: str, words: str, **attributes: str) -> ET.Element:
    child = _add(parent, name, **attributes)
    _add(child, "narrative", text=words)
    return child


def _add(
    parent: ET.Element, name: str, *, text: str | None = None, **attributes: str
) -> ET.Element:
    child = ET.SubElement(parent, name, {key: xml_text(value) for key, value in attributes.items()})
    child.text = None if text is None else xml_text(text)
    return child

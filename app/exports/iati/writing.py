"""Writes activities as one document, one after the other, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

from app.db import ReadSession
from app.exports.iati import codes
from app.exports.iati.activities import Appropriation, ReportingOrg, build_activity
from app.journal.domain import Snapshot
from app.kernel.clock import format_instant
from app.kernel.money import format_minor
from app.legislation import service as legislation
from app.legislation.domain import LegislativeRequest
from app.legislation.domain.query import Filters, Order, SortKey
from app.pledges.domain import Status, StoredPledge

MEDIA_TYPE: Final = "application/xml"
# A budget is of a year at most.
_YEAR: Final = timedelta(days=365)


def write_activities(
    stored: Iterable[StoredPledge],
    org: ReportingOrg,
    appropriations: Mapping[UUID, Sequence[Appropriation]],
    snapshot: Snapshot,
) -> Iterator[bytes]:
    """The document, in pieces. Equal pledges give equal bytes: it is as new as the ledger's last entry.

    Args:
        stored: the pledges; those that were recorded in error are left out.
        org: who reports.
        appropriations: what laws give, by pledge.
        snapshot: of which state the pledges are.
    """
    attributes = {"version": codes.VERSION}
    if snapshot.recorded_at is not None:
        attributes["generated-datetime"] = format_instant(snapshot.recorded_at)
    root = ET.tostring(ET.Element("iati-activities", attributes), short_empty_elements=False)
    opening, slash, closing = root.partition(b"</")
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + opening + b"\n"
    for one in stored:
        if one.status != Status.WITHDRAWN:
            activity = build_activity(one, org, appropriations.get(one.pledge.id, ()))
            yield ET.tostring(activity, encoding="utf-8", xml_declaration=False) + b"\n"
    yield slash + closing + b"\n"


def list_appropriations(
    session: ReadSession, snapshot: Snapshot
) -> Mapping[UUID, Sequence[Appropriation]]:
    """What enacted lines give to pledges, by pledge."""
    found: defaultdict[UUID, list[Appropriation]] = defaultdict(list)
    order = Order(SortKey.REFERENCE, descending=False)
    for stored in legislation.iter_requests(session, Filters(), order, snapshot):
        for pledge_id, one in _appropriations(stored.request):
            found[pledge_id].append(one)
    return found


def _appropriations(request: LegislativeRequest) -> Iterator[tuple[UUID, Appropriation]]:
    enacted = {
        line.key: (enactment, line)
        for enactment in request.standing_enactments
        for line in enactment.lines
    }
    for link in request.standing_funding:
        enactment, line = enacted[link.enacted_line]
        on = enactment.on.first
        yield (
            link.pledge_id,
            Appropriation(
                amount=format_minor(link.amount, request.decimals),
                currency=request.currency,
                on=on,
                until=_until(on, line.available.last if line.available else date(on.year, 12, 31)),
            ),
        )


def _until(on: date, last: date) -> date:
    return max(on, min(last, on + _YEAR))

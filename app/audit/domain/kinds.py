"""The kinds of stream, and what their projections must show."""

import json
from collections.abc import Mapping
from typing import Any, Final

from app.audit.domain.streams import Rules
from app.kernel.canonical import canonical_bytes
from app.kernel.text import fold
from app.legislation import domain as legislation
from app.legislation.domain import LegislativeRequest, Vehicle, request_record, vehicle_record
from app.pledges import domain as pledges
from app.pledges.domain import Pledge, book, difference, pledge_record, posting_record


def _pledge_columns(pledge: Pledge) -> dict[str, Any]:
    course = pledges.Course(pledge)
    return {
        "reference": pledge.reference,
        "donor": pledge.donor,
        "aid_type": pledge.aid_type.value,
        "instrument": pledge.instrument.value,
        "status": course.status.value,
        "amount_minor": pledge.amount,
        "currency": pledge.currency,
        "announced_first": pledge.announced.first,
        "announced_last": pledge.announced.last,
        "search": _search(pledge.title, pledge.reference, pledge.notes),
        "document": canonical_bytes(pledge_record(pledge)).decode(),
        "stages": json.dumps(course.stages),
    }


def _request_columns(request: LegislativeRequest) -> dict[str, Any]:
    return {
        "reference": request.reference,
        "donor": request.donor,
        "kind": request.kind.value,
        "requested_first": request.requested.first,
        "requested_last": request.requested.last,
        "withdrawn": request.withdrawn,
        "awaited": bool(request.standing_dependencies),
        "search": _search(
            request.title,
            request.reference,
            request.requesting_office,
            request.addressed_to,
            request.notes,
            *(link.name.identifier for link in request.vehicles),
        ),
        "document": canonical_bytes(request_record(request)).decode(),
    }


def _vehicle_columns(vehicle: Vehicle) -> dict[str, Any]:
    return {
        **vehicle.name._asdict(),
        "search": _search(
            *vehicle.name,
            vehicle.title,
            vehicle.title_original,
            vehicle.law_citation,
            vehicle.notes,
        ),
        "document": canonical_bytes(vehicle_record(vehicle)).decode(),
    }


def _search(*words: str | None) -> str:
    return fold(" ".join(filter(None, words)))


PLEDGE: Final[Rules[Pledge]] = Rules(
    kind=pledges.STREAM_KIND,
    apply=pledges.apply,
    identity=lambda pledge: (pledge.id, pledge.version),
    postings=lambda before, after: [
        posting_record(one) for one in difference(book(before), book(after))
    ],
    columns=_pledge_columns,
)
LEGISLATIVE_REQUEST: Final[Rules[LegislativeRequest]] = Rules(
    kind=legislation.STREAM_KIND,
    apply=legislation.apply,
    identity=lambda request: (request.id, request.version),
    # What is only asked for is in no total of pledges.
    postings=lambda _before, _after: [],
    columns=_request_columns,
)
VEHICLE: Final[Rules[Vehicle]] = Rules(
    kind=legislation.VEHICLE_STREAM,
    apply=legislation.apply_to_vehicle,
    identity=lambda vehicle: (vehicle.id, vehicle.version),
    postings=lambda _before, _after: [],
    columns=_vehicle_columns,
)
KINDS: Final[Mapping[str, Rules[Any]]] = {
    rules.kind: rules for rules in (PLEDGE, LEGISLATIVE_REQUEST, VEHICLE)
}

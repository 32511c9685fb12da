"""How a legislative request is written down, and read again.

What later versions of the ledger added is missing in records made before; such a request simply has none of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.sources import Source
from app.legislation.domain.model import Kind, LegislativeRequest
from app.legislation.domain.records.actions import action_record, read_action
from app.legislation.domain.records.enactments import (
    dependency_record,
    enactment_record,
    funding_record,
    read_dependency,
    read_enactment,
    read_funding,
)
from app.legislation.domain.records.lines import line_record, read_line
from app.legislation.domain.records.relations import read_relation, relation_record
from app.legislation.domain.records.values import find_date, format_date, read_date
from app.legislation.domain.records.vehicles import link_record, read_link
from app.pledges.domain import Verification


def request_record(request: LegislativeRequest) -> dict[str, Json]:
    """A request as it is stored, hashed and answered; ``read_record`` is the inverse."""
    currency = request.currency
    return {
        "id": str(request.id),
        "version": request.version,
        "reference": request.reference,
        "donor": request.donor,
        "title": request.title,
        "requesting_office": request.requesting_office,
        "addressed_to": request.addressed_to,
        "kind": request.kind.value,
        "legal_basis": request.legal_basis,
        "period": format_date(request.period),
        "requested_on": format_date(request.requested),
        "announced_on": format_date(request.announced),
        "published_on": format_date(request.published),
        "currency": currency,
        "lines": [line_record(line, currency) for line in request.lines],
        "vehicles": [link_record(link) for link in request.vehicles],
        "verification": request.verification.value,
        "notes": request.notes,
        "sources": [source.to_json() for source in request.sources],
        "actions": [action_record(action) for action in request.actions],
        "relations": [relation_record(one, currency) for one in request.relations],
        "enactments": [enactment_record(one, currency) for one in request.enactments],
        "funding": [funding_record(link, currency) for link in request.funding],
        "dependencies": [dependency_record(one) for one in request.dependencies],
        "recorded_on": request.recorded_on.isoformat(),
        "withdrawn": request.withdrawn,
    }


def read_record(record: Mapping[str, Any]) -> LegislativeRequest:
    """The request that ``request_record`` wrote down."""
    currency = record["currency"]
    return LegislativeRequest(
        id=UUID(record["id"]),
        version=record["version"],
        reference=record["reference"],
        donor=record["donor"],
        title=record["title"],
        requesting_office=record["requesting_office"],
        addressed_to=record["addressed_to"],
        kind=Kind(record["kind"]),
        legal_basis=record.get("legal_basis"),
        period=find_date(record.get("period")),
        requested=read_date(record["requested_on"]),
        announced=read_date(record["announced_on"]),
        published=find_date(record["published_on"]),
        currency=currency,
        lines=tuple(read_line(line, index, currency) for index, line in enumerate(record["lines"])),
        vehicles=tuple(read_link(link) for link in record["vehicles"]),
        verification=Verification(record["verification"]),
        notes=record["notes"],
        sources=tuple(Source.from_json(source) for source in record["sources"]),
        actions=tuple(read_action(action) for action in record["actions"]),
        relations=tuple(read_relation(one, currency) for one in record.get("relations", ())),
        enactments=tuple(read_enactment(one, currency) for one in record.get("enactments", ())),
        funding=tuple(read_funding(one, currency) for one in record.get("funding", ())),
        dependencies=tuple(read_dependency(one) for one in record.get("dependencies", ())),
        recorded_on=date.fromisoformat(record["recorded_on"]),
        withdrawn=record["withdrawn"],
    )

"""How a legislative request is written down, and read again."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED, Span, format_span, parse_span
from app.kernel.money import format_minor, parse_amount
from app.kernel.sources import Source
from app.legislation.domain.model import (
    Action,
    AmountKind,
    Beneficiary,
    Component,
    FlagEffect,
    Kind,
    LegislativeRequest,
    Line,
    Vehicle,
    Vote,
)
from app.legislation.domain.states import Flag, FlagChange, State
from app.pledges.domain import Bound, Verification


def request_record(request: LegislativeRequest) -> dict[str, Json]:
    """A request as it is stored, hashed and answered; ``read_record`` is the inverse."""
    return {
        "id": str(request.id),
        "version": request.version,
        "reference": request.reference,
        "donor": request.donor,
        "title": request.title,
        "requesting_office": request.requesting_office,
        "addressed_to": request.addressed_to,
        "kind": request.kind.value,
        "requested_on": format_span(request.requested),
        "announced_on": format_span(request.announced),
        "published_on": _format(request.published),
        "currency": request.currency,
        "lines": [line_record(line, request.decimals) for line in request.lines],
        "vehicles": [_vehicle_record(vehicle) for vehicle in request.vehicles],
        "verification": request.verification.value,
        "notes": request.notes,
        "sources": [source.to_json() for source in request.sources],
        "actions": [action_record(action) for action in request.actions],
        "recorded_on": request.recorded_on.isoformat(),
        "withdrawn": request.withdrawn,
    }


def action_record(action: Action) -> dict[str, Json]:
    """An action as it is stored, hashed and answered."""
    flag, vote = action.flag, action.vote
    return {
        "id": str(action.id),
        "on": format_span(action.on),
        "body": action.body,
        "state": action.state.value if action.state else None,
        "flag": {"name": flag.name.value, "change": flag.change.value} if flag else None,
        "text": action.text,
        "vote": (
            {"yes": vote.yes, "no": vote.no, "other": vote.other, "roll": vote.roll}
            if vote
            else None
        ),
        "vehicle": action.vehicle,
        "source_url": action.source_url,
        "recorded_on": action.recorded_on.isoformat(),
        "opening": action.opening,
        "withdrawn": action.withdrawn,
    }


def line_record(line: Line, decimals: int) -> dict[str, Json]:
    """A line as it is stored, hashed and answered."""
    return {
        "component": line.component.value,
        "label": line.label,
        "amount": None if line.amount is None else format_minor(line.amount, decimals),
        "bound": line.bound.value,
        "amount_kind": line.amount_kind.value,
        "beneficiary": line.beneficiary.value,
        "verification": line.verification.value,
        "note": line.note,
        "enacted_on": _format(line.enacted),
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
        requested=_read_span(record["requested_on"]),
        announced=_read_span(record["announced_on"]),
        published=_find_span(record["published_on"]),
        currency=currency,
        lines=tuple(_read_line(line, currency) for line in record["lines"]),
        vehicles=tuple(_read_vehicle(vehicle) for vehicle in record["vehicles"]),
        verification=Verification(record["verification"]),
        notes=record["notes"],
        sources=tuple(Source.from_json(source) for source in record["sources"]),
        actions=tuple(read_action(action) for action in record["actions"]),
        recorded_on=date.fromisoformat(record["recorded_on"]),
        withdrawn=record["withdrawn"],
    )


def read_action(record: Mapping[str, Any]) -> Action:
    """The action that ``action_record`` wrote down."""
    flag, vote, state = record["flag"], record["vote"], record["state"]
    return Action(
        id=UUID(record["id"]),
        on=parse_span(record["on"]),
        body=record["body"],
        state=None if state is None else State(state),
        flag=None if flag is None else FlagEffect(Flag(flag["name"]), FlagChange(flag["change"])),
        text=record["text"],
        vote=None if vote is None else Vote(**vote),
        vehicle=record["vehicle"],
        source_url=record["source_url"],
        recorded_on=date.fromisoformat(record["recorded_on"]),
        opening=record["opening"],
        withdrawn=record["withdrawn"],
    )


def _read_line(record: Mapping[str, Any], currency: str) -> Line:
    amount = record["amount"]
    return Line(
        component=Component(record["component"]),
        label=record["label"],
        amount=None if amount is None else parse_amount(amount, CURRENCIES[currency]),
        bound=Bound(record["bound"]),
        amount_kind=AmountKind(record["amount_kind"]),
        beneficiary=Beneficiary(record["beneficiary"]),
        verification=Verification(record["verification"]),
        note=record["note"],
        enacted=_find_span(record["enacted_on"]),
    )


def _vehicle_record(vehicle: Vehicle) -> dict[str, Json]:
    return {
        "identifier": vehicle.identifier,
        "jurisdiction": vehicle.jurisdiction,
        "session": vehicle.session,
        "became_vehicle_on": format_span(vehicle.became_vehicle),
    }


def _read_vehicle(record: Mapping[str, Any]) -> Vehicle:
    return Vehicle(
        identifier=record["identifier"],
        jurisdiction=record["jurisdiction"],
        session=record["session"],
        became_vehicle=_read_span(record["became_vehicle_on"]),
    )


def _format(span: Span | None) -> str | None:
    return None if span is None else format_span(span)


def _find_span(text: str | None) -> Span | None:
    return None if text is None else parse_span(text)


def _read_span(text: str | None) -> Span:
    return _find_span(text) or UNDATED

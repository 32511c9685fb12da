"""How enactments, and the pledges that hang on a request, are written down, and read again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.dates import format_span, parse_span
from app.legislation.domain.model import (
    AmountKind,
    Beneficiary,
    Component,
    Dependency,
    DependencyKind,
    EnactedLine,
    Enactment,
    FundingLink,
    OnFail,
)
from app.legislation.domain.records.values import (
    find_date,
    format_amount,
    format_date,
    read_amount,
)


def enactment_record(enactment: Enactment, currency: str) -> dict[str, Json]:
    """An enactment as it is stored, hashed and answered; ``read_enactment`` is the inverse."""
    return {
        "id": str(enactment.id),
        "on": format_span(enactment.on),
        "law": enactment.law,
        "vehicle": enactment.vehicle,
        "division": enactment.division,
        "closes": enactment.closes,
        "lines": [_line_record(line, currency) for line in enactment.lines],
        "source_url": enactment.source_url,
        "withdrawn": enactment.withdrawn,
    }


def read_enactment(record: Mapping[str, Any], currency: str) -> Enactment:
    """The enactment that ``enactment_record`` wrote down."""
    return Enactment(
        id=UUID(record["id"]),
        on=parse_span(record["on"]),
        law=record["law"],
        vehicle=record["vehicle"],
        division=record["division"],
        closes=record["closes"],
        lines=tuple(_read_line(line, currency) for line in record["lines"]),
        source_url=record["source_url"],
        withdrawn=record["withdrawn"],
    )


def funding_record(link: FundingLink, currency: str) -> dict[str, Json]:
    """A funding link as it is stored, hashed and answered; ``read_funding`` is the inverse."""
    return {
        "id": str(link.id),
        "enacted_line": link.enacted_line,
        "pledge_id": str(link.pledge_id),
        "amount": format_amount(link.amount, currency),
        "note": link.note,
        "withdrawn": link.withdrawn,
    }


def read_funding(record: Mapping[str, Any], currency: str) -> FundingLink:
    """The funding link that ``funding_record`` wrote down."""
    return FundingLink(
        id=UUID(record["id"]),
        enacted_line=record["enacted_line"],
        pledge_id=UUID(record["pledge_id"]),
        amount=read_amount(record["amount"], currency) or 0,
        note=record["note"],
        withdrawn=record["withdrawn"],
    )


def dependency_record(dependency: Dependency) -> dict[str, Json]:
    """A dependency as it is stored, hashed and answered; ``read_dependency`` is the inverse."""
    return {
        "id": str(dependency.id),
        "pledge_id": str(dependency.pledge_id),
        "kind": dependency.kind.value,
        "line": dependency.line,
        "on_fail": dependency.on_fail.value,
        "due_on": format_date(dependency.due),
        "note": dependency.note,
        "withdrawn": dependency.withdrawn,
    }


def read_dependency(record: Mapping[str, Any]) -> Dependency:
    """The dependency that ``dependency_record`` wrote down."""
    return Dependency(
        id=UUID(record["id"]),
        pledge_id=UUID(record["pledge_id"]),
        kind=DependencyKind(record["kind"]),
        line=record["line"],
        on_fail=OnFail(record["on_fail"]),
        due=find_date(record["due_on"]),
        note=record["note"],
        withdrawn=record["withdrawn"],
    )


def _line_record(line: EnactedLine, currency: str) -> Json:
    return {
        "key": line.key,
        "line": line.line,
        "component": line.component.value,
        "label": line.label,
        "amount": format_amount(line.amount, currency),
        "amount_kind": line.amount_kind.value,
        "beneficiary": line.beneficiary.value,
        "asked": format_amount(line.asked, currency),
        "disposition": line.disposition.value,
        "rest_pends": line.rest_pends,
        "available": format_date(line.available),
        "note": line.note,
        "annulled_on": format_date(line.annulled),
        "rescinded": format_amount(line.rescinded, currency),
    }


def _read_line(record: Mapping[str, Any], currency: str) -> EnactedLine:
    return EnactedLine(
        key=record["key"],
        line=record["line"],
        component=Component(record["component"]),
        label=record["label"],
        amount=read_amount(record["amount"], currency),
        amount_kind=AmountKind(record["amount_kind"]),
        beneficiary=Beneficiary(record["beneficiary"]),
        asked=read_amount(record["asked"], currency),
        rest_pends=record["rest_pends"],
        available=find_date(record["available"]),
        note=record["note"],
        annulled=find_date(record["annulled_on"]),
        rescinded=read_amount(record["rescinded"], currency) or 0,
    )

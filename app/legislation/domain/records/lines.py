"""How a line of a request and the claims on its amount are written down, and read again."""

from collections.abc import Mapping
from typing import Any

from app.kernel.canonical import Json
from app.kernel.sources import Source
from app.legislation.domain.model import AmountKind, Beneficiary, Claim, Component, Line
from app.legislation.domain.records.values import (
    find_date,
    format_amount,
    format_date,
    read_amount,
)
from app.pledges.domain import Bound, Verification


def line_record(line: Line, currency: str) -> dict[str, Json]:
    """A line as it is stored, hashed and answered; ``read_line`` is the inverse."""
    return {
        "key": line.key,
        "parent": line.parent,
        "component": line.component.value,
        "subcomponent": line.subcomponent,
        "label": line.label,
        "amount": format_amount(line.amount, currency),
        "bound": line.bound.value,
        "amount_kind": line.amount_kind.value,
        "beneficiary": line.beneficiary.value,
        "year": line.year,
        "new_money": line.new_money,
        "verification": line.verification.value,
        "note": line.note,
        "claims": [_claim_record(claim, currency) for claim in line.claims],
        "residual": line.residual,
        "enacted_on": format_date(line.enacted),
    }


def read_line(record: Mapping[str, Any], index: int, currency: str) -> Line:
    """The line that ``line_record`` wrote down; one from before lines had keys is named by its place."""
    return Line(
        key=record.get("key") or str(index + 1),
        parent=record.get("parent"),
        component=Component(record["component"]),
        subcomponent=record.get("subcomponent"),
        label=record["label"],
        amount=read_amount(record["amount"], currency),
        bound=Bound(record["bound"]),
        amount_kind=AmountKind(record["amount_kind"]),
        beneficiary=Beneficiary(record["beneficiary"]),
        year=record.get("year"),
        new_money=record.get("new_money"),
        verification=Verification(record["verification"]),
        note=record["note"],
        claims=tuple(_read_claim(claim, currency) for claim in record.get("claims", ())),
        residual=record.get("residual", False),
        enacted=find_date(record["enacted_on"]),
    )


def _claim_record(claim: Claim, currency: str) -> Json:
    return {
        "amount": format_amount(claim.amount, currency),
        "bound": claim.bound.value,
        "verification": claim.verification.value,
        "source": claim.source.to_json() if claim.source else None,
        "retrieved_on": format_date(claim.retrieved),
        "preferred": claim.preferred,
        "reason": claim.reason,
    }


def _read_claim(record: Mapping[str, Any], currency: str) -> Claim:
    source = record["source"]
    return Claim(
        amount=read_amount(record["amount"], currency),
        bound=Bound(record["bound"]),
        verification=Verification(record["verification"]),
        source=None if source is None else Source.from_json(source),
        retrieved=find_date(record["retrieved_on"]),
        preferred=record["preferred"],
        reason=record["reason"],
    )

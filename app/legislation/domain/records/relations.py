"""How a relation between two requests is written down, and read again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.dates import format_span, parse_span
from app.legislation.domain.model import LineMove, Relation, RelationKind
from app.legislation.domain.records.values import format_amount, read_amount


def relation_record(relation: Relation, currency: str) -> dict[str, Json]:
    """A relation as it is stored, hashed and answered; ``read_relation`` is the inverse."""
    return {
        "id": str(relation.id),
        "kind": relation.kind.value,
        "other_id": str(relation.other_id),
        "other": relation.other,
        "effective_on": format_span(relation.effective),
        "lines": [
            {"own": move.own, "other": move.other, "amount": format_amount(move.amount, currency)}
            for move in relation.lines
        ],
        "rationale": relation.rationale,
        "decided_by": relation.decided_by,
        "withdrawn": relation.withdrawn,
    }


def read_relation(record: Mapping[str, Any], currency: str) -> Relation:
    """The relation that ``relation_record`` wrote down."""
    return Relation(
        id=UUID(record["id"]),
        kind=RelationKind(record["kind"]),
        other_id=UUID(record["other_id"]),
        other=record["other"],
        effective=parse_span(record["effective_on"]),
        lines=tuple(
            LineMove(move["own"], move["other"], read_amount(move["amount"], currency))
            for move in record["lines"]
        ),
        rationale=record["rationale"],
        decided_by=record["decided_by"],
        withdrawn=record["withdrawn"],
    )

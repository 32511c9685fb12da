"""Which movements a file has and the ledger has not, and the other way round."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from app.imports.domain.proposals import FieldChange
from app.kernel.canonical import Json
from app.kernel.dates import format_span, parse_span
from app.kernel.errors import ValueRefusedError
from app.kernel.ids import new_id
from app.pledges.domain import RecordMovement, StoredPledge, WithdrawMovement

Movements = Sequence[Mapping[str, Any]]


def differing_movements(
    wanted: Movements | None, held: StoredPledge, reason: str
) -> tuple[list[WithdrawMovement], list[RecordMovement], list[FieldChange]]:
    """What takes back the movements that the file has no more, what records those that are new, and both in words.

    A movement is the same where stage, amount, date and first source are. A file that says nothing of movements changes
    none.
    """
    if wanted is None:
        return [], [], []
    pledge_id = held.pledge.id
    standing = [one for one in held.document["movements"] if not one["withdrawn"]]
    gone = list(_without(standing, wanted))
    new = list(_without(wanted, standing))
    taken = [
        WithdrawMovement(pledge_id=pledge_id, movement_id=UUID(one["id"]), reason=reason)
        for one in gone
    ]
    added = [RecordMovement(pledge_id=pledge_id, movement_id=new_id(), **one) for one in new]
    changes = []
    if gone or new:
        changes.append(FieldChange("movements", [*map(_told, gone)], [*map(_told, new)]))
    return taken, added, changes


def _without(these: Movements, those: Movements) -> Iterator[Mapping[str, Any]]:
    left = Counter(map(_signature, those))
    for one in these:
        signature = _signature(one)
        if left[signature]:
            left[signature] -= 1
        else:
            yield one


def _signature(movement: Mapping[str, Any]) -> tuple[object, ...]:
    sources = movement.get("sources") or []
    url = sources[0]["url"] if sources else None
    return movement["stage"], _amount(movement.get("amount")), _day(movement.get("on")), url


def _amount(text: str | None) -> object:
    try:
        return text and Decimal(text)
    except InvalidOperation:
        return text


def _day(text: str | None) -> str | None:
    try:
        return text and format_span(parse_span(text))
    except ValueRefusedError:
        return text


def _told(movement: Mapping[str, Any]) -> Json:
    return {name: movement.get(name) for name in ("stage", "amount", "on")}

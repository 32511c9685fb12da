"""The fields with which a form opens: those of a correction say what is on record."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from app.desk.domain import FormKind, flatten
from app.kernel.money import format_minor
from app.legislation.domain import AMENDABLE as OF_A_REQUEST
from app.legislation.domain import AMENDABLE_ENACTED, AMENDABLE_OF_VEHICLE, open_lines, read_record
from app.pledges.domain import AMENDABLE as OF_A_PLEDGE

# A longer list is no work for a form; it stays as it is, and the API or an import changes it.
MOST_ROWS: Final = 100
# What a form shows of a line; the rest of it stays as it is, see ``commands``.
LINE_FIELDS: Final = (
    "key",
    "parent",
    "component",
    "label",
    "amount",
    "amount_kind",
    "beneficiary",
    "note",
)
_STATED: Final = ("amount", "bound", "verification")
_LISTS: Final = {
    FormKind.AMENDMENT: ("items",),
    FormKind.REQUEST_AMENDMENT: ("lines", "vehicles"),
}


def show_fields(
    kind: FormKind, document: Mapping[str, Any], part: UUID | str | None = None
) -> dict[str, str]:
    """The fields of a form on this document as they are filled in at first.

    Args:
        kind: of the form.
        document: the record of what it is about.
        part: the key of the line that it is about.
    """
    show = _SHOWN.get(kind)
    return flatten(_without_long(kind, show(document, part))) if show else {}


def too_long(kind: FormKind, document: Mapping[str, Any]) -> dict[str, int]:
    """The lists that are too long for the form, each with how many there are."""
    return {
        name: len(document[name])
        for name in _LISTS.get(kind, ())
        if len(document.get(name, ())) > MOST_ROWS
    }


def find_line(document: Mapping[str, Any], key: UUID | str | None) -> Mapping[str, Any] | None:
    """The line of a request with this key, if somebody told it; the ledger makes others itself."""
    lines: list[Mapping[str, Any]] = document.get("lines", [])
    return next((one for one in lines if one["key"] == key and not one["residual"]), None)


def find_enacted_line(
    document: Mapping[str, Any], key: UUID | str | None
) -> Mapping[str, Any] | None:
    """The enacted line of a request with this key, of a law that was not withdrawn."""
    standing = (one["lines"] for one in document.get("enactments", []) if not one["withdrawn"])
    return next((line for lines in standing for line in lines if line["key"] == key), None)


def _without_long(kind: FormKind, fields: Mapping[str, Any]) -> dict[str, Any]:
    long = too_long(kind, fields)
    return {name: value for name, value in fields.items() if name not in long}


def _pledge(document: Mapping[str, Any], _part: UUID | str | None) -> dict[str, Any]:
    # A pledge without items has no word of them.
    current = {"items": [], **document, "status": document["opening"]}
    return {name: current[name] for name in OF_A_PLEDGE}


def _vehicle(document: Mapping[str, Any], _part: UUID | str | None) -> dict[str, Any]:
    return {name: document[name] for name in AMENDABLE_OF_VEHICLE}


def _enacted_line(document: Mapping[str, Any], part: UUID | str | None) -> dict[str, Any]:
    line = find_enacted_line(document, part) or {}
    return {name: line[name] for name in AMENDABLE_ENACTED if name in line}


def _request(document: Mapping[str, Any], _part: UUID | str | None) -> dict[str, Any]:
    current = {name: document[name] for name in OF_A_REQUEST}
    lines = [
        {name: line[name] for name in LINE_FIELDS}
        for line in document["lines"]
        if not line["residual"]
    ]
    vehicles = [
        {name: value for name, value in link.items() if name != "vehicle_id"}
        for link in document["vehicles"]
    ]
    return {**current, "lines": lines, "vehicles": vehicles}


def _claims(document: Mapping[str, Any], part: UUID | str | None) -> dict[str, Any]:
    """The claims of a line; an amount that was given without any is one, which counts."""
    line = find_line(document, part) or {}
    told = line.get("claims", ())
    if not told and line and line["amount"] is not None:
        told = [{name: line[name] for name in _STATED} | {"preferred": True}]
    # A row of which nothing is filled in is none, so what is not so is left empty.
    return {"claims": [{**one, "preferred": one["preferred"] or None} for one in told]}


def _open_lines(document: Mapping[str, Any], _part: UUID | str | None) -> dict[str, Any]:
    """A row for each line that is not decided, with all that was asked for; none where there are too many."""
    request = read_record(document)
    lines = open_lines(request)
    if len(lines) > MOST_ROWS:
        return {}
    rows = [
        {
            "line": line.key,
            "label": line.label,
            "amount": None if line.amount is None else format_minor(line.amount, request.decimals),
        }
        for line in lines
    ]
    return {"lines": rows}


_SHOWN: Final[
    Mapping[FormKind, Callable[[Mapping[str, Any], UUID | str | None], dict[str, Any]]]
] = {
    FormKind.AMENDMENT: _pledge,
    FormKind.REQUEST_AMENDMENT: _request,
    FormKind.CLAIMS: _claims,
    FormKind.ENACTMENT: _open_lines,
    FormKind.ENACTED_LINE_AMENDMENT: _enacted_line,
    FormKind.VEHICLE_AMENDMENT: _vehicle,
}

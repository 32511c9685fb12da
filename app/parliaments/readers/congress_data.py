"""``data.json`` of unitedstates/congress: its actions are taken, its own status is not.

Its status cannot see that a blocked bill moves again, and calls a bill reported that is only ordered to be. So the
states are worked out afresh, and agree with those of the BILLSTATUS file that it was made from.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

from app.kernel.errors import ValueRefusedError
from app.parliaments.domain.actions import Reading, VehicleFacts
from app.parliaments.domain.congress.bills import ZONE, bill_facts, cite_law
from app.parliaments.domain.congress.reading import read_rows
from app.parliaments.domain.congress.rows import HOUSE, SENATE, Row
from app.parliaments.domain.places import FileFinding, FileRefusedError, Place
from app.parliaments.readers.files import (
    SourceFile,
    check_length,
    read_day,
    read_instant,
    required_text,
    whole_number,
)

_BILL_ID: Final = re.compile(r"([a-z]+)([0-9]{1,9})-([0-9]{1,9})")
_CHAMBERS: Final = {"h": HOUSE, "s": SENATE}
_DAY_LENGTH: Final = len("2022-03-10")


def is_congress_data(document: Mapping[str, Any]) -> bool:
    """Whether the document looks like a ``data.json``."""
    return "bill_id" in document and "actions" in document


def read_congress_data(file: SourceFile, document: Mapping[str, Any]) -> Reading:
    """The bill and its actions.

    Raises:
        FileRefusedError: the bill has no name that we can read, or there is no list of actions.
    """
    actions = document["actions"]
    if not isinstance(actions, list):
        raise FileRefusedError(
            Place(file.name, "/actions"), "unknown-layout", "A list is expected."
        )
    check_length(actions, Place(file.name, "/actions"))
    rows: list[Row] = []
    findings: list[FileFinding] = []
    for index, raw in enumerate(actions):
        place = Place(file.name, f"/actions/{index}")
        try:
            rows.append(_read_action(place, raw if isinstance(raw, dict) else {}))
        except FileRefusedError as refused:
            findings.append(refused.finding)
    return read_rows(_read_facts(file, document), sorted(rows, key=lambda row: row.on), findings)


def _read_facts(file: SourceFile, document: Mapping[str, Any]) -> VehicleFacts:
    place = Place(file.name, "/bill_id")
    name = _BILL_ID.fullmatch(str(document["bill_id"]))
    if name is None:
        raise FileRefusedError(place, "no-vehicle", "A bill is named as hr2471-117.")
    introduced = document.get("introduced_at")
    try:
        return bill_facts(
            whole_number(name[3], place),
            name[1],
            name[2],
            titles=tuple(_titles(file, document)),
            introduced_on=read_day(introduced, Place(file.name, "/introduced_at"))
            if introduced
            else None,
            law=_law(document.get("enacted_as")),
        )
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None


def _titles(file: SourceFile, document: Mapping[str, Any]) -> Sequence[str]:
    listed = document.get("titles")
    raw = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    first = document.get("short_title") or document.get("official_title")
    place = Place(file.name, "/titles")
    return [required_text(one, place) for one in (first, *(one.get("title") for one in raw)) if one]


def _law(enacted_as: object) -> str | None:
    if not isinstance(enacted_as, dict):
        return None
    number = f"{enacted_as.get('congress')}-{enacted_as.get('number')}"
    return cite_law(str(enacted_as.get("law_type")), number)


def _read_action(place: Place, raw: Mapping[str, Any]) -> Row:
    on, clock = _moment(required_text(raw.get("acted_at"), place), place)
    code = raw.get("action_code")
    return Row(
        on=on,
        time=clock,
        text=required_text(raw.get("text"), place),
        codes=(required_text(code, place),) if code else (),
        source=None,
        chamber=_CHAMBERS.get(str(raw.get("where"))),
        votes=(),
        place=place,
    )


def _moment(text: str, place: Place) -> tuple[date, time | None]:
    """The day and the clock in Washington."""
    if len(text) == _DAY_LENGTH:
        return read_day(text, place), None
    instant = read_instant(text, place)
    local: datetime | None = instant.astimezone(ZONE) if instant else None
    if local is None:
        raise FileRefusedError(place, "missing-value", "A value is missing here.")
    return local.date(), local.time()

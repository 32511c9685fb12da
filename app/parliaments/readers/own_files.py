"""Our own CSV and JSON of actions, for every parliament without a machine source; docs/parliaments.md explains them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text
from app.parliaments.domain.actions import Reading, ReportedAction, VehicleFacts
from app.parliaments.domain.own import COLUMNS, SCHEMA, in_order, read_own_action
from app.parliaments.domain.places import FileFinding, FileRefusedError, Place
from app.parliaments.readers.files import (
    MAX_ROWS,
    SourceFile,
    check_length,
    read_day,
    read_text,
    text_of,
)

_VEHICLE: Final = ("jurisdiction", "identifier")
# Not every parliament numbers its texts by session.
_OPTIONAL: Final = ("session", "title", "law", "url")
_MAX_NAME: Final = 500


def is_own_csv(text: str) -> bool:
    """Whether the first line is that of our template, or tries to be."""
    first = text.lstrip().partition("\n")[0]
    return first.startswith("on,")


def read_own_csv(file: SourceFile) -> Reading:
    """Actions without a vehicle: whoever hands the file in names it.

    Raises:
        FileRefusedError: other headers, not CSV, or too long.
    """
    reader = csv.DictReader(read_text(file).splitlines(keepends=True), strict=True)
    try:
        # One more than may be: whether there are more is all that has to be known.
        rows = list(islice(_rows(file, reader), MAX_ROWS + 1))
    except csv.Error as error:
        place = Place(file.name, f"line {reader.line_num + 1}")
        raise FileRefusedError(place, "not-csv", f"Not CSV: {error}.") from None
    check_length(rows, file.place)
    return _reading(None, rows, [])


def _rows(
    file: SourceFile, reader: "csv.DictReader[str]"
) -> Iterator[tuple[Place, dict[str, str]]]:
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise FileRefusedError(
            Place(file.name, "line 1"), "unknown-layout", f"The headers are {', '.join(COLUMNS)}."
        )
    for cells in reader:
        place = Place(file.name, f"line {reader.line_num}")
        if None in cells or None in cells.values():
            raise FileRefusedError(place, "wrong-length", f"A row has {len(COLUMNS)} cells.")
        yield place, cells


def is_own_json(document: Mapping[str, Any]) -> bool:
    """Whether the document says that it is ours."""
    return document.get("schema") == SCHEMA


def read_own_json(file: SourceFile, document: Mapping[str, Any]) -> Reading:
    """The vehicle and its actions.

    Raises:
        FileRefusedError: no vehicle, no list of actions, or one that is too long.
    """
    actions = document.get("actions")
    if not isinstance(actions, list):
        raise FileRefusedError(
            Place(file.name, "/actions"), "unknown-layout", "A list is expected."
        )
    check_length(actions, Place(file.name, "/actions"))
    findings: list[FileFinding] = []
    rows: list[tuple[Place, Mapping[str, Any]]] = []
    for index, raw in enumerate(actions):
        place = Place(file.name, f"/actions/{index}")
        unknown = sorted(set(raw) - set(COLUMNS)) if isinstance(raw, dict) else ["?"]
        if unknown:
            detail = f"Members are {', '.join(COLUMNS)}."
            findings.append(FileFinding(place, "unknown-member", detail))
        else:
            rows.append((place, {name: _cell(raw.get(name), place) for name in COLUMNS}))
    return _reading(_read_vehicle(file, document.get("vehicle")), rows, findings)


def _cell(value: object, place: Place) -> str:
    """A JSON value as the cell of a CSV file would have it.

    Raises:
        FileRefusedError: ``not-a-text``.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text_of(value, place)


def _reading(
    vehicle: VehicleFacts | None,
    rows: Iterable[tuple[Place, Mapping[str, str]]],
    findings: list[FileFinding],
) -> Reading:
    actions: list[ReportedAction] = []
    for place, cells in rows:
        action, wrong = read_own_action(cells, place)
        findings += wrong
        if action:
            actions.append(action)
    findings += _doubles(actions)
    return Reading(vehicle=vehicle, actions=in_order(actions), findings=tuple(findings))


def _doubles(actions: Iterable[ReportedAction]) -> list[FileFinding]:
    """Two rows with one natural key: in a file of our own that is a slip, and says so."""
    first: dict[tuple[str, ...], ReportedAction] = {}
    findings: list[FileFinding] = []
    for action in actions:
        earlier = first.setdefault(action.key, action)
        if earlier is not action:
            detail = f"The same action stands at {earlier.place.where}."
            findings.append(FileFinding(action.place, "repeated-action", detail))
    return findings


def _read_vehicle(file: SourceFile, raw: object) -> VehicleFacts:
    place = Place(file.name, "/vehicle")
    if not isinstance(raw, dict):
        raise FileRefusedError(place, "no-vehicle", "Nothing here names the vehicle.")
    unknown = set(raw) - {*_VEHICLE, *_OPTIONAL, "introduced_on"}
    if unknown or any(not raw.get(name) for name in _VEHICLE):
        detail = f"A vehicle has {', '.join(_VEHICLE)}; {', '.join(_OPTIONAL)}, introduced_on."
        raise FileRefusedError(place, "no-vehicle", detail)
    texts = {name: _name(raw.get(name), Place(file.name, f"/vehicle/{name}")) for name in raw}
    introduced = texts.pop("introduced_on", None)
    title = texts.get("title")
    return VehicleFacts(
        jurisdiction=texts["jurisdiction"] or "",
        session=texts.get("session") or "",
        identifier=texts["identifier"] or "",
        title=title,
        introduced_on=read_day(introduced, place) if introduced else None,
        law=texts.get("law"),
        titles=(title,) if title else (),
        url=texts.get("url"),
    )


def _name(value: object, place: Place) -> str | None:
    if value is None:
        return None
    try:
        return clean_text(text_of(value, place), max_length=_MAX_NAME)
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None

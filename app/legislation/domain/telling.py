"""When the ledger was told something: the entry that an action, a date or a link to a vehicle came with.

What happened has a day in the world; that it is known has a revision and an instant. Feeds are ordered by the
second, for who follows them wants to hear what is new to the ledger, however long ago it happened.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.journal.domain import Entry
from app.legislation.domain.model import VehicleLink
from app.legislation.domain.records.vehicles import link_record

Data = Mapping[str, Any]


# What can be said of a request or a vehicle, by name.
Key = tuple[str, ...]


class Told(NamedTuple):
    """The entry that said so."""

    revision: int
    recorded_at: datetime


class Tellings:
    """What some entries said first, or last where it was amended.

    Args:
        entries: whole streams up to one revision, in commit order.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._told: dict[Key, Told] = {}
        for entry in entries:
            self._take(entry)

    def find(self, what: Key) -> Told:
        """When this was said; see ``of_action`` and the others."""
        return self._told[what]

    def _take(self, entry: Entry) -> None:
        told = Told(entry.revision, entry.recorded_at)
        stream, data = str(entry.stream_id), entry.read()["data"]
        self._take_fields(stream, _fields(data), told)
        for action in _actions(data):
            self._told[of_action(action["id"])] = told
        for withdrawn_id in _withdrawn(entry, data):
            self._told[of_withdrawal(withdrawn_id)] = told
        if "dependency" in data:
            self._told[of_dependency(data["dependency"]["id"])] = told

    def _take_fields(self, stream: str, fields: Data, told: Told) -> None:
        for name in fields:
            self._told[of_field(stream, name)] = told
        for link in fields.get("vehicles") or []:
            # An amendment repeats the links that stay.
            self._told.setdefault(_of_link_record(stream, link), told)


def of_action(action_id: UUID | str) -> Key:
    """That an action happened, on its date."""
    return "action", str(action_id)


def of_withdrawal(withdrawn_id: UUID | str) -> Key:
    """That an action, or a request, was recorded in error."""
    return "withdrawal", str(withdrawn_id)


def of_link(request_id: UUID, link: VehicleLink) -> Key:
    """That a request hangs on a vehicle from this day on."""
    return _of_link_record(str(request_id), link_record(link))


def of_dependency(dependency_id: UUID | str) -> Key:
    """That a pledge waits for a request."""
    return "dependency", str(dependency_id)


def of_field(stream_id: UUID | str, name: str) -> Key:
    """That a field of a request or a vehicle has its value."""
    return "field", str(stream_id), name


def _of_link_record(request_id: str, link: Data) -> Key:
    return "link", request_id, str(link.get("vehicle_id")), str(link["became_vehicle_on"])


def _fields(data: Data) -> Data:
    """The fields that an entry gives a value: of a new record all, of an amendment those that it names."""
    record = _record(data)
    if record is not None:
        return record
    return {name: after for name, (_, after) in data.get("changes", {}).items()}


def _actions(data: Data) -> Iterator[Data]:
    """The actions that an entry records, or gives another date."""
    record = _record(data)
    if record is not None:
        yield from record["actions"]
    elif "changes" in data:
        yield from _moved(*data["changes"].get("actions", ([], [])))
    yield from (one["action"] for one in data.get("actions", ()))
    if data.get("action") is not None:
        yield data["action"]


def _withdrawn(entry: Entry, data: Data) -> Iterator[str]:
    """Ids of what an entry takes back: actions, or the request itself."""
    if entry.kind == "legislative_request.withdrawn":
        yield str(entry.stream_id)
    if "action_id" in data:
        yield data["action_id"]
    yield from data.get("action_ids", ())


def _record(data: Data) -> Data | None:
    """The request or the vehicle that an entry is the first of."""
    record: Data | None = data.get("legislative_request") or data.get("vehicle")
    return record


def _moved(before: Sequence[Data], after: Sequence[Data]) -> list[Data]:
    """The actions that an amendment gave another date."""
    dates = {action["id"]: action["on"] for action in before}
    return [action for action in after if dates.get(action["id"]) != action["on"]]

"""Entries of the journal as people read them: what was recorded or changed, from which value to which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.db import ReadSession
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.journal.history import HistoryItem
from app.kernel.canonical import Json
from app.legislation import service as legislation
from app.legislation.domain import STREAM_KIND as REQUEST
from app.legislation.domain import VEHICLE_STREAM as VEHICLE
from app.legislation.domain import LegislativeRequest, Vehicle
from app.pledges import service as pledges
from app.pledges.domain import STREAM_KIND as PLEDGE
from app.pledges.domain import Pledge
from app.web.views.board import address_of_request, address_of_vehicle
from app.web.words import NOTHING, count_words, exact_words, instant_words, plain_words

# What a first version says of itself, in this order; all else stands on its own page.
_OF_A_NEW_PLEDGE: Final = ("amount", "aid_type", "status")
_OF_A_NEW_REQUEST: Final = ("kind", "requested_on", "state")
_OF_A_NEW_VEHICLE: Final = ("introduced_on", "state")
_AMOUNTS: Final = frozenset({"amount", "pledged", "committed", "allocated", "delivered"})
_CHOICES: Final = frozenset({"aid_type", "instrument", "kind", "state", "status"})
_OF_EVERY_VERSION: Final = frozenset({"id", "version", "recorded_on"})
# What a part is told by.
_TELLING: Final = (
    "kind",
    "stage",
    "state",
    "component",
    "role",
    "law",
    "other",
    "amount",
    "became_vehicle_on",
    "on",
)
# Parts that people know by their names.
_NAMED_PARTS: Final[Mapping[str, str]] = {"lines": "line", "vehicles": "bill"}
_LONGEST: Final = 160
# So many entries are looked through for those that are asked for.
_WINDOW: Final = 500


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what stood there, and what stands there now; ``None`` where there was nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStory:
    """One entry.

    Attributes:
        subject: the reference of what it is about.
        address: of the page of that; ``None`` where it has none.
        what: ``recorded``, ``amended``.
        proof: the page that checks the entry against the log.
    """

    revision: int
    subject: str
    address: str | None
    title: str
    what: str
    changes: Sequence[FieldChange]
    actor: str
    at: str
    reason: str | None
    proof: str


def list_latest(session: ReadSession, snapshot: Snapshot, most: int) -> list[EntryStory]:
    """The last entries up to the snapshot, the newest first."""
    entries = journal.list_entries(
        session, after=max(snapshot.revision - most, 0), until=snapshot.revision, limit=most
    )
    return [_tell(session, entry, snapshot) for entry in reversed(entries)]


def list_between(
    session: ReadSession,
    revisions: tuple[int, int],
    snapshot: Snapshot,
    most: int,
    admits: Callable[[Pledge], bool],
) -> tuple[list[EntryStory], int | None]:
    """Entries about pledges, the newest first, and the revision before which the next ones stand.

    Args:
        session: where the journal is.
        revisions: behind the first and up to the second.
        snapshot: the state as of which pledges are called what they are.
        most: so many entries.
        admits: whether the entries of a pledge are asked for.
    """
    after, until = revisions
    floor = max(after, until - _WINDOW)
    window = journal.list_entries(session, after=floor, until=until, limit=_WINDOW)
    ours = [entry for entry in reversed(window) if entry.stream_kind == PLEDGE]
    known = pledges.find_current(session, {entry.stream_id for entry in ours})
    admitted = [entry for entry in ours if admits(known[entry.stream_id].pledge)]
    told = [_tell(session, entry, snapshot) for entry in admitted[:most]]
    if len(admitted) > most:
        return told, admitted[most - 1].revision
    return told, floor + 1 if floor > after else None


def tell_pledge(item: HistoryItem, reference: str, currency: str | None) -> EntryStory:
    """One entry of a pledge's history."""
    title = str(item.changes.get("title", ("", ""))[1] or "")
    address = f"/pledges/{reference}"
    changes = _changes(item, _OF_A_NEW_PLEDGE, currency)
    return _story(item.entry, reference, address, title, changes)


def tell_request(item: HistoryItem, request: LegislativeRequest) -> EntryStory:
    """One entry of a request's history."""
    changes = _changes(item, _OF_A_NEW_REQUEST, request.currency)
    address = address_of_request(request.reference)
    return _story(item.entry, request.reference, address, request.title, changes)


def tell_vehicle(item: HistoryItem, vehicle: Vehicle) -> EntryStory:
    """One entry of a vehicle's history."""
    changes = _changes(item, _OF_A_NEW_VEHICLE, None)
    address = address_of_vehicle(vehicle.id)
    return _story(item.entry, str(vehicle.name), address, vehicle.title or "", changes)


def tell_fields(
    before: Mapping[str, Json] | None, after: Mapping[str, Json], currency: str | None
) -> list[FieldChange]:
    """The fields of a document that would change; of a new one, those that it has."""
    old = before or {}
    return [
        FieldChange(
            _name_part(name),
            None if before is None else _say(name, old.get(name), currency),
            _say(name, after.get(name), currency),
        )
        for name in dict.fromkeys([*after, *old])
        if name not in _OF_EVERY_VERSION
        and old.get(name) != after.get(name)
        and not (before is None and after[name] in (None, "", [], False))
    ]


def _name_part(name: str) -> str:
    """``line arms`` for ``lines/arms``; a part that only has an id is named by its kind."""
    stem, _, part = name.partition("/")
    return f"{_NAMED_PARTS[stem]} {part}" if stem in _NAMED_PARTS else plain_words(stem)


def _tell(session: ReadSession, entry: Entry, snapshot: Snapshot) -> EntryStory:
    match entry.stream_kind:
        case kind if kind == PLEDGE:
            stored = pledges.get_pledge(session, entry.stream_id, snapshot)
            history = pledges.list_history(session, entry.stream_id, snapshot)
            item = _item(history, entry)
            told = tell_pledge(item, stored.document["reference"], stored.document["currency"])
            return replace(told, title=stored.document["title"])
        case kind if kind == REQUEST:
            return _tell_request(session, entry, snapshot)
        case kind if kind == VEHICLE:
            vehicle = legislation.get_vehicle(session, entry.stream_id, snapshot).vehicle
            history = legislation.list_vehicle_history(session, entry.stream_id, snapshot)
            return tell_vehicle(_item(history, entry), vehicle)
        case _:
            return _story(entry, plain_words(entry.stream_kind), None, "", [])


def _tell_request(session: ReadSession, entry: Entry, snapshot: Snapshot) -> EntryStory:
    request = legislation.get_request(session, entry.stream_id, snapshot).request
    return tell_request(
        _item(legislation.list_history(session, request.id, snapshot), entry), request
    )


def _item(history: Sequence[HistoryItem], entry: Entry) -> HistoryItem:
    return next(item for item in history if item.entry.revision == entry.revision)


def _story(
    entry: Entry, subject: str, address: str | None, title: str, changes: Sequence[FieldChange]
) -> EntryStory:
    return EntryStory(
        revision=entry.revision,
        subject=subject,
        address=address,
        title=title,
        what=plain_words(entry.kind.rpartition(".")[2]),
        changes=changes,
        actor=entry.actor,
        at=instant_words(entry.recorded_at),
        reason=entry.reason,
        proof=f"/verify?entry={entry.revision}",
    )


def _changes(
    item: HistoryItem, of_a_new_one: Sequence[str], currency: str | None
) -> list[FieldChange]:
    shown: Mapping[str, tuple[Json, Json]] = item.changes
    is_new = item.entry.version == 1
    if is_new:
        shown = {name: item.changes[name] for name in of_a_new_one if name in item.changes}
    return [
        FieldChange(
            plain_words(name.partition("/")[0]),
            None if is_new else _say(name, before, currency),
            _say(name, after, currency),
        )
        for name, (before, after) in shown.items()
    ]


def _say(name: str, value: Json, currency: str | None) -> str | None:
    """A value in a few words; ``None`` for nothing."""
    if name in _AMOUNTS and (value is None or isinstance(value, str)):
        return exact_words(value, currency)
    if value in (None, "", []):
        return None
    match value:
        case dict():
            return _say_part(value, currency)
        case list():
            return str(len(value))
        case bool():
            return "yes" if value else "no"
        case _:
            return _shorten(plain_words(str(value)) if name in _CHOICES else str(value))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _say_part(part: Mapping[str, Json], currency: str | None) -> str:
    """A movement, an action, a line or a law: its stage or state, its amount, its day, what is in it."""
    said = [
        exact_words(str(value), currency) if name == "amount" else plain_words(str(value))
        for name in _TELLING
        if (value := part.get(name)) is not None
    ]
    said += [
        count_words(len(inner), one)
        for name, one in (("lines", "line"), ("claims", "statement"))
        if isinstance(inner := part.get(name), list) and inner
    ]
    return ", ".join(said) or NOTHING

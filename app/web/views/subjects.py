"""What a form is about: a pledge, a legislative request or a vehicle as it is now, or a part of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.db import ReadSession
from app.desk.domain import About, FormKind
from app.desk.schemas import find_enacted_line, find_line, show_fields, too_long
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.kernel.ids import parse_id
from app.legislation import service as legislation
from app.legislation.domain import is_reference as is_request_reference
from app.legislation.domain import request_record, vehicle_record
from app.legislation.errors import LegislativeRequestNotFoundError, PartNotFoundError
from app.pledges import service as pledges
from app.pledges.domain.reading import is_reference
from app.pledges.errors import PledgeNotFoundError
from app.web.views.board import address_of_request, address_of_vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a form is about.

    Attributes:
        path: of the form.
        id: of the pledge, request or vehicle; ``None`` where it is new.
        part: what of it, see ``Form``.
        name, address: how it is called, and where one reads about it.
        document: the record as it is now; empty where it is new.
        fields: with which the form opens.
    """

    kind: FormKind
    path: str
    id: UUID | None = None
    part: UUID | str | None = None
    name: str = ""
    address: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> int | None:
        """That a form is based on which is opened now."""
        return self.current if self.kind.is_versioned else None

    @property
    def current(self) -> int | None:
        """The version that is on record."""
        version: int | None = self.document.get("version")
        return version

    @property
    def too_long(self) -> dict[str, int]:
        """The lists that are too long for the form."""
        return too_long(self.kind, self.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    id: UUID
    name: str
    address: str
    document: Mapping[str, Any]


def new_subject(kind: FormKind, path: str, query: Mapping[str, str]) -> Subject:
    """Of a form that makes something new; the address may say whose it is."""
    name = "jurisdiction" if kind is FormKind.VEHICLE else "donor"
    return Subject(kind=kind, path=path, fields={name: query.get("donor", "")[:10]})


def find_subject(
    session: ReadSession,
    kind: FormKind,
    path: str,
    names: Mapping[str, str],
    query: Mapping[str, str],
    snapshot: Snapshot,
) -> Subject:
    """What an address is about, as it is now.

    Args:
        session: reads it.
        kind: of the form.
        path: of the form.
        names: ``name`` and, of some forms, ``part``, as the path has them.
        query: of the address: a form on a request may say which ``vehicle`` it attaches.
        snapshot: the ledger as it is now.

    Raises:
        NotFoundError: there is no such thing, or no such part of it.
    """
    found = _find(session, kind.about, names["name"], snapshot)
    part = _read_part(kind, names.get("part"), found.document)
    fields = show_fields(kind, found.document, part)
    if kind is FormKind.VEHICLE_LINK and "vehicle" in query:
        fields = _name_of_vehicle(session, query["vehicle"], snapshot)
    of_line = f", line {part}" if isinstance(part, str) else ""
    return Subject(
        kind=kind,
        path=path,
        id=found.id,
        part=part,
        name=f"{found.name}{of_line}",
        address=found.address,
        document=found.document,
        fields=fields,
    )


def _find(session: ReadSession, about: About, name: str, snapshot: Snapshot) -> _Found:
    match about:
        case About.PLEDGE:
            stored = pledges.get_pledge(session, _pledge_name(name), snapshot)
            document = stored.document
            called = f"{document['reference']}: {document['title']}"
            address = f"/pledges/{document['reference']}"
            return _Found(id=stored.pledge.id, name=called, address=address, document=document)
        case About.LEGISLATIVE_REQUEST:
            request = legislation.get_request(session, _request_name(name), snapshot).request
            return _Found(
                id=request.id,
                name=f"{request.reference}: {request.title}",
                address=address_of_request(request.reference),
                document=request_record(request),
            )
        case About.VEHICLE:
            vehicle_id = parse_id(name, "vehicle")
            vehicle = legislation.get_vehicle(session, vehicle_id, snapshot).vehicle
            return _Found(
                id=vehicle.id,
                name=str(vehicle.name),
                address=address_of_vehicle(vehicle.id),
                document=vehicle_record(vehicle),
            )


def _read_part(kind: FormKind, text: str | None, document: Mapping[str, Any]) -> UUID | str | None:
    if text is None:
        return None
    match kind:
        case FormKind.CLAIMS:
            found = find_line(document, text)
        case FormKind.ENACTED_LINE_AMENDMENT:
            found = find_enacted_line(document, text)
        case _:
            return parse_id(text, "part")
    if found is None:
        raise PartNotFoundError("line")
    return text


def _name_of_vehicle(session: ReadSession, text: str, snapshot: Snapshot) -> dict[str, str]:
    name = legislation.get_vehicle(session, parse_id(text, "vehicle"), snapshot).vehicle.name
    return {f"vehicle/{part}": value for part, value in name._asdict().items()}


def _pledge_name(text: str) -> UUID | str:
    return _name(text, "pledge", known=is_reference(text), missing=PledgeNotFoundError())


def _request_name(text: str) -> UUID | str:
    missing = LegislativeRequestNotFoundError()
    return _name(text, "legislative request", known=is_request_reference(text), missing=missing)


def _name(text: str, what: str, *, known: bool, missing: NotFoundError) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    try:
        return parse_id(text, what)
    except NotFoundError:
        if known:
            return text
        raise missing from None

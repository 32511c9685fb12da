"""Reads vehicles, and the links of requests to them, as they are given."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.donors.domain import get_donor
from app.kernel.dates import UNDATED
from app.kernel.errors import ValueRefusedError
from app.kernel.sources import read_sources
from app.kernel.text import clean_text, clean_url
from app.legislation.domain.commands import Raw
from app.legislation.domain.model import Role, VehicleLink, VehicleName
from app.legislation.domain.reading.limits import (
    MAX_EXTERNAL_IDS,
    MAX_NAME,
    MAX_NOTES,
    MAX_TITLE,
    MAX_VEHICLES,
)
from app.legislation.domain.reading.reader import Reader


def read_links(reader: Reader, raw: list[Raw], donor: str) -> tuple[VehicleLink, ...]:
    """The links of a request; a vehicle without a jurisdiction is of the donor's own parliament."""
    links = tuple(
        _read_link(reader, place, one, donor)
        for place, one in reader.several("/vehicles", raw, MAX_VEHICLES)
    )
    for index, link in enumerate(links):
        same = [one for one in links[:index] if one.name == link.name]
        if any(one.ceased is None for one in same):
            place = f"/vehicles/{index}"
            reader.note(place, "repeated-value", "The request hangs on this vehicle already.")
    return links


def read_vehicle_fields(reader: Reader, raw: Raw) -> dict[str, Any]:
    """The fields of ``Vehicle`` (by attribute) that ``raw`` (by wire name) sets."""
    text, find = reader.text, reader.collector.find
    introduced = reader.date("/introduced_on", raw["introduced_on"]) or UNDATED
    ends = reader.any_date("/session_ends_on", raw["session_ends_on"])
    if ends is not None and introduced.is_dated and ends.last < introduced.first:
        reader.note("/session_ends_on", "date-order", "It ends before it was introduced.")
    return {
        "title": text("/title", raw["title"], MAX_NOTES),
        "title_original": text("/title_original", raw["title_original"], MAX_NOTES),
        "introduced": introduced,
        "session_ends": ends,
        "law_citation": text("/law_citation", raw["law_citation"], MAX_NAME),
        "url": find(clean_url, "/url", raw["url"]),
        "external_ids": _read_external_ids(reader, raw["external_ids"]),
        "notes": text("/notes", raw["notes"], MAX_NOTES),
        "sources": read_sources(reader.collector, "/sources", raw["sources"]),
    }


def read_name(reader: Reader, pointer: str, raw: Raw, donor: str | None = None) -> VehicleName:
    """The three parts of a vehicle's name, each noted where it is refused."""
    read = reader.collector.read
    given = raw.get("jurisdiction")
    # A donor that is none was refused at its own place.
    is_refused = given is None and donor == ""
    jurisdiction = given or donor or ""
    return VehicleName(
        "" if is_refused else read(f"{pointer}/jurisdiction", _read_jurisdiction, jurisdiction, ""),
        reader.collector.find(_read_session, f"{pointer}/session", raw.get("session") or None)
        or "",
        read(f"{pointer}/identifier", _read_identifier, raw.get("identifier") or "", ""),
    )


def find_name(raw: Raw, donor: str) -> VehicleName | None:
    """The name that ``read_name`` reads without a finding; ``None`` where it would have one."""
    try:
        return VehicleName(
            _read_jurisdiction(raw.get("jurisdiction") or donor),
            _read_session(raw["session"]) if raw.get("session") else "",
            _read_identifier(raw.get("identifier") or ""),
        )
    except ValueRefusedError:
        return None


def parse_vehicle_name(text: str) -> VehicleName:
    """A name as people type it: ``US/118/H.R. 815``, or ``DE//20/6063`` where sessions do not count.

    Raises:
        ValueRefusedError: ``invalid-name``, or the jurisdiction is none.
    """
    parts = text.split("/", 2)
    if len(parts) != len(VehicleName._fields):
        detail = "A name is jurisdiction, session and identifier: US/118/H.R. 815."
        raise ValueRefusedError("invalid-name", detail)
    jurisdiction, session, identifier = (part.strip() for part in parts)
    return VehicleName(
        _read_jurisdiction(jurisdiction),
        _read_session(session) if session else "",
        _read_identifier(identifier),
    )


def _read_link(reader: Reader, pointer: str, raw: Raw, donor: str) -> VehicleLink:
    became = reader.date(f"{pointer}/became_vehicle_on", raw.get("became_vehicle_on")) or UNDATED
    ceased = reader.date(f"{pointer}/ceased_on", raw.get("ceased_on"))
    if ceased is not None and became.is_dated and ceased.last < became.first:
        reader.note(f"{pointer}/ceased_on", "date-order", "It ceased before it became a vehicle.")
    vehicle_id = raw.get("vehicle_id")
    return VehicleLink(
        vehicle_id=UUID(str(vehicle_id)) if vehicle_id else None,
        name=read_name(reader, pointer, raw, donor),
        role=reader.choice(f"{pointer}/role", raw.get("role") or Role.PRIMARY.value, Role.PRIMARY),
        division=reader.text(f"{pointer}/division", raw.get("division"), MAX_NAME),
        became_vehicle=became,
        ceased=ceased,
        reason=reader.text(f"{pointer}/reason", raw.get("reason"), MAX_NOTES),
    )


def _read_external_ids(reader: Reader, raw: list[Raw]) -> Mapping[str, str]:
    read: dict[str, str] = {}
    for pointer, one in reader.several("/external_ids", raw, MAX_EXTERNAL_IDS):
        scheme = reader.text(f"{pointer}/scheme", one["scheme"], MAX_NAME)
        identifier = reader.text(f"{pointer}/id", one["id"], MAX_TITLE)
        if scheme in read:
            reader.note(f"{pointer}/scheme", "repeated-value", "One id of each scheme.")
        if scheme and identifier:
            read[scheme] = identifier
    return read


def _read_jurisdiction(code: str) -> str:
    return get_donor(code).code


def _read_session(text: str) -> str:
    """A session; ``2022/23`` is kept as ``2022-23``, because slashes part a vehicle's name."""
    return clean_text(text, max_length=MAX_NAME).replace("/", "-")


def _read_identifier(text: str) -> str:
    return clean_text(text, max_length=MAX_NAME)

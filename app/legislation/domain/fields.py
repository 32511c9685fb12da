"""Reads the parts of a request: its own fields, its lines and vehicles, and its actions."""

from typing import Any, Final

from app.donors.domain import get_donor
from app.kernel.currencies import Currency, get_currency
from app.kernel.dates import UNDATED, Span
from app.kernel.money import parse_amount
from app.kernel.sources import read_sources
from app.kernel.text import clean_url
from app.legislation.domain.commands import Raw, RawAction
from app.legislation.domain.model import (
    Action,
    AmountKind,
    Beneficiary,
    Component,
    FlagEffect,
    Kind,
    Line,
    Vehicle,
    Vote,
)
from app.legislation.domain.reading import Reader
from app.legislation.domain.states import Flag, FlagChange, State
from app.pledges.domain import Bound, Verification

MAX_TITLE: Final = 500
MAX_NAME: Final = 200
MAX_NOTES: Final = 4_000
MAX_LINES: Final = 200
MAX_VEHICLES: Final = 50
_WORDS_OF_LINE: Final = {
    "bound": Bound.EXACT,
    "amount_kind": AmountKind.CASH,
    "beneficiary": Beneficiary.RECIPIENT,
    "verification": Verification.UNVERIFIED,
}


def read_fields(reader: Reader, raw: Raw) -> dict[str, Any]:
    """The fields of ``LegislativeRequest`` (by attribute) that ``raw`` (by wire name) sets."""
    read, text = reader.collector.read, reader.text
    currency = reader.collector.find(get_currency, "/currency", raw["currency"])
    lines = reader.several("/lines", raw["lines"], MAX_LINES)
    vehicles = reader.several("/vehicles", raw["vehicles"], MAX_VEHICLES)
    return {
        **_read_dates(reader, raw),
        "donor": read("/donor", lambda code: get_donor(code).code, raw["donor"], ""),
        "title": text("/title", raw["title"], MAX_TITLE) or "",
        "requesting_office": text("/requesting_office", raw["requesting_office"], MAX_NAME),
        "addressed_to": text("/addressed_to", raw["addressed_to"], MAX_NAME),
        "kind": reader.choice("/kind", raw["kind"], Kind.SUPPLEMENTAL),
        "currency": currency.code if currency else "",
        "lines": tuple(_read_line(reader, place, line, currency) for place, line in lines),
        "vehicles": tuple(_read_vehicle(reader, place, vehicle) for place, vehicle in vehicles),
        "verification": reader.choice(
            "/verification", raw["verification"], Verification.UNVERIFIED
        ),
        "notes": text("/notes", raw["notes"], MAX_NOTES),
        "sources": read_sources(reader.collector, "/sources", raw["sources"]),
    }


def read_action(reader: Reader, pointer: str, raw: RawAction) -> Action:
    """An action. Where something is refused, that is noted and the action is of no use."""
    if raw.state is None and raw.flag is None and raw.text is None:
        reader.note(pointer, "empty-action", "An action has a state, a flag or a text.")
    return Action(
        id=raw.action_id,
        on=reader.date(f"{pointer}/on", raw.on) or UNDATED,
        body=reader.text(f"{pointer}/body", raw.body, MAX_NAME),
        state=reader.find_choice(f"{pointer}/state", raw.state, State),
        flag=_read_flag(reader, f"{pointer}/flag", raw.flag),
        text=reader.text(f"{pointer}/text", raw.text, MAX_NOTES),
        vote=_read_vote(reader, f"{pointer}/vote", raw.vote),
        vehicle=reader.text(f"{pointer}/vehicle", raw.vehicle, MAX_NAME),
        source_url=reader.collector.find(clean_url, f"{pointer}/source_url", raw.source_url),
        recorded_on=reader.today,
    )


def _read_dates(reader: Reader, raw: Raw) -> dict[str, Span | None]:
    requested = reader.date("/requested_on", raw["requested_on"]) or UNDATED
    announced = reader.date("/announced_on", raw["announced_on"]) or UNDATED
    if requested.is_dated and announced.is_dated and requested.last < announced.first:
        reader.note("/requested_on", "date-order", "The request lies before its announcement.")
    published = reader.date("/published_on", raw["published_on"])
    return {"requested": requested, "announced": announced, "published": published}


def _read_line(reader: Reader, pointer: str, raw: Raw, currency: Currency | None) -> Line:
    amount = None
    if currency is not None:
        amount = reader.collector.find(
            lambda given: parse_amount(given, currency), f"{pointer}/amount", raw.get("amount")
        )
    words: dict[str, Any] = {
        name: reader.choice(f"{pointer}/{name}", raw.get(name) or default.value, default)
        for name, default in _WORDS_OF_LINE.items()
    }
    return Line(
        component=reader.choice(f"{pointer}/component", raw["component"], Component.OTHER),
        label=reader.text(f"{pointer}/label", raw.get("label"), MAX_TITLE),
        amount=amount,
        note=reader.text(f"{pointer}/note", raw.get("note"), MAX_NOTES),
        enacted=reader.date(f"{pointer}/enacted_on", raw.get("enacted_on")),
        **words,
    )


def _read_vehicle(reader: Reader, pointer: str, raw: Raw) -> Vehicle:
    became = reader.date(f"{pointer}/became_vehicle_on", raw.get("became_vehicle_on"))
    return Vehicle(
        identifier=reader.text(f"{pointer}/identifier", raw["identifier"], MAX_NAME) or "",
        jurisdiction=reader.text(f"{pointer}/jurisdiction", raw.get("jurisdiction"), MAX_NAME),
        session=reader.text(f"{pointer}/session", raw.get("session"), MAX_NAME),
        became_vehicle=became or UNDATED,
    )


def _read_flag(reader: Reader, pointer: str, raw: Raw | None) -> FlagEffect | None:
    if raw is None:
        return None
    return FlagEffect(
        reader.choice(f"{pointer}/name", raw["name"], Flag.BLOCKED),
        reader.choice(f"{pointer}/change", raw["change"], FlagChange.SET),
    )


def _read_vote(reader: Reader, pointer: str, raw: Raw | None) -> Vote | None:
    if raw is None:
        return None
    return Vote(
        yes=reader.count(f"{pointer}/yes", raw.get("yes")),
        no=reader.count(f"{pointer}/no", raw.get("no")),
        other=reader.text(f"{pointer}/other", raw.get("other"), MAX_NAME),
        roll=reader.count(f"{pointer}/roll", raw.get("roll")),
    )

"""Reads the fields of a request as they are given."""

from typing import Any

from app.donors.domain import get_donor
from app.kernel.currencies import get_currency
from app.kernel.dates import UNDATED, Span
from app.kernel.sources import read_sources
from app.legislation.domain.commands import Raw
from app.legislation.domain.model import Kind
from app.legislation.domain.reading.limits import MAX_NAME, MAX_NOTES, MAX_TITLE
from app.legislation.domain.reading.lines import read_lines
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.reading.vehicles import read_links
from app.pledges.domain import Verification


def read_fields(reader: Reader, raw: Raw) -> dict[str, Any]:
    """The fields of ``LegislativeRequest`` (by attribute) that ``raw`` (by wire name) sets."""
    read, text = reader.collector.read, reader.text
    currency = reader.collector.find(get_currency, "/currency", raw["currency"])
    donor = read("/donor", lambda code: get_donor(code).code, raw["donor"], "")
    return {
        **_read_dates(reader, raw),
        "donor": donor,
        "title": text("/title", raw["title"], MAX_TITLE) or "",
        "requesting_office": text("/requesting_office", raw["requesting_office"], MAX_NAME),
        "addressed_to": text("/addressed_to", raw["addressed_to"], MAX_NAME),
        "kind": reader.choice("/kind", raw["kind"], Kind.SUPPLEMENTAL),
        "legal_basis": text("/legal_basis", raw["legal_basis"], MAX_NOTES),
        "currency": currency.code if currency else "",
        "lines": read_lines(reader, raw["lines"], currency),
        "vehicles": read_links(reader, raw["vehicles"], donor),
        "verification": reader.choice(
            "/verification", raw["verification"], Verification.UNVERIFIED
        ),
        "notes": text("/notes", raw["notes"], MAX_NOTES),
        "sources": read_sources(reader.collector, "/sources", raw["sources"]),
    }


def _read_dates(reader: Reader, raw: Raw) -> dict[str, Span | None]:
    requested = reader.date("/requested_on", raw["requested_on"]) or UNDATED
    announced = reader.date("/announced_on", raw["announced_on"]) or UNDATED
    if requested.is_dated and announced.is_dated and requested.last < announced.first:
        reader.note("/requested_on", "date-order", "The request lies before its announcement.")
    return {
        "requested": requested,
        "announced": announced,
        "published": reader.date("/published_on", raw["published_on"]),
        "period": reader.any_date("/period", raw["period"]),
    }

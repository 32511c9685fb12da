"""What lies ahead as a calendar that others subscribe to (RFC 5545, RFC 7986)."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from icalendar import Calendar, Event

from app.legislation.domain.ahead import Ahead, Occasion
from app.legislation.domain.telling import Told

MEDIA_TYPE: Final = "text/calendar"
NAME: Final = "Aid Ledger: legislative requests"
_PRODUCT: Final = "-//Aid Ledger//Legislative requests//EN"
# What a text cannot hold (RFC 5545 section 3.1); the library escapes line feeds and leaves these.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_SAID: Final = {
    Occasion.PERIOD_ENDS: "the period that is asked for ends",
    Occasion.SESSION_ENDS: "the session ends",
    Occasion.DEPENDENT_DUE: "a pledge that waits for it is due",
}


def write_calendar(events: Iterable[tuple[Ahead, Told]]) -> bytes:
    """A calendar of all-day events. Equal events give equal bytes: no clock is asked."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", NAME)
    # What clients read that are older than RFC 7986.
    calendar.add("x-wr-calname", NAME)
    for one, told in events:
        calendar.add_component(_event(one, told))
    written: bytes = calendar.to_ical()
    return written


def _event(one: Ahead, told: Told) -> Event:
    request = one.request
    event = Event()
    event.add("uid", str(one.id))
    # Without a METHOD it says when the event was last revised (RFC 5545 section 3.8.7.2).
    event.add("dtstamp", told.recorded_at.replace(microsecond=0))
    event.add("dtstart", one.days.first)
    # The end is the first day that is no longer part of it.
    event.add("dtend", one.days.last + timedelta(days=1))
    event.add("summary", _clean(f"{request.reference}: {_summary(one)}"))
    event.add("description", _clean(_description(one)))
    event.add("categories", [request.donor, one.occasion.value])
    event.add("transp", "TRANSPARENT")
    if one.source_url:
        event.add("url", one.source_url)
    return event


def _summary(one: Ahead) -> str:
    if one.occasion is not Occasion.STEP:
        return " ".join(filter(None, (_SAID[one.occasion], one.vehicle and f"({one.vehicle})")))
    return ": ".join(filter(None, (one.body, one.text))) or "a step"


def _description(one: Ahead) -> str:
    request = one.request
    lines = [request.title, f"{request.donor}, {request.kind.value.replace('_', ' ')}"]
    if one.vehicle:
        lines.append(one.vehicle)
    if one.days.first != one.days.last:
        lines.append(f"Some day from {one.days.first} to {one.days.last}.")
    return "\n".join(lines)


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\ufffd", lines)

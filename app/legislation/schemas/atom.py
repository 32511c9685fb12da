"""What requests became as a feed that others subscribe to: Atom (RFC 4287), in pages (RFC 5005)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from app.kernel.clock import format_instant
from app.kernel.dates import format_span
from app.legislation.domain.model import Action, Vote
from app.legislation.domain.news import News

MEDIA_TYPE: Final = "application/atom+xml"
TITLE: Final = "Aid Ledger: what legislative requests became"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, not even as a reference (section 2.2).
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A domain name, as an authority of a tag must be (RFC 4151 section 2.1).
_DOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_YEAR: Final = 2026
_FALLBACK: Final = "aidledger.local"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a feed stands, as references that are resolved against its own address.

    Attributes:
        origin: what the ledger calls itself, such as ``ledger.example.org/log``.
        requests: the list of requests.
        self_: the feed.
        following: the next page; ``None`` on the last.
        scope: what tells this feed from others of the ledger: its filters.
    """

    origin: str
    requests: str
    self_: str
    following: str | None
    scope: str


def write_feed(items: Sequence[News], addresses: Addresses, updated: datetime | None) -> bytes:
    """One page of news, the newest first. Equal news give equal bytes: no clock is asked.

    Args:
        items: the news of the page.
        addresses: where it stands.
        updated: when the ledger was last written to; ``None`` where it is empty.
    """
    feed = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _add(feed, "id", tag(addresses.origin, f"changes{addresses.scope}"))
    _add(feed, "title", TITLE)
    _add(feed, "updated", format_instant(updated or _EPOCH))
    author = ET.SubElement(feed, "author")
    _add(author, "name", "Aid Ledger")
    _link(feed, "self", addresses.self_, MEDIA_TYPE)
    _link(feed, "alternate", addresses.requests, "application/json")
    if addresses.following is not None:
        _link(feed, "next", addresses.following, MEDIA_TYPE)
    for one in items:
        _entry(feed, one, addresses)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def tag(origin: str, specific: str) -> str:
    """An id that never changes (RFC 4151); ``origin`` is what the ledger calls itself."""
    host = origin.partition("/")[0].partition(":")[0].lower()
    authority = host if _DOMAIN.fullmatch(host) else _FALLBACK
    return f"tag:{authority},{_YEAR}:legislative-requests/{specific}"


def _entry(feed: ET.Element, one: News, addresses: Addresses) -> None:
    request, action = one.request, one.action
    entry = ET.SubElement(feed, "entry")
    what = str(action.id) if action else "withdrawal"
    _add(entry, "id", tag(addresses.origin, f"{request.id}/{what}"))
    _add(entry, "title", f"{request.reference}: {_title(one)}")
    _add(entry, "updated", format_instant(one.told.recorded_at))
    _link(entry, "alternate", f"{addresses.requests}/{request.id}", "application/json")
    if action and action.source_url:
        _link(entry, "via", action.source_url)
    for term in _terms(one):
        ET.SubElement(entry, "category", {"term": term})
    content = _add(entry, "content", "\n".join(_lines(one)))
    content.set("type", "text")


def _title(one: News) -> str:
    if one.action is None:
        return "recorded in error"
    if one.withdrawn:
        state = one.action.state or (one.action.flag and one.action.flag.name)
        return f"recorded in error: {_words(state or '')} on {format_span(one.action.on)}"
    before = f"{_words(one.before)} → " if one.before and one.before is not one.state else ""
    flags = "".join(f", {_words(flag)}" for flag in one.flags)
    return f"{before}{_words(one.state or 'no state')}{flags}"


def _lines(one: News) -> list[str]:
    if one.action is None:
        return [one.request.title]
    return [one.request.title, _tell(one.action), *([str(one.link.name)] if one.link else [])]


def _tell(action: Action) -> str:
    """What happened in one line: ``2024-02-13, Senate: Passed with an amendment (70 to 29)``."""
    when = ", ".join(filter(None, (format_span(action.on), action.body)))
    what = " ".join(filter(None, (action.text, _count(action.vote))))
    return ": ".join(filter(None, (when, what)))


def _count(vote: Vote | None) -> str | None:
    if vote is None or vote.yes is None or vote.no is None:
        return None
    return f"({vote.yes} to {vote.no})"


def _terms(one: News) -> list[str]:
    state = [one.state.value] if one.state else []
    withdrawn = ["recorded_in_error"] if one.withdrawn else []
    return [one.request.donor, *state, *(flag.value for flag in one.flags), *withdrawn]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = _UNWRITABLE.sub("\ufffd", text)
    return child


def _link(parent: ET.Element, relation: str, href: str, media_type: str | None = None) -> None:
    kind = {"type": media_type} if media_type else {}
    href = _UNWRITABLE.sub("\ufffd", href)
    ET.SubElement(parent, "link", {"rel": relation, "href": href, **kind})

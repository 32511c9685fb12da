"""Feeds that others subscribe to: Atom (RFC 4287), in pages (RFC 5005)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from app.kernel.clock import format_instant
from app.kernel.text import xml_text

MEDIA_TYPE: Final = "application/atom+xml"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
# A domain name, as an authority of a tag must be (RFC 4151 section 2.1).
_DOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_YEAR: Final = 2026
_FALLBACK: Final = "aidledger.local"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a page says of its feed; addresses are references that are resolved against its own.

    Attributes:
        id: of the whole feed, see ``tag``.
        updated: when anything in it last changed; ``None`` where there is nothing.
        self_: where this page stands.
        alternate: where the same stands as JSON.
        following: the next page; ``None`` on the last.
    """

    id: str
    title: str
    updated: datetime | None
    self_: str
    alternate: str
    following: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a feed tells.

    Attributes:
        id: the same in every version of it, see ``tag``.
        updated: when the ledger was told.
        alternate: where it stands as JSON.
        via: the page that says so.
        terms: categories.
        lines: in plain text, what it is about.
    """

    id: str
    title: str
    updated: datetime
    alternate: str
    via: str | None = None
    terms: Sequence[str] = ()
    lines: Sequence[str] = ()


def write_feed(feed: Feed, items: Iterable[Item]) -> bytes:
    """One page of a feed, the newest first. Equal items give equal bytes: no clock is asked."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": "en"})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", format_instant(feed.updated or _EPOCH))
    author = ET.SubElement(root, "author")
    _add(author, "name", "Aid Ledger")
    _link(root, "self", feed.self_, MEDIA_TYPE)
    _link(root, "alternate", feed.alternate, "application/json")
    if feed.following is not None:
        _link(root, "next", feed.following, MEDIA_TYPE)
    for item in items:
        _add_item(root, item)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def tag(origin: str, specific: str) -> str:
    """An id that never changes (RFC 4151); ``origin`` is what the ledger calls itself."""
    host = origin.partition("/")[0].partition(":")[0].lower()
    authority = host if _DOMAIN.fullmatch(host) else _FALLBACK
    return f"tag:{authority},{_YEAR}:{specific}"


def _add_item(root: ET.Element, item: Item) -> None:
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", item.id)
    _add(entry, "title", item.title)
    _add(entry, "updated", format_instant(item.updated))
    _link(entry, "alternate", item.alternate, "application/json")
    if item.via:
        _link(entry, "via", item.via)
    for term in item.terms:
        ET.SubElement(entry, "category", {"term": term})
    content = _add(entry, "content", "\n".join(item.lines))
    content.set("type", "text")


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = xml_text(text)
    return child


def _link(parent: ET.Element, relation: str, href: str, media_type: str | None = None) -> None:
    kind = {"type": media_type} if media_type else {}
    ET.SubElement(parent, "link", {"rel": relation, "href": xml_text(href), **kind})

"""What requests became as a feed that others subscribe to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app import atom
from app.atom import Feed, Item
from app.kernel.dates import format_span
from app.legislation.domain.model import Action, Vote
from app.legislation.domain.news import News

TITLE: Final = "Aid Ledger: what legislative requests became"


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
    feed = Feed(
        id=tag(addresses.origin, f"changes{addresses.scope}"),
        title=TITLE,
        updated=updated,
        self_=addresses.self_,
        alternate=addresses.requests,
        following=addresses.following,
    )
    return atom.write_feed(feed, (_item(one, addresses) for one in items))


def tag(origin: str, specific: str) -> str:
    """An id that never changes, see ``app.atom.tag``."""
    return atom.tag(origin, f"legislative-requests/{specific}")


def _item(one: News, addresses: Addresses) -> Item:
    request, action = one.request, one.action
    what = str(action.id) if action else "withdrawal"
    return Item(
        id=tag(addresses.origin, f"{request.id}/{what}"),
        title=f"{request.reference}: {_title(one)}",
        updated=one.told.recorded_at,
        alternate=f"{addresses.requests}/{request.id}",
        via=action.source_url if action else None,
        terms=_terms(one),
        lines=_lines(one),
    )


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

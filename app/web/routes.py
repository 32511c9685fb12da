"""What the application answers at: pages link to files and feeds that other rooms have, and to no others."""

import re
from typing import Final, NamedTuple

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

# Tables may share one route that takes all their suffixes.
_SUFFIX: Final = re.compile(r"(.*)\.\{[^/}]*\}")
_OF_TABLES: Final = ("csv", "zip", "ndjson", "json", "parquet")


class Feed(NamedTuple):
    """Something to subscribe to."""

    title: str
    path: str
    media_type: str


_FEEDS: Final = (
    Feed("New and changed pledges", "/v1/pledges.atom", "application/atom+xml"),
    Feed(
        "What requests to parliaments became",
        "/v1/legislative-requests/changes.atom",
        "application/atom+xml",
    ),
    Feed(
        "What lies ahead in parliaments", "/v1/legislative-requests/calendar.ics", "text/calendar"
    ),
    Feed("Every change, for programs", "/v1/entries.ndjson", "application/x-ndjson"),
)


def known_paths(app: FastAPI) -> frozenset[str]:
    """The paths of all routes; of those that take suffixes, with each of them."""
    known: frozenset[str] | None = getattr(app.state, "known_paths", None)
    if known is None:
        paths: set[str] = set()
        for route in iter_route_contexts(app.router.routes):
            found = _SUFFIX.fullmatch(route.path or "")
            if found:
                paths |= {f"{found[1]}.{suffix}" for suffix in _OF_TABLES}
            elif route.path:
                paths.add(route.path)
        app.state.known_paths = known = frozenset(paths)
    return known


def list_feeds(app: FastAPI) -> list[Feed]:
    """The feeds that there are."""
    return [one for one in _FEEDS if one.path in known_paths(app)]

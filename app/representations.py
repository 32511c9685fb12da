"""Content negotiation in one place: ``Accept`` picks the twin of an address, so that header and suffix always agree.

``/v1/totals`` with ``Accept: text/csv`` is served as ``/v1/totals.csv``. A suffix in the address decides by itself.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.problems import problem

JSON: Final = "application/json"
SUFFIX_OF: Final[Mapping[str, str]] = {
    "text/csv": ".csv",
    "application/zip": ".zip",
    "application/x-ndjson": ".ndjson",
    "application/vnd.apache.parquet": ".parquet",
    "application/atom+xml": ".atom",
    "text/calendar": ".ics",
    "application/x-bibtex": ".bib",
    "application/vnd.citationstyles.csl+json": ".csl.json",
    "text/plain": ".sha256",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
# Beside the API stand pages, which a browser asks for by this type; what is no page answers as it always does.
_HTML: Final = "text/html"
_API: Final = "/v1/"
_PAGE_OF: Final[Mapping[str, str]] = {"/": "/overview"}
# Addresses that end so have one representation, which no Accept changes.
_DECIDED: Final = (*SUFFIX_OF.values(), ".json", ".svg", ".xml")
# Formats of others (C2SP), each address with the one media type that its specification names.
_FIXED: Final = "/v1/log/"
_NAME: Final = re.compile(r"\{\w+\}")
_ALWAYS: Final = frozenset({JSON, "application/problem+json"})


class Representations:
    """Routes a read to the twin that its ``Accept`` asks for; 406 where there is none."""

    def __init__(self, app: ASGIApp, paths: Iterable[str]) -> None:
        self.app = app
        self.paths = [_pattern(path) for path in paths if _has_suffix(path)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if (
            scope["type"] != "http"
            or scope["method"] not in {"GET", "HEAD"}
            or _has_suffix(scope["path"])
            or scope["path"].startswith(_FIXED)
        ):
            await self.app(scope, receive, send)
            return
        chosen = _choose(Headers(scope=scope).getlist("accept"), self._offers(scope["path"]))
        if chosen is None:
            refusal = problem(
                Request(scope), 406, "not-acceptable", "No such representation",
                "This address has none of the representations asked for.",
            )  # fmt: skip
            await refusal(scope, receive, send)
            return
        # In place, so that the log line outside of here learns which route was taken.
        if chosen == _HTML:
            scope["path"] = _PAGE_OF.get(scope["path"], scope["path"])
        else:
            scope["path"] += SUFFIX_OF.get(chosen, "")
        await self.app(scope, receive, send)

    def _offers(self, path: str) -> list[str]:
        return [
            JSON,
            *([] if path.startswith(_API) else [_HTML]),
            *(media for media, suffix in SUFFIX_OF.items() if self._leads(path + suffix)),
        ]

    def _leads(self, path: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self.paths)


def _pattern(path: str) -> re.Pattern[str]:
    """What matches the addresses of a path template."""
    return re.compile("[^/]+".join(map(re.escape, _NAME.split(path))))


def _has_suffix(path: str) -> bool:
    return path.endswith(_DECIDED)


def _choose(accepts: list[str], offers: list[str]) -> str | None:
    """The offer that the caller likes best (RFC 9110 section 12.5.1); of equals the first."""
    ranges = [_read_range(part) for line in accepts for part in line.split(",") if part.strip()]
    if not ranges:
        return offers[0]
    liked = max(offers, key=lambda offer: _liking(offer, ranges))
    return liked if _liking(liked, ranges) > 0 else None


def _read_range(text: str) -> tuple[str, int]:
    """A media range and how much it is liked, in thousandths."""
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "q":
            return media, _thousandths(value)
    return media, 1_000


def _thousandths(text: str) -> int:
    whole, _, fraction = text.partition(".")
    digits = whole + fraction[:3].ljust(3, "0")
    return min(int(digits), 1_000) if digits.isascii() and digits.isdigit() else 1_000


def _liking(offer: str, ranges: list[tuple[str, int]]) -> int:
    """What the most specific range that covers the offer says of it; 0 where none does."""
    names = {offer, *(_ALWAYS if offer == JSON else ())}
    kind = offer.partition("/")[0] + "/*"
    for covering in (names, {kind}, {"*/*"}):
        found = [liking for media, liking in ranges if media in covering]
        if found:
            return max(found)
    return 0

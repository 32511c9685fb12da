"""The whole ledger as one data package: every record in tables with keys, as of one revision.

This is for people who work with the data. Whoever wants to check it takes the bundle (``app.exports.bundle``), which
holds the exact bytes that were hashed. A revision has one package: whoever writes it, whenever, writes the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import IO, Any, Final

from app.db import ReadSession
from app.exports import ledger_columns as columns
from app.exports.bundle import Use
from app.exports.columns import entry_row
from app.exports.package import write_package
from app.exports.tabular import Row, Table
from app.fx import service as fx
from app.fx.domain import EURO, TARGETS
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.kernel.canonical import Json
from app.kernel.clock import format_instant
from app.kernel.dates import parse_span
from app.legislation import service as legislation
from app.legislation.domain.query import Filters as RequestFilters
from app.legislation.domain.query import Order as RequestOrder
from app.legislation.domain.query import SortKey as RequestSortKey
from app.legislation.domain.query import VehicleFilters
from app.legislation.schemas import request_json, vehicle_json
from app.pledges import service as pledges
from app.pledges.domain import Status
from app.pledges.domain.query import Filters, Order, SortKey
from app.pledges.schemas import pledge_json
from app.totals import service as totals
from app.totals.schemas import donors_json
from reports.terms import LICENCE

# Read at a time: an entry takes 64 KiB at most and a few KiB as a rule.
_PAGE: Final = 500
# What was recorded in error is part of the ledger too, and says so.
_EVERY_PLEDGE: Final = Filters(statuses=tuple(Status))
_BY_REFERENCE: Final = Order(SortKey.REFERENCE, descending=False)
_POSTING: Final = (
    "stage", "first_day", "last_day", "valued_on", "donor", "aid_type", "instrument", "currency", "amount",
    "pledges", "unvalued", "implied",
)  # fmt: skip

Shown = Mapping[str, Any]


def write_ledger(session: ReadSession, out: IO[bytes], snapshot: Snapshot, *, origin: str) -> None:
    """Write the ledger.

    Args:
        session: reads the ledger.
        out: a file to write to; rows go there as they are read.
        snapshot: a revision that was asked for by name, so that rates which are loaded later change nothing.
        origin: what the ledger calls itself.
    """
    about: dict[str, Json] = {
        "name": f"aid-ledger-r{snapshot.revision}",
        "title": f"Aid Ledger: the whole ledger at revision {snapshot.revision}",
        "version": str(snapshot.revision),
        "licenses": [{"name": "other-at", "title": LICENCE}],
        "sources": [{"title": origin}],
        "ledger": snapshot.meta(),
    }
    if snapshot.recorded_at is not None:
        about["created"] = format_instant(snapshot.recorded_at)
    write_package(Ledger(session, snapshot).tables(), out, about)


@dataclass
class Ledger:
    """Every record of the ledger as of a snapshot, as rows of tables."""

    session: ReadSession
    snapshot: Snapshot
    _use: Use = field(default_factory=Use)

    def tables(self) -> Iterator[Table]:
        """All tables, in an order in which none means one that comes later, where that is possible."""
        rows: dict[str, Callable[[], Iterable[Row]]] = {
            "donors": lambda: self._donors,
            "memberships": self._memberships,
            "entries": lambda: map(entry_row, self._entries()),
            "pledges": lambda: map(_pledge, self._pledges()),
            "movements": lambda: self._of_pledges(_movements),
            "pledge_sources": lambda: self._of_pledges(_sources("pledge")),
            "movement_sources": lambda: self._of_pledges(_movement_sources),
            "overlaps": lambda: self._of_pledges(_overlaps),
            "items": lambda: self._of_pledges(_items),
            "postings": self._postings,
            "requests": lambda: map(_request, self._requests),
            "request_sources": lambda: self._of_requests(_sources("request")),
            "lines": lambda: self._of_requests(_lines),
            "actions": lambda: self._of_requests(_parts("actions", "request")),
            "enactments": lambda: self._of_requests(_parts("enactments", "request")),
            "enacted_lines": lambda: self._of_requests(_enacted_lines),
            "funding": lambda: self._of_requests(_parts("funding", "request")),
            "dependencies": lambda: self._of_requests(_parts("dependencies", "request")),
            "relations": lambda: self._of_requests(_parts("relations", "request")),
            "vehicles": lambda: self._vehicles,
            "vehicle_links": lambda: self._of_requests(_vehicle_links),
            "vehicle_actions": lambda: _flat(_parts("actions", "vehicle"), self._vehicles),
            # The last: the postings have said by then which rates are needed.
            "rates": self._rates,
        }
        for name, open_rows in rows.items():
            yield columns.TABLES[name].filled(open_rows)

    @cached_property
    def _donors(self) -> list[Shown]:
        shown: list[Shown] = donors_json(
            totals.list_activity(self.session, self.snapshot), self.snapshot
        )["data"]
        return shown

    @cached_property
    def _requests(self) -> list[Shown]:
        order = RequestOrder(RequestSortKey.REFERENCE, descending=False)
        return [
            request_json(stored)
            for withdrawn in (False, True)
            for stored in legislation.iter_requests(
                self.session, RequestFilters(withdrawn=withdrawn), order, self.snapshot
            )
        ]

    @cached_property
    def _vehicles(self) -> list[Shown]:
        found: list[Shown] = []
        after, more = None, True
        while more:
            page, after = legislation.list_vehicles(
                self.session, VehicleFilters(), self.snapshot, after=after, limit=_PAGE
            )
            found += map(vehicle_json, page)
            more = after is not None
        return found

    def _memberships(self) -> Iterator[Row]:
        for donor in self._donors:
            for one in donor["groups"]:
                yield {"donor": donor["code"], **one}

    def _pledges(self) -> Iterator[Shown]:
        stored = pledges.iter_pledges(self.session, _EVERY_PLEDGE, _BY_REFERENCE, self.snapshot)
        return map(pledge_json, stored)

    def _of_pledges(self, parts: Callable[[Shown], Iterable[Row]]) -> Iterator[Row]:
        return _flat(parts, self._pledges())

    def _of_requests(self, parts: Callable[[Shown], Iterable[Row]]) -> Iterator[Row]:
        return _flat(parts, self._requests)

    def _entries(self) -> Iterator[Entry]:
        last = self.snapshot.revision
        for after in range(0, last, _PAGE):
            yield from journal.list_entries(self.session, after=after, until=last, limit=_PAGE)

    def _postings(self) -> Iterator[Row]:
        for entry in self._entries():
            self._use.see(entry)
            for place, posting in enumerate(entry.read()["postings"], start=1):
                yield {
                    "revision": entry.revision,
                    "line": place,
                    "pledge": str(entry.stream_id),
                    **dict(zip(_POSTING, posting, strict=True)),
                }

    def _rates(self) -> Iterator[Row]:
        if not self._use.days:
            return
        first, last = (date.fromisoformat(edge(self._use.days)) for edge in (min, max))
        wanted = {*self._use.currencies, *TARGETS}
        series = fx.list_rates(self.session, wanted, first, last, self.snapshot)
        for currency in sorted(series):
            for on, rate, source in series[currency]:
                yield {"on": on, "base": EURO, "quote": currency, "rate": rate, "source": source}


def _flat(parts: Callable[[Shown], Iterable[Row]], of: Iterable[Shown]) -> Iterator[Row]:
    for one in of:
        yield from parts(one)


def _pledge(shown: Shown) -> Row:
    return {**shown, **shown["stages"], **_days("announced", shown["announced_on"])}


def _movements(shown: Shown) -> Iterator[Row]:
    for one in shown["movements"]:
        yield {"pledge": shown["id"], **one, **_days("effective", one["on"])}


def _movement_sources(shown: Shown) -> Iterator[Row]:
    return _flat(_sources("movement"), shown["movements"])


def _overlaps(shown: Shown) -> Iterator[Row]:
    for reference in shown["overlaps"]:
        yield {"pledge": shown["id"], "reference": reference}


def _items(shown: Shown) -> Iterator[Row]:
    for place, item in enumerate(shown["items"], start=1):
        yield {"pledge": shown["id"], "place": place, **item}


def _request(shown: Shown) -> Row:
    return {**shown, "flags": " ".join(shown["flags"])}


def _lines(shown: Shown) -> Iterator[Row]:
    for line in shown["lines"]:
        yield {"request": shown["id"], "currency": shown["currency"], **line}


def _enacted_lines(shown: Shown) -> Iterator[Row]:
    for enactment in shown["enactments"]:
        for line in enactment["lines"]:
            yield {"enactment": enactment["id"], "currency": shown["currency"], **line}


def _vehicle_links(shown: Shown) -> Iterator[Row]:
    for place, link in enumerate(shown["vehicles"], start=1):
        yield {"request": shown["id"], "place": place, **link}


def _parts(name: str, owner: str) -> Callable[[Shown], Iterator[Row]]:
    """The rows of a member that is a list, each with the id of what has it."""

    def rows(shown: Shown) -> Iterator[Row]:
        for part in shown[name]:
            # An action of a vehicle has a member of that name too, which is empty.
            yield {"currency": shown.get("currency"), **part, owner: shown["id"]}

    return rows


def _sources(owner: str) -> Callable[[Shown], Iterator[Row]]:
    def rows(shown: Shown) -> Iterator[Row]:
        for place, source in enumerate(shown["sources"], start=1):
            yield {owner: shown["id"], "place": place, **source}

    return rows


def _days(name: str, text: str | None) -> dict[str, str | None]:
    """The first and the last day that a date may mean; none where nothing is known."""
    span = parse_span(text) if text else None
    return {
        f"{name}_first": span.first.isoformat() if span else None,
        f"{name}_last": span.last.isoformat() if span else None,
    }

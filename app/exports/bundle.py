"""Writes a bundle: the ledger up to a checkpoint in one zip file, to be checked offline (docs/verify-bundle.md).

A checkpoint has one bundle: whoever writes it, whenever, writes the same bytes.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import ECB, TARGETS
from app.fx.errors import NoExchangeRateError
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.kernel.canonical import Json, canonical_bytes
from app.kernel.clock import format_instant
from app.pledges.domain import NO_CURRENCY, Instrument, Stage
from app.pledges.domain.query import Filters
from app.totals import service as totals
from app.totals.domain import NATIVE, Dimension, TotalsQuery
from app.totals.schemas import totals_json
from app.transparency.domain.checkpoints import PublishedCheckpoint

FORMAT: Final = "aidledger-bundle/1"
TILE: Final = 256
# Members of a zip file bear a date; it says nothing here.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_GRAIN: Final = (Dimension.DONOR, Dimension.AID_TYPE, Dimension.INSTRUMENT)


@dataclass(slots=True)
class Use:
    """Which exchange rates the entries need: the currencies, and the valuation days."""

    currencies: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)

    def see(self, entry: Entry) -> None:
        """Note what the entry needs."""
        for posting in entry.read()["postings"]:
            valued_on, currency = posting[3], posting[7]
            if currency != NO_CURRENCY:
                self.currencies.add(currency)
                self.days.update({valued_on} - {None})


def write_bundle(
    session: ReadSession,
    out: IO[bytes],
    signed: PublishedCheckpoint,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> None:
    """Write the entries up to the checkpoint, the rates that they need, and the totals that they make.

    Args:
        session: a snapshot of the ledger.
        out: a file to write to.
        signed: the checkpoint; the bundle ends where it does.
        progress: told how many entries were written, of how many.

    Raises:
        InvalidError: ``as-of-in-future``, the ledger has not reached the checkpoint.
    """
    snapshot = journal.read_snapshot(session, signed.size, now=signed.signed_at)
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        use = Use()
        for tile in _tiles(session, snapshot.revision):
            _write_tile(packed, tile)
            for entry in tile:
                use.see(entry)
            progress(tile[-1].revision, snapshot.revision)
        files = {
            "checkpoint": signed.note.encode(),
            "rates.csv": _rates(session, use, snapshot),
            "totals.json": _pretty(list(_claims(session, snapshot))),
        }
        for name, content in files.items():
            _write(packed, name, content)
        digests: dict[str, Json] = {
            name: sha256(content).hexdigest() for name, content in files.items()
        }
        until = fx.find_last_day(session, snapshot)
        manifest: Json = {
            "format": FORMAT,
            "origin": signed.checkpoint.origin,
            "revision": signed.size,
            "signed_at": format_instant(signed.signed_at),
            "rates_until": until.isoformat() if until else None,
            "files": digests,
        }
        _write(packed, "manifest.json", canonical_bytes(manifest))


def _tiles(session: ReadSession, size: int) -> Iterator[Sequence[Entry]]:
    """The entries up to ``size``, 256 at a time."""
    for start in range(0, size, TILE):
        yield journal.list_entries(session, after=start, limit=min(TILE, size - start))


def _write_tile(packed: ZipFile, entries: Sequence[Entry]) -> None:
    name = _tile_name((entries[0].revision - 1) // TILE, len(entries))
    bodies = b"".join(len(entry.payload).to_bytes(2, "big") + entry.payload for entry in entries)
    _write(packed, f"tile/entries/{name}", bodies)
    _write(packed, f"tile/0/{name}", b"".join(entry.leaf_hash for entry in entries))


def _tile_name(index: int, width: int) -> str:
    """As tlog-tiles names its resources: ``x001/x234/067``, and ``.p/17`` behind a tile that is not full."""
    parts = [f"{index % 1000:03d}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03d}")
    return "/".join(reversed(parts)) + ("" if width == TILE else f".p/{width}")


def _rates(session: ReadSession, use: Use, snapshot: Snapshot) -> bytes:
    """All rates of the currencies that the entries need, and of the currencies that totals are given in.

    Who published a rate stands beside it only where some are not the European Central Bank's.
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    rates: list[tuple[str, ...]] = []
    if use.days:
        first, last = (date.fromisoformat(edge(use.days)) for edge in (min, max))
        series = fx.list_rates(session, {*use.currencies, *TARGETS}, first, last, snapshot)
        rates = [(currency, *rate) for currency in sorted(series) for rate in series[currency]]
    width = 3 if all(source == ECB for *_, source in rates) else 4
    lines.writerow(("currency", "day", "rate", "source")[:width])
    lines.writerows(rate[:width] for rate in rates)
    return text.getvalue().encode()


def _claims(session: ReadSession, snapshot: Snapshot) -> Iterator[Json]:
    """What ``GET /v1/totals`` answers as of the checkpoint."""
    everything = Filters(instruments=tuple(Instrument))
    for stage in Stage:
        query = TotalsQuery(measure=stage, by=_GRAIN, currency=NATIVE, filters=everything)
        yield totals_json(totals.read_totals(session, query, snapshot), snapshot)
    for stage in Stage:
        for currency in TARGETS:
            query = TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency=currency)
            try:
                yield totals_json(totals.read_totals(session, query, snapshot), snapshot)
            except NoExchangeRateError:
                # Then nobody was ever given this total either.
                continue


def _pretty(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _write(packed: ZipFile, name: str, content: bytes) -> None:
    member = ZipInfo(name, _NO_DATE)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    packed.writestr(member, content)

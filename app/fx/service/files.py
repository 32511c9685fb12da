"""Takes files in: what they hold is read as a whole, and recorded as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.db import WriteSession
from app.fx import readers
from app.fx.domain.imports import ImportOutcome, Provenance, QuotedRate
from app.fx.domain.quotes import series_by_source, table_of
from app.fx.service.recording import record_prices, record_rates, record_table
from app.kernel.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file, and what whoever gives it says of it.

    Attributes:
        raw: its bytes.
        label: what it is called.
        source: who publishes what it holds; ``None`` where it says so itself.
        actor: who loads it.
    """

    raw: bytes
    label: str
    source: str | None
    actor: str

    def provenance(self, source: str) -> Provenance:
        """Where a part of it comes from that this source publishes."""
        return Provenance(
            source=source, label=self.label, sha256=sha256(self.raw).hexdigest(), actor=self.actor
        )


def record_rates_file(
    session: WriteSession, given: GivenFile, clock: Clock, *, release: str | None = None
) -> list[ImportOutcome]:
    """Record the rates of a file: one import for each source, or the table of a release.

    Raises:
        InvalidError: all that is wrong with the file, by line; then nothing is recorded.
    """
    quotes = readers.read_rates(given.raw, clock.today())
    if release is None:
        return record_quotes(session, quotes, given, clock)
    table = table_of(quotes, release, given.source)
    return [record_table(session, table, given.provenance(table.source), clock)]


def record_quotes(
    session: WriteSession, quotes: Sequence[QuotedRate], given: GivenFile, clock: Clock
) -> list[ImportOutcome]:
    """Record quotes that were read already, from whatever ``given`` is.

    Raises:
        InvalidError: as ``series_by_source``.
    """
    by_source = series_by_source(quotes, given.source)
    return [
        record_rates(session, rates, given.provenance(source), clock)
        for source, rates in sorted(by_source.items())
    ]


def record_prices_file(
    session: WriteSession, given: GivenFile, currency: str, clock: Clock
) -> ImportOutcome:
    """Record the yearly index of prices of a file.

    Raises:
        InvalidError: all that is wrong with the file, by line; then nothing is recorded.
    """
    values = readers.read_prices(given.raw)
    return record_prices(session, currency, values, given.provenance(given.source or ""), clock)

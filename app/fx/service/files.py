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


def read_rates(given: GivenFile, clock: Clock) -> list[QuotedRate]:
    """The rates of a file. It takes its time, so no transaction should be waiting.

    Raises:
        InvalidError: all that is wrong with the file, by line.
    """
    return readers.read_rates(given.raw, clock.today())


def record_release(
    session: WriteSession, quotes: Sequence[QuotedRate], given: GivenFile, label: str, clock: Clock
) -> ImportOutcome:
    """Record quotes as the table of a release.

    Raises:
        InvalidError: as ``table_of``.
    """
    table = table_of(quotes, label, given.source)
    return record_table(session, table, given.provenance(table.source), clock)


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

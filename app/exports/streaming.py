"""Workbooks that leave while they are made: every pledge, and every entry of the journal.

Rows are read a page at a time, each page in a transaction of its own, of a revision that was settled before: a slow
reader holds nothing open, and what is written meanwhile does not show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Final

from app.db import Database, ReadSession
from app.exports.pledge_lines import Valuation, load_rates, pledge_line
from app.exports.stamps import apart_notes, as_of_words, citation, fx_rule, tree_head
from app.exports.words import filter_words
from app.fx import service as fx
from app.fx.domain import EFFECTIVE, RateBook
from app.fx.errors import NoExchangeRateError
from app.journal import service as journal
from app.journal.domain import Entry, Snapshot
from app.kernel.canonical import canonical_bytes
from app.kernel.clock import format_instant
from app.kernel.currencies import CURRENCIES
from app.kernel.money import to_decimal
from app.pledges import service as pledges
from app.pledges.domain import NO_DAY, Instrument, Stage, StoredPledge, decimals_of
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service as totals
from app.totals.domain import Dimension, Totals, TotalsQuery
from reports import journal as journal_report
from reports import pledges as pledges_report
from reports.figures import Stages, Stamp
from reports.journal import JournalLine
from reports.kit.stream import FORMAT, StreamedBook
from reports.pledges import ListedPledge, PledgeFigures
from reports.terms import LICENCE

PAGE: Final = 1_000
_BY_REFERENCE: Final = Order(SortKey.REFERENCE, descending=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgesQuery:
    """What the workbook of pledges is asked for; ``currency`` is EUR or USD, of the stages."""

    currency: str
    filters: Filters


def describe_pledges(session: ReadSession, query: PledgesQuery, snapshot: Snapshot) -> str:
    """Names what the workbook of pledges depends on beside the revision."""
    asked = canonical_bytes({"currency": query.currency, "filters": query.filters.to_json()})
    return f"{FORMAT} {snapshot.is_named} {asked.decode()} {fx.describe_state(session, snapshot)}"


def open_pledges(
    database: Database, session: ReadSession, query: PledgesQuery, snapshot: Snapshot
) -> StreamedBook:
    """Every pledge that matches, in the order of references.

    Raises:
        NoExchangeRateError: an amount cannot be converted. It is known before the first row leaves.
    """
    by_stage = {stage: _totals(session, query, snapshot, stage) for stage in Stage}
    valuations = pledges.list_valuations(session, query.filters, snapshot)
    rates = load_rates(session, valuations, query.currency, snapshot)
    if not _all_convert(rates, valuations, query.currency):
        # Perhaps of what was taken back: only the pledges themselves can tell.
        for stored in pledges.iter_pledges(session, query.filters, _BY_REFERENCE, snapshot):
            _listed(stored, rates, query)
    count = pledges.count_pledges(session, query.filters, snapshot)
    [pledged] = by_stage[Stage.PLEDGED].by_currency.values()
    decimals = decimals_of(query.currency)
    stages = Stages(*(_sum(by_stage[stage], decimals) for stage in Stage))
    stamp = _stamp(
        pledges_report.TITLE,
        "Every pledge on record, with all that is known of it and how far it has got.",
        snapshot,
        currency=query.currency,
        filters=filter_words(query.filters),
        fx_rule=fx_rule(EFFECTIVE),
        fx_notes=(*_fx_notes(by_stage[Stage.PLEDGED]),),
    )
    pinned = replace(snapshot, is_head=False)

    found = iter_pages(database, query.filters, pinned)
    listed = (_listed(one, rates, query) for one in found)
    figures = PledgeFigures(
        totals=stages,
        listed=count,
        in_totals=pledged.pledges,
        unvalued=pledged.unvalued,
        rows=lambda start, stop: islice(listed, stop - start),
    )
    return pledges_report.build(figures, stamp)


def open_journal(database: Database, snapshot: Snapshot) -> StreamedBook:
    """Every entry up to the snapshot."""
    stamp = _stamp(
        journal_report.TITLE,
        "Everything that was ever recorded: who, when, why, and what it changed.",
        snapshot,
        currency="as recorded",
        fx_rule="None: amounts stand as they were recorded.",
    )

    def read_key(_start: int, stop: int) -> str:
        # The last entry of a range names all of them: where two ledgers differ, they differ from there on.
        with database.asking() as session:
            return journal.find_leaf_hashes(session, [stop])[stop].hex()

    return journal_report.build(
        stamp, lambda start, stop: _entries(database, start, stop), read_key
    )


def iter_pages(database: Database, filters: Filters, snapshot: Snapshot) -> Iterator[StoredPledge]:
    """The pledges of a past revision in the order of references, a page at a time."""
    after: tuple[str | int, ...] | None = ()
    while after is not None:
        with database.reading() as session:
            page, after = pledges.list_pledges(
                session, filters, _BY_REFERENCE, snapshot, after=after, limit=PAGE
            )
        yield from page


def _entries(database: Database, after: int, until: int) -> Iterator[JournalLine]:
    while after < until:
        with database.reading() as session:
            page = journal.list_entries(session, after=after, until=until, limit=PAGE)
        if not page:
            return
        yield from map(_journal_line, page)
        after = page[-1].revision


def _journal_line(entry: Entry) -> JournalLine:
    return JournalLine(
        revision=entry.revision,
        recorded_at=format_instant(entry.recorded_at),
        actor=entry.actor,
        kind=entry.kind,
        stream=entry.stream_kind,
        stream_id=str(entry.stream_id),
        version=entry.version,
        reason=entry.reason,
        changed=journal_report.what_changed(entry.read()["data"]),
        leaf_hash=entry.leaf_hash.hex(),
    )


def _listed(stored: StoredPledge, rates: RateBook, query: PledgesQuery) -> ListedPledge:
    counts_frames = Instrument.AUTHORITY in query.filters.instruments
    return ListedPledge(
        line=pledge_line(stored, rates, query.currency, counts_frames=counts_frames),
        id=stored.document["id"],
        recorded_at=format_instant(stored.recorded_at),
    )


def _all_convert(rates: RateBook, valuations: list[Valuation], currency: str) -> bool:
    target = CURRENCIES[currency]
    try:
        for code, day in valuations:
            if code != currency and day != NO_DAY:
                rates.convert(1, CURRENCIES[code], target, day)
    except NoExchangeRateError:
        return False
    return True


def _totals(session: ReadSession, query: PledgesQuery, snapshot: Snapshot, stage: Stage) -> Totals:
    asked = TotalsQuery(
        measure=stage, by=(Dimension.DONOR,), currency=query.currency, filters=query.filters
    )
    return totals.read_totals(session, asked, snapshot)


def _sum(answer: Totals, decimals: int) -> Decimal:
    [grand] = answer.by_currency.values()
    return to_decimal(grand.amount, decimals)


def _fx_notes(pledged: Totals) -> Iterator[str]:
    """Which rates stand in for others, and what has no day to be converted at."""
    for rate in pledged.provisional:
        yield (
            f"{rate.currency} of {rate.on}: no rate is published yet, that of {rate.rate_on} stands in."
        )
    yield from apart_notes(pledged)


def _stamp(
    title: str,
    what: str,
    snapshot: Snapshot,
    *,
    currency: str,
    fx_rule: str,
    fx_notes: tuple[str, ...] = (),
    filters: tuple[tuple[str, str], ...] = (),
) -> Stamp:
    """Without the moment of making: the same state and question are the same bytes."""
    return Stamp(
        title=title,
        what=what,
        filters=filters,
        as_of=as_of_words(snapshot),
        revision=snapshot.revision,
        recorded_at=snapshot.recorded_at,
        checkpoint=tree_head(snapshot),
        currency=currency,
        fx_rule=fx_rule,
        fx_notes=fx_notes,
        generated_at=None,
        licence=LICENCE,
        citation=citation(snapshot),
    )

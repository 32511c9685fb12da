"""Gathers the figures of the legislation workbook, and what it says of itself."""

from collections.abc import Iterator, Sequence
from typing import Final

from app.db import ReadSession
from app.exports.basis import rate_lines
from app.exports.legislation.lines import asked, claim_lines
from app.exports.legislation.pending import live_lines, pending_sum, pending_total
from app.exports.legislation.requests import by_state, request_state, timeline
from app.exports.legislation.told import Told, list_told
from app.exports.stamps import as_of_words, citation, provisional_notes, tree_head
from app.fx.domain import EURO
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.legislation.domain import NATIVE, PendingQuery, RateOf
from reports.figures import Stamp
from reports.legislation_figures import LegislationFigures
from reports.terms import LICENCE

_MEASURE: Final = (
    "Pending: asked of a parliament by the end of the day, and neither law nor dead by then; never part of what is"
    " pledged"
)
_NATIVE_RULE: Final = "Nothing is converted: each amount stands in its request's own currency, and two are never added."
_RATE_RULE: Final = (
    "On the sheets of what is pending each line is converted with the euro reference rate of the European Central Bank"
    " of {day}, or of the last working day before it, and rounded to the cent. All other sheets keep the requests'"
    " currencies."
)
_RATE_DAYS: Final = {
    RateOf.REQUESTED_ON: "the day of its request",
    RateOf.ON: "the day of the report",
}


def gather_legislation(
    session: ReadSession, query: PendingQuery, snapshot: Snapshot
) -> tuple[LegislationFigures, Stamp]:
    """All that the legislation workbook shows, as of the snapshot.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    told = list_told(session, query, snapshot)
    pending = legislation.break_down_pending(session, query, snapshot)
    sums = pending.figures
    figures = LegislationFigures(
        on=query.on,
        known_on=query.known_on,
        pending=tuple(map(pending_sum, (*sums.rows, *sums.announced))),
        totals=tuple(map(pending_total, sums.total.by_currency)),
        live=tuple(live_lines(pending.parts, told)),
        is_converted=query.currency != NATIVE,
        rates=tuple(rate_lines(EURO, pending.rates)),
        requests=tuple(map(request_state, sorted(told, key=by_state))),
        timeline=tuple(step for one in told for step in timeline(one)),
        asked=tuple(row for one in told for row in asked(one)),
        lines=tuple(row for one in told for row in claim_lines(one)),
    )
    return figures, _stamp(query, snapshot, figures, _coverage(told))


def _stamp(
    query: PendingQuery,
    snapshot: Snapshot,
    figures: LegislationFigures,
    coverage: str,
) -> Stamp:
    is_native = query.currency == NATIVE
    return Stamp(
        title="Aid to Ukraine: legislative requests",
        what="What governments asked of their parliaments, what became of it, and what is still pending.",
        measure=_MEASURE,
        coverage=coverage,
        filters=tuple(_filter_words(query)),
        as_of=as_of_words(snapshot),
        revision=snapshot.revision,
        recorded_at=snapshot.recorded_at,
        checkpoint=tree_head(snapshot),
        currency=query.currency,
        fx_rule=_NATIVE_RULE if is_native else _RATE_RULE.format(day=_RATE_DAYS[query.rate_of]),
        fx_notes=tuple(provisional_notes(figures.rates)),
        generated_at=None,
        licence=LICENCE,
        citation=citation(snapshot),
    )


def _coverage(told: Sequence[Told]) -> str:
    """Which requests: how many, of how many donors, and from when to when they were made."""
    if not told:
        return "no requests"
    donors = len({one.request.donor for one in told})
    words = (
        f"{len(told):,} request{'s' if len(told) != 1 else ''} of"
        f" {donors} donor{'s' if donors != 1 else ''}"
    )
    days = [one.request.requested for one in told if one.request.requested.is_dated]
    if not days:
        return words
    return f"{words}, made from {min(day.first for day in days)} to {max(day.last for day in days)}"


def _filter_words(query: PendingQuery) -> Iterator[tuple[str, str]]:
    """The day, and name and value of each filter that is set."""
    yield "On", f"{query.on}, at its end"
    if query.known_on:
        yield "Known on", f"{query.known_on}: what the public knew at its end"
    chosen: tuple[tuple[str, Sequence[str]], ...] = (
        ("Donor", query.donors),
        ("Component", query.components),
        ("State", query.states),
        ("Kind", query.kinds),
    )
    for name, values in chosen:
        if values:
            yield name, ", ".join(values)

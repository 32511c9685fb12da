"""Gathers the figures of the workbook on changes: a total at two revisions, and what led from one to the other."""

from collections.abc import Iterator
from decimal import Decimal

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.basis import rate_lines
from app.exports.stamps import (
    DEFINITIONS,
    as_of_words,
    citation,
    fx_rule,
    tree_head,
)
from app.exports.words import filter_words
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.pledges.domain import Cause, decimals_of
from app.totals import service as totals
from app.totals.domain import Changes, Difference, TotalsQuery
from reports.changes_figures import ChangesFigures, DonorChange
from reports.figures import Stamp
from reports.terms import LICENCE


def gather_changes(
    session: ReadSession, query: TotalsQuery, earlier: Snapshot, later: Snapshot
) -> tuple[ChangesFigures, Stamp]:
    """All that the workbook on changes shows.

    Raises:
        NoExchangeRateError: an amount cannot be converted; it names the currency and the day.
    """
    found = totals.read_changes(session, query, earlier, later)
    grand = found.by_currency[query.currency]
    figures = ChangesFigures(
        measure=query.measure,
        earlier=earlier.revision,
        later=later.revision,
        donors=tuple(_donors(found)),
        total=_change(None, "All donors", grand, query.currency),
        entries=found.entries,
        rates=tuple(rate_lines(found.base, found.rates)),
    )
    return figures, _stamp(found, earlier, later)


def _donors(found: Changes) -> Iterator[DonorChange]:
    """The largest change first; and all of whom nothing changed as one, so that the rows come to the totals."""
    currency = found.query.currency
    for row in sorted(found.rows, key=lambda row: (-abs(row.figures.amount), row.donor)):
        yield _change(row.donor, get_donor(row.donor).name, row.figures, currency)
    rest, grand = Difference(), found.by_currency[currency]
    for row in found.rows:
        rest.add(row.figures)
    amount = grand.before.amount - rest.before.amount
    pledges = grand.before.pledges - rest.before.pledges
    unvalued = grand.before.unvalued - rest.before.unvalued
    if amount or pledges or unvalued:
        worth = to_decimal(amount, decimals_of(currency))
        yield DonorChange(
            donor=None,
            name="Donors without a change",
            before=worth,
            parts=dict.fromkeys(Cause, to_decimal(0, decimals_of(currency))),
            after=worth,
            pledges=(pledges, pledges),
            unvalued=(unvalued, unvalued),
        )


def _change(donor: str | None, name: str, figures: Difference, currency: str) -> DonorChange:
    def major(minor: int) -> Decimal:
        return to_decimal(minor, decimals_of(currency))

    return DonorChange(
        donor=donor,
        name=name,
        before=major(figures.before.amount),
        parts={cause: major(minor) for cause, minor in figures.parts.items()},
        after=major(figures.after.amount),
        pledges=(figures.before.pledges, figures.after.pledges),
        unvalued=(figures.before.unvalued, figures.after.unvalued),
    )


def _stamp(found: Changes, earlier: Snapshot, later: Snapshot) -> Stamp:
    query = found.query
    return Stamp(
        title="Aid to Ukraine: what changed",
        what=f"{query.measure.value.capitalize()} amounts at revisions {earlier.revision:,} and {later.revision:,}.",
        measure=DEFINITIONS[query.measure],
        coverage=f"All donors; something changed of {len(found.rows)}",
        filters=(
            ("Compared with", f"revision {earlier.revision:,}, {as_of_words(earlier)}"),
            *filter_words(query.filters),
        ),
        as_of=as_of_words(later),
        revision=later.revision,
        recorded_at=later.recorded_at,
        checkpoint=tree_head(later),
        currency=query.currency,
        fx_rule=fx_rule(query.policy),
        fx_notes=tuple(_apart_notes(found)),
        generated_at=None,
        licence=LICENCE,
        citation=citation(later),
    )


def _apart_notes(found: Changes) -> Iterator[str]:
    for code, (before, after) in found.apart.items():
        if before or after:
            shown = [f"{to_decimal(minor, decimals_of(code))}" for minor in (before, after)]
            yield f"In no figure, because without any date no rate applies: {code} {shown[0]}, then {shown[1]}."

"""What the covers of all workbooks say alike: of which ledger they are, and on which terms."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.exports.basis import Gathered
from app.exports.questions import ReportQuery
from app.exports.words import filter_words
from app.fx.domain import Policy, PolicyKind, PriceIndex
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.pledges.domain import Stage, decimals_of
from app.totals.domain import Totals
from reports.figures import Counts, RateLine, Stamp, TreeHead
from reports.terms import LICENCE

DEFINITIONS: Final[Mapping[Stage, str]] = {
    Stage.PLEDGED: "Pledged: announced",
    Stage.COMMITTED: "Committed: legally bound",
    Stage.ALLOCATED: "Allocated: tied to a named package",
    Stage.DELIVERED: "Delivered: handed over or paid out",
}
_SUMS: Final = "rounded to the cent; totals are sums of these."
_UNDATED: Final = "An undated amount takes the date of its pledge's announcement, if it has one."
_SOURCES: Final = "Where the bank publishes none, a rate that was loaded from another source, or set by law, serves."
_RULES: Final[Mapping[PolicyKind, str]] = {
    PolicyKind.EFFECTIVE: (
        "each amount is converted with the euro reference rate of the European Central Bank of its effective date, or"
        f" of the last working day before it, and {_SUMS} {_UNDATED} {_SOURCES}"
    ),
    PolicyKind.ANNOUNCEMENT: (
        "each amount is converted with the euro reference rate of the European Central Bank of the day on which its"
        f" pledge was announced, or of the last working day before it, and {_SUMS} {_UNDATED} {_SOURCES}"
    ),
    PolicyKind.MONTH_AVERAGE: (
        "each amount is converted with the average of the reference rates of the European Central Bank of the month of"
        f" its effective date, and {_SUMS} {_UNDATED} {_SOURCES}"
    ),
    PolicyKind.FIXED: (
        "all amounts are converted with the reference rates of the European Central Bank of that one day, and"
        f" {_SUMS} {_SOURCES}"
    ),
    PolicyKind.RELEASE: f"all amounts are converted with the one table of that release, and {_SUMS}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a report says of itself.

    Attributes:
        title, what, measure: as in ``Stamp``.
        gathered: what its totals are made of.
        counts: beside its totals.
    """

    title: str
    what: str
    measure: str
    gathered: Gathered
    counts: Counts | None


def stamp_report(told: Told, query: ReportQuery, snapshot: Snapshot, totals: Totals) -> Stamp:
    """The stamp of a report on pledges.

    Args:
        told: what the report says of itself.
        query: what it was asked for.
        snapshot: of the ledger.
        totals: of the earliest stage that the report shows; it tells what is in no figure.
    """
    return Stamp(
        title=told.title,
        what=told.what,
        measure=told.measure,
        coverage=told.gathered.coverage,
        filters=filter_words(query.filters),
        as_of=as_of_words(snapshot),
        revision=snapshot.revision,
        recorded_at=snapshot.recorded_at,
        checkpoint=tree_head(snapshot),
        currency=query.currency,
        fx_rule=fx_rule(query.policy),
        fx_notes=(
            *_price_notes(totals.index, query.prices),
            *provisional_notes(told.gathered.basis.rates),
            *apart_notes(totals),
        ),
        generated_at=None,
        counts=told.counts,
        licence=LICENCE,
        citation=citation(snapshot),
    )


def fx_rule(policy: Policy) -> str:
    """A policy of conversion in words."""
    return f"Policy {policy}: {_RULES[policy.kind]}"


def _price_notes(index: PriceIndex | None, year: int | None) -> Iterator[str]:
    if index is not None:
        yield f"In prices of {year}, by the index {index.label} of {index.source}."


def provisional_notes(rates: Iterable[RateLine]) -> Iterator[str]:
    """Each rate that stands in for one that is not published yet."""
    for rate in rates:
        if rate.provisional:
            yield f"{rate.currency} of {rate.asked_for}: no rate is published yet, that of {rate.on} stands in."


def apart_notes(totals: Totals) -> Iterator[str]:
    """What has no day to be converted at; of the later stages, no more is without one."""
    for code, minor in sorted(totals.apart.items()):
        if minor:
            amount = to_decimal(minor, decimals_of(code))
            yield (
                f"{code} {amount} {totals.query.measure.value} without any date: no rate applies, so they are in no"
                f" figure in {totals.query.currency}."
            )


def as_of_words(snapshot: Snapshot) -> str:
    """The knowledge time in words."""
    if snapshot.recorded_at is None:
        return "an empty ledger"
    return f"{snapshot.recorded_at:%Y-%m-%d %H:%M:%S} UTC"


def citation(snapshot: Snapshot) -> str:
    """How to cite the figures."""
    return f"Aid Ledger, revision {snapshot.revision}, as of {as_of_words(snapshot)}."


def tree_head(snapshot: Snapshot) -> TreeHead | None:
    """The log at the snapshot; ``None`` where its root is not known."""
    if snapshot.root is None:
        return None
    return TreeHead(size=snapshot.revision, root=b64encode(snapshot.root).decode())

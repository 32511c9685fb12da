"""What a report is made of: frozen figures, already summed and converted by the caller.

All amounts are ``Decimal`` in major units (``Decimal("820000000.00")``), rounded to the decimals of
their currency. ``None`` is an amount that nobody published; it is never written as zero.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.kernel.dates import Span
from app.kernel.sources import Source
from app.pledges.domain.model import AidType, Bound, Instrument, Stage, Status, Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What stands beside the totals, because no total tells it.

    Attributes:
        pledges: how many stand behind the totals; frames are not among them.
        donors: how many donors these have.
        unvalued: how many of the pledges have no published amount.
        undated: the part of the pledged total without a day, in the report's currency.
        frames: how many pledges of instrument ``authority`` were left out of the totals; ``None`` where the report
            does not list pledges.
    """

    pledges: int
    donors: int
    unvalued: int
    undated: Decimal
    frames: int | None


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The log at a revision: how many entries it has, and the root of the tree over them in base64."""

    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Which ledger, seen how and when: on the cover, so that a printed page can be checked later.

    Attributes:
        title: the heading of the cover and the document's title.
        what: one sentence on what the workbook holds.
        filters: name and value of each filter in words; empty when nothing was filtered.
        as_of: the knowledge time in words, such as ``2026-11-22 10:00 UTC``.
        revision: the ledger's revision that was read; 0 for an empty ledger.
        recorded_at: when that revision was recorded; ``None`` for an empty ledger.
        checkpoint: the log at the revision; ``None`` where it is not known.
        currency: ISO 4217 code that all totals are in.
        fx_rule: one sentence on how amounts were converted.
        fx_notes: further sentences, such as on provisional rates.
        generated_at: when the workbook was made; ``None`` for one about a named moment, which is the same whenever
            it is made.
        counts: beside the totals of pledges; ``None`` where the report has none.
        measure: what is measured, with its definition; empty where the report measures nothing.
        coverage: which days and donors the figures are of.
        licence: terms of use of the figures.
        citation: how to cite them, in one sentence.
    """

    title: str
    what: str
    measure: str = ""
    coverage: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    as_of: str
    revision: int
    recorded_at: datetime | None
    checkpoint: TreeHead | None = None
    currency: str
    fx_rule: str
    fx_notes: tuple[str, ...] = ()
    generated_at: datetime | None
    counts: Counts | None = None
    licence: str
    citation: str


@dataclass(frozen=True, slots=True)
class Stages:
    """How much has reached each stage, in the report's currency. The four are never added up."""

    pledged: Decimal
    committed: Decimal
    allocated: Decimal
    delivered: Decimal

    def at(self, stage: Stage) -> Decimal:
        """The amount that has reached ``stage``."""
        match stage:
            case Stage.PLEDGED:
                return self.pledged
            case Stage.COMMITTED:
                return self.committed
            case Stage.ALLOCATED:
                return self.allocated
            case Stage.DELIVERED:
                return self.delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingLine:
    """What one pledge adds to the totals at one stage and date: a row that formulas add up.

    Attributes:
        donor: code.
        effective: the date as it is known.
        month, quarter, year: the periods that hold it, by the first day, ``2023-Q2`` and the number; ``None`` where
            the date is coarser.
        reached_on: the day on which a running total has it; ``None`` for no date.
        is_dated: whether the amount is no part of what is undated.
        native: in ``currency``; 0 where only the counts change.
        valued_on: the day whose rate converted it; ``None`` where it needed none.
        converted: in the report's currency, within a cent of its own conversion (decision 27); ``None`` where it has
            no day to be converted at.
        pledges, unvalued: added up they say how many pledges there are, and how many of unknown amount; a pledge with
            two dates counts on each of them, and is taken back once.
        source: address of the first source.
    """

    reference: str
    donor: str
    donor_name: str
    aid_type: AidType
    instrument: Instrument
    stage: Stage
    effective: Span
    month: date | None
    quarter: str | None
    year: int | None
    reached_on: date | None
    is_dated: bool
    native: Decimal
    currency: str | None
    valued_on: date | None
    converted: Decimal | None
    pledges: int
    unvalued: int
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """An exchange rate that a figure was made with.

    Attributes:
        asked_for: the day of the amounts.
        on: the day that the rate was published for.
        value: units of the currency for one unit of the base.
        provisional: whether it stands in for one that is not published yet.
    """

    currency: str
    base: str
    asked_for: date
    on: date
    value: Decimal
    source: str
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the totals of a workbook are made of; the postings may be many, and are read several times."""

    postings: Collection[PostingLine] = ()
    rates: tuple[RateLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AidTypeStages:
    """The totals of one aid type; as ``DonorStages``."""

    aid_type: AidType
    stages: Stages
    pledges: int
    unvalued: int
    undated: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorStages:
    """One donor's totals.

    Attributes:
        donor: code, such as ``DK``.
        name: the donor's name.
        stages: the totals by stage, without frames.
        pledges: how many stand behind them.
        unvalued: how many of these have no published amount.
        undated: the part of the pledged total without a day.
    """

    donor: str
    name: str
    stages: Stages
    pledges: int
    unvalued: int
    undated: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorMonths:
    """One donor's commitments over time.

    Attributes:
        donor: code.
        name: the donor's name.
        amounts: what was committed in each month, in the order of the months.
        undated: what was committed without a day that lies in a single month.
    """

    donor: str
    name: str
    amounts: tuple[Decimal, ...]
    undated: Decimal

    @property
    def total(self) -> Decimal:
        """All that was committed, undated amounts included."""
        return sum(self.amounts, self.undated)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyCommitments:
    """One stage by month and donor.

    Attributes:
        measure: the stage.
        months: the first day of each month, ascending, without a gap.
        donors: each with as many amounts as there are months.
    """

    months: tuple[date, ...]
    donors: tuple[DonorMonths, ...]
    measure: Stage = Stage.COMMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeLine:
    """One pledge as of the report's revision.

    Attributes:
        donor: code.
        donor_name: the donor's name.
        amount: as it was stated, in ``currency``.
        stages: what stands at each stage, in the report's currency; ``None`` if unvalued.
        unconverted: stages at which something stands, but nothing that has a day to be converted at.
        in_totals: whether the totals contain it; a frame (``authority``) they leave out.
        announced: the days that the date of the promise may mean.
        overlaps: references of pledges that may contain the same money.
        sources: in the order they were given; the first one is printed.
        revision: the entry that recorded this version.
        version: 1, 2, 3, ... within the pledge.
    """

    reference: str
    donor: str
    donor_name: str
    title: str
    aid_type: AidType
    instrument: Instrument
    status: Status
    bound: Bound
    amount: Decimal | None
    currency: str | None
    stages: Stages | None
    in_totals: bool
    announced: Span
    verification: Verification
    notes: str | None
    overlaps: tuple[str, ...]
    sources: tuple[Source, ...]
    revision: int
    version: int
    unconverted: frozenset[Stage] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLine:
    """One line of a request that its parliament has not decided yet.

    Attributes:
        donor: code of the donor whose parliament decides.
        donor_name: the donor's name.
        reference: of the request, such as ``US-2023-10``.
        title: of the request.
        body: who has it now, such as ``House``; ``None`` where unknown.
        state: how far it has got.
        state_since: since when; may be undated.
        requested: when it was sent; may be of reduced precision.
        days_pending: since it was sent.
        component: what the money is for, such as ``military``.
        label: the line's own words.
        amount_kind: ``cash``, ``loan``, ``authority``, ...
        beneficiary: ``recipient``, ``donor_own``, ...
        amount: in ``currency``; ``None`` where no amount was named.
        source_url: where the latest action was read.
    """

    donor: str
    donor_name: str
    reference: str
    title: str
    body: str | None
    state: str
    state_since: Span
    requested: Span
    days_pending: int | None
    component: str
    label: str
    amount_kind: str
    beneficiary: str
    amount: Decimal | None
    currency: str | None
    verification: str
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryFigures:
    """All that the summary workbook shows.

    Attributes:
        donors, aid_types, monthly: the ledger's own totals, which the workbook's formulas are checked with.
        pending_on: the day for which ``pending`` was asked.
    """

    donors: tuple[DonorStages, ...]
    aid_types: tuple[AidTypeStages, ...]
    monthly: MonthlyCommitments
    pledges: Collection[PledgeLine]
    pending: tuple[PendingLine, ...]
    pending_on: date
    basis: Basis

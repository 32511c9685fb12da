"""Figures for the tests of the workbooks."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from app.kernel.dates import UNDATED, Span, parse_span
from app.kernel.sources import Source
from app.pledges.domain.model import AidType, Bound, Instrument, Stage, Status, Verification
from reports import summary
from reports.figures import (
    AidTypeStages,
    Basis,
    Counts,
    DonorMonths,
    DonorStages,
    MonthlyCommitments,
    PendingLine,
    PledgeLine,
    PostingLine,
    RateLine,
    Stages,
    Stamp,
    SummaryFigures,
)
from reports.kit.workbook import to_bytes

ZERO: Final = Decimal("0.00")


def span(text: str) -> Span:
    """`2023-06` or, for nothing, undated."""
    return parse_span(text) if text else UNDATED


def stages(text: str) -> Stages:
    """Four amounts: pledged, committed, allocated, delivered."""
    return Stages(*map(Decimal, text.replace(",", "").split()))


def make_stamp(**changes: Any) -> Stamp:
    stamp = Stamp(
        title="Aid pledged to Ukraine",
        what="Totals, pledges and pending requests.",
        filters=(("Donors", "United States, Denmark, South Korea"),),
        as_of="2026-11-22 10:00 UTC",
        revision=1482,
        recorded_at=datetime(2026, 11, 21, 16, 5, tzinfo=UTC),
        currency="EUR",
        fx_rule="At the reference rate of the day on which an amount took effect.",
        fx_notes=("Provisional: one rate is not published yet.",),
        generated_at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
        counts=Counts(pledges=4, donors=3, unvalued=1, undated=Decimal("3500000.00"), frames=1),
        licence="CC BY 4.0",
        citation="Aid Ledger, revision 1482.",
    )
    return replace(stamp, **changes)


def make_donor(donor: str, name: str, amounts: str, **changes: Any) -> DonorStages:
    made = DonorStages(
        donor=donor, name=name, stages=stages(amounts), pledges=1, unvalued=0, undated=ZERO
    )
    return replace(made, **changes)


def make_line(**changes: Any) -> PledgeLine:
    line = PledgeLine(
        reference="DK-2023-0007",
        donor="DK",
        donor_name="Denmark",
        title="Artillery",
        aid_type=AidType.MILITARY,
        instrument=Instrument.IN_KIND,
        status=Status.COMMITTED,
        bound=Bound.UP_TO,
        amount=Decimal("100.00"),
        currency="EUR",
        stages=stages("100.00 100.00 0.00 0.00"),
        in_totals=True,
        announced=span("2023-06-14"),
        verification=Verification.OFFICIAL,
        notes=None,
        overlaps=(),
        sources=(Source("https://example.org/a", "A page"),),
        revision=7,
        version=1,
    )
    return replace(line, **changes)


def make_pending(**changes: Any) -> PendingLine:
    line = PendingLine(
        donor="US",
        donor_name="United States",
        reference="US-2023-10",
        title="National security request",
        body="House",
        state="in_committee",
        state_since=span("2023-10-23"),
        requested=span("2023-10-20"),
        days_pending=5,
        component="military",
        label="Equipment",
        amount_kind="cash",
        beneficiary="recipient",
        amount=Decimal("30000000000.00"),
        currency="USD",
        verification="official",
        source_url="https://example.org/request",
    )
    return replace(line, **changes)


def make_posting(**changes: Any) -> PostingLine:
    line = PostingLine(
        reference="DK-2022-01",
        donor="DK",
        donor_name="Denmark",
        aid_type=AidType.MILITARY,
        instrument=Instrument.IN_KIND,
        stage=Stage.PLEDGED,
        effective=span("2022-03"),
        month=date(2022, 3, 1),
        quarter="2022-Q1",
        year=2022,
        reached_on=date(2022, 3, 31),
        is_dated=True,
        native=Decimal("100.00"),
        currency="EUR",
        valued_on=None,
        converted=Decimal("100.00"),
        pledges=1,
        unvalued=0,
        source="https://example.org/a",
    )
    return replace(line, **changes)


def make_basis(
    donors: tuple[DonorStages, ...], monthly: MonthlyCommitments, **changes: Any
) -> Basis:
    """Postings that come to these totals: undated ones by stage, commitments by month."""
    lines: list[PostingLine] = []
    months = {each.donor: each.amounts for each in monthly.donors}
    for donor in donors:
        for stage in Stage:
            left = donor.stages.at(stage)
            if stage is Stage.COMMITTED:
                for month, amount in zip(monthly.months, months.get(donor.donor, ()), strict=False):
                    left -= amount
                    lines.append(
                        make_posting(donor=donor.donor, donor_name=donor.name, stage=stage,
                                     month=month, native=amount, converted=amount, pledges=0)
                    )  # fmt: skip
            is_pledged = stage is Stage.PLEDGED
            undated = donor.undated if is_pledged else ZERO
            lines.append(
                make_posting(
                    donor=donor.donor, donor_name=donor.name, stage=stage, month=None,
                    native=left - undated, converted=left - undated,
                    pledges=donor.pledges if is_pledged else 0,
                    unvalued=donor.unvalued if is_pledged else 0,
                )
            )  # fmt: skip
            lines.append(
                make_posting(
                    donor=donor.donor, donor_name=donor.name, stage=stage, effective=UNDATED,
                    month=None, quarter=None, year=None, reached_on=None, is_dated=False,
                    native=undated, converted=undated, pledges=0,
                )
            )  # fmt: skip
    rate = RateLine(
        currency="USD", base="EUR", asked_for=date(2022, 3, 16), on=date(2022, 3, 16),
        value=Decimal("1.0994"), source="ECB", provisional=False,
    )  # fmt: skip
    return replace(Basis(postings=tuple(lines), rates=(rate,)), **changes)


def make_figures(**changes: Any) -> SummaryFigures:
    """The little ledger of `test_summary.py`, or parts of it, over postings that come to its totals."""
    months = (date(2022, 2, 1), date(2022, 3, 1), date(2022, 4, 1))
    figures = SummaryFigures(
        donors=(
            make_donor("DK", "Denmark", "13,400,000.01 13,400,000.01 0.00 0.00", pledges=2, unvalued=1),
            make_donor("KR", "South Korea", "3500000.00 3500000.00 0.00 0.00", undated=Decimal("3500000.00")),
            make_donor("US", "United States", "720000000.00 720000000.00 720000000.00 90000000.00"),
        ),
        aid_types=(
            AidTypeStages(
                aid_type=AidType.MILITARY, pledges=4, unvalued=1, undated=Decimal("3500000.00"),
                stages=stages("736,900,000.01 736,900,000.01 720,000,000.00 90,000,000.00"),
            ),
        ),
        monthly=MonthlyCommitments(
            months=months,
            donors=(
                DonorMonths(donor="DK", name="Denmark", undated=ZERO,
                            amounts=(ZERO, Decimal("13400000.01"), ZERO)),
                DonorMonths(donor="KR", name="South Korea", undated=Decimal("3500000.00"),
                            amounts=(ZERO, ZERO, ZERO)),
                DonorMonths(donor="US", name="United States", undated=ZERO,
                            amounts=(Decimal("90000000.00"), Decimal("630000000.00"), ZERO)),
            ),
        ),
        pledges=(
            make_line(reference="US-PDA-05", donor="US", donor_name="United States",
                      title="Drawdown", status=Status.ALLOCATED,
                      amount=Decimal("800000000.00"), currency="USD", announced=span("2022-03-16"),
                      stages=stages("720000000.00 720000000.00 720000000.00 90000000.00")),
            make_line(reference="DK-2022-01", title="Weapons", bound=Bound.ABOUT,
                      amount=Decimal("100000000.10"), currency="DKK", announced=span("2022-03"),
                      stages=stages("13400000.01 13400000.01 0.00 0.00")),
            make_line(reference="DK-2022-02", title="Boats, value not published", amount=None,
                      currency=None, stages=None, announced=span(""), status=Status.PLEDGED,
                      notes="Two boats.\nNames not given.", sources=()),
            make_line(reference="KR-2022-01", donor="KR", donor_name="South Korea",
                      title="Relief", aid_type=AidType.HUMANITARIAN, instrument=Instrument.GRANT,
                      amount=Decimal(5000000000), currency="KRW", announced=span("2022"),
                      stages=stages("3500000.00 3500000.00 0.00 0.00")),
            make_line(reference="US-FRAME", donor="US", donor_name="United States", title="A ceiling",
                      instrument=Instrument.AUTHORITY, in_totals=False, amount=Decimal("5000000000.00"),
                      currency="USD", stages=stages("4500000000.00 0.00 0.00 0.00"),
                      overlaps=("US-PDA-05", "US-PDA-06")),
        ),
        pending=(make_pending(),),
        pending_on=date(2023, 10, 25),
        basis=Basis(),
    )  # fmt: skip
    changed = replace(figures, **changes)
    if "basis" in changes:
        return changed
    return replace(changed, basis=make_basis(changed.donors, changed.monthly))


def make_empty() -> SummaryFigures:
    return SummaryFigures(
        donors=(),
        aid_types=(),
        basis=Basis(),
        monthly=MonthlyCommitments(months=(), donors=()),
        pledges=(),
        pending=(),
        pending_on=date(2023, 10, 25),
    )


def build(figures: SummaryFigures | None = None, stamp: Stamp | None = None) -> bytes:
    """The summary as a file."""
    return to_bytes(summary.build(figures or make_figures(), stamp or make_stamp()))

"""A reconciliation as a workbook: what ``aidledger reconcile --out`` writes."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.donors.domain import get_donor
from app.imports.domain.kiel.reconciliation import CENT, Compared
from app.imports.reconciling import Reconciliation
from app.kernel.clock import Clock
from reports import reconciliation
from reports.figures import RateLine, Stamp, TreeHead
from reports.kit.workbook import to_bytes
from reports.reconciliation import CauseLine, ReconciledSum, ReconciliationFigures
from reports.terms import LICENCE


def build_reconciliation(found: Reconciliation, clock: Clock) -> bytes:
    """The reconciliation as the bytes of an Excel workbook.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    figures = ReconciliationFigures(
        sums=tuple(map(_sum, found.rows)),
        causes=tuple(line for row in found.rows for line in _causes(row)),
        rates=tuple(_rates(found, clock.today())),
    )
    return to_bytes(reconciliation.build(figures, _stamp(found, clock)))


def _sum(row: Compared) -> ReconciledSum:
    explained = all(cause.why.is_of_workbook for cause in row.causes)
    return ReconciledSum(
        donor=row.donor,
        name=get_donor(row.donor).name,
        aid_type=row.aid_type,
        workbook=None if row.workbook is None else _cents(row.workbook),
        ledger=_cents(row.ledger),
        verdict="Equal" if row.is_equal else "Explained" if explained else "Open",
    )


def _causes(row: Compared) -> Iterator[CauseLine]:
    for cause in row.causes:
        yield CauseLine(
            donor=row.donor,
            name=get_donor(row.donor).name,
            aid_type=row.aid_type,
            why=cause.why.value,
            euro=_cents(cause.euro),
            package=cause.package_id,
            cell=cause.cell,
        )


def _cents(euro: Decimal) -> Decimal:
    return euro.quantize(CENT)


def _rates(found: Reconciliation, today: date) -> Iterator[RateLine]:
    """The workbook's own table, of the last day that it covers."""
    on = found.release.coverage.last if found.release.coverage else today
    for currency, value in sorted(found.release.rates.items()):
        yield RateLine(
            currency=currency,
            base="EUR",
            asked_for=on,
            on=on,
            value=value,
            source=found.release.label or found.file_name,
            provisional=False,
        )


def _stamp(found: Reconciliation, clock: Clock) -> Stamp:
    recorded = (
        f"{found.recorded_at:%Y-%m-%d %H:%M:%S} UTC" if found.recorded_at else "an empty ledger"
    )
    return Stamp(
        title="The ledger beside another workbook",
        what=f"What the ledger has of {found.file_name}, and what that workbook says of itself.",
        measure=f"{found.measure.value.capitalize()}s, as the other workbook counts them",
        coverage=f"{len(found.rows)} sums by donor and aid type, of sheet {found.sheet}",
        filters=(("Other workbook", found.file_name), ("Its SHA-256", found.sha256)),
        as_of=recorded,
        revision=found.revision,
        recorded_at=found.recorded_at,
        checkpoint=TreeHead(found.revision, b64encode(found.root).decode()) if found.root else None,
        currency="EUR",
        fx_rule="Everything is converted at the other workbook's own rates; they stand on sheet Rates.",
        generated_at=clock.now(),
        licence=LICENCE,
        citation=f"Aid Ledger, revision {found.revision}, as of {recorded}, beside {found.file_name}.",
    )

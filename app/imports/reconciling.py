"""Compares what the ledger has of a workbook with the workbook's own sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO

from app.db import Database, ReadSession
from app.imports import store
from app.imports.domain.cells import Book
from app.imports.domain.kiel.columns import find_table
from app.imports.domain.kiel.mapper import RULES
from app.imports.domain.kiel.packages import Measure, Package, read_packages
from app.imports.domain.kiel.reconciliation import Compared, Held, reconcile
from app.imports.domain.kiel.release import Release, read_release
from app.imports.domain.kiel.summary import Summary, find_summary
from app.imports.errors import NoSummaryError
from app.imports.files.reading import reading_book
from app.journal import service as journal
from app.kernel.canonical import Json
from app.kernel.clock import Clock
from app.pledges import service as pledges
from app.pledges.domain import Stage, StoredPledge

_STAGES = {Measure.COMMITMENT: Stage.COMMITTED, Measure.ALLOCATION: Stage.ALLOCATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """A workbook beside the ledger.

    Attributes:
        file_name: of the workbook.
        sha256: of its bytes, in hexadecimal.
        release: what it says of itself, with its rates.
        sheet: where its sums stand.
        measure: commitments or allocations.
        revision: of the ledger that was compared.
        recorded_at: when that was recorded; ``None`` for an empty ledger.
        root: of the log at the revision; ``None`` where it is not known.
        rows: by donor and aid type.
    """

    file_name: str
    sha256: str
    release: Release
    sheet: str
    measure: Measure
    revision: int
    recorded_at: datetime | None
    root: bytes | None
    rows: Sequence[Compared]

    @property
    def is_explained(self) -> bool:
        """Whether the ledger has the workbook as it is, and every difference is the workbook's own doing."""
        return all(cause.why.is_of_workbook for row in self.rows for cause in row.causes)

    def to_json(self) -> dict[str, Json]:
        """The reconciliation as it is printed."""
        return {
            "file_name": self.file_name,
            "sha256": self.sha256,
            "release": self.release.label,
            "sheet": self.sheet,
            "measure": self.measure.value,
            "currency": "EUR",
            "rates": {currency: f"{rate:f}" for currency, rate in self.release.rates.items()},
            "revision": self.revision,
            "equal": sum(row.is_equal for row in self.rows),
            "different": sum(not row.is_equal for row in self.rows),
            "explained": self.is_explained,
            "data": [row.to_json() for row in self.rows],
        }


def reconcile_file(
    database: Database, clock: Clock, file: IO[bytes], file_name: str, measure: Measure
) -> Reconciliation:
    """Compare a workbook with the ledger, in euro at the workbook's own rates.

    Args:
        database: into which the workbook, or another release of it, was imported.
        clock: tells now.
        file: on the disk, open for reading.
        file_name: of the workbook.
        measure: which of its sums.

    Raises:
        RefusedFileError: the file is not read.
        NoSummaryError: it has no main data, or no sums of this measure.
    """
    with reading_book(file, file_name, RULES.limits) as book:
        release, packages, summary = _read(book, measure)
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        held = _find_held(session, packages, measure)
    rows = reconcile(packages, summary, release.rates, held, measure)
    return Reconciliation(
        file_name=file_name, sha256=book.sha256, release=release, sheet=summary.sheet,
        measure=measure, revision=snapshot.revision, recorded_at=snapshot.recorded_at, root=snapshot.root, rows=rows,
    )  # fmt: skip


def _read(book: Book, measure: Measure) -> tuple[Release, list[Package], Summary]:
    table, summary = find_table(book), find_summary(book, measure)
    if table is None or summary is None:
        raise NoSummaryError(measure.value)
    release = read_release(book)
    packages, _ = read_packages(table, release.coverage)
    return release, packages, summary


def _find_held(
    session: ReadSession, packages: Sequence[Package], measure: Measure
) -> Mapping[str, Held]:
    """What the ledger has of the packages now; a pledge that was withdrawn is not there."""
    names = sorted({package.package_id for package in packages})
    links = store.find_links(session, RULES.series or "", names)
    current = pledges.find_current(session, list(links.values()))
    return {
        name: _held(current[pledge_id], measure)
        for name, pledge_id in links.items()
        if not current[pledge_id].pledge.withdrawn
    }


def _held(stored: StoredPledge, measure: Measure) -> Held:
    pledge = stored.pledge
    amount = None if pledge.amount is None else stored.stages[_STAGES[measure]]
    return Held(
        pledge.donor, pledge.aid_type, pledge.currency, None if amount is None else Decimal(amount)
    )

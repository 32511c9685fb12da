"""The files of facts of our own making: see what would be recorded, and record it, all or nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app.db import WriteSession
from app.imports.domain.facts import ImportReport, Layout, Outcome, Row, RowReport
from app.imports.errors import UnreadableFileError
from app.imports.importer import Importer
from app.imports.legislative_rows import LegislativeRows
from app.imports.pledge_rows import MovementRows, PledgeRows
from app.imports.readers.legislation import read_legislation
from app.imports.readers.movements import HEADERS as MOVEMENTS
from app.imports.readers.movements import read_movements
from app.imports.readers.pledges import HEADERS as PLEDGES
from app.imports.readers.pledges import read_pledges
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError

_LONGEST_HEADER: Final = 1_000
FACTS: Final = Path(__file__).parent / "facts"
# In this order: a movement needs its pledge.
FILES: Final[Mapping[Layout, str]] = {
    Layout.PLEDGES: "pledges.csv",
    Layout.MOVEMENTS: "movements.csv",
    Layout.LEGISLATION: "legislative_requests.json",
}
READERS: Final = {
    Layout.PLEDGES: read_pledges,
    Layout.MOVEMENTS: read_movements,
    Layout.LEGISLATION: read_legislation,
}
IMPORTERS: Final[Mapping[Layout, Importer]] = {
    Layout.PLEDGES: PledgeRows(),
    Layout.MOVEMENTS: MovementRows(),
    Layout.LEGISLATION: LegislativeRows(),
}


def has_facts(path: Path) -> bool:
    """Whether a folder or a file is one of ours, by its first line; other CSV files may have names alike."""
    if path.is_dir() or path.suffix == ".json":
        return True
    with path.open("rb") as file:
        first = file.readline(_LONGEST_HEADER).removeprefix(b"\xef\xbb\xbf").strip()
    return first in {",".join(headers).encode() for headers in (PLEDGES, MOVEMENTS)}


def guess_layout(path: Path) -> Layout:
    """The layout that a file's name or kind suggests.

    Raises:
        UnreadableFileError: nothing suggests itself; say it with ``--as``.
    """
    if path.is_dir():
        return Layout.FACTS
    if path.suffix == ".json":
        return Layout.LEGISLATION
    for layout in (Layout.MOVEMENTS, Layout.PLEDGES):
        if layout.value in path.stem:
            return layout
    raise UnreadableFileError(f"{path.name} may be anything; say with --as what it is.")


def read_files(path: Path, layout: Layout) -> dict[Layout, list[Row]]:
    """The rows of a file, or of every file of a folder of facts.

    Raises:
        UnreadableFileError: a file is missing or not what it was said to be.
    """
    if layout is not Layout.FACTS:
        return {layout: READERS[layout](path)}
    return {one: READERS[one](path / name) for one, name in FILES.items()}


def import_rows(
    session: WriteSession,
    rows: Mapping[Layout, Sequence[Row]],
    *,
    actor: str,
    clock: Clock,
    dry_run: bool = False,
) -> ImportReport:
    """Record what is new; leave what is there as it is, and say where it differs.

    All or nothing: with a refused row, or on a dry run, the caller must roll the transaction back
    (``ImportReport.revision`` is then ``None``).
    """
    told: list[RowReport] = []
    for layout, batch in rows.items():
        told += _import_layout(session, IMPORTERS[layout], batch, actor, clock)
        if any(row.outcome is Outcome.REFUSED for row in told):
            return ImportReport(told, dry_run, revision=None)
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    return ImportReport(told, dry_run, revision=None if dry_run else snapshot.revision)


def _import_layout(
    session: WriteSession, importer: Importer, rows: Sequence[Row], actor: str, clock: Clock
) -> list[RowReport]:
    told = importer.compare(session, rows, clock)
    new = [report.row for report in told if report.outcome is Outcome.NEW]
    try:
        importer.record(session, new, actor=actor, clock=clock)
    except InvalidError as refused:
        told = _refuse(told, new, refused)
    return told


def _refuse(
    told: Sequence[RowReport], new: Sequence[Row], refused: InvalidError
) -> list[RowReport]:
    """The report with the findings beside their rows; findings name the place in the batch, ``/3/amount``."""
    findings: dict[int, list[str]] = {}
    for finding in refused.findings:
        place, _, rest = finding.pointer.lstrip("/").partition("/")
        findings.setdefault(id(new[int(place)]), []).append(
            f"{rest or 'row'}: {finding.detail} ({finding.code})"
        )
    return [
        RowReport(report.row, Outcome.REFUSED, tuple(findings[id(report.row)]))
        if id(report.row) in findings
        else report
        for report in told
    ]

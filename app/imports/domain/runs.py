"""What an import is: a file that somebody sent, what is to be done with it, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.clock import format_instant


class State(StrEnum):
    """What became of an import."""

    PROPOSED = "proposed"
    """A dry run: nothing was to be recorded."""
    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    """The ledger has all of it already."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What is to be done with a file.

    Attributes:
        file_name: as its sender calls it.
        actor: who sent it.
        layout: what it holds; ``None`` to judge by its headers.
        label: what its publisher calls it, such as ``Release 7``.
        coverage: the period that it covers, as its sender says.
        retrieved_on: the day on which the sender got it.
        dry_run: say what would be recorded, and record nothing.
        skip_bad_rows: record the good rows; otherwise one bad row refuses the file.
        withdraw_missing: withdraw the pledges that an earlier file of the series had and this one has not.
        reason: why pledges are amended; by default that the file says so.
    """

    file_name: str
    actor: str
    layout: str | None = None
    label: str | None = None
    coverage: str | None = None
    retrieved_on: date | None = None
    dry_run: bool = False
    skip_bad_rows: bool = False
    withdraw_missing: bool = False
    reason: str | None = None

    @property
    def why(self) -> str:
        """Why a pledge is amended, as its history says it."""
        return self.reason or f"Import of {self.label or self.file_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What became of an import.

    Attributes:
        layout: that was found or asked for.
        first_revision: of what was recorded; ``None`` where nothing was.
        last_revision: as ``first_revision``.
        counts: rows by outcome, findings by severity.
    """

    finished_at: datetime
    state: State
    layout: str
    first_revision: int | None
    last_revision: int | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import.

    Attributes:
        sha256: of the file's bytes, in hexadecimal.
        size: of the file, in bytes.
    """

    id: UUID
    started_at: datetime
    order: ImportOrder
    sha256: str
    size: int
    result: ImportResult

    def to_json(self) -> dict[str, Json]:
        """The import as it is answered, without its rows."""
        return run_json(self.id, self.started_at, self.order, self.sha256, self.size, self.result)


def run_json(
    run_id: UUID,
    started_at: datetime,
    order: ImportOrder,
    sha256: str,
    size: int,
    result: ImportResult | None,
) -> dict[str, Json]:
    """An import as it is answered; what it has no result for yet is ``None``."""
    counts: dict[str, Json] | None = dict(result.counts) if result else None
    return {
        "id": str(run_id),
        "state": result.state.value if result else None,
        "file_name": order.file_name,
        "sha256": sha256,
        "size": size,
        "layout": result.layout if result else order.layout,
        "label": order.label,
        "coverage": order.coverage,
        "retrieved_on": order.retrieved_on.isoformat() if order.retrieved_on else None,
        "dry_run": order.dry_run,
        "skip_bad_rows": order.skip_bad_rows,
        "withdraw_missing": order.withdraw_missing,
        "actor": order.actor,
        "started_at": format_instant(started_at),
        "finished_at": format_instant(result.finished_at) if result else None,
        "first_revision": result.first_revision if result else None,
        "last_revision": result.last_revision if result else None,
        "counts": counts,
        "problem": None,
    }

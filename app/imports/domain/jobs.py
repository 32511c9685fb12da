"""A file that was sent by HTTP: worked on while its sender waits or asks again; what became of it is kept for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.imports.domain.runs import ImportOrder, ImportResult, run_json
from app.kernel.canonical import Json

# So long a job may take until it is taken for lost: many times what the largest file takes.
LEASE: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=1)
# All files together that are kept; the oldest go first.
MAX_KEPT_BYTES: Final = 256 * 2**20


class JobState(StrEnum):
    """Where a job stands before, or instead of, an outcome of ``runs.State``."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    """Something of ours went wrong: the same file may go through later."""
    REFUSED = "refused"
    """The file was not read; ``problem`` says why."""
    LOST = "lost"
    """Its process ended before it did. Nothing was recorded."""


UNFINISHED: Final = frozenset({JobState.WAITING.value, JobState.RUNNING.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """One job.

    Attributes:
        id: also of the import that it becomes, if it records something.
        started_at: when the file came in.
        sha256: of the file's bytes, in hexadecimal.
        size: of the file, in bytes.
        state: of ``JobState`` or of ``runs.State``.
        alive_until: by then it has finished, or its process is dead.
        result: what became of it; ``None`` while nothing has.
        problem: why nothing became of it, as the call would have been refused.
        run_id: the import that is kept for ever, where there is one; of a file that was recorded before, the first.
        has_workbook: the file is kept, so that comments can be written into it, or it recorded after a dry run.
    """

    id: UUID
    started_at: datetime
    order: ImportOrder
    sha256: str
    size: int
    state: str
    alive_until: datetime
    result: ImportResult | None = None
    problem: dict[str, Json] | None = None
    run_id: UUID | None = None
    has_workbook: bool = False

    def state_at(self, now: datetime) -> str:
        """The state; what should have finished long ago is lost."""
        if self.state in UNFINISHED and now > self.alive_until:
            return JobState.LOST.value
        return self.state

    def is_unfinished_at(self, now: datetime) -> bool:
        """Whether there is more to come."""
        return self.state_at(now) in UNFINISHED

    def to_json(self, now: datetime) -> dict[str, Json]:
        """The job as an import is answered."""
        shown = run_json(self.id, self.started_at, self.order, self.sha256, self.size, self.result)
        return {**shown, "state": self.state_at(now), "problem": self.problem}

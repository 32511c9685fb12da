"""A report that was ordered: made while others wait for nothing, its file kept for a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.clock import format_instant

# A job says every few seconds that it is alive; one that has been silent for so long is lost.
LEASE: Final = timedelta(minutes=2)
# While it waits for its turn nobody speaks for it.
WAITING_LEASE: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=1)


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Nothing became of it; ``problem`` says why."""
    LOST = "lost"
    """Its process ended before it did. Order it again."""

    @property
    def is_unfinished(self) -> bool:
        """Whether there is more to come."""
        return self in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJob:
    """One job.

    Attributes:
        ordered_at: when somebody asked for it first.
        report: its name.
        question: the parameters of the call.
        revision: of the ledger that it shows.
        identity: SHA-256, in hexadecimal, of what names state and question: jobs of one identity make the same file.
        file_name: what the file is called when it is fetched.
        state: as it was written last; see ``state_at``.
        rows: how many there are; 0 while nobody knows yet.
        rows_done: how many of them are made.
        alive_until: by then it has written again, or its process is dead.
        size: of the file, in bytes; ``None`` where there is none.
        sha256: of the file, in hexadecimal.
        problem: why nothing became of it, as the call would have been refused.
    """

    id: UUID
    ordered_at: datetime
    report: str
    question: Mapping[str, Json]
    revision: int
    identity: str
    file_name: str
    state: JobState
    rows: int
    alive_until: datetime
    rows_done: int = 0
    size: int | None = None
    sha256: str | None = None
    problem: dict[str, Json] | None = None

    @property
    def expires_at(self) -> datetime:
        """When job and file go."""
        return self.ordered_at + KEPT

    def state_at(self, now: datetime) -> JobState:
        """The state; what has been silent for too long is lost."""
        if self.state.is_unfinished and now > self.alive_until:
            return JobState.LOST
        return self.state

    def to_json(self, now: datetime, file: str) -> dict[str, Json]:
        """The job as it is answered; ``file`` is where its file will be."""
        state = self.state_at(now)
        return {
            "id": str(self.id),
            "report": self.report,
            "question": dict(self.question),
            "revision": self.revision,
            "state": state.value,
            "rows": self.rows,
            "rows_done": self.rows_done,
            "ordered_at": format_instant(self.ordered_at),
            "expires_at": format_instant(self.expires_at),
            "file": file if state is JobState.DONE else None,
            "file_name": self.file_name,
            "size": self.size,
            "sha256": self.sha256,
            "problem": self.problem,
        }

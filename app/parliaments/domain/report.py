"""What an import of actions did, or would do."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from app.kernel.canonical import Json
from app.legislation.domain import VehicleName
from app.parliaments.domain.actions import Repeat
from app.parliaments.domain.comparing import Compared, Outcome
from app.parliaments.domain.places import FileFinding
from app.parliaments.domain.suggesting import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The whole of it.

    Attributes:
        vehicle: whose actions they are; ``None`` where the files do not say and nobody else did.
        vehicle_id: ``None`` while it is not recorded.
        is_new: whether the vehicle is recorded with them.
        repeats: rows that say again what another row says.
        findings: what is wrong; with any, nothing is recorded.
        revision: of the last entry made; ``None`` where nothing was, and on a dry run.
    """

    vehicle: VehicleName | None
    dry_run: bool
    vehicle_id: UUID | None = None
    is_new: bool = False
    compared: tuple[Compared, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    findings: tuple[FileFinding, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    revision: int | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Actions by outcome."""
        counted = Counter(one.outcome.value for one in self.compared)
        return {outcome.value: counted[outcome.value] for outcome in Outcome}

    @property
    def is_clean(self) -> bool:
        """Whether the ledger has, or would have, everything as the files do."""
        return not self.findings and self.counts[Outcome.DIFFERENT.value] == 0

    def to_json(self) -> dict[str, Json]:
        """The report as it is printed and answered."""
        return {
            "dry_run": self.dry_run,
            "revision": self.revision,
            "vehicle": str(self.vehicle) if self.vehicle else None,
            "vehicle_id": str(self.vehicle_id) if self.vehicle_id else None,
            "vehicle_is_new": self.is_new,
            **self.counts,
            "repeated_rows": len(self.repeats),
            "findings": [one.to_json() for one in self.findings],
            "actions": [one.to_json() for one in self.compared],
            "suggestions": [one.to_json() for one in self.suggestions],
        }

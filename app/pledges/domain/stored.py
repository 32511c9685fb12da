"""A version of a pledge as readers see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.pledges.domain.model import Pledge, read_record


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPledge:
    """One version of a pledge as read from the current or a past projection.

    Attributes:
        document: ``pledge_record`` of the version.
        stages: what stands at each stage, decimal strings by stage.
        revision: of the entry that made the version.
        recorded_at: of that entry.
    """

    document: dict[str, Any]
    stages: dict[str, str | None]
    status: str
    revision: int
    recorded_at: datetime

    @property
    def pledge(self) -> Pledge:
        """The version in the domain's types."""
        return read_record(self.document)

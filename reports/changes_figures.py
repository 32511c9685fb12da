"""What the workbook on changes is made of: the difference of a total between two states of the ledger, by donor."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.pledges.domain import Cause
from app.pledges.domain.model import Stage
from reports.figures import RateLine


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorChange:
    """What changed of one donor; the parts add up to ``after`` less ``before``.

    Attributes:
        donor: code; ``None`` for all donors of whom nothing changed, taken together.
        pledges, unvalued: how many there were and are.
    """

    donor: str | None
    name: str
    before: Decimal
    parts: Mapping[Cause, Decimal]
    after: Decimal
    pledges: tuple[int, int]
    unvalued: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesFigures:
    """All that the workbook on changes shows.

    Attributes:
        measure: the stage.
        earlier, later: the revisions.
        donors: those of whom something changed, and the others as one.
        total: of all donors, as the ledger has it.
        entries: how many entries each cause had.
    """

    measure: Stage
    earlier: int
    later: int
    donors: tuple[DonorChange, ...]
    total: DonorChange
    entries: Mapping[Cause, int]
    rates: tuple[RateLine, ...]

"""What the workbook on one donor is made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from reports.figures import AidTypeStages, Basis, DonorStages, PledgeLine
from reports.legislation_figures import RequestState
from reports.series_figures import SeriesTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """An entry of a pledge.

    Attributes:
        kind: what happened, such as ``pledge.amended``.
        recorded: when, in words.
    """

    revision: int
    recorded: str
    reference: str
    title: str
    kind: str
    reason: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorFigures:
    """All that the workbook on one donor shows.

    Attributes:
        name: of the donor.
        totals: of the donor; none where nothing was pledged.
        requests: to its parliament, as they stood on ``on``.
        changes: the latest, the newest first.
        all_changes: how many there are in all.
    """

    name: str
    totals: tuple[DonorStages, ...]
    aid_types: tuple[AidTypeStages, ...]
    series: tuple[SeriesTotals, ...]
    pledges: Collection[PledgeLine]
    requests: tuple[RequestState, ...]
    on: date
    changes: tuple[ChangeLine, ...]
    all_changes: int
    basis: Basis

"""The rules of totals, pure: how cells become rows, and what made a total change."""

from app.totals.domain.changes import (
    Changes,
    Difference,
    DifferenceRow,
    EntryFacts,
    Posted,
    Shift,
    attribute,
    count_entries,
    explain,
)
from app.totals.domain.firm import aggregate_firm
from app.totals.domain.totals import (
    MAX_DIMENSIONS,
    NATIVE,
    CellKey,
    CellSum,
    Convert,
    Dimension,
    ProvisionalRate,
    Row,
    Sum,
    Totals,
    TotalsQuery,
    aggregate,
)

__all__ = [
    "MAX_DIMENSIONS",
    "NATIVE",
    "CellKey",
    "CellSum",
    "Changes",
    "Convert",
    "Difference",
    "DifferenceRow",
    "Dimension",
    "EntryFacts",
    "Posted",
    "ProvisionalRate",
    "Row",
    "Shift",
    "Sum",
    "Totals",
    "TotalsQuery",
    "aggregate",
    "aggregate_firm",
    "attribute",
    "count_entries",
    "explain",
]

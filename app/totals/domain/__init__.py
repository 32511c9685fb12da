"""The rules of totals, pure: how cells become rows, and what made a total change."""

from app.totals.domain.breakdown import Part, Share, Sharing, Split
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
    set_shifts_apart,
)
from app.totals.domain.explanation import ExplainedCell, Explanation, explain_cells
from app.totals.domain.firm import aggregate_firm, without
from app.totals.domain.foreseen import add_postings
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
    set_apart,
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
    "ExplainedCell",
    "Explanation",
    "Part",
    "Posted",
    "ProvisionalRate",
    "Row",
    "Share",
    "Sharing",
    "Shift",
    "Split",
    "Sum",
    "Totals",
    "TotalsQuery",
    "add_postings",
    "aggregate",
    "aggregate_firm",
    "attribute",
    "count_entries",
    "explain",
    "explain_cells",
    "set_apart",
    "set_shifts_apart",
    "without",
]

"""The SQL of totals: the only store that queries across rooms."""

from app.totals.store.cells import DonorActivity, list_activity, read_cells, read_cells_of
from app.totals.store.shifts import count_settled, iter_facts, list_posted
from app.totals.store.snapshots import (
    SnapshotCells,
    add_cells,
    complete,
    copy_cells,
    drop_snapshot,
    find_boundary,
    find_last_complete,
    find_snapshot,
    is_right,
    iter_cells,
    list_snapshots,
    take_turn,
)

__all__ = [
    "DonorActivity",
    "SnapshotCells",
    "add_cells",
    "complete",
    "copy_cells",
    "count_settled",
    "drop_snapshot",
    "find_boundary",
    "find_last_complete",
    "find_snapshot",
    "is_right",
    "iter_cells",
    "iter_facts",
    "list_activity",
    "list_posted",
    "list_snapshots",
    "read_cells",
    "read_cells_of",
    "take_turn",
]

"""The wire of totals, of what made them change, and of donors."""

from app.totals.schemas.changes import ChangesOut, ChangesParams, changes_json
from app.totals.schemas.explanation import explained_json
from app.totals.schemas.totals import (
    DonorOut,
    DonorsOut,
    TotalOut,
    TotalsOut,
    TotalsParams,
    donors_json,
    figures_json,
    read_currency,
    read_dimensions,
    totals_json,
)

__all__ = [
    "ChangesOut",
    "ChangesParams",
    "DonorOut",
    "DonorsOut",
    "TotalOut",
    "TotalsOut",
    "TotalsParams",
    "changes_json",
    "donors_json",
    "explained_json",
    "figures_json",
    "read_currency",
    "read_dimensions",
    "totals_json",
]

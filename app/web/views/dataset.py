"""What search engines for data are told about the ledger (https://schema.org/Dataset)."""

from typing import Any, Final

from app.journal.domain import Snapshot
from app.kernel.clock import format_instant
from reports.terms import LICENCE

_DESCRIPTION: Final = (
    "Aid pledged to Ukraine: who promised what, when, in which currency, how far it has got, and what parliaments have"
    " still to decide. Every figure has a source and a past; the ledger as of a revision never changes."
)
_FILES: Final = (
    ("text/csv", "/v1/totals.csv?measure=committed&by=donor&currency=EUR"),
    ("text/csv", "/v1/pledges.csv"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "/v1/reports/summary.xlsx"),
)  # fmt: skip


def describe_dataset(snapshot: Snapshot) -> dict[str, Any]:
    """The ledger as a ``Dataset``; addresses are read against that of the page."""
    moment = snapshot.recorded_at
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": "Aid Ledger: aid pledged to Ukraine",
        "description": _DESCRIPTION,
        "url": "/",
        "version": str(snapshot.revision),
        **({"dateModified": format_instant(moment)} if moment else {}),
        "temporalCoverage": "2022-01-24/..",
        "spatialCoverage": {"@type": "Place", "name": "Ukraine"},
        "keywords": ["Ukraine", "aid", "pledges", "military aid", "financial aid", "humanitarian aid"],
        "variableMeasured": ["pledged", "committed", "allocated", "delivered"],
        "isAccessibleForFree": True,
        "usageInfo": "/about",
        "creditText": LICENCE,
        "creator": {"@type": "Organization", "name": "Aid Ledger", "url": "/about"},
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address} for kind, address in _FILES
        ],
    }  # fmt: skip

"""What the covers of all workbooks say alike: of which ledger they are, and on which terms."""

from base64 import b64encode
from typing import Final

from app.journal.domain import Snapshot
from reports.figures import TreeHead

LICENCE: Final = (
    "Figures are facts and free to use; name the source. The software is under Apache-2.0."
)


def as_of_words(snapshot: Snapshot) -> str:
    """The knowledge time in words."""
    if snapshot.recorded_at is None:
        return "an empty ledger"
    return f"{snapshot.recorded_at:%Y-%m-%d %H:%M:%S} UTC"


def citation(snapshot: Snapshot) -> str:
    """How to cite the figures."""
    return f"Aid Ledger, revision {snapshot.revision}, as of {as_of_words(snapshot)}."


def tree_head(snapshot: Snapshot) -> TreeHead | None:
    """The log at the snapshot; ``None`` where its root is not known."""
    if snapshot.root is None:
        return None
    return TreeHead(size=snapshot.revision, root=b64encode(snapshot.root).decode())

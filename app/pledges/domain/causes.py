"""Why a total changed: every effect of an entry on the totals has one cause, which its kind and its data tell.

An amendment may do two things at once: put a pledge elsewhere, and say something else of its amount. It is then read as
the two amendments that somebody more patient would have made, the move first: what moving the pledge as it stood does
is *reclassified*, and adds up to zero in its currency; all that the amendment does besides is *restated*.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from app.pledges.domain.model import MovementStage, Pledge
from app.pledges.domain.postings import Posting, book, difference
from app.pledges.domain.replay import apply

AMENDED: Final = "pledge.amended"
MOVEMENT_RECORDED: Final = "pledge.movement_recorded"
# Fields of the record that say where an amount is booked, and those that say how much of it is at which stage.
PLACING: Final = frozenset({"donor", "aid_type", "instrument", "announced_on"})
STATING: Final = frozenset({"amount", "currency", "opening"})


class Cause(StrEnum):
    """Why a total changed.

    Attributes:
        NEW: a pledge was recorded.
        RESTATED: an amendment changed an amount, its currency, or the stage that a pledge began at.
        RECLASSIFIED: an amendment changed donor, aid type, instrument or date, and so the place of an amount.
        MOVED: a movement took money into a later stage.
        CANCELLED: a movement took back what had not been delivered.
        WITHDRAWN: a movement or a pledge turned out to be recorded in error.
    """

    NEW = "new"
    RESTATED = "restated"
    RECLASSIFIED = "reclassified"
    MOVED = "moved"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


# Kinds of entries that are a cause by themselves; of the two others the data have to be read.
CAUSE_OF_KIND: Final[Mapping[str, Cause]] = {
    "pledge.recorded": Cause.NEW,
    "pledge.movement_withdrawn": Cause.WITHDRAWN,
    "pledge.withdrawn": Cause.WITHDRAWN,
}


def cause_of(kind: str, data: Mapping[str, Any]) -> Cause:
    """The cause of what an entry does; for an amendment that does two things, ``RESTATED``.

    Of such an amendment ``reclassification`` is the part that is not.

    Raises:
        ValueError: no entry of a pledge is of this kind.
    """
    if kind in CAUSE_OF_KIND:
        return CAUSE_OF_KIND[kind]
    if kind == MOVEMENT_RECORDED:
        is_cancelled = data["movement"]["stage"] == MovementStage.CANCELLED.value
        return Cause.CANCELLED if is_cancelled else Cause.MOVED
    if kind == AMENDED:
        return Cause.RESTATED if data["changes"].keys() & STATING else Cause.RECLASSIFIED
    message = f"{kind} is not a kind of entry of a pledge"
    raise ValueError(message)


def does_both(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether an entry is an amendment that moves a pledge and restates it."""
    if kind != AMENDED:
        return False
    changed = data["changes"].keys()
    return bool(changed & PLACING) and bool(changed & STATING)


def reclassification(before: Pledge, data: Mapping[str, Any]) -> list[Posting]:
    """What an amendment would have posted if it had only moved the pledge, which stood as ``before``.

    Such an amendment is always possible: no movement looks at donor, aid type, instrument or date of its pledge.
    """
    changes = {name: change for name, change in data["changes"].items() if name in PLACING}
    moved = apply(before, AMENDED, {"changes": changes})
    return difference(book(before), book(moved))

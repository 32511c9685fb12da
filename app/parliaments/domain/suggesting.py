"""What a person should look at: no source says that a bill carries a request, but some texts hint at it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.kernel.canonical import Json
from app.legislation.domain import Vehicle
from app.parliaments.domain.actions import ReportedAction, VehicleFacts
from app.parliaments.domain.places import Place

_SUBSTITUTE: Final = re.compile(r"\bin the\s+nature of a substitute\b", re.IGNORECASE)
# The ledger's one recipient, as laws name it.
_RECIPIENT: Final = re.compile(r"\bUkrain(?:e|ian)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A hint with its place; nothing follows from it until a person acts.

    Attributes:
        code: ``text-replaced``, ``title-changed`` or ``names-recipient``.
    """

    code: str
    detail: str
    place: Place | None = None

    def to_json(self) -> Json:
        """The line of a report."""
        return {
            "code": self.code,
            "detail": self.detail,
            "file": self.place.file if self.place else None,
            "place": self.place.where if self.place else None,
        }


def suggest(
    vehicle: Vehicle | None, facts: VehicleFacts | None, new: Iterable[ReportedAction]
) -> list[Suggestion]:
    """Hints from the actions that are new, and from the titles."""
    return [*_substitutes(new), *(_titles(vehicle, facts) if facts else ())]


def _substitutes(new: Iterable[ReportedAction]) -> Iterator[Suggestion]:
    for action in new:
        if _SUBSTITUTE.search(action.text):
            detail = (
                f"On {action.on.last} the text may have been replaced as a whole. If it carries a request since,"
                " link the request to the vehicle from that day."
            )
            yield Suggestion("text-replaced", detail, action.place)


def _titles(vehicle: Vehicle | None, facts: VehicleFacts) -> Iterator[Suggestion]:
    if vehicle and vehicle.title and facts.title and vehicle.title != facts.title:
        detail = f"The file's title is {facts.title!r}; the ledger has another. Amend it where the text was replaced."
        yield Suggestion("title-changed", detail)
    naming = next((title for title in facts.titles if _RECIPIENT.search(title)), None)
    if naming:
        detail = f"A title names the recipient: {naming!r}. Link the request that it carries."
        yield Suggestion("names-recipient", detail)

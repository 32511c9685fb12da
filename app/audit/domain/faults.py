"""What an audit finds."""

from dataclasses import dataclass, field
from typing import Final

from app.kernel.canonical import Json

# One broken entry can break all that follow; the first faults say where to look.
MAX_FAULTS: Final = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be.

    Attributes:
        revision: the entry that it belongs to; ``None`` where it belongs to none, as a sum.
        place: the row, such as ``posting 57, line 3``.
        what: what is wrong there, in a sentence.
    """

    revision: int | None
    place: str
    what: str

    @property
    def order(self) -> tuple[bool, int, bool]:
        """By revision, the entry itself first; what belongs to none comes last."""
        return self.revision is None, self.revision or 0, not self.place.startswith("entry")

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        return {"revision": self.revision, "place": self.place, "what": self.what}

    def __str__(self) -> str:
        where = "" if self.revision is None else f"Revision {self.revision}: "
        return f"{where}{self.place}: {self.what}"


@dataclass(slots=True)
class Faults:
    """The faults found so far: how many, and the first by revision."""

    count: int = 0
    first: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Note one more."""
        self.count += 1
        self.first = sorted([*self.first, fault], key=lambda one: one.order)[:MAX_FAULTS]

"""Relations between requests: which replaces, splits, renews or repeats which."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.kernel.dates import Span
from app.legislation.domain.states import State


class RelationKind(StrEnum):
    """What a request is to another one.

    Three of them end a request, so that the same need is never pending twice: one that supersedes
    ends the older one; one that is folded into another, or repeats it, ends itself.
    """

    SUPERSEDES = "supersedes"
    SPLIT_INTO = "split_into"
    FOLDED_INTO = "folded_into"
    CARVED_OUT = "carved_out"
    RENEWAL_OF = "renewal_of"
    INCREASES = "increases"
    DEPENDS_ON = "depends_on"
    DUPLICATES = "duplicates"

    @property
    def ends_the_other(self) -> State | None:
        """The state that the other request gets by it, if any."""
        return State.SUPERSEDED if self is RelationKind.SUPERSEDES else None

    @property
    def ends_its_own(self) -> State | None:
        """The state that the request itself gets by it, if any."""
        ends = self in {RelationKind.FOLDED_INTO, RelationKind.DUPLICATES}
        return State.FOLDED if ends else None


@dataclass(frozen=True, slots=True)
class LineMove:
    """That an amount of one line lives on in a line of the other request.

    Attributes:
        own: key of the line of this request.
        other: key of the line of the other one.
        amount: minor units; ``None`` for all of it.
    """

    own: str
    other: str
    amount: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """That this request is related to another one.

    Attributes:
        other_id, other: id and reference of the other request.
        effective: from when.
        rationale: why we think so; relations are readings, not facts of a source.
        decided_by: who reads it so.
    """

    id: UUID
    kind: RelationKind
    other_id: UUID
    other: str
    effective: Span
    lines: tuple[LineMove, ...]
    rationale: str | None
    decided_by: str | None
    withdrawn: bool = False

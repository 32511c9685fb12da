"""Bodies about what a request is to another one."""

from uuid import UUID

from pydantic import Field

from app.kernel.ids import new_id
from app.legislation.domain import RecordRelation
from app.legislation.schemas.bodies.words import Amount, Day, Text, Word
from app.wire import WireModel


class LineMoveIn(WireModel):
    """That an amount of one line lives on in a line of the other request."""

    own: Word = Field(description="Key of a line of this request.")
    other: Word = Field(description="Key of a line of the other one.")
    amount: Amount = None


class RelationIn(WireModel):
    """What this request is to another one. A request that is superseded, folded or a duplicate is over by it."""

    kind: Word = Field(
        description="supersedes, split_into, folded_into, carved_out, renewal_of, increases,"
        " depends_on or duplicates."
    )
    other: Word = Field(description="Id or reference of the other request.")
    effective_on: Day
    lines: list[LineMoveIn] = Field(default_factory=list)
    rationale: Text | None = Field(None, description="Why you think so.")
    decided_by: Text | None = None

    def to_command(
        self, request_id: UUID, other: tuple[UUID, str], expected_version: int | None
    ) -> RecordRelation:
        """The command that records it under a new id; ``other`` is id and reference."""
        other_id, reference = other
        return RecordRelation(
            request_id=request_id,
            relation_id=new_id(),
            other_id=other_id,
            other=reference,
            expected_version=expected_version,
            **self.model_dump(exclude={"other"}),
        )

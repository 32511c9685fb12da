"""Bodies about what happened."""

from uuid import UUID

from pydantic import Field

from app.kernel.ids import new_id
from app.legislation.domain import RawAction, RecordAction
from app.legislation.schemas.bodies.words import Day, Text, Word
from app.wire import WireModel


class FlagIn(WireModel):
    """A flag that an action sets or clears."""

    name: Word = Field(
        description="blocked, adverse_report, politically_agreed, confidential, text_replaced or"
        " folded."
    )
    change: Word = Field(description="set or cleared.")


class VoteIn(WireModel):
    """How a body voted."""

    yes: int | None = None
    no: int | None = None
    other: Text | None = Field(None, description="In words: `39 abstained`.")
    roll: int | None = Field(None, description="Number of the roll call.")
    chamber: Text | None = Field(None, examples=["Senate"])
    session: Text | None = Field(
        None, description="In which rolls are numbered.", examples=["118-2"]
    )
    question: Text | None = Field(None, description="What was voted on, where it was divided.")


class ActionIn(WireModel):
    """Something that happened, with the state that it led to, if any; or a step ahead, with a text alone."""

    on: Day
    time: Word | None = Field(None, description="Wall clock of the body.", examples=["14:05"])
    body: Text | None = Field(None, description="Who acted.", examples=["Senate"])
    state: Word | None = Field(
        None, description="What it became, or stayed; null for what moves nothing."
    )
    flag: FlagIn | None = None
    text: Text | None = None
    language: Word | None = Field(None, description="Of `text`, as in BCP 47.", examples=["en"])
    vote: VoteIn | None = None
    vehicle: Text | None = Field(None, description="Identifier of the text acted on.")
    source_url: str | None = Field(None, max_length=4_000)
    scheme: Text | None = Field(None, description="Whose code it is.", examples=["congress.gov"])
    code: Text | None = Field(None, examples=["17000"])
    known_on: Day | None = Field(
        None, description="When the public could know of it; its own day where left out."
    )
    substantive: bool | None = Field(
        None,
        description="Whether it moved the matter on; by default what has a state, flag or vote.",
    )

    def to_raw(self) -> RawAction:
        """The action under a new id."""
        return RawAction(action_id=new_id(), **self.model_dump())

    def to_command(self, request_id: UUID, expected_version: int | None) -> RecordAction:
        """The command that records it."""
        return RecordAction(
            request_id=request_id, action=self.to_raw(), expected_version=expected_version
        )

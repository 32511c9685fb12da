"""Bodies about what became law, and the pledges that it pays for or that wait for it."""

from uuid import UUID

from pydantic import Field

from app.kernel.errors import invalid
from app.kernel.ids import new_id
from app.legislation.domain import (
    AmendEnactedLine,
    RecordDependency,
    RecordEnactment,
    RecordFunding,
)
from app.legislation.schemas.bodies.words import Amount, Day, Text, Word
from app.wire import WireModel


class EnactedLineIn(WireModel):
    """One line of a law or decision."""

    line: Word | None = Field(
        None, description="Key of the line that it answers; null where the legislature added it."
    )
    amount: Amount = Field(None, description="As it was asked for, where left out; `0` denies it.")
    key: Word | None = Field(None, description="Made up as E1, E2, ... where left out.")
    component: Word | None = None
    label: Text | None = None
    amount_kind: Word | None = None
    beneficiary: Word | None = None
    rest_pends: bool = Field(
        default=False, description="Whether what was not granted is still before the legislature."
    )
    available: Day | None = Field(None, description="When the money may be used.")
    note: Text | None = None


class EnactmentIn(WireModel):
    """What became law of a request. Without lines: all that is still open, as it was asked for."""

    on: Day
    law: Text | None = Field(None, description="Citation.", examples=["P.L. 118-50"])
    vehicle: Text | None = Field(None, description="Identifier of what became law.")
    division: Text | None = Field(None, examples=["Division B"])
    lines: list[EnactedLineIn] = Field(default_factory=list)
    closes: bool = Field(default=True, description="Whether lines that are not named were denied.")
    source_url: str | None = Field(None, max_length=4_000)

    def to_command(self, request_id: UUID, expected_version: int | None) -> RecordEnactment:
        """The command that records it under a new id."""
        return RecordEnactment(
            request_id=request_id,
            enactment_id=new_id(),
            action_id=new_id(),
            expected_version=expected_version,
            **self.model_dump(),
        )


class EnactedLineAmendmentIn(WireModel):
    """What became of an enacted line since."""

    reason: Text
    annulled_on: Day | None = None
    rescinded: Amount = Field(None, description="What of it was taken back, in all.")
    available: Day | None = None
    note: Text | None = None

    def to_command(self, request_id: UUID, key: str, expected_version: int) -> AmendEnactedLine:
        """The command that amends.

        Raises:
            InvalidError: ``nothing-changed`` for no field at all.
        """
        changes = self.model_dump(exclude={"reason"}, exclude_unset=True)
        if not changes:
            raise invalid("", "nothing-changed", "Name at least one field to change.")
        return AmendEnactedLine(
            request_id=request_id,
            key=key,
            changes=changes,
            reason=self.reason,
            expected_version=expected_version,
        )


class FundingIn(WireModel):
    """That a pledge is paid from an enacted line."""

    enacted_line: Word = Field(examples=["E1"])
    pledge: Word = Field(description="Id or reference.", examples=["US-PDA-45"])
    amount: str = Field(max_length=100, examples=["1000000000.00"])
    note: Text | None = None

    def to_command(
        self, request_id: UUID, pledge_id: UUID, expected_version: int | None
    ) -> RecordFunding:
        """The command that records it under a new id."""
        return RecordFunding(
            request_id=request_id,
            funding_id=new_id(),
            pledge_id=pledge_id,
            expected_version=expected_version,
            **self.model_dump(exclude={"pledge"}),
        )


class DependencyIn(WireModel):
    """That a pledge waits for the request, or for one line of it."""

    pledge: Word = Field(description="Id or reference.")
    kind: Word = Field("conditional_on", description="conditional_on or funded_by.")
    line: Word | None = Field(None, description="Key of a line; null for the whole request.")
    on_fail: Word = Field(
        "keep_unfunded",
        description="What is to become of the pledge if it fails: cancel, reduce or keep_unfunded.",
    )
    due_on: Day | None = Field(None, description="When the pledge is to be kept.")
    note: Text | None = None

    def to_command(
        self, request_id: UUID, pledge_id: UUID, expected_version: int | None
    ) -> RecordDependency:
        """The command that records it under a new id."""
        return RecordDependency(
            request_id=request_id,
            dependency_id=new_id(),
            pledge_id=pledge_id,
            expected_version=expected_version,
            **self.model_dump(exclude={"pledge"}),
        )

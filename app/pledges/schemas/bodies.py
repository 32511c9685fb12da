"""The bodies that we read."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.kernel.errors import invalid
from app.pledges.domain import (
    AMENDABLE,
    AmendPledge,
    RecordMovement,
    RecordPledge,
)
from app.wire import WireModel

MAX_BATCH: Final = 5_000
_WORD: Final = 100


def _refuse_number(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise PydanticCustomError(
        "amount-not-string", "An amount is a string: JSON numbers pass through binary floats"
    )


Amount = Annotated[
    str | None,
    BeforeValidator(_refuse_number),
    Field(
        examples=["820000000.00"],
        description="Plain decimal string; null where it was not published.",
    ),
]
When = Annotated[
    str | None,
    Field(
        max_length=_WORD,
        examples=["2023-11-14"],
        description="`2023-11-14`, `2023-11`, `2023` or `2023-11-01/2023-11-14`; null where it is not known.",
    ),
]
Word = Annotated[str, Field(max_length=_WORD)]


class SourceIn(WireModel):
    """A page that says so."""

    url: str = Field(
        max_length=4_000, examples=["https://www.fmn.dk/en/news/2023/donation-package-13/"]
    )
    title: str | None = Field(None, max_length=2_000)
    kind: Word = "other"


class ItemIn(WireModel):
    """One line of what a pledge consists of. It describes and posts nothing; lines need not add up to the amount."""

    description: str = Field(max_length=2_000, examples=["Round of ammunition for 155mm howitzer"])
    kind: Word | None = Field(None, examples=["Ammunition for heavy weapon"])
    subkind: Word | None = Field(None, examples=["155mm howitzer ammunition"])
    quantity: Amount = Field(None, description="Null where it was not published.")
    delivered: Amount = Field(None, description="How much of it was handed over; null if unknown.")
    unit: Word | None = Field(None, description="Pieces where it is null.", examples=["tonne"])
    unit_value: Amount = Field(None, description="Price of one unit, at most six decimals.")
    value: Amount = Field(None, description="Of the whole line.")
    currency: Word | None = Field(None, description="ISO 4217; needed with either value.")
    note: str | None = Field(None, max_length=4_000)


class PledgeIn(WireModel):
    """A pledge to record."""

    donor: Word = Field(description="ISO 3166-1 alpha-2 code, or EU, EPF, EIB.", examples=["DK"])
    title: str = Field(max_length=4_000, examples=["Donation package 13"])
    aid_type: Word = Field(
        description="military, financial or humanitarian.", examples=["military"]
    )
    amount: Amount = None
    currency: Word | None = Field(
        None, description="ISO 4217; needed with an amount.", examples=["DKK"]
    )
    announced_on: When = None
    status: Word = Field("pledged", description="The stage that the whole amount has reached.")
    instrument: Word | None = Field(
        None,
        description="in_kind, grant, loan, guarantee or authority; by default as usual for the aid type.",
    )
    bound: Word = Field("exact", description="exact, up_to, at_least or about.")
    reference: Word | None = Field(
        None, description="Short stable name; made up as DK-2023-0007 if absent."
    )
    verification: Word = Field("unverified", description="official, secondary or unverified.")
    notes: str | None = Field(None, max_length=10_000)
    overlaps: list[Word] = Field(
        default_factory=list, description="References of pledges that may contain the same money."
    )
    sources: list[SourceIn] = Field(default_factory=list)
    items: list[ItemIn] = Field(
        default_factory=list, description="The lines of what it consists of, at most 600."
    )

    def to_command(self, pledge_id: UUID) -> RecordPledge:
        """The command that records it under this id."""
        values = self.model_dump()
        return RecordPledge(pledge_id=pledge_id, **{**values, "overlaps": tuple(self.overlaps)})


class PledgeBatchIn(WireModel):
    """Pledges to record together, all or none."""

    pledges: list[PledgeIn] = Field(min_length=1, max_length=MAX_BATCH)


class MovementIn(WireModel):
    """A step of (part of) a pledge."""

    stage: Word = Field(
        description="committed, allocated, delivered or cancelled.", examples=["committed"]
    )
    amount: Amount = None
    on: When = None
    note: str | None = Field(None, max_length=10_000)
    sources: list[SourceIn] = Field(default_factory=list)

    def to_command(
        self, pledge_id: UUID, movement_id: UUID, expected_version: int | None
    ) -> RecordMovement:
        """The command that records it."""
        return RecordMovement(
            pledge_id=pledge_id,
            movement_id=movement_id,
            expected_version=expected_version,
            **self.model_dump(),
        )


class AmendmentIn(WireModel):
    """Fields to change, and why. What is left out stays as it is; ``amount: null`` makes a pledge unvalued."""

    reason: str = Field(max_length=10_000, examples=["The ministry corrected its press release."])
    donor: Word | None = None
    title: str | None = Field(None, max_length=4_000)
    aid_type: Word | None = None
    instrument: Word | None = None
    amount: Amount = None
    currency: Word | None = None
    bound: Word | None = None
    announced_on: When = None
    status: Word | None = None
    verification: Word | None = None
    notes: str | None = Field(None, max_length=10_000)
    overlaps: list[Word] | None = None
    sources: list[SourceIn] | None = None
    items: list[ItemIn] | None = None

    def to_command(self, pledge_id: UUID, expected_version: int) -> AmendPledge:
        """The command that amends.

        Raises:
            InvalidError: ``nothing-changed`` for no field at all, ``not-nullable`` for a null that means nothing.
        """
        given = self.model_dump(exclude_unset=True, exclude={"reason"})
        if not given:
            raise invalid("", "nothing-changed", "Name at least one field to change.")
        for name in given.keys() - {"amount", "currency", "announced_on", "notes"}:
            if given[name] is None:
                raise invalid(f"/{name}", "not-nullable", "This field cannot be null.")
        assert given.keys() <= set(AMENDABLE)  # noqa: S101 -- the model and the domain name the same fields
        return AmendPledge(
            pledge_id=pledge_id,
            changes=given,
            reason=self.reason,
            expected_version=expected_version,
        )


class WithdrawalIn(WireModel):
    """Why something that was recorded in error is taken back."""

    reason: str = Field(max_length=10_000)

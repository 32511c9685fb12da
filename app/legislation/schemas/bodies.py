"""Bodies that we read about legislative requests."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.kernel.errors import invalid
from app.kernel.ids import new_id
from app.legislation.domain import (
    AMENDABLE,
    AmendLegislativeRequest,
    RawAction,
    RecordAction,
    RecordLegislativeRequest,
)
from app.wire import WireModel

_MAX_WORD: Final = 100
_MAX_TEXT: Final = 10_000
_NULLABLE: Final = frozenset(
    {"requesting_office", "addressed_to", "requested_on", "announced_on", "published_on", "notes"}
)


def _refuse_number(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise PydanticCustomError(
        "amount-not-string", "An amount is a string: JSON numbers pass through binary floats"
    )


Word = Annotated[str, Field(max_length=_MAX_WORD)]
Text = Annotated[str, Field(max_length=_MAX_TEXT)]
Day = Annotated[
    str,
    Field(
        max_length=_MAX_WORD,
        examples=["2023-10-20"],
        description="`2023-11-14`, `2023-11`, `2023` or `2023-11-01/2023-11-14`.",
    ),
]
Amount = Annotated[
    str | None,
    BeforeValidator(_refuse_number),
    Field(
        examples=["61400000000.00"],
        description="Plain decimal string; null where it was not published.",
    ),
]


class SourceIn(WireModel):
    """A page that says so."""

    url: str = Field(max_length=4_000)
    title: str | None = Field(None, max_length=2_000)
    kind: Word = "other"


class LineIn(WireModel):
    """One leaf of what is asked for. A total is never a line."""

    component: Word = Field(
        description="military, humanitarian, financial, mixed or other.", examples=["military"]
    )
    label: Text | None = None
    amount: Amount = None
    bound: Word = Field("exact", description="exact, up_to, at_least or about.")
    amount_kind: Word = Field(
        "cash",
        description="cash, loan, guarantee, authority_ceiling, envelope, commitment_authorisation"
        " or in_kind_value.",
    )
    beneficiary: Word = Field(
        "recipient", description="recipient, region, donor_own or not_in_scope."
    )
    verification: Word = Field("unverified", description="official, secondary or unverified.")
    note: Text | None = None
    enacted_on: Day | None = Field(None, description="When this part was settled.")


class VehicleIn(WireModel):
    """A bill or other text that carries the request."""

    identifier: Text = Field(examples=["H.R. 815"])
    jurisdiction: Text | None = None
    session: Text | None = None
    became_vehicle_on: Day | None = None


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


class ActionIn(WireModel):
    """Something that happened, with the state that it led to, if any."""

    on: Day
    body: Text | None = Field(None, description="Who acted.", examples=["Senate"])
    state: Word | None = Field(
        None, description="What the request became, or stayed; null for what moves nothing."
    )
    flag: FlagIn | None = None
    text: Text | None = None
    vote: VoteIn | None = None
    vehicle: Text | None = Field(None, description="Identifier of the text acted on.")
    source_url: str | None = Field(None, max_length=4_000)

    def to_raw(self) -> RawAction:
        """The action under a new id."""
        return RawAction(action_id=new_id(), **self.model_dump())

    def to_command(self, request_id: UUID, expected_version: int | None) -> RecordAction:
        """The command that records it."""
        return RecordAction(
            request_id=request_id, action=self.to_raw(), expected_version=expected_version
        )


class LegislativeRequestIn(WireModel):
    """A request to record, with what already happened to it.

    Without `state`, and without an action that has one, it is `submitted` on `requested_on`, or
    `announced` on `announced_on`.
    """

    donor: Word = Field(description="ISO 3166-1 alpha-2 code, or EU, EPF, EIB.", examples=["US"])
    title: Text
    kind: Word = Field(
        description="supplemental, annual_budget, budget_amendment, committee_release, framework,"
        " in_kind_authorisation, authority_increase, fund_law or parliamentary_motion.",
        examples=["supplemental"],
    )
    currency: Word = Field(description="ISO 4217, of all lines.", examples=["USD"])
    reference: Word | None = Field(
        None, description="Short stable name; made up as US-LR-0012 if absent."
    )
    requesting_office: Text | None = None
    addressed_to: Text | None = None
    requested_on: Day | None = None
    announced_on: Day | None = None
    published_on: Day | None = Field(
        None, description="Known to the public from then on; not pending before."
    )
    state: Word | None = Field(None, description="The state that it is recorded in.")
    state_on: Day | None = Field(None, description="Since when; by default the request's own date.")
    lines: list[LineIn] = Field(default_factory=list)
    vehicles: list[VehicleIn] = Field(default_factory=list)
    actions: list[ActionIn] = Field(default_factory=list)
    verification: Word = Field("unverified", description="official, secondary or unverified.")
    notes: Text | None = None
    sources: list[SourceIn] = Field(default_factory=list)

    def to_command(self) -> RecordLegislativeRequest:
        """The command that records it under a new id."""
        values = self.model_dump(exclude={"actions"})
        actions = [action.to_raw() for action in self.actions]
        return RecordLegislativeRequest(
            request_id=new_id(), opening_id=new_id(), actions=actions, **values
        )


class AmendmentIn(WireModel):
    """Fields to change, and why. What is left out stays as it is; a list is replaced as a whole."""

    reason: Text
    donor: Word | None = None
    title: Text | None = None
    requesting_office: Text | None = None
    addressed_to: Text | None = None
    kind: Word | None = None
    requested_on: Day | None = None
    announced_on: Day | None = None
    published_on: Day | None = None
    currency: Word | None = None
    lines: list[LineIn] | None = None
    vehicles: list[VehicleIn] | None = None
    verification: Word | None = None
    notes: Text | None = None
    sources: list[SourceIn] | None = None

    def to_command(self, request_id: UUID, expected_version: int) -> AmendLegislativeRequest:
        """The command that amends.

        Raises:
            InvalidError: ``nothing-changed`` for no field at all, ``not-nullable`` for a null that
                means nothing.
        """
        named = [name for name in AMENDABLE if name in self.model_fields_set]
        if not named:
            raise invalid("", "nothing-changed", "Name at least one field to change.")
        for name in named:
            if getattr(self, name) is None and name not in _NULLABLE:
                raise invalid(f"/{name}", "not-nullable", "This field cannot be null.")
        given = self.model_dump()
        return AmendLegislativeRequest(
            request_id=request_id,
            changes={name: given[name] for name in named},
            reason=self.reason,
            expected_version=expected_version,
        )


class WithdrawalIn(WireModel):
    """Why something that was recorded in error is taken back."""

    reason: Text

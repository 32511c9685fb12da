"""Bodies about requests: what is asked for, and corrections of it."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.kernel.errors import invalid
from app.kernel.ids import new_id
from app.legislation.domain import (
    AMENDABLE,
    AmendLegislativeRequest,
    RecordLegislativeRequest,
)
from app.legislation.schemas.bodies.actions import ActionIn
from app.legislation.schemas.bodies.words import Amount, Day, SourceIn, Text, Word
from app.wire import WireModel

_NULLABLE: Final = frozenset(
    {
        "requesting_office",
        "addressed_to",
        "legal_basis",
        "period",
        "requested_on",
        "announced_on",
        "published_on",
        "notes",
    }
)


class ClaimIn(WireModel):
    """One statement of a line's amount. Sources disagree; exactly one claim is preferred."""

    amount: Amount = None
    bound: Word = Field("exact", description="exact, up_to, at_least or about.")
    verification: Word = Field("unverified", description="official, secondary or unverified.")
    source: SourceIn | None = None
    retrieved_on: Day | None = Field(None, description="When the source was read.")
    preferred: bool = False
    reason: Text | None = Field(
        None, description="Why it is preferred; needed where there are several."
    )


class LineIn(WireModel):
    """One part of what is asked for. A line with parts is not counted itself.

    What the parts of a line leave of its amount becomes a line of its own.
    """

    key: Word | None = Field(
        None, description="Its name in the request; its place, from 1, where left out."
    )
    parent: Word | None = Field(None, description="Key of the line that contains it.")
    component: Word = Field(
        description="military, humanitarian, financial, mixed or other.", examples=["military"]
    )
    subcomponent: Text | None = Field(
        None, description="The source's own word.", examples=["stock_replenishment"]
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
    year: int | None = Field(None, description="Budget year that it belongs to.")
    new_money: bool | None = Field(None, description="False where it was promised before.")
    note: Text | None = None
    claims: list[ClaimIn] = Field(
        default_factory=list, description="The preferred one gives the line its amount."
    )
    enacted_on: Day | None = Field(None, description="When this part was settled.")


class VehicleLinkIn(WireModel):
    """A bill or other text that carries the request; it is recorded where nobody did so before."""

    identifier: Text = Field(examples=["H.R. 815"])
    jurisdiction: Text | None = Field(None, description="The donor's, where left out.")
    session: Text | None = Field(None, examples=["118"])
    role: Word = Field("primary", description="primary, alternate, companion, partial or host.")
    division: Text | None = Field(None, examples=["Division B"])
    became_vehicle_on: Day | None = Field(
        None, description="What the vehicle did before does not count for the request."
    )
    ceased_on: Day | None = None
    reason: Text | None = None


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
    legal_basis: Text | None = None
    period: Day | None = Field(
        None, description="What the money is for.", examples=["2023-10-01/2023-12-31"]
    )
    requested_on: Day | None = None
    announced_on: Day | None = None
    published_on: Day | None = Field(
        None, description="Known to the public from then on; not pending before."
    )
    state: Word | None = Field(None, description="The state that it is recorded in.")
    state_on: Day | None = Field(None, description="Since when; by default the request's own date.")
    lines: list[LineIn] = Field(default_factory=list)
    vehicles: list[VehicleLinkIn] = Field(default_factory=list)
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
    legal_basis: Text | None = None
    period: Day | None = None
    requested_on: Day | None = None
    announced_on: Day | None = None
    published_on: Day | None = None
    currency: Word | None = None
    lines: list[LineIn] | None = None
    vehicles: list[VehicleLinkIn] | None = None
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

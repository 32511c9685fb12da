"""Bodies about vehicles."""

from typing import Final
from uuid import UUID

from pydantic import Field

from app.kernel.errors import invalid
from app.kernel.ids import new_id
from app.legislation.domain import (
    AMENDABLE_OF_VEHICLE,
    AmendVehicle,
    RecordVehicle,
    RecordVehicleActions,
)
from app.legislation.schemas.bodies.actions import ActionIn
from app.legislation.schemas.bodies.words import Day, SourceIn, Text, Word
from app.wire import WireModel

_LISTS: Final = frozenset({"external_ids", "sources"})


class ExternalIdIn(WireModel):
    """The vehicle's name elsewhere."""

    scheme: Word = Field(examples=["congress.gov"])
    id: Text = Field(examples=["118/hr/815"])


class VehicleIn(WireModel):
    """A bill, a budget or a committee decision, with what already happened to it."""

    jurisdiction: Word = Field(description="Code of the donor whose body decides.", examples=["US"])
    session: Text | None = Field(None, examples=["118"])
    identifier: Text = Field(examples=["H.R. 815"])
    title: Text | None = None
    title_original: Text | None = Field(None, description="As introduced, where it differs.")
    introduced_on: Day | None = None
    session_ends_on: Day | None = Field(None, description="When it dies undecided.")
    law_citation: Text | None = Field(None, examples=["P.L. 118-50"])
    url: str | None = Field(None, max_length=4_000)
    external_ids: list[ExternalIdIn] = Field(default_factory=list)
    actions: list[ActionIn] = Field(default_factory=list)
    notes: Text | None = None
    sources: list[SourceIn] = Field(default_factory=list)

    def to_command(self) -> RecordVehicle:
        """The command that records it under a new id."""
        values = self.model_dump(exclude={"actions"})
        actions = [action.to_raw() for action in self.actions]
        return RecordVehicle(vehicle_id=new_id(), actions=actions, **values)


class VehicleActionsIn(WireModel):
    """What happened to a vehicle, all of it or nothing."""

    actions: list[ActionIn] = Field(min_length=1)

    def to_command(self, vehicle_id: UUID, expected_version: int | None) -> RecordVehicleActions:
        """The command that records them."""
        return RecordVehicleActions(
            vehicle_id=vehicle_id,
            actions=[action.to_raw() for action in self.actions],
            expected_version=expected_version,
        )


class VehicleAmendmentIn(WireModel):
    """Fields to change, and why. What is left out stays as it is; a list is replaced as a whole."""

    reason: Text
    title: Text | None = None
    title_original: Text | None = None
    introduced_on: Day | None = None
    session_ends_on: Day | None = None
    law_citation: Text | None = None
    url: str | None = Field(None, max_length=4_000)
    external_ids: list[ExternalIdIn] | None = None
    notes: Text | None = None
    sources: list[SourceIn] | None = None

    def to_command(self, vehicle_id: UUID, expected_version: int) -> AmendVehicle:
        """The command that amends.

        Raises:
            InvalidError: ``nothing-changed`` for no field at all, ``not-nullable`` for a null that
                means nothing.
        """
        given = self.model_dump(include={*AMENDABLE_OF_VEHICLE}, exclude_unset=True)
        if not given:
            raise invalid("", "nothing-changed", "Name at least one field to change.")
        for name in sorted(_LISTS & given.keys()):
            if given[name] is None:
                raise invalid(f"/{name}", "not-nullable", "This field cannot be null.")
        return AmendVehicle(
            vehicle_id=vehicle_id,
            changes=given,
            reason=self.reason,
            expected_version=expected_version,
        )

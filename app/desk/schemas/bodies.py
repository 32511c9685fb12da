"""Bodies of forms that show one part of what the API replaces as a whole."""

from pydantic import Field

from app.legislation.schemas.bodies.requests import ClaimIn, VehicleLinkIn
from app.legislation.schemas.bodies.words import Text
from app.wire import WireModel


class LineClaimsIn(WireModel):
    """All that sources say of the amount of one line."""

    reason: Text
    claims: list[ClaimIn] = Field(default_factory=list)


class FurtherVehicleIn(WireModel):
    """One more vehicle of a request."""

    reason: Text
    vehicle: VehicleLinkIn

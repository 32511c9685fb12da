"""Bodies that we read about legislative requests and vehicles."""

from app.legislation.schemas.bodies.actions import ActionIn
from app.legislation.schemas.bodies.enactments import (
    DependencyIn,
    EnactedLineAmendmentIn,
    EnactmentIn,
    FundingIn,
)
from app.legislation.schemas.bodies.relations import RelationIn
from app.legislation.schemas.bodies.requests import AmendmentIn, LegislativeRequestIn
from app.legislation.schemas.bodies.vehicles import (
    VehicleActionsIn,
    VehicleAmendmentIn,
    VehicleIn,
)
from app.legislation.schemas.bodies.words import WithdrawalIn

__all__ = [
    "ActionIn",
    "AmendmentIn",
    "DependencyIn",
    "EnactedLineAmendmentIn",
    "EnactmentIn",
    "FundingIn",
    "LegislativeRequestIn",
    "RelationIn",
    "VehicleActionsIn",
    "VehicleAmendmentIn",
    "VehicleIn",
    "WithdrawalIn",
]

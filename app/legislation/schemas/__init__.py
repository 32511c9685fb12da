"""The wire of legislative requests and vehicles: what we read and what we answer."""

from app.legislation.schemas.answers import (
    figures_json,
    request_json,
    timeline_json,
    vehicle_json,
)
from app.legislation.schemas.bodies import (
    ActionIn,
    AmendmentIn,
    DependencyIn,
    EnactedLineAmendmentIn,
    EnactmentIn,
    FundingIn,
    LegislativeRequestIn,
    RelationIn,
    VehicleActionsIn,
    VehicleAmendmentIn,
    VehicleIn,
    WithdrawalIn,
)
from app.legislation.schemas.conditions import (
    ConditionsOut,
    DependencyParams,
    PledgeConditionsOut,
    conditions_json,
)
from app.legislation.schemas.queries import (
    ListParams,
    OneParams,
    PendingFilterParams,
    PendingParams,
    VehicleListParams,
)
from app.legislation.schemas.shapes import (
    LegislativeRequestOut,
    LegislativeRequestPageOut,
    OneLegislativeRequestOut,
    OneVehicleOut,
    PendingOut,
    TimelineOut,
    VehiclePageOut,
)

__all__ = [
    "ActionIn",
    "AmendmentIn",
    "ConditionsOut",
    "DependencyIn",
    "DependencyParams",
    "EnactedLineAmendmentIn",
    "EnactmentIn",
    "FundingIn",
    "LegislativeRequestIn",
    "LegislativeRequestOut",
    "LegislativeRequestPageOut",
    "ListParams",
    "OneLegislativeRequestOut",
    "OneParams",
    "OneVehicleOut",
    "PendingFilterParams",
    "PendingOut",
    "PendingParams",
    "PledgeConditionsOut",
    "RelationIn",
    "TimelineOut",
    "VehicleActionsIn",
    "VehicleAmendmentIn",
    "VehicleIn",
    "VehicleListParams",
    "VehiclePageOut",
    "WithdrawalIn",
    "conditions_json",
    "figures_json",
    "request_json",
    "timeline_json",
    "vehicle_json",
]

"""What the room speaks of: requests with lines, actions, enactments and relations; vehicles."""

from app.legislation.domain.model.actions import Action, FlagEffect, Vote
from app.legislation.domain.model.enactments import (
    Dependency,
    DependencyKind,
    Disposition,
    EnactedLine,
    Enactment,
    FundingLink,
    OnFail,
)
from app.legislation.domain.model.lines import (
    AmountKind,
    Beneficiary,
    Claim,
    Component,
    Line,
    find_cycle,
    leaves_of,
    sums_of_children,
    with_residuals,
)
from app.legislation.domain.model.relations import LineMove, Relation, RelationKind
from app.legislation.domain.model.requests import STREAM_KIND, Kind, LegislativeRequest
from app.legislation.domain.model.vehicles import (
    VEHICLE_STREAM,
    Role,
    Vehicle,
    VehicleLink,
    VehicleName,
)

__all__ = [
    "STREAM_KIND",
    "VEHICLE_STREAM",
    "Action",
    "AmountKind",
    "Beneficiary",
    "Claim",
    "Component",
    "Dependency",
    "DependencyKind",
    "Disposition",
    "EnactedLine",
    "Enactment",
    "FlagEffect",
    "FundingLink",
    "Kind",
    "LegislativeRequest",
    "Line",
    "LineMove",
    "OnFail",
    "Relation",
    "RelationKind",
    "Role",
    "Vehicle",
    "VehicleLink",
    "VehicleName",
    "Vote",
    "find_cycle",
    "leaves_of",
    "sums_of_children",
    "with_residuals",
]

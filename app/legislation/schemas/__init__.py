"""The wire of legislative requests: what we read and what we answer."""

from app.legislation.schemas.answers import figures_json, request_json
from app.legislation.schemas.bodies import (
    ActionIn,
    AmendmentIn,
    LegislativeRequestIn,
    WithdrawalIn,
)
from app.legislation.schemas.queries import ListParams, OneParams, PendingParams
from app.legislation.schemas.shapes import (
    LegislativeRequestOut,
    LegislativeRequestPageOut,
    OneLegislativeRequestOut,
    PendingOut,
)

__all__ = [
    "ActionIn",
    "AmendmentIn",
    "LegislativeRequestIn",
    "LegislativeRequestOut",
    "LegislativeRequestPageOut",
    "ListParams",
    "OneLegislativeRequestOut",
    "OneParams",
    "PendingOut",
    "PendingParams",
    "WithdrawalIn",
    "figures_json",
    "request_json",
]

"""The wire of pledges: what we read and what we answer."""

from app.pledges.schemas.answers import pledge_json
from app.pledges.schemas.bodies import (
    MAX_BATCH,
    AmendmentIn,
    MovementIn,
    PledgeBatchIn,
    PledgeIn,
    SourceIn,
    WithdrawalIn,
)
from app.pledges.schemas.queries import (
    PlaceFilterParams,
    PledgeFilterParams,
    PledgeListParams,
    read_order,
)
from app.pledges.schemas.shapes import (
    MetaOut,
    OnePledgeOut,
    PledgeOut,
    PledgePageOut,
)

__all__ = [
    "MAX_BATCH",
    "AmendmentIn",
    "MetaOut",
    "MovementIn",
    "OnePledgeOut",
    "PlaceFilterParams",
    "PledgeBatchIn",
    "PledgeFilterParams",
    "PledgeIn",
    "PledgeListParams",
    "PledgeOut",
    "PledgePageOut",
    "SourceIn",
    "WithdrawalIn",
    "pledge_json",
    "read_order",
]

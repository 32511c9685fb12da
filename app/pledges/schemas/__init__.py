"""The wire of pledges: what we read and what we answer."""

from app.pledges.schemas.answers import history_json, pledge_json
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
    HistoryOut,
    MetaOut,
    OnePledgeOut,
    PledgeOut,
    PledgePageOut,
)

__all__ = [
    "MAX_BATCH",
    "AmendmentIn",
    "HistoryOut",
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
    "history_json",
    "pledge_json",
    "read_order",
]

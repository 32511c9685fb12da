"""``/v1/legislative-requests`` and ``/v1/vehicles``."""

from typing import Final

from fastapi import APIRouter

from app.legislation.api import alerts, conditions, feeds, pending, requests, ties, vehicles

router: Final = APIRouter()
# Fixed addresses first: a reference could be read in their place.
for _part in (alerts, feeds, pending, conditions, requests, ties, vehicles):
    router.include_router(_part.router)

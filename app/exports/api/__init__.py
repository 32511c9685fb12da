"""Tables, workbooks and bundles by HTTP."""

from typing import Final

from fastapi import APIRouter

from app.exports.api import bundles, twins, workbooks

router: Final = APIRouter()
for _part in (twins, workbooks, bundles):
    router.include_router(_part.router)

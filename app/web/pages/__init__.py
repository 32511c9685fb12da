"""The routes of the pages, one module per page; each reads its view and answers with a template."""

from typing import Final

from fastapi import APIRouter

from app.web.pages import (
    about,
    changes,
    docs,
    donors,
    downloads,
    embed,
    figures,
    legislation,
    overview,
    pledges,
    rates,
    static,
    verify,
)

router: Final = APIRouter(include_in_schema=False)
for _page in (
    overview,
    donors,
    pledges,
    legislation,
    changes,
    downloads,
    verify,
    about,
    rates,
    embed,
    figures,
    docs,
    static,
):
    router.include_router(_page.router)

"""The routes of the pages, one module per page; each reads its view and answers with a template."""

from typing import Final

from fastapi import APIRouter

from app.web.pages import (
    about,
    changes,
    desk,
    docs,
    donors,
    downloads,
    embed,
    figures,
    imports,
    legislation,
    overview,
    pledges,
    rates,
    sign_in,
    static,
    verify,
)

router: Final = APIRouter(include_in_schema=False)
# The desk comes first: its addresses are more exact than those of the pages that they are about.
for _page in (
    sign_in,
    desk,
    imports,
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

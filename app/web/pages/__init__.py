"""The routes of the pages, one module per page; each reads its view and answers with a template."""

from typing import Final

from fastapi import APIRouter

from app.web.pages import desk, docs, donors, figures, imports, overview, pledges, sign_in, static

router: Final = APIRouter(include_in_schema=False)
for _page in (sign_in, desk, imports, overview, donors, pledges, figures, docs, static):
    router.include_router(_page.router)

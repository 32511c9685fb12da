"""Tables, workbooks and bundles by HTTP."""

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter

from app.exports.api import (
    bundles,
    citations,
    feeds,
    iati,
    jobs,
    reports,
    twins,
    workbooks,
)
from app.exports.formats import Format

router: Final = APIRouter()
for _part in (twins, workbooks, reports, jobs, feeds, iati, citations, bundles):
    router.include_router(_part.router)


def expand(path: str) -> Iterator[str]:
    """The path template itself; of a table, one for each of its formats."""
    suffix = next(filter(path.endswith, twins.SUFFIXES), None)
    if suffix is None:
        yield path
    else:
        yield from (path.removesuffix(suffix) + f".{one}" for one in Format)

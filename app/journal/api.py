"""``/v1/entries``: the change feed, gap-free and in commit order."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep
from app.journal import service
from app.journal.domain import Entry
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.wire import StrictRoute, json_answer

router: Final = APIRouter(prefix="/v1/entries", tags=["journal"], route_class=StrictRoute)


class EntryOut(BaseModel):
    """One immutable record: its canonical payload, parsed, and the hash of the stored bytes."""

    revision: int
    id: str
    stream_kind: str
    stream_id: str
    version: int
    kind: str
    recorded_at: str
    actor: str
    reason: str | None
    data: dict[str, Any]
    postings: list[Any] = Field(
        description="stage, first day, last day, valuation day, donor, aid type, instrument, currency, amount,"
        " pledges, unvalued, implied"
    )
    leaf_hash: str = Field(
        description="SHA-256 of 0x00 and the stored bytes, hexadecimal (RFC 6962)."
    )


class EntryPageOut(BaseModel):
    """Entries in commit order. ``next_cursor`` is the ``after`` of the next page."""

    data: list[EntryOut]
    next_cursor: str | None
    meta: dict[str, Any]


@router.get("", response_model=EntryPageOut, summary="Entries behind a revision, oldest first")
def list_entries(
    request: Request,
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
    after: Annotated[int, Query(ge=0, lt=2**62, description="The last revision already seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """A feed without gaps: an entry is visible only when all before it are."""
    snapshot = service.read_snapshot(session, None, now=clock.now())

    def build() -> dict[str, Any]:
        entries = service.list_entries(session, after=after, limit=limit)
        last = entries[-1].revision if entries else after
        more = last < snapshot.revision
        return {
            "data": [_entry_json(entry) for entry in entries],
            "next_cursor": str(last) if more else None,
            "meta": snapshot.meta(),
        }

    return json_answer(request, snapshot.revision, build, next_parameter="after")


def _entry_json(entry: Entry) -> dict[str, Any]:
    document = entry.read()
    del document["format"]
    return {**document, "leaf_hash": entry.leaf_hash.hex()}

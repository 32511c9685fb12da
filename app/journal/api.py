"""``/v1/entries``: the change feed, gap-free and in commit order."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access.deps import Reader
from app.db import Database
from app.deps import ReadSessionDep, get_database
from app.journal import service
from app.journal.deps import After, Most, SnapshotDep
from app.journal.domain import Entry
from app.journal.schemas import EntryPageOut, entry_json
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.wire import StrictRoute, etag, is_fresh, json_answer, not_modified

router: Final = APIRouter(prefix="/v1/entries", tags=["journal"], route_class=StrictRoute)
NDJSON: Final = "application/x-ndjson"
# Read at a time: an entry takes 64 KiB at most and a few KiB as a rule.
PAGE: Final = 500


@router.get("", response_model=EntryPageOut, summary="Entries behind a revision, oldest first")
def list_entries(
    request: Request,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
    after: After = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Response:
    """A feed without gaps: an entry is visible only when all before it are."""

    def build() -> dict[str, Any]:
        entries = service.list_entries(session, after=after, until=snapshot.revision, limit=limit)
        last = entries[-1].revision if entries else after
        more = last < snapshot.revision
        return {
            "data": [entry_json(entry) for entry in entries],
            "next_cursor": str(last) if more else None,
            "meta": snapshot.meta(),
        }

    return json_answer(request, snapshot.revision, build, next_parameter="after")


@router.get(
    ".ndjson", response_class=StreamingResponse, summary="All entries behind a revision, in bulk"
)
def stream_entries(
    request: Request,
    snapshot: SnapshotDep,
    _caller: Reader,
    after: After = 0,
    limit: Most = None,
) -> Response:
    """One entry a line, `{"leaf_hash":"...","payload":{...}}`: the payload is what was hashed, byte for byte."""
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    until = snapshot.revision if limit is None else min(snapshot.revision, after + limit)
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="entries-r{snapshot.revision}.ndjson"',
    }
    lines = _lines(get_database(request), after, until)
    return StreamingResponse(lines, 200, headers, NDJSON)


def _lines(database: Database, after: int, until: int) -> Iterator[bytes]:
    """The lines, in pieces; each is read by itself, so that a slow reader holds no transaction open.

    What is at or before a revision once seen never changes, so the pieces fit together.
    """
    while after < until:
        with database.reading() as session:
            entries = service.list_entries(session, after=after, until=until, limit=PAGE)
        if not entries:
            return
        yield b"".join(map(_line, entries))
        after = entries[-1].revision


def _line(entry: Entry) -> bytes:
    # The payload as it is stored: parsing and writing it again would be slower, and a promise more to keep.
    return b'{"leaf_hash":"%b","payload":%b}\n' % (entry.leaf_hash.hex().encode(), entry.payload)

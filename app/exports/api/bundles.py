"""The whole ledger in one file: as tables to work with, or up to a checkpoint, to be checked offline."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ReadSessionDep
from app.exports.api.answers import Zip, send_file
from app.exports.bundle import write_bundle
from app.exports.formats import Format
from app.exports.whole_ledger import write_ledger
from app.journal.deps import SnapshotDep, pinned_snapshot
from app.transparency import service as transparency
from app.wire import StrictRoute, etag, immutable, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)


@router.get("/ledger.zip", response_class=Zip, summary="The whole ledger as a data package")
def get_ledger_package(
    request: Request, session: ReadSessionDep, snapshot: SnapshotDep, _caller: Reader
) -> Response:
    """Every record in tables with types and keys, to work with; a revision has one package for ever."""
    tag = etag(request, snapshot.revision)
    if is_fresh(request, tag):
        return not_modified(tag)
    pinned = pinned_snapshot(request, session, snapshot.revision)
    origin = request.app.state.settings.log_origin
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="aid-ledger-data-r{pinned.revision}.zip"',
    }
    return send_file(
        lambda file: write_ledger(session, file, pinned, origin=origin), headers, Format.ZIP
    )


@router.get("/log/bundle", response_class=Zip, summary="The ledger, to be checked offline")
def get_ledger_bundle(
    request: Request,
    session: ReadSessionDep,
    _caller: Reader,
    size: Annotated[int | None, Query(ge=1, lt=2**62)] = None,
) -> Response:
    """All entries up to the newest checkpoint, or to that of `size`, with the exchange rates they need and totals."""
    if size is None:
        signed = transparency.get_newest_checkpoint(session)
    else:
        signed = transparency.get_checkpoint(session, size, "?size")
    tag = etag(request, signed.size)
    if is_fresh(request, tag):
        return not_modified(tag)
    headers = {
        "ETag": tag,
        # A checkpoint has one bundle for ever.
        "Cache-Control": "no-cache" if size is None else immutable(request),
        "Content-Disposition": f'attachment; filename="aid-ledger-r{signed.size}.zip"',
    }
    return send_file(lambda file: write_bundle(session, file, signed), headers, Format.ZIP)

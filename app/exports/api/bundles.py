"""The ledger up to a checkpoint in one file, to be checked offline."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Reader
from app.deps import ReadSessionDep
from app.exports.api.answers import Zip, send_file
from app.exports.bundle import write_bundle
from app.exports.formats import Format
from app.transparency import service as transparency
from app.wire import StrictRoute, etag, immutable, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)


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

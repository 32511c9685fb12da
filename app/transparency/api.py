"""``/v1/log``: checkpoints, entries, proofs and tiles, in the formats of C2SP, for readers who trust nobody."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from app.access.deps import Reader
from app.deps import ReadSessionDep
from app.transparency import service
from app.transparency.domain.tiles import Tile
from app.transparency.errors import MalformedError, TileNotFoundError
from app.wire import StrictRoute, etag, immutable, is_fresh, not_modified

router: Final = APIRouter(prefix="/v1/log", tags=["log"], route_class=StrictRoute)


class Bytes(Response):
    """Hashes or entries, as they are."""

    media_type = "application/octet-stream"


class StoredJson(Response):
    """JSON that is sent byte for byte as it was stored."""

    media_type = "application/json"


# Witnesses and monitors ask often; tlog-tiles allows a few seconds.
_CHECKPOINT_CACHE: Final = "max-age=5"
_MAX_SIZE: Final = 2**62

Size = Annotated[int | None, Query(ge=1, lt=_MAX_SIZE)]
Revision = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,17}$")]


@router.get("/checkpoint", summary="The newest signed checkpoint", response_class=PlainTextResponse)
def get_checkpoint(request: Request, session: ReadSessionDep, _caller: Reader) -> Response:
    """Origin, size, root and signature: a C2SP checkpoint. Keep it, and nobody can change what it covers unnoticed."""
    newest = service.get_newest_checkpoint(session)
    tag = etag(request, newest.size)
    if is_fresh(request, tag):
        return not_modified(tag)
    headers = {"ETag": tag, "Cache-Control": _CHECKPOINT_CACHE}
    return PlainTextResponse(newest.note, headers=headers)


@router.get("/key", summary="The public key that signs", response_class=PlainTextResponse)
def get_key(session: ReadSessionDep, _caller: Reader) -> Response:
    """The key of the newest checkpoint. Whoever trusts nobody has it from elsewhere and compares."""
    newest = service.get_newest_checkpoint(session)
    headers = {"Cache-Control": _CHECKPOINT_CACHE}
    return PlainTextResponse(f"{newest.vkey}\n", headers=headers)


@router.get("/entries/{revision}", summary="The exact bytes of an entry", response_class=StoredJson)
def get_entry(
    request: Request, revision: Revision, session: ReadSessionDep, _caller: Reader
) -> Response:
    """What was hashed: SHA-256 of 0x00 and these bytes is the leaf."""
    payload, signed = service.get_entry(session, int(revision))
    return StoredJson(payload, headers=_cached(request, signed=signed))


@router.get(
    "/entries/{revision}/proof",
    summary="Proof that it stands there",
    response_class=PlainTextResponse,
)
def get_proof(
    request: Request,
    revision: Revision,
    session: ReadSessionDep,
    _caller: Reader,
    size: Size = None,
) -> Response:
    """A C2SP tlog-proof against the newest checkpoint, or against that of `size`."""
    proof = service.prove_entry(session, int(revision), size)
    return PlainTextResponse(proof.text, headers=_cached(request, signed=size is not None))


@router.get(
    "/consistency", summary="Proof that nothing was rewritten", response_class=PlainTextResponse
)
def get_consistency(
    request: Request,
    session: ReadSessionDep,
    _caller: Reader,
    old_size: Annotated[int, Query(alias="from", ge=1, lt=_MAX_SIZE)],
    size: Annotated[int | None, Query(alias="to", ge=1, lt=_MAX_SIZE)] = None,
) -> Response:
    """That the checkpoint of size `to` (the newest) continues the log as of size `from`: what a C2SP witness takes."""
    proof = service.prove_continuation(session, old_size, size)
    return PlainTextResponse(proof.text, headers=_cached(request, signed=size is not None))


@router.get("/tile/entries/{path:path}", summary="Up to 256 entries", response_class=Bytes)
def get_bundle(request: Request, path: str, session: ReadSessionDep, _caller: Reader) -> Response:
    """Entries, each behind its length in two bytes (C2SP tlog-tiles)."""
    content = service.read_bundle(session, _tile("0", path))
    return Bytes(content, headers=_cached(request, signed=True))


@router.get("/tile/{level}/{path:path}", summary="Up to 256 hashes", response_class=Bytes)
def get_tile(
    request: Request, level: str, path: str, session: ReadSessionDep, _caller: Reader
) -> Response:
    """Hashes of the tree (C2SP tlog-tiles); of them every proof can be made without asking us."""
    content = service.read_tile(session, _tile(level, path))
    return Bytes(content, headers=_cached(request, signed=True))


def _tile(level: str, path: str) -> Tile:
    try:
        return Tile.parse(level, path)
    except MalformedError:
        raise TileNotFoundError from None


def _cached(request: Request, *, signed: bool) -> dict[str, str]:
    """What is signed never changes."""
    return {"Cache-Control": immutable(request) if signed else "no-cache"}

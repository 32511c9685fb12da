"""What exports answer alike: a table in the format asked for, with the headers that say of which ledger it is."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from app.exports.formats import Format, write_json, write_ndjson
from app.exports.package import write_package
from app.exports.parquet import write_parquet
from app.exports.twins import Twin
from app.journal.domain import Snapshot
from app.kernel.canonical import Json

_IN_MEMORY: Final = 4 * 2**20
_PIECE: Final = 64 * 2**10


class Zip(StreamingResponse):
    """A zip file."""

    media_type = Format.ZIP.media_type


def answer_table(request: Request, tag: str, twin: Twin, wanted: Format) -> Response:
    """The table in the format asked for."""
    headers = table_headers(tag, twin, f".{wanted}")
    question: dict[str, Json] = {"path": request.url.path, **dict(request.query_params)}
    match wanted:
        case Format.CSV:
            pieces = twin.table.csv()
        case Format.NDJSON:
            pieces = write_ndjson(twin.table.columns, twin.table.rows())
        case Format.JSON:
            # The very answer of the address without suffix: to be read, not to be kept.
            headers = {name: headers[name] for name in ("ETag", "Cache-Control")}
            pieces = write_json(twin.items(), twin.around)
        case Format.ZIP:
            about = _describe(twin, question)
            return send_file(lambda file: write_package([twin.table], file, about), headers, wanted)
        case Format.PARQUET:
            about = twin.about(question)
            return send_file(lambda file: write_parquet(twin.table, file, about), headers, wanted)
    return StreamingResponse(pieces, 200, headers, wanted.media_type)


def send_file(
    write: Callable[[IO[bytes]], None], headers: Mapping[str, str], kind: Format
) -> StreamingResponse:
    """Write a file, on the disk where it is large, and send it."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed once it is sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    length = {"Content-Length": str(file.seek(0, 2))}
    return StreamingResponse(_pieces(file), 200, {**headers, **length}, kind.media_type)


def table_headers(tag: str, twin: Twin, suffix: str) -> dict[str, str]:
    """A table cannot say which ledger it shows, so the headers do."""
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{twin.file_name}{suffix}"',
    }
    if twin.conversion:
        headers["Aid-Ledger-Conversion"] = _describe_conversion(twin.conversion)
    return headers | ledger_headers(twin.snapshot)


def ledger_headers(snapshot: Snapshot) -> dict[str, str]:
    """Which ledger a file shows: its revision and, where the root is known, the head of its log."""
    headers = {"Aid-Ledger-Revision": str(snapshot.revision)}
    if snapshot.root is not None:
        root = b64encode(snapshot.root).decode()
        headers["Aid-Ledger-Checkpoint"] = f"{snapshot.revision} {root}"
    return headers


def _describe(twin: Twin, question: Mapping[str, Json]) -> dict[str, Json]:
    return {
        "name": f"aid-ledger-{twin.file_name}",
        "title": f"Aid Ledger: {twin.name}, revision {twin.snapshot.revision}",
        **twin.about(question),
    }


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _describe_conversion(conversion: Mapping[str, Any]) -> str:
    """``EUR; fx=effective; prices=2022; left_apart=USD 100.00``; of changes ``USD 0.00..100.00``."""
    parts = [conversion["currency"], f"fx={conversion['fx']}"]
    if "prices" in conversion:
        parts.append(f"prices={conversion['prices']['year']}")
    parts += [
        f"left_apart={one['currency']} {_amount_apart(one)}"
        for one in conversion.get("left_apart", ())
    ]
    return "; ".join(parts)


def _amount_apart(one: Mapping[str, Any]) -> str:
    return one["amount"] if "amount" in one else f"{one['before']}..{one['after']}"

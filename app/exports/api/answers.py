"""What exports answer alike: a table with the headers that say of which ledger it is, and a zip file."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from fastapi.responses import StreamingResponse

from app.exports import package
from app.exports.twins import Twin

_IN_MEMORY: Final = 4 * 2**20
_PIECE: Final = 64 * 2**10


class Zip(StreamingResponse):
    """A zip file."""

    media_type = package.MEDIA_TYPE


def send_zip(write: Callable[[IO[bytes]], None], headers: dict[str, str]) -> Zip:
    """Write a zip file, on the disk where it is large, and send it."""
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed once it is sent
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    return Zip(_pieces(file), 200, headers | {"Content-Length": str(file.tell())})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def table_headers(tag: str, twin: Twin, suffix: str) -> dict[str, str]:
    """A table cannot say which ledger it shows, so the headers do."""
    snapshot = twin.snapshot
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Disposition": f'attachment; filename="{twin.file_name}{suffix}"',
        "Aid-Ledger-Revision": str(snapshot.revision),
    }
    if twin.conversion:
        headers["Aid-Ledger-Conversion"] = _describe_conversion(twin.conversion)
    if snapshot.root is not None:
        root = b64encode(snapshot.root).decode()
        headers["Aid-Ledger-Checkpoint"] = f"{snapshot.revision} {root}"
    return headers


def _describe_conversion(conversion: Mapping[str, Any]) -> str:
    """``EUR; fx=effective; prices=2022; left_apart=USD 100.00``."""
    parts = [conversion["currency"], f"fx={conversion['fx']}"]
    if "prices" in conversion:
        parts.append(f"prices={conversion['prices']['year']}")
    parts += [
        f"left_apart={one['currency']} {one['amount']}" for one in conversion.get("left_apart", ())
    ]
    return "; ".join(parts)

"""Files in a body: one as it is, or several as multipart/form-data (RFC 7578); bounded, and part of the fingerprint.

A route that takes files has no model for its body; it asks for the files with ``Depends(files_in(...))`` and describes
them with ``openapi_extra=describe_files(...)``.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from fastapi import Request
from multipart import MultipartError, MultipartParser, parse_options_header

from app.kernel.errors import AppError
from app.wire import MAX_BATCH_BODY, check_charset, read_body, read_media_type

MULTIPART: Final = "multipart/form-data"
MAX_FILES: Final = 20
_FILE: Final = {"type": "string", "format": "binary"}


class MalformedMultipartError(AppError):
    """The body is not multipart/form-data as RFC 7578 has it, or does not hold files alone."""

    code = "malformed-multipart"
    title = "The body is not valid multipart/form-data"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a body.

    Attributes:
        name: as the sender calls it, for the sender's eyes alone; empty where the body is the file. Never a path.
    """

    name: str
    content: bytes


def files_in(*media_types: str) -> Callable[[Request], Coroutine[Any, Any, list[Upload]]]:
    """What a route depends on to be given files, at least one and at most 20, of 16 MiB together.

    Args:
        media_types: those of a body that is one file; texts, so that UTF-8 is the only charset.
    """

    async def read(request: Request) -> list[Upload]:
        """The files of the body.

        Raises:
            UnsupportedMediaTypeError, BodyTooLargeError, MalformedMultipartError: as their names say.
        """
        media_type, parameters = read_media_type(request, [*media_types, MULTIPART])
        if media_type != MULTIPART:
            check_charset(parameters)
            return [Upload("", await read_body(request, MAX_BATCH_BODY))]
        _, options = parse_options_header(request.headers["content-type"])
        raw = await read_body(request, MAX_BATCH_BODY)
        return _read_multipart(raw, options.get("boundary", ""))

    return read


def describe_files(*media_types: str) -> dict[str, Any]:
    """What ``/openapi.json`` says of such a body."""
    several = {"type": "array", "items": _FILE, "minItems": 1, "maxItems": MAX_FILES}
    form = {"type": "object", "properties": {"file": several}, "required": ["file"]}
    content = {**{one: {"schema": _FILE} for one in media_types}, MULTIPART: {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}


def _read_multipart(raw: bytes, boundary: str) -> list[Upload]:
    try:
        parts = MultipartParser(
            BytesIO(raw),
            boundary,
            content_length=len(raw),
            strict=True,
            part_limit=MAX_FILES,
            spool_limit=MAX_BATCH_BODY,
            memory_limit=MAX_BATCH_BODY,
        ).parts()
    except MultipartError:
        detail = f"Send at most {MAX_FILES} files as multipart/form-data, each part whole."
        raise MalformedMultipartError(detail) from None
    if not parts or any(part.filename is None for part in parts):
        raise MalformedMultipartError("Every part is a file with its file name, and there is one.")
    return [Upload(part.filename, part.raw) for part in parts]

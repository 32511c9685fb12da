"""Takes in what a form sends: fields alone, or a file and the words beside it.

Fields come as ``application/x-www-form-urlencoded`` (WHATWG URL, section 5), a file as ``multipart/form-data`` (RFC
7578); it goes to the disk as it comes in, so its size costs no memory. Everything is bounded: the file, the number of
parts, the words. What is sent twice, or cannot be read in one way only, is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Final
from urllib.parse import parse_qsl

from fastapi import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from app.kernel.errors import AppError, invalid
from app.uploads import MalformedMultipartError
from app.wire import (
    BodyTooLargeError,
    InvalidEncodingError,
    UnsupportedMediaTypeError,
    check_charset,
    read_body,
    read_media_type,
)

FILE: Final = "file"
MAX_PARTS: Final = 16
MAX_WORD: Final = 8 * 1024
FIELDS: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 3_000
MAX_FORM: Final = 512 * 1024
# What a form takes beside its file: the words, the boundaries, the headers of the parts.
_BESIDE: Final = 256 * 1024


class MalformedFormError(AppError):
    """The body is not application/x-www-form-urlencoded as a browser writes it."""

    code = "malformed-form"
    title = "The body is not a valid form"


@dataclass(slots=True)
class Upload:
    """A form with one file.

    Attributes:
        file: on the disk; whoever has it closes it, and then it is gone.
        file_name: as its sender calls it, without a path.
        size: of the file, in bytes.
        words: the other parts, by name.
    """

    file: IO[bytes]
    file_name: str = ""
    size: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


async def receive_fields(request: Request) -> dict[str, str]:
    """Read the fields that a form sends, in its order; those that were left empty are there.

    Raises:
        UnsupportedMediaTypeError, BodyTooLargeError, MalformedFormError, InvalidEncodingError: as their names say.
        InvalidError: ``repeated-parameter`` for a field that is there twice.
    """
    _, parameters = read_media_type(request, [FIELDS])
    check_charset(parameters)
    raw = await read_body(request, MAX_FORM)
    fields: dict[str, str] = {}
    for name, value in _parse_fields(raw):
        if name in fields:
            raise invalid(pointer(name), "repeated-parameter", "It is given more than once.")
        fields[name] = value
    return fields


def _parse_fields(raw: bytes) -> list[tuple[str, str]]:
    # A browser writes ASCII alone, so that what is not can have been read in another way by somebody else.
    if not raw:
        return []
    try:
        return parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except UnicodeDecodeError:
        raise InvalidEncodingError("A field of the form is not UTF-8.") from None
    except ValueError:
        raise MalformedFormError(
            f"A form sends at most {MAX_FIELDS} fields, as a browser writes them."
        ) from None


async def receive_upload(request: Request, *, max_bytes: int) -> Upload:
    """Read the form that a call sends. Ask who is calling first: a stranger fills no disk.

    Args:
        request: its body has not been read.
        max_bytes: of the file.

    Raises:
        UnsupportedMediaTypeError: it is no form, or it is compressed.
        BodyTooLargeError: the file or the form is larger than it may be.
        MalformedMultipartError: the parts cannot be told apart, or are too many.
        InvalidEncodingError: a word is not UTF-8.
        InvalidError: ``missing`` without a file, ``repeated-parameter`` for what is there twice.
    """
    boundary = _read_boundary(request)
    _check_length(request, max_bytes)
    parser = PushMultipartParser(
        boundary, max_segment_size=max_bytes, max_segment_count=MAX_PARTS, strict=True
    )
    file: IO[bytes] = TemporaryFile(prefix="aidledger-upload-")  # noqa: SIM115 -- its owner closes it
    try:
        form = _Form(Upload(file), max_bytes)
        async for chunk in request.stream():
            form.take(parser, chunk)
        form.end(parser)
    except BaseException:
        file.close()
        raise
    return form.upload


class _Form:
    """Gathers the parts of a form as they come in."""

    def __init__(self, upload: Upload, max_bytes: int) -> None:
        self.upload = upload
        self._max_bytes = max_bytes
        self._received = 0
        self._words: dict[str, bytearray] = {}
        self._name = ""

    def take(self, parser: PushMultipartParser, chunk: bytes) -> None:
        """Read some more bytes."""
        self._received += len(chunk)
        if self._received > self._max_bytes + _BESIDE:
            raise _too_large(self._max_bytes)
        if not chunk:
            return
        try:
            for event in parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    self._begin(event)
                elif event is not None:
                    self._add(bytes(event))
        except ParserLimitReached:
            raise _too_large(self._max_bytes) from None
        except (MultipartError, ValueError):
            raise MalformedMultipartError("The parts of the form cannot be told apart.") from None

    def end(self, parser: PushMultipartParser) -> None:
        """See that all of it came."""
        try:
            parser.close()
        except MultipartError:
            raise MalformedMultipartError("The form ends before it is complete.") from None
        if FILE not in self._words:
            raise invalid(f"/{FILE}", "missing", "There is no file.")
        del self._words[FILE]
        try:
            self.upload.words = {name: word.decode() for name, word in self._words.items()}
        except UnicodeDecodeError:
            raise InvalidEncodingError("A word of the form is not UTF-8.") from None
        self.upload.file.seek(0)

    def _begin(self, part: MultipartSegment) -> None:
        self._name = part.name
        if self._name in self._words:
            raise invalid(pointer(self._name), "repeated-parameter", "It is given more than once.")
        self._words[self._name] = bytearray()
        if self._name == FILE:
            # Some browsers of old send the whole path.
            name = (part.filename or "").replace("\\", "/")
            self.upload.file_name = name.rpartition("/")[2]

    def _add(self, piece: bytes) -> None:
        if self._name == FILE:
            self.upload.size += len(piece)
            self.upload.file.write(piece)
            return
        word = self._words[self._name]
        word += piece
        if len(word) > MAX_WORD:
            raise invalid(pointer(self._name), "too-long", f"At most {MAX_WORD} bytes.")


def _read_boundary(request: Request) -> str:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        raise UnsupportedMediaTypeError("Send the file in a form, as multipart/form-data.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("Compressed bodies are not taken.")
    boundary: str = options.get("boundary", "")
    # RFC 2046 section 5.1.1
    if not 0 < len(boundary) <= 70 or not boundary.isascii() or not boundary.isprintable():  # noqa: PLR2004
        raise MalformedMultipartError("The form names no boundary between its parts.")
    return boundary


def _check_length(request: Request, max_bytes: int) -> None:
    declared = request.headers.get("content-length", "")
    # Of a length that is no length in earnest, the first digits say enough.
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > max_bytes + _BESIDE:
        raise _too_large(max_bytes)


def _too_large(max_bytes: int) -> BodyTooLargeError:
    return BodyTooLargeError(f"A file has at most {max_bytes} bytes.", limit=max_bytes)


def pointer(name: str) -> str:
    """Where a part of a form is (RFC 6901 section 3); a long name is cut, as everywhere."""
    return "/" + name[:100].replace("~", "~0").replace("/", "~1")

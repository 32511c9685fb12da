"""How bytes become bodies: strict JSON, query strings without surprises, preconditions and validators.

The framework alone would take duplicate members (the last wins), unknown and repeated parameters (ignored) and
numbers through floats. Each of these makes two readers see two different figures, so all are refused here.
"""

import json
import logging
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final, cast, get_args

import pydantic_core
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect

from app.kernel.errors import AppError, Finding, InvalidError, NotFoundError
from app.settings import Settings

MAX_BODY: Final = 1024 * 1024
MAX_BATCH_BODY: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 16
MAX_DIGITS: Final = 40
CLIENT_CLOSED: Final = 499
_JSON: Final = ("application/json", "application/merge-patch+json")
_YEAR: Final = 365 * 24 * 3600
# Possessive, and with an end that may be missing: on any input it never looks at a byte twice.
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_STRONG_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]*"')
# The version; behind a dash may stand what else the answer showed, such as the newest entry of a bill's.
_VERSION: Final = re.compile(r"(?P<version>[1-9][0-9]{0,17})(-[1-9][0-9]{0,17})?")
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,20}")
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_logger = logging.getLogger("aidledger.wire")


class MalformedJsonError(AppError):
    """The body is not JSON as RFC 8259 has it."""

    code = "malformed-json"
    title = "The body is not valid JSON"


class DuplicateKeyError(AppError):
    """An object of the body names one member twice."""

    code = "duplicate-key"
    title = "The body names a member twice"


class InvalidEncodingError(AppError):
    """The body is not UTF-8."""

    code = "invalid-encoding"
    title = "The body is not UTF-8"


class UnsupportedMediaTypeError(AppError):
    """The body is of a kind that this route does not take."""

    code = "unsupported-media-type"
    title = "The body is of a kind that is not taken here"


class BodyTooLargeError(AppError):
    """The body is larger than this route takes."""

    code = "body-too-large"
    title = "The body is too large"


class MalformedHeaderError(AppError):
    """A request header cannot be used as it stands."""

    code = "malformed-header"
    title = "A request header is malformed"


class PreconditionRequiredError(AppError):
    """An update did not say which version it is based on."""

    code = "precondition-required"
    title = "If-Match is required"


class PreconditionFailedError(AppError):
    """An update is based on a version that is no longer the current one."""

    code = "precondition-failed"
    title = "The version has moved on"


class NotAcceptableError(AppError):
    """There is no representation of the kind asked for."""

    code = "not-acceptable"
    title = "No such representation"


class WireModel(BaseModel):
    """Base of all bodies that we read: exact types, no unknown members."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class StrictRoute(APIRoute):
    """A route that refuses unknown and repeated parameters and parses its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler, behind our checks."""
        handle = super().get_route_handler()
        known = dict(_parameters(self.dependant))
        limit = MAX_BATCH_BODY if self.path.endswith("/batch") else MAX_BODY

        async def strict(request: Request) -> Response:
            _check_path(request)
            _check_parameters(request, known)
            try:
                if self.body_field is not None:
                    await _load_json(request, limit)
                return await handle(request)
            except ClientDisconnect:
                _logger.info("client-disconnect")
                return Response(status_code=CLIENT_CLOSED)

        return strict


def parse_json(raw: bytes) -> Any:
    """Parse a body strictly (RFC 8259): UTF-8, no duplicate members, no NaN, bounded depth and digits.

    Raises:
        InvalidEncodingError, MalformedJsonError, DuplicateKeyError: as their names say.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidEncodingError("The body is not UTF-8.") from None
    _check_depth(raw)
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique_members,
            parse_constant=_refuse_constant,
            parse_float=_bounded(Decimal),
            parse_int=_bounded(int),
        )
    except (ValueError, RecursionError):
        raise MalformedJsonError("The body is not valid JSON.") from None


def fingerprint(request: Request) -> bytes:
    """What makes two calls the same: method, path and body, digested."""
    body = cast("bytes", request.scope["aidledger.body"])
    return sha256(b"\n".join([request.method.encode(), request.url.path.encode(), body])).digest()


def read_if_match(request: Request) -> int:
    """The version that an update is based on, from its ``If-Match`` (RFC 9110 section 13.1.1).

    Raises:
        PreconditionRequiredError: there is no such header.
        MalformedHeaderError: it is not one entity tag, or it is ``*``, which would defeat the protection.
        PreconditionFailedError: it is a tag that no version of ours can have.
    """
    version = find_if_match(request)
    if version is None:
        raise PreconditionRequiredError("Send the ETag of the version that you change as If-Match.")
    return version


def find_if_match(request: Request) -> int | None:
    """As ``read_if_match``, but ``None`` where the header is absent."""
    values = request.headers.getlist("if-match")
    if not values:
        return None
    tag = values[0].strip()
    if len(values) > 1 or not _STRONG_ETAG.fullmatch(tag.removeprefix("W/")):
        raise MalformedHeaderError('If-Match holds one entity tag, such as "3".', header="If-Match")
    number = tag[1:-1]
    # A weak tag never matches (strong comparison); neither does one that we did not make.
    version = _VERSION.fullmatch(number)
    if version is None:
        raise PreconditionFailedError("The tag is of no version of this resource.")
    return int(version["version"])


def find_idempotency_key(request: Request) -> str | None:
    """The caller's ``Idempotency-Key``: 1 to 255 visible ASCII characters.

    Raises:
        MalformedHeaderError: it is something else, or there are two.
    """
    values = request.headers.getlist("idempotency-key")
    if not values:
        return None
    if len(values) > 1 or not _KEY.fullmatch(values[0]):
        raise MalformedHeaderError(
            "Idempotency-Key is 1 to 255 visible ASCII characters.", header="Idempotency-Key"
        )
    return values[0]


def prefers_no_wait(request: Request) -> bool:
    """``Prefer: respond-async`` (RFC 7240 section 4.1)."""
    preferences = ",".join(request.headers.getlist("prefer")).lower().split(",")
    return "respond-async" in {one.partition(";")[0].strip() for one in preferences}


def etag(request: Request, revision: int, *, beside: str = "") -> str:
    """A validator for an answer: it follows the revision and differs per address.

    ``beside`` names whatever else the answer depends on, such as today or the last exchange rate.
    """
    address = f"{request.url.path}?{request.url.query}#{beside}"
    return f'"{revision}-{sha256(address.encode()).hexdigest()[:12]}"'


def is_fresh(request: Request, tag: str) -> bool:
    """Whether the caller already holds the answer with this tag (``If-None-Match``)."""
    held = {
        part.strip().removeprefix("W/")
        for part in request.headers.get("if-none-match", "").split(",")
    }
    return tag in held or "*" in held


def not_modified(tag: str) -> Response:
    """304 with the validator."""
    return Response(status_code=304, headers={"ETag": tag})


def immutable(request: Request) -> str:
    """``Cache-Control`` of what stays as it is for ever; where reads need a key, only the caller may keep it."""
    settings: Settings = request.app.state.settings
    scope = "public" if settings.public_read else "private"
    return f"{scope}, max-age={_YEAR}, immutable"


def json_answer(
    request: Request,
    revision: int,
    build: Callable[[], dict[str, Any]],
    *,
    next_parameter: str = "cursor",
    beside: str = "",
) -> Response:
    """An answer about the ledger at a revision: validated, and not even built where the caller holds it.

    A ``next_cursor`` in the body is offered as ``Link: rel="next"`` too (RFC 8288).
    """
    tag = etag(request, revision, beside=beside)
    if is_fresh(request, tag):
        return not_modified(tag)
    body = build()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if body.get("next_cursor") is not None:
        following = request.url.include_query_params(**{next_parameter: body["next_cursor"]})
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return Response(to_json(body), 200, headers, "application/json")


def to_json(body: Any) -> bytes:
    """UTF-8 JSON, members in the order given: the bytes of ``json.dumps``, in a fifth of its time."""
    return pydantic_core.to_json(body)


def _parameters(dependant: Dependant) -> Iterator[tuple[str, Any]]:
    """Every query parameter that the route or one of its dependencies reads, with its type."""
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, info in annotation.model_fields.items():
                yield info.alias or name, info.annotation
        else:
            yield field.alias, annotation
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)


def _check_path(request: Request) -> None:
    """What cannot be printed names nothing; PostgreSQL could not even be asked about NUL."""
    if not all(str(value).isprintable() for value in request.path_params.values()):
        raise NotFoundError("There is nothing at this address.")


def _check_parameters(request: Request, known: Mapping[str, Any]) -> None:
    given = [name for name, _ in request.query_params.multi_items()]
    findings = [
        Finding(
            f"?{name[:100]}",
            "unknown-parameter",
            "There is no such parameter.",
            {"known": sorted(known)},
        )
        for name in given
        if name not in known
    ]
    findings += [
        Finding(f"?{name}", "repeated-parameter", "The parameter is given more than once.")
        for name in sorted(known)
        if given.count(name) > 1
    ]
    findings += [
        Finding(f"?{name}", "invalid-integer", "A whole number is written in plain digits.")
        for name, value in request.query_params.items()
        if _is_whole(known.get(name)) and not _WHOLE_NUMBER.fullmatch(value)
    ]
    if findings:
        raise InvalidError(findings)


def _is_whole(annotation: Any) -> bool:
    """Whether a parameter is a whole number, or one that may be left out."""
    return annotation is int or int in get_args(annotation)


async def _load_json(request: Request, limit: int) -> None:
    """Put the strictly parsed body where the framework looks for its own."""
    _, parameters = read_media_type(request, _JSON)
    check_charset(parameters)
    raw = await read_body(request, limit)
    parsed = parse_json(raw)
    # The framework would parse again, and turn our refusal into its own 400, if it did not find this.
    request._body = raw  # noqa: SLF001
    request._json = parsed  # noqa: SLF001


def read_media_type(request: Request, taken: Sequence[str]) -> tuple[str, str]:
    """The media type of the body, and its parameters, such as ``charset=utf-8``.

    Raises:
        UnsupportedMediaTypeError: it is none of those that are taken, or the body is compressed.
    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    media_type = media_type.strip().lower()
    if media_type not in taken:
        raise UnsupportedMediaTypeError(f"Send the body as {' or '.join(taken)}.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("Compressed bodies are not taken.")
    return media_type, parameters


def check_charset(parameters: str) -> None:
    """Refuse what is said to be another text than UTF-8.

    Raises:
        UnsupportedMediaTypeError: it is.
    """
    if parameters.strip().lower() not in {"", "charset=utf-8", 'charset="utf-8"'}:
        raise UnsupportedMediaTypeError("The body is sent as UTF-8.")


async def read_body(request: Request, limit: int) -> bytes:
    """The body, which is kept for ``fingerprint``.

    Raises:
        BodyTooLargeError: it has more than ``limit`` bytes.
    """
    declared = request.headers.get("content-length", "")
    # Of a length that is no length in earnest, the first digits say enough.
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit:
        raise BodyTooLargeError(f"At most {limit} bytes.", limit=limit)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise BodyTooLargeError(f"At most {limit} bytes.", limit=limit)
    raw = bytes(received)
    request.scope["aidledger.body"] = raw
    return raw


def _check_depth(raw: bytes) -> None:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", raw)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise MalformedJsonError(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise DuplicateKeyError("An object names the same member twice.")
    return members


def _refuse_constant(_name: str) -> None:
    raise ValueError


def _bounded(make: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        if len(text) > MAX_DIGITS:
            raise ValueError
        return make(text)

    return parse

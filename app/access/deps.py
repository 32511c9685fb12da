"""What a route asks for to know who is calling: ``Reader``, ``Contributor`` or ``Admin``."""

import binascii
from base64 import b64decode
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.security.http import HTTPBase

from app.access.domain import ANONYMOUS, Caller, Role
from app.access.errors import InvalidTokenError, RoleTooLowError
from app.access.service import authenticate
from app.deps import get_clock, get_database
from app.settings import Settings

# These two only say in the API description how to identify oneself. HTTPBase leaves the answer to
# us; the framework's HTTPBasic refuses by itself what it cannot decode, even without auto_error.
_BEARER: Final = HTTPBase(
    scheme="bearer",
    scheme_name="ApiKey",
    description="`Authorization: Bearer <key>`",
    auto_error=False,
)
_BASIC: Final = HTTPBase(
    scheme="basic",
    scheme_name="ApiKeyAsUserName",
    description="The key as user name, any password or none: for Excel and the like.",
    auto_error=False,
)


def presented_key(headers: list[str]) -> str | None:
    """The key in the ``Authorization`` headers of a call; ``None`` unless exactly one can be read.

    Basic is RFC 7617, base64 of ``user:password``: the user name is the key, the password is not
    looked at.
    """
    if len(headers) != 1:
        return None
    scheme, _, credentials = headers[0].partition(" ")
    match scheme.lower():
        case "bearer":
            return credentials.strip(" ")
        case "basic":
            return _user_name(credentials.strip(" "))
        case _:
            return None


def _user_name(credentials: str) -> str | None:
    try:
        decoded = b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return None
    # Latin-1 decodes everything; a key is ASCII, so what is not is no key.
    name, colon, _ = decoded.decode("latin-1").partition(":")
    return name if colon else None


async def _identify(
    request: Request,
    _bearer: Annotated[object, Depends(_BEARER)],
    _basic: Annotated[object, Depends(_BASIC)],
) -> Caller | None:
    """The caller, or ``None`` where no credentials are given; a public read costs no thread."""
    headers = request.headers.getlist("authorization")
    if not headers:
        return None
    return await run_in_threadpool(_authenticate, request, presented_key(headers))


def _authenticate(request: Request, presented: str | None) -> Caller:
    """Look the key up in a short read of its own: the route works without a second connection."""
    with get_database(request).reading() as session:
        return authenticate(session, presented, get_clock(request))


_Identified = Annotated[Caller | None, Depends(_identify)]


async def _reader(request: Request, caller: _Identified) -> Caller:
    settings: Settings = request.app.state.settings
    if caller is None and settings.public_read:
        return ANONYMOUS
    return _require(Role.READER, caller)


async def _contributor(caller: _Identified) -> Caller:
    return _require(Role.CONTRIBUTOR, caller)


async def _admin(caller: _Identified) -> Caller:
    return _require(Role.ADMIN, caller)


def _require(needed: Role, caller: Caller | None) -> Caller:
    if caller is None:
        raise InvalidTokenError
    if not caller.role.may(needed):
        raise RoleTooLowError(needed.value)
    return caller


Reader = Annotated[Caller, Depends(_reader)]
Contributor = Annotated[Caller, Depends(_contributor)]
Admin = Annotated[Caller, Depends(_admin)]

"""What a route asks for to know who is calling: ``Reader``, ``Contributor`` or ``Admin``."""

import binascii
from base64 import b64decode
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security.http import HTTPBase

from app.access.domain import ANONYMOUS, Caller, ParsedKey, Refusal, Role
from app.access.errors import InvalidTokenError, RoleTooLowError
from app.access.service import admit, judge_keys, read_presented
from app.db import Database
from app.gather import Gatherer
from app.kernel.clock import Clock
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


class Authenticator:
    """Finds out who is calling. Calls that arrive together share one short read of the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._gatherer: Gatherer[ParsedKey, Caller | Refusal] = Gatherer(self._judge)

    async def identify(self, presented: str | None) -> Caller:
        """Who presents this key.

        Raises:
            InvalidTokenError: the key opens nothing; the reason is logged and not told.
        """
        parsed = read_presented(presented)
        return admit(parsed, await self._gatherer.submit(parsed))

    def _judge(self, presented: Sequence[ParsedKey]) -> list[Caller | Refusal]:
        with self._database.reading() as session:
            return judge_keys(session, presented, self._clock)


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
    authenticator: Authenticator = request.app.state.authenticator
    return await authenticator.identify(presented_key(headers))


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

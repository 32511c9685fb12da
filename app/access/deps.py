"""What a route asks for to know who is calling: ``Reader``, ``Contributor`` or ``Admin``."""

import binascii
from base64 import b64decode
from collections.abc import Callable, Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBase as HTTPBaseModel
from fastapi.security.base import SecurityBase

from app.access.domain import ANONYMOUS, Caller, ParsedKey, Refusal, Role
from app.access.errors import InvalidTokenError, RoleTooLowError
from app.access.service import admit, judge_keys, read_presented
from app.db import Database
from app.gather import Gatherer
from app.kernel.clock import Clock
from app.settings import Settings


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

    def _judge(self, take: Callable[[], Sequence[ParsedKey]]) -> list[Caller | Refusal]:
        with self._database.asking() as session:
            return judge_keys(session, take(), self._clock)


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


class _AlsoBasic(SecurityBase):
    """Says in the API description that a key may be the user name of Basic; the other scheme looks for it."""

    model = HTTPBaseModel(
        scheme="basic",
        description="The key as user name, any password or none: for Excel and the like.",
    )
    scheme_name = "ApiKeyAsUserName"

    async def __call__(self) -> None:
        """Nothing is left to do."""


class _Allowed(SecurityBase):
    """Lets a caller in who has the role that a route asks for.

    One dependency does it all, for each takes as long as reading a body. The framework's own schemes would also refuse
    by themselves what they cannot read.
    """

    model = HTTPBaseModel(scheme="bearer", description="`Authorization: Bearer <key>`")
    scheme_name = "ApiKey"

    def __init__(self, needed: Role) -> None:
        self.needed = needed

    async def __call__(
        self, request: Request, _basic: Annotated[None, Depends(_AlsoBasic())]
    ) -> Caller:
        """The caller. A public read costs no thread.

        Raises:
            InvalidTokenError: nobody is known by what was presented, or it takes a key.
            RoleTooLowError: the caller may not do this.
        """
        state = request.app.state
        headers = request.headers.getlist("authorization")
        if headers:
            authenticator: Authenticator = state.authenticator
            return _require(self.needed, await authenticator.identify(presented_key(headers)))
        settings: Settings = state.settings
        if self.needed is Role.READER and settings.public_read:
            return ANONYMOUS
        raise InvalidTokenError


async def read_reader(request: Request) -> Caller:
    """The caller of a read, for whoever found out first that nobody is signed in.

    Raises:
        InvalidTokenError: nobody is known by what was presented, or it takes a key.
    """
    return await _READER(request, None)


def _require(needed: Role, caller: Caller) -> Caller:
    if not caller.role.may(needed):
        raise RoleTooLowError(needed.value)
    return caller


_READER: Final = _Allowed(Role.READER)
Reader = Annotated[Caller, Depends(_READER)]
Contributor = Annotated[Caller, Depends(_Allowed(Role.CONTRIBUTOR))]
Admin = Annotated[Caller, Depends(_Allowed(Role.ADMIN))]

"""What a page asks for to know who is looking: a visitor by the session's cookie, and a form that was sent from here.

The API knows nothing of this module, and so nothing of cookies: a call to ``/v1`` is made with a key, which no
browser sends by itself, so there is nothing there that another site could have a visitor's browser do. An import rule
keeps it so.
"""

import logging
from math import ceil
from typing import Annotated, Final

from fastapi import BackgroundTasks, Depends, Request, Response

from app.access import service
from app.access.domain import ANONYMOUS, Attempts, Caller, NewSession, Role, SessionToken, Terms
from app.access.errors import (
    CrossSiteFormError,
    FormTokenError,
    InvalidTokenError,
    RoleTooLowError,
    SignInNeededError,
    TooManyAttemptsError,
)
from app.access.service import SignedIn
from app.deps import get_clock, get_database
from app.settings import Settings

_logger = logging.getLogger("aidledger.access")
# A browser takes a cookie of this name only from an encrypted connection, without a domain and for all paths.
COOKIE: Final = "__Host-aidledger"
# What a browser says of a form that was sent from a page of ours, or by the visitor's own hand (reloading, say).
_FROM_HERE: Final = frozenset({"same-origin", "none"})


def find_visitor(request: Request, tasks: BackgroundTasks) -> SignedIn | None:
    """Who is looking; ``None`` for whoever is not signed in. That they looked is noted after the answer."""
    database, clock, terms = get_database(request), get_clock(request), read_terms(request)
    cookie = request.cookies.get(COOKIE)
    if cookie is None:
        return None
    with database.asking() as session:
        visitor = service.find_signed_in(session, cookie, terms=terms, clock=clock)
    if visitor is not None and visitor.is_to_be_noted:
        tasks.add_task(_note_seen, request, visitor.token)
    return visitor


def _note_seen(request: Request, token: SessionToken) -> None:
    try:
        with get_database(request).transaction() as session:
            service.note_seen(session, token, get_clock(request))
    except Exception:
        # A long import may hold the only lock of an SQLite file; the next page is noted instead.
        _logger.warning("visit-not-noted", exc_info=True)


Visitor = Annotated[SignedIn | None, Depends(find_visitor)]


def read_as(request: Request, visitor: Visitor) -> Caller:
    """Whom a page is shown to.

    Raises:
        SignInNeededError: nobody is signed in, and reads are not public.
    """
    settings: Settings = request.app.state.settings
    if visitor is not None:
        return visitor.caller
    if settings.public_read:
        return ANONYMOUS
    raise SignInNeededError


def write_as(visitor: Visitor) -> SignedIn:
    """Who is at the desk: a page with a form asks for it.

    Raises:
        SignInNeededError: nobody is signed in.
        RoleTooLowError: the key may only read.
    """
    if visitor is None:
        raise SignInNeededError
    if not visitor.caller.role.may(Role.CONTRIBUTOR):
        raise RoleTooLowError(Role.CONTRIBUTOR.value)
    return visitor


PageReader = Annotated[Caller, Depends(read_as)]
DeskOfficer = Annotated[SignedIn, Depends(write_as)]


def check_origin(request: Request) -> None:
    """Refuse a form that was not sent from a page of ours.

    ``Sec-Fetch-Site`` (Fetch Metadata) cannot be set by a page. ``Origin`` (RFC 6454) is compared with the host that
    was called; it is ``null`` where a page sends no referrer, which says nothing. A browser that says neither is
    refused.

    Raises:
        CrossSiteFormError: it came from elsewhere, or nobody can tell.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None and site not in _FROM_HERE:
        raise CrossSiteFormError
    if origin != "null" and origin.partition("://")[2] != request.headers.get("host"):
        raise CrossSiteFormError
    if site is None and origin == "null":
        raise CrossSiteFormError


def check_form(request: Request, officer: SignedIn, form_token: str | None) -> None:
    """Refuse a form that was not sent from a page of ours, or not in the session that it was opened in.

    Raises:
        CrossSiteFormError, FormTokenError: as their names say.
    """
    check_origin(request)
    if not officer.token.made(form_token or ""):
        raise FormTokenError


def sign_in(request: Request, presented: str | None) -> NewSession:
    """Begin a session with the key that a visitor gave, unless that failed too often from there.

    Raises:
        CrossSiteFormError: the form was sent from another site, to have the visitor act under a stranger's name.
        TooManyAttemptsError: it did.
        InvalidTokenError: the key opens nothing.
    """
    check_origin(request)
    clock, attempts = get_clock(request), _attempts(request)
    address = request.client.host if request.client else None
    wait = attempts.wait(address, clock.now())
    if wait:
        raise TooManyAttemptsError(ceil(wait.total_seconds()))
    try:
        with get_database(request).transaction() as session:
            return service.sign_in(session, presented, terms=read_terms(request), clock=clock)
    except InvalidTokenError:
        attempts.add_failure(address, clock.now())
        raise


def sign_out(request: Request, visitor: SignedIn) -> None:
    """End the visitor's session, for every process at once."""
    with get_database(request).transaction() as session:
        service.sign_out(session, visitor.token, get_clock(request))


def give_cookie(response: Response, new: NewSession) -> None:
    """Send the session's secret; the browser keeps it until the session expires."""
    lifetime = new.session.expires_at - new.session.created_at
    _set_cookie(response, new.token.text, int(lifetime.total_seconds()))


def take_cookie(response: Response) -> None:
    """Have the browser forget the session."""
    _set_cookie(response, "", 0)


def read_terms(request: Request) -> Terms:
    """How long sessions last here."""
    terms: Terms = request.app.state.session_terms
    return terms


def _attempts(request: Request) -> Attempts:
    attempts: Attempts = request.app.state.sign_in_attempts
    return attempts


def _set_cookie(response: Response, value: str, max_age: int) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=max_age,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )

"""What the routes of pages ask for: a visit, that is who looks, with a session to read and the clock."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.access.deps import read_reader
from app.access.domain import Caller
from app.access.service import SignedIn
from app.access.visitors import DeskOfficer, Visitor
from app.db import ReadSession
from app.deps import ClockDep, ReadSessionDep
from app.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one page.

    Attributes:
        visitor: who is signed in; a page that is shown to somebody signed in is kept for nobody else.
    """

    request: Request
    session: ReadSession
    clock: Clock
    caller: Caller
    visitor: SignedIn | None


def _know(request: Request, visitor: Visitor) -> SignedIn | None:
    # The templates of every page say who is signed in, those of refusals too.
    request.state.visitor = visitor
    return visitor


KnownVisitor = Annotated[SignedIn | None, Depends(_know)]


async def _caller(request: Request, visitor: KnownVisitor) -> Caller:
    return visitor.caller if visitor else await read_reader(request)


def _visit(
    request: Request,
    caller: Annotated[Caller, Depends(_caller)],
    session: ReadSessionDep,
    clock: ClockDep,
    visitor: KnownVisitor,
) -> Visit:
    return Visit(request, session, clock, caller, visitor)


VisitDep = Annotated[Visit, Depends(_visit)]


def _officer(_known: KnownVisitor, officer: DeskOfficer) -> SignedIn:
    return officer


# Who is at the desk: signed in, with a role that may write.
OfficerDep = Annotated[SignedIn, Depends(_officer)]

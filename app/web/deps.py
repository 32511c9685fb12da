"""What the routes of pages ask for: a visit, that is who looks, with a session to read and the clock."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.access.deps import Reader
from app.access.domain import Caller
from app.db import ReadSession
from app.deps import ClockDep, ReadSessionDep
from app.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one page."""

    request: Request
    session: ReadSession
    clock: Clock
    caller: Caller


def _visit(request: Request, caller: Reader, session: ReadSessionDep, clock: ClockDep) -> Visit:
    return Visit(request, session, clock, caller)


VisitDep = Annotated[Visit, Depends(_visit)]

"""What any route may ask for: a session to read, a session to write, the clock."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends, Request

from app.db import Database, ReadSession, WriteSession
from app.kernel.clock import Clock


def get_database(request: Request) -> Database:
    """The database of this application."""
    database: Database = request.app.state.database
    return database


def get_clock(request: Request) -> Clock:
    """The clock of this application."""
    clock: Clock = request.app.state.clock
    return clock


# Asynchronous, because the framework would take a thread from its pool for a plain function.
async def _clock(request: Request) -> Clock:
    return get_clock(request)


def _read_session(request: Request) -> Iterator[ReadSession]:
    with get_database(request).reading() as session:
        yield session


def check_write(request: Request) -> None:
    """Every write passes here first: the application's guard may refuse it (see ``app.transparency.guard``)."""
    guard: Callable[[], None] = request.app.state.check_write
    guard()


def _write_session(request: Request) -> Iterator[WriteSession]:
    check_write(request)
    with get_database(request).transaction() as session:
        yield session


ClockDep = Annotated[Clock, Depends(_clock)]
# scope="function": the transaction ends before the answer is sent. By default the framework would end it
# after, and a commit that fails would already have been answered with 201.
ReadSessionDep = Annotated[ReadSession, Depends(_read_session, scope="function")]
WriteSessionDep = Annotated[WriteSession, Depends(_write_session, scope="function")]

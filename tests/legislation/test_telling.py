"""Promise: whatever is said of a request is found at the entry that said it: the first, or the last amendment."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.db import Database
from app.journal import service as journal
from app.legislation import service as legislation
from app.legislation.domain import RecordAction, RecordDependency, WithdrawAction
from app.legislation.domain.commands import Command, RawAction
from app.legislation.domain.telling import (
    Tellings,
    Told,
    of_action,
    of_dependency,
    of_field,
    of_withdrawal,
)
from app.pledges import service as pledges
from tests.clock import StoppedClock
from tests.legislation.build import recording
from tests.pledges.paper import new_pledge


def test_what_was_told_is_found_at_its_entry(database: Database, clock: StoppedClock) -> None:
    request, opening = recording(), new_pledge(reference=None)
    with database.transaction() as session:
        pledges.record(session, [opening], actor="desk", clock=clock)
    action = RawAction(action_id=uuid4(), on="2023-11-02", state="floor")
    name = request.request_id
    hung = RecordDependency(request_id=name, dependency_id=uuid4(), pledge_id=opening.pledge_id)
    commands: list[Command] = [
        request,
        RecordAction(request_id=name, action=action),
        hung,
        WithdrawAction(request_id=name, action_id=action.action_id, reason="An error."),
    ]
    instants = {}
    # Revisions 2 to 5: years after it happened, and a minute apart.
    for revision, command in enumerate(commands, start=2):
        clock.advance(timedelta(minutes=1))
        instants[revision] = clock.now()
        with database.transaction() as session:
            legislation.record(session, [command], actor="desk", clock=clock)

    def told(until: int) -> Tellings:
        with database.reading() as session:
            return Tellings(journal.list_stream(session, name, until=until))

    expected = {
        of_field(name, "title"): 2,
        of_action(request.opening_id): 2,
        of_action(action.action_id): 3,
        of_dependency(hung.dependency_id): 4,
        of_withdrawal(action.action_id): 5,
    }
    for what, revision in expected.items():
        assert told(5).find(what) == Told(revision, instants[revision])
    with pytest.raises(KeyError):
        told(2).find(of_action(action.action_id))

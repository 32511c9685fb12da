"""Promise: writes that share a transaction are answered as if each were alone, and after the commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from app.db import Database
from app.journal import service as journal
from app.journal.domain import Answer, Call
from app.journal.errors import IdempotencyKeyReusedError
from app.kernel.errors import InvalidError, UnavailableError
from app.kernel.ids import new_id
from app.pledges.deps import Answered, Recorder, Write
from app.pledges.domain import Command, RecordMovement, RecordPledge
from app.pledges.errors import PledgeNotFoundError
from tests.clock import StoppedClock
from tests.locks import count_waiting, holding_the_head


def pledge(**fields: Any) -> RecordPledge:
    """A command that is accepted, but for these fields."""
    given = {
        "donor": "DK",
        "title": "Package",
        "aid_type": "military",
        "amount": "1.00",
        "currency": "DKK",
    }
    return RecordPledge(**{"pledge_id": new_id(), "announced_on": "2023-11-14", **given, **fields})


def write(command: Command, key: str | None = None, body: bytes = b"body") -> Write:
    """A call for the command; its answer is the reference and the revision."""
    return Write(
        call=Call("desk", key, body),
        command=command,
        present=lambda one: Answer(
            201, {}, f"{one.pledge.reference} {one.entry.revision}".encode()
        ),
    )


def record(recorder: Recorder, writes: Sequence[Write]) -> list[Answered | BaseException]:
    """All at once: they arrive before the first of them is handed over."""

    async def all_at_once() -> list[Answered | BaseException]:
        return await asyncio.gather(
            *(recorder.record(one) for one in writes), return_exceptions=True
        )

    return asyncio.run(all_at_once())


def revisions(database: Database) -> list[int]:
    with database.reading() as session:
        return [one.revision for one in journal.list_entries(session, after=0, limit=1_000)]


def test_a_hundred_writes_are_one_commit(database: Database, clock: StoppedClock) -> None:
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    outcomes = record(Recorder(database, clock), [write(pledge()) for _ in range(100)])
    bodies = [outcome[0].body for outcome in outcomes if isinstance(outcome, tuple)]
    assert bodies == [f"DK-2023-{one:04d} {one}".encode() for one in range(1, 101)]
    assert len(commits) == 1
    assert revisions(database) == list(range(1, 101))


def test_a_command_that_is_refused_never_fails_its_neighbours(
    database: Database, clock: StoppedClock
) -> None:
    nowhere = RecordMovement(
        pledge_id=new_id(), movement_id=new_id(), stage="committed", amount="1.00", on=None
    )
    writes = [
        write(pledge()),
        write(pledge(amount="-1.00")),
        write(pledge(reference="DK-X")),
        write(nowhere),
        write(pledge(reference="DK-X")),
        write(pledge()),
    ]
    outcomes = record(Recorder(database, clock), writes)
    assert [type(outcome) for outcome in outcomes] == [
        tuple, InvalidError, tuple, PledgeNotFoundError, InvalidError, tuple,
    ]  # fmt: skip
    assert revisions(database) == [1, 2, 3]


def test_copies_of_a_call_that_arrive_together_have_one_effect(
    database: Database, clock: StoppedClock
) -> None:
    other = write(pledge(), "one", b"another body")
    writes = [write(pledge(), "one") for _ in range(8)]
    outcomes = record(Recorder(database, clock), [*writes, write(pledge(), "two")])
    assert [outcome[1] for outcome in outcomes if isinstance(outcome, tuple)] == [
        False,
        *[True] * 7,
        False,
    ]
    assert len({outcome[0].body for outcome in outcomes if isinstance(outcome, tuple)}) == 2
    assert revisions(database) == [1, 2]
    [first, second] = record(Recorder(database, clock), [other, write(pledge())])
    assert isinstance(first, IdempotencyKeyReusedError)
    assert isinstance(second, tuple)


def test_a_ledger_that_takes_no_writes_refuses_all_of_them(
    database: Database, clock: StoppedClock
) -> None:
    def refuse() -> None:
        raise UnavailableError("not now")

    outcomes = record(Recorder(database, clock, refuse), [write(pledge()) for _ in range(5)])
    assert [type(outcome) for outcome in outcomes] == [UnavailableError] * 5
    assert revisions(database) == []


def test_two_steps_of_one_pledge_that_arrive_together_build_on_each_other(
    database: Database, clock: StoppedClock
) -> None:
    identity: UUID = new_id()
    recorder = Recorder(database, clock)
    record(recorder, [write(pledge(pledge_id=identity, amount="100.00"))])
    steps = [
        RecordMovement(
            pledge_id=identity,
            movement_id=new_id(),
            stage="delivered",
            amount=amount,
            on="2023-12-01",
        )
        for amount in ("60.00", "60.00", "40.00")
    ]
    outcomes = record(recorder, [write(step) for step in steps])
    assert [type(outcome) for outcome in outcomes] == [tuple, InvalidError, tuple]


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_who_comes_while_another_process_writes_shares_the_next_commit(
    database: Database, clock: StoppedClock
) -> None:
    url = database.url.render_as_string(hide_password=False)
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    recorder = Recorder(database, clock)

    async def one_and_nine() -> list[Answered]:
        with holding_the_head(url):
            calls = [asyncio.create_task(recorder.record(write(pledge())))]
            while not await asyncio.to_thread(count_waiting, url):
                await asyncio.sleep(0.01)
            calls += [asyncio.create_task(recorder.record(write(pledge()))) for _ in range(9)]
            await asyncio.sleep(0)
        return await asyncio.gather(*calls)

    answers = asyncio.run(asyncio.wait_for(one_and_nine(), 30))
    assert [answer.body for answer, _ in answers] == [
        f"DK-2023-{number:04d} {number}".encode() for number in range(1, 11)
    ]
    assert len(commits) == 1


def test_two_people_whose_writes_share_a_transaction_are_recorded_without_a_gap(
    database: Database, clock: StoppedClock
) -> None:
    writes = [
        replace(write(pledge(), f"key-{number}"), call=Call(actor, f"key-{number}", b"body"))
        for number, actor in enumerate(("desk", "bureau", "desk", "bureau"))
    ]
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    outcomes = record(Recorder(database, clock), writes)
    bodies = [outcome[0].body for outcome in outcomes if isinstance(outcome, tuple)]
    assert bodies == [b"DK-2023-0001 1", b"DK-2023-0003 3", b"DK-2023-0002 2", b"DK-2023-0004 4"]
    assert len(commits) == 1
    with database.reading() as session:
        entries = journal.list_entries(session, after=0, limit=10)
    assert [(one.revision, one.actor) for one in entries] == [
        (1, "desk"), (2, "desk"), (3, "bureau"), (4, "bureau"),
    ]  # fmt: skip

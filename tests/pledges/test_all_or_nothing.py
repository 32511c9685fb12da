"""Promise: a batch is recorded whole or not at all, and what is refused leaves no trace.

Invariants 8 and 9. Every table is read before and after.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.db import Database
from app.kernel.errors import AppError, InvalidError
from app.pledges import service
from app.pledges.domain import (
    AmendPledge,
    Command,
    RecordMovement,
    WithdrawMovement,
    WithdrawPledge,
)
from app.pledges.errors import PledgeNotFoundError, VersionMovedError
from tests.client import PLEDGE, Api
from tests.clock import StoppedClock
from tests.pledges.paper import REASON, new_pledge
from tests.rows import dump

SIZE = 5


@pytest.fixture
def ledger(app: FastAPI) -> Database:
    """The database behind the application."""
    database: Database = app.state.database
    return database


def numbered(count: int = SIZE) -> list[dict[str, Any]]:
    return [{**PLEDGE, "title": f"Package {number}"} for number in range(count)]


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "value": ({"amount": "0.00"}, "/amount", "zero-amount"),
    "number for a string": ({"amount": 5}, "/amount", "amount-not-string"),
    "rule": ({"amount": "5.00", "currency": None}, "/currency", "currency-required"),
    "unknown member": ({"unheard": "of"}, "/unheard", "extra_forbidden"),
    "reference taken": ({"reference": "TAKEN"}, "/reference", "reference-taken"),
    "source": ({"sources": [{"url": "file:///a"}]}, "/sources/0/url", "invalid-url"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_at_any_place_refuses_the_batch_and_names_the_place(
    api: Api, ledger: Database, fault: tuple[dict[str, Any], str, str]
) -> None:
    fields, pointer, code = fault
    api.record_pledge(reference="TAKEN")
    before = dump(ledger)
    for place in range(SIZE):
        pledges = numbered()
        pledges[place] |= fields
        refused = api.post("/v1/pledges/batch", {"pledges": pledges})
        assert refused.status_code == 422
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
            (f"/pledges/{place}{pointer}", code)
        ]
        assert dump(ledger) == before


def test_all_faults_of_a_batch_are_told_at_once(api: Api, ledger: Database) -> None:
    before = dump(ledger)
    pledges = numbered()
    pledges[0] |= {"donor": "UA", "amount": "-1.00"}
    pledges[2] |= {"reference": "A"}
    pledges[3] |= {"reference": "A", "title": " "}
    refused = api.post("/v1/pledges/batch", {"pledges": pledges})
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/pledges/0/donor", "donor-is-recipient"),
        ("/pledges/0/amount", "negative-amount"),
        ("/pledges/3/reference", "reference-taken"),
        ("/pledges/3/title", "blank"),
    }
    assert dump(ledger) == before


def test_a_batch_is_recorded_in_its_order(api: Api, ledger: Database) -> None:
    answer = api.post("/v1/pledges/batch", {"pledges": numbered()})
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert [one["title"] for one in data] == [f"Package {number}" for number in range(SIZE)]
    assert [one["revision"] for one in data] == [1, 2, 3, 4, 5]
    assert [one["reference"] for one in data] == [f"DK-2023-000{n}" for n in range(1, 6)]
    assert answer.json()["meta"]["revision"] == SIZE
    assert len(dump(ledger)["entry"]) == SIZE


def test_a_number_that_somebody_took_by_hand_is_left_out(api: Api) -> None:
    api.record_pledge(reference="DK-2023-0002")
    pledges = numbered(4)
    pledges[3]["reference"] = "DK-2023-0004"
    answer = api.post("/v1/pledges/batch", {"pledges": pledges})
    assert [one["reference"] for one in answer.json()["data"]] == [
        "DK-2023-0001", "DK-2023-0003", "DK-2023-0005", "DK-2023-0004",
    ]  # fmt: skip


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("count", [0, 5_001])
def test_a_batch_has_one_to_five_thousand_pledges(api: Api, ledger: Database, count: int) -> None:
    before = dump(ledger)
    refused = api.post("/v1/pledges/batch", {"pledges": count * [PLEDGE]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/pledges"
    assert dump(ledger) == before


# ------------------------------------------------------------------------------- mixed, by the service


def record(database: Database, clock: StoppedClock, commands: Sequence[Command]) -> list[int]:
    with database.transaction() as session:
        recorded = service.record(
            session, commands, actor="desk", clock=clock, pointer=lambda index: f"/{index}"
        )
        return [one.entry.revision for one in recorded]


def story() -> list[Command]:
    """A pledge from the cradle to the grave, each step built on the one before."""
    pledge = new_pledge()
    delivery = RecordMovement(
        pledge_id=pledge.pledge_id,
        movement_id=uuid4(),
        stage="delivered",
        amount="40.00",
        expected_version=1,
    )
    return [
        pledge,
        delivery,
        AmendPledge(
            pledge_id=pledge.pledge_id,
            changes={"amount": "150.00"},
            reason=REASON,
            expected_version=2,
        ),
        WithdrawMovement(
            pledge_id=pledge.pledge_id,
            movement_id=delivery.movement_id,
            reason=REASON,
            expected_version=3,
        ),
        WithdrawPledge(pledge_id=pledge.pledge_id, reason=REASON, expected_version=4),
    ]


def test_the_steps_of_one_pledge_build_on_each_other_in_one_batch(
    database: Database, clock: StoppedClock
) -> None:
    assert record(database, clock, story()) == [1, 2, 3, 4, 5]
    rows = dump(database)
    versions = sorted((row[1], row[2], row[3]) for row in rows["pledge"])
    assert versions == [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, 5), (5, 5, 2**62)]
    assert {tuple(row[-3:]) for row in rows["rollup"]} <= {(0, 0, 0)}


BREAKERS: dict[str, tuple[Callable[[], Command], type[AppError]]] = {
    "unknown pledge": (
        lambda: WithdrawPledge(pledge_id=uuid4(), reason=REASON),
        PledgeNotFoundError,
    ),
    "bad pledge": (lambda: new_pledge(reference="DK-9", amount="0"), InvalidError),
}


@pytest.mark.parametrize("breaker", BREAKERS.values(), ids=BREAKERS.keys())
def test_a_command_that_cannot_be_undoes_those_before_and_after_it(
    database: Database,
    clock: StoppedClock,
    breaker: tuple[Callable[[], Command], type[AppError]],
) -> None:
    make, error = breaker
    record(database, clock, [new_pledge(reference="DK-0")])
    before = dump(database)
    for place in range(6):
        commands = story()
        commands.insert(place, make())
        with pytest.raises(error):
            record(database, clock, commands)
        assert dump(database) == before


def test_a_version_that_has_moved_on_within_the_batch_is_refused(
    database: Database, clock: StoppedClock
) -> None:
    pledge, *_ = commands = story()
    stale = AmendPledge(
        pledge_id=pledge.pledge_id, changes={"title": "B"}, reason=REASON, expected_version=1
    )
    before = dump(database)
    with pytest.raises(VersionMovedError):
        record(database, clock, [*commands[:2], stale])
    assert dump(database) == before


def test_what_builds_on_a_refused_command_does_not_hide_why_it_was_refused(
    database: Database, clock: StoppedClock
) -> None:
    bad = new_pledge(amount="0")
    builds_on_it = RecordMovement(
        pledge_id=bad.pledge_id, movement_id=uuid4(), stage="committed", amount="1.00"
    )
    also_bad = new_pledge(reference="DK-2", title=" ")
    with pytest.raises(InvalidError) as refused:
        record(database, clock, [bad, builds_on_it, also_bad])
    assert [(one.pointer, one.code) for one in refused.value.findings] == [
        ("/0/amount", "zero-amount"),
        ("/2/title", "blank"),
    ]


def test_an_empty_batch_records_nothing(database: Database, clock: StoppedClock) -> None:
    before = dump(database)
    assert record(database, clock, []) == []
    assert dump(database) == before

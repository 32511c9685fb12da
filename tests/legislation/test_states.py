"""Promise: the state machine is the one that was read out of six parliaments, and no other."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.legislation.domain import TRANSITIONS, Flag, State

ACTIVE = "submitted in_committee committee_reported floor passed_one reconciling passed vetoed"


def published() -> dict[str, Any]:
    path = Path(__file__).resolve().parents[3] / "shared/data/legislation/codes/state_machine.json"
    if not path.exists():
        pytest.skip("the published table of states is not at hand")
    machine: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return machine


def test_states_and_transitions_are_those_of_the_published_table() -> None:
    machine = published()
    classes = {
        state.value: "terminal" if state.is_terminal else "active" if state.is_active else "pre"
        for state in State
    }
    assert classes == {name: one["class"] for name, one in machine["states"].items()}
    assert {
        before.value: [after.value for after in allowed] for before, allowed in TRANSITIONS.items()
    } == machine["transitions"]


def test_the_flags_of_the_published_table_can_be_set_but_for_the_derived_one() -> None:
    assert set(published()["flags"]) - {"dormant"} == {flag.value for flag in Flag} - {"folded"}


def test_a_request_may_jump_ahead_and_join_a_bill_that_is_far_along() -> None:
    assert State.SUBMITTED.may_become(State.RECONCILING)


def test_of_the_steps_back_only_those_that_were_met_are_legal() -> None:
    assert State.RECONCILING.may_become(State.FLOOR)
    assert not State.RECONCILING.may_become(State.SUBMITTED)
    assert not State.SUBMITTED.may_become(State.ANNOUNCED)


def test_an_active_state_may_be_stated_again_and_a_final_one_may_not() -> None:
    assert all(State(name).may_become(State(name)) for name in ACTIVE.split())
    assert not State.ENACTED.may_become(State.ENACTED)


def test_seven_states_are_final_and_nothing_follows_them() -> None:
    final = [state for state in State if state.is_terminal]
    assert len(final) == 7
    assert not any(before.may_become(after) for before in final for after in State)

"""An operator makes, lists and revokes keys at the command line, and the key can be piped on."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from app.access import service
from app.access.cli import apikey
from app.access.domain import Role
from app.access.errors import KeyNotFoundError

if TYPE_CHECKING:
    from click.testing import Result

    from app.db import Database
    from tests.access.conftest import StoppedClock


class Shell:
    """Runs commands against one ledger."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.tools = SimpleNamespace(database=database, clock=clock)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(apikey, arguments, obj=self.tools)

    def create(self, name: str = "Desk", role: str = "contributor") -> str:
        return self.run("create", "--name", name, "--role", role).stdout.strip()


@pytest.fixture
def shell(access_database: Database, clock: StoppedClock) -> Shell:
    return Shell(access_database, clock)


def test_create_prints_the_key_alone_on_standard_output(
    shell: Shell, access_database: Database, clock: StoppedClock
) -> None:
    result = shell.run("create", "--name", "Desk", "--role", "admin")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert "Keep this key" in result.stderr
    with access_database.reading() as session:
        caller = service.authenticate(session, result.stdout.strip(), clock)
    assert (caller.name, caller.role) == ("Desk", Role.ADMIN)


def test_list_prints_a_table_with_the_state_of_each_key(shell: Shell) -> None:
    desk, old = shell.create("Desk Copenhagen"), shell.create("Old", "reader")
    shell.run("revoke", old.split("_")[1])
    lines = [line.split() for line in shell.run("list").stdout.splitlines()]
    created, expires = "2026-11-22T10:00:00Z", "2027-02-20T10:00:00Z"
    assert lines[0] == ["id", "name", "role", "created", "expires", "state"]
    assert sorted(lines[1:]) == sorted(
        [
            [desk.split("_")[1], "Desk", "Copenhagen", "contributor", created, expires, "live"],
            [old.split("_")[1], "Old", "reader", created, expires, "revoked"],
        ]
    )


def test_an_empty_ledger_lists_the_headings_alone(shell: Shell) -> None:
    assert shell.run("list").stdout == "id  name  role  created  expires  state\n"


def test_list_as_json_prints_what_the_endpoint_answers(shell: Shell) -> None:
    key = shell.create()
    answer = json.loads(shell.run("list", "--json").stdout)
    assert list(answer) == ["data", "next_cursor", "meta"]
    assert answer["data"][0]["id"] == key.split("_")[1]
    assert answer["data"][0]["created_by"] == "command line"
    assert "key" not in answer["data"][0]


def test_revoke_takes_the_key_back(shell: Shell) -> None:
    key_id = shell.create().split("_")[1]
    result = shell.run("revoke", key_id)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "revoked" in shell.run("list").stdout


def test_refusals_are_left_to_the_command_that_contains_these(shell: Shell) -> None:
    assert isinstance(shell.run("revoke", "aaaaaaaaaa").exception, KeyNotFoundError)


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--role", "reader"),
        ("create", "--name", "Desk"),
        ("create", "--name", "Desk", "--role", "owner"),
        ("create", "--name", "Desk", "--role", "reader", "--valid-days", "367"),
        ("revoke",),
    ],
)
def test_a_wrong_use_exits_with_2(shell: Shell, arguments: tuple[str, ...]) -> None:
    assert shell.run(*arguments).exit_code == 2

"""The README's five-minute tour is true: every call in it is made, and answers what it says."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access.domain import Role
from app.imports import service as imports
from app.imports.domain import Layout
from tests.clock import StoppedClock
from tests.conftest import make_key

README: Final = Path(__file__).parents[2] / "README.md"
ANYTHING: Final = "…"


def tour() -> Iterator[tuple[list[str], str]]:
    """Each call of the tour, split as a shell would, with the answer below it."""
    for block in re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL):
        for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield shlex.split(command), answer


def call(client: TestClient, words: list[str], variables: dict[str, str]) -> Any:
    """Make the call that a curl command would make."""
    assert words.pop(0) == "curl"
    headers, body, method, address = {}, None, None, ""
    while words:
        word = words.pop(0)
        match word:
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = fill(value, variables)
            case "-d":
                body = words.pop(0)
            case "-X":
                method = words.pop(0)
            case "-O":
                pass
            case _:
                address = fill(word, variables).removeprefix("localhost:8000")
    return client.request(
        method or ("POST" if body else "GET"), address, headers=headers, content=body
    )


def fill(text: str, variables: dict[str, str]) -> str:
    for name, value in variables.items():
        text = text.replace(f"${name}", value)
    return text


def agrees(expected: Any, actual: Any) -> bool:
    """Whether the answer is as printed; ``…`` is anything, as a member it is any further members."""
    if expected == ANYTHING:
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        named = {key for key in expected if key != ANYTHING}
        complete = ANYTHING in expected or named == actual.keys()
        return complete and all(
            key in actual and agrees(expected[key], actual[key]) for key in named
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(agrees, expected, actual))
    return bool(expected == actual)


def test_the_tour_of_the_readme_answers_what_it_says(
    app: FastAPI, client: TestClient, clock: StoppedClock
) -> None:
    with app.state.database.transaction() as session:
        rows = imports.read_files(imports.FACTS, Layout.FACTS)
        imports.import_rows(session, rows, actor="demo facts", clock=clock)
    variables = {"KEY": make_key(app.state.database, clock, Role.CONTRIBUTOR)}
    calls = list(tour())
    assert len(calls) == 9
    for words, printed in calls:
        answer = call(client, list(words), variables)
        if not printed:
            assert answer.status_code == 200, words
            continue
        assert agrees(json.loads(printed), answer.json()), (words, answer.json())
        if answer.status_code == 201:
            variables["ID"] = answer.json()["id"]

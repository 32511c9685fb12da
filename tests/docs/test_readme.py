"""The README's five-minute tour is true: every call in it is made, and answers what it says."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.access.domain import Role
from app.imports import fact_files as imports
from app.imports.domain.facts import Layout
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.docs import console

README: Final = Path(__file__).parents[2] / "README.md"


def test_the_tour_of_the_readme_answers_what_it_says(
    app: FastAPI, client: TestClient, clock: StoppedClock
) -> None:
    with app.state.database.transaction() as session:
        rows = imports.read_files(imports.FACTS, Layout.FACTS)
        imports.import_rows(session, rows, actor="demo facts", clock=clock)
    variables = {"KEY": make_key(app.state.database, clock, Role.CONTRIBUTOR)}
    calls = list(console.read(README))
    assert len(calls) == 9
    for words, printed in calls:
        answer = console.call(client, words, variables)
        if not printed:
            assert answer.status_code == 200, words
            continue
        assert console.is_as_printed(printed, answer), (words, answer.text)
        if answer.status_code == 201:
            variables["ID"] = answer.json()["id"]

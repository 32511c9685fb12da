"""Promise: a request can be recorded, moved, enacted and read from the command line, as over HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.imports import fact_files as imports
from tests.cli.conftest import Run

Write = Callable[..., tuple[int, str, str]]

REQUEST: dict[str, Any] = {
    "donor": "US",
    "title": "Emergency supplemental",
    "reference": "US-X",
    "kind": "supplemental",
    "requested_on": "2024-01-10",
    "currency": "USD",
    "lines": [{"key": "arms", "component": "military", "amount": "100.00"}],
}


@pytest.fixture
def write(run: Run, tmp_path: Path) -> Write:
    """Runs a command of the group with a body: ``write("act", "US-X", body)``."""

    def written(*words: str | dict[str, Any]) -> tuple[int, str, str]:
        path = tmp_path / "body.json"
        arguments = []
        for word in words:
            if isinstance(word, dict):
                path.write_text(json.dumps(word), encoding="utf-8")
            arguments.append(str(path) if isinstance(word, dict) else word)
        return run("request", *arguments)

    return written


def pending(run: Run) -> list[str]:
    code, output, _ = run("pending", "--on", "2024-06-01", "--by", "donor", "--json")
    assert code == 0
    return [row["amount"] for row in json.loads(output)["data"]]


def test_a_request_is_recorded_moved_amended_and_enacted(run: Run, write: Write) -> None:
    assert write("record", REQUEST)[0] == 0
    action = {"on": "2024-02-01", "state": "floor", "body": "Senate", "text": "Debate begins"}
    code, output, _ = write("act", "US-X", action)
    assert (code, output) == (0, "US-X, version 2: floor; revision 2\n")
    assert pending(run) == ["100.00"]

    amended = {"title": "Ukraine supplemental", "reason": "Its own title"}
    code, output, _ = write("amend", "US-X", amended, "--version", "2", "--json")
    answer = json.loads(output)
    assert (code, answer["title"], answer["version"]) == (0, "Ukraine supplemental", 3)
    code, _, errors = write("amend", "US-X", amended, "--version", "2")
    assert (code, errors) == (65, "The record was changed since; read it again.\n")

    passed = {"on": "2024-03-01", "state": "passed", "body": "Senate"}
    assert write("act", "US-X", passed, "--version", "3")[0] == 0
    law = {
        "on": "2024-03-05",
        "closes": True,
        "lines": [{"key": "arms-law", "line": "arms", "amount": "60.00"}],
    }
    code, _, errors = write("enact", "US-X", law)
    assert (code, errors) == (0, "")
    assert pending(run) == []


def test_a_relation_ends_the_older_request(run: Run, write: Write) -> None:
    write("record", REQUEST)
    write("act", "US-X", {"on": "2024-01-10", "state": "submitted"})
    write("record", REQUEST | {"reference": "US-Y", "requested_on": "2024-02-01"})
    relation = {"kind": "supersedes", "other": "US-X", "effective_on": "2024-02-01"}
    code, _, errors = write("relate", "US-Y", relation)
    assert (code, errors) == (0, "")
    code, output, _ = run("request", "show", "US-X", "--json")
    assert (code, json.loads(output)["state"]) == (0, "superseded")
    code, output, _ = run("request", "show", "US-X", "--on", "2024-01-20")
    assert (code, output) == (0, "US-X, version 3: submitted; revision 5\n")


def test_the_timeline_of_october_2023_is_printed(run: Run) -> None:
    run("import", str(imports.FACTS / "legislative_requests.json"))
    asked = ("request", "timeline", "US-2023-10", "--on", "2024-02-20")
    code, output, _ = run(*asked)
    lines = output.splitlines()
    # Congressional Record: cloture on the motion to proceed failed on 6 December and passed on 8 February.
    assert code == 0
    assert any(line.startswith("2023-12-06  floor  blocked  Senate") for line in lines)
    assert any(line.startswith("2024-02-08  floor  Senate") for line in lines)
    assert lines.index("ahead:") < [line[:10] for line in lines].index("2024-04-24")
    code, output, _ = run(*asked, "--json")
    assert json.loads(output)["meta"]["on"] == "2024-02-20"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("act", "US-NONE", {"on": "2024-01-01", "text": "x"}), 65, "no legislative request"),
        (("act", "US-X", {"on": "2024-01-11", "canary": 1}), 65, "/canary"),
        (("act", "US-X", {"on": "2024-01-11", "state": "mood"}), 65, "/state"),
        (("act", "US-X", {"on": "2024-01-11", "text": "x"}, "--version", "9"), 65, "changed since"),
        (("act", "US-X"), 2, "BODY"),
        (("amend", "US-X", {"title": "x", "reason": "y"}), 2, "--version"),
        (("show", "not a name"), 65, "no legislative request"),
        (("show", "US-X", "--on", "2024-13-01"), 65, "?on"),
    ],
    ids=str,
)
def test_what_is_refused_says_where_and_records_nothing(
    run: Run, write: Write, words: tuple[str | dict[str, Any], ...], code: int, said: str
) -> None:
    write("record", REQUEST)
    ended, _, errors = write(*words)
    assert (ended, said in errors) == (code, True), errors
    assert run("request", "show", "US-X")[1].endswith("revision 1\n")


def test_a_body_that_is_no_json_or_endless_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "body"
    for content, said in ((b'{"a": NaN}', "JSON"), (b'{"a":1,"a":2}', "a"), (b" " * 2**21, "most")):
        path.write_bytes(content)
        code, _, errors = run("request", "record", str(path))
        assert (code, said in errors) == (65, True), errors

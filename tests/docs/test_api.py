"""docs/api.md describes every address and parameter and no other, and every call on it answers what it says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.access.domain import Role
from tests.architecture.source import ROOT
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.docs import console
from tests.inputs.routes import Operation, operations
from tests.transparency.build import signer as make_signer

PAGE: Final = ROOT / "docs" / "api.md"
HEADING: Final = re.compile(r"^(## (?P<title>.+)|### `(?P<name>[A-Z]+ /\S*)`)$", re.MULTILINE)
# What hangs on a request: what the page calls one of them, and the member that has them.
_HANGING: Final = {
    "RELATION": "relations",
    "ENACTMENT": "enactments",
    "FUNDING": "funding",
    "DEPENDENCY": "dependencies",
}


@dataclass(frozen=True)
class Section:
    """What the page says of one operation, or at the head of a chapter."""

    name: str
    text: str

    @property
    def parameters(self) -> set[str]:
        """The parameters of its table, and the shared filters where it names them."""
        return table(self.text) | (filters() if "[filters](#filters)" in self.text else set())

    @property
    def file(self) -> str:
        """What stands in the file that its example sends."""
        found = re.findall(r"^```csv\n(.*?)```", self.text, re.MULTILINE | re.DOTALL)
        return found[0] if found else ""

    @property
    def calls(self) -> list[tuple[list[str], str]]:
        """Its examples."""
        return list(console.calls(self.text))


def table(text: str) -> set[str]:
    """The names in the first column of the tables."""
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


@cache
def filters() -> set[str]:
    """The parameters that several lists share."""
    [text] = re.findall(
        r"^## Filters\n(.*?)^## ", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return table(text)


@cache
def parts() -> tuple[Section, ...]:
    """The operations of the page, and the heads of its chapters, in its order."""
    text = PAGE.read_text(encoding="utf-8")
    found = list(HEADING.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return tuple(
        Section(match["name"] or match["title"], text[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    )


def sections() -> list[Section]:
    """The operations of the page, in its order."""
    return [part for part in parts() if " /" in part.name]


def described(operation: Operation) -> Section:
    """The section about an operation."""
    return next(section for section in sections() if section.name == str(operation))


def walk(
    app: FastAPI, client: TestClient, clock: StoppedClock, folder: Path
) -> Iterator[tuple[Section, Response, str]]:
    """Every call of the page, made in its order: the section, the answer, and what is printed."""
    variables = {
        "KEY": make_key(app.state.database, clock, Role.CONTRIBUTOR),
        "ADMIN": make_key(app.state.database, clock, Role.ADMIN),
    }
    for section in parts():
        if section.name == "GET /v1/log/checkpoint":
            make_signer(app.state.database, clock, folder).sign()
        for words, printed in section.calls:
            answer = console.call(client, words, variables, section.file)
            yield section, answer, printed
            if answer.status_code == 201 or section.name.endswith(("GET /v1/cite", "/jobs")):
                variables |= dict(_names(answer.json()))


# Other things are told by a member that they have and those below do not.
_TOLD_BY: Final = {"rows_done": "JOB", "sha256": "IMPORT", "key": "KEY_ID"}


def _names(made: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the calls that follow call the things that were made."""
    match made:
        case {"movements": movements, "id": name}:
            yield "ID", name
            yield from (("MOVEMENT", one["id"]) for one in movements)
        case {"jurisdiction": _, "actions": actions, "id": name}:
            yield "VEHICLE", name
            yield from (("ACTION", one["id"]) for one in actions)
        case {"actions": actions, "id": name}:
            yield "REQUEST", name
            yield from (("ACTION", one["id"]) for one in actions)
            for variable, member in _HANGING.items():
                yield from ((variable, one["id"]) for one in made[member])
        case {"address": str() as address, "difference": _}:
            yield "CITATION", address.rpartition("/")[2]
        case {"id": name}:
            told = (variable for member, variable in _TOLD_BY.items() if member in made)
            yield from ((variable, name) for variable in islice(told, 1))
        case _:
            pass


def test_every_operation_has_its_section() -> None:
    assert sorted(section.name for section in sections()) == sorted(map(str, operations()))


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_section_names_every_parameter(operation: Operation) -> None:
    assert described(operation).parameters == set(operation.parameters)


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_section_has_a_call_of_its_operation(operation: Operation) -> None:
    [(words, _)] = described(operation).calls
    method = (
        words[words.index("-X") + 1]
        if "-X" in words
        else "POST"
        if {"-d", "-F"} & {*words}
        else "GET"
    )
    [address] = [word for word in words if word.startswith("localhost:8000")]
    path = address.removeprefix("localhost:8000").split("?")[0]
    assert method == operation.method
    pattern = operation.path.replace("{path}", ".+")
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path)


def test_every_call_of_the_page_answers_what_it_says(
    app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    for section, answer, printed in walk(app, client, clock, tmp_path):
        assert answer.status_code in {200, 201}, (section.name, answer.text)
        if printed:
            assert console.is_as_printed(printed, answer), (section.name, answer.text)


def test_each_link_of_the_page_leads_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        assert not file or (PAGE.parent / file).exists(), target
        assert not anchor or anchor in headings, target

"""Every operation of the application, as its own description lists them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from app.main import create_app
from app.settings import Settings

METHODS: Final = ("DELETE", "GET", "PATCH", "POST", "PUT")
# What a name in a path template stands for in the ledger of these tests; others name nothing.
_IDS: Final = {
    "pledge_id": "{open}",
    "movement_id": "{movement}",
    "request_id": "{request}",
    "action_id": "{action}",
    "vehicle_id": "{vehicle}",
    "enactment_id": "{enactment}",
    "key": "{enacted_line}",
    "relation_id": "{relation}",
    "funding_id": "{funding}",
    "dependency_id": "{dependency}",
    "key_id": "{key}",
    "suffix": "csv",
}


@dataclass(frozen=True)
class Operation:
    """One method at one path template."""

    method: str
    path: str
    parameters: tuple[str, ...]
    secured: bool
    has_body: bool

    @property
    def address(self) -> str:
        """A path of this template, with the ids of the tests' ledger still to be filled in."""
        return re.sub(r"\{(\w+)\}", lambda name: _IDS.get(name[1], "nothing"), self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    app = create_app(Settings(database_url="sqlite:///never-opened.db"))
    found: dict[str, Any] = app.openapi()
    return found


@cache
def operations() -> tuple[Operation, ...]:
    """All operations, in the order of the document."""
    return tuple(_operations())


def reads() -> list[Operation]:
    """All operations that read."""
    return [one for one in operations() if one.method == "GET"]


def writes() -> list[Operation]:
    """All operations that write."""
    return [one for one in operations() if one.method != "GET"]


def expand(path: str) -> Iterator[str]:
    """The path template itself; of a table, one for each of its formats."""
    for suffix in ("csv", "json", "ndjson", "parquet", "zip") if "{suffix}" in path else ("",):
        yield path.replace("{suffix}", suffix)


def methods_at(path: str) -> set[str]:
    """The methods that any template takes at this path."""
    return {
        one.method
        for one in operations()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one.path.replace(".", r"\.")), path)
    }


def _operations() -> Iterator[Operation]:
    for path, methods in document()["paths"].items():
        for method, described in methods.items():
            names = tuple(
                one["name"] for one in described.get("parameters", ()) if one.get("in") == "query"
            )
            yield Operation(
                method.upper(), path, names, "security" in described, "requestBody" in described
            )

"""docs/map.md names every room of the house, and nothing that is not there."""

import re
from typing import Final

from tests.architecture.source import ROOT

LINE: Final = re.compile(r"^\| `(?P<path>[^`]+)` \| (?P<says>.+) \|$")
TOP_LEVEL: Final = ("reports/", "verifier/", "migrations/", "tests/")


def mapped() -> list[str]:
    """The paths that the map names, in its order."""
    lines = (ROOT / "docs/map.md").read_text(encoding="utf-8").splitlines()
    return [match["path"] for line in lines if (match := LINE.match(line))]


def standing() -> set[str]:
    """The rooms and top-level modules that are there."""
    rooms = {
        f"app/{path.name}{'/' if path.is_dir() else ''}"
        for path in (ROOT / "app").iterdir()
        if (path.is_dir() and any(path.rglob("*.py"))) or path.suffix == ".py"
    }
    return (rooms - {"app/__init__.py"}) | set(TOP_LEVEL)


def test_every_room_is_on_the_map() -> None:
    assert sorted(standing() - set(mapped())) == []


def test_the_map_names_nothing_that_is_not_there() -> None:
    assert [path for path in mapped() if not (ROOT / path).exists()] == []


def test_each_room_has_one_line() -> None:
    assert sorted(mapped()) == sorted(set(mapped()))

"""Only app/settings.py reads the environment: every variable has one place and one meaning."""

import ast
from typing import Final

import pytest

from tests.architecture.source import nodes, place, python_files

READERS: Final = frozenset({"environ", "environb", "getenv", "getenvb"})
SETTINGS: Final = "app/settings.py"


def reads_the_environment(node: ast.AST) -> bool:
    """Whether this node is `os.environ` or its kin, or imports one of them by name."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and any(alias.name in READERS for alias in node.names)
    return isinstance(node, ast.Attribute) and node.attr in READERS


def readers() -> set[str]:
    """The files of the product that read it."""
    return {
        place(path, node).rpartition(":")[0]
        for path in python_files("app", "reports", "migrations")
        for node in nodes(path)
        if reads_the_environment(node)
    }


def test_only_the_settings_read_the_environment() -> None:
    assert readers() == {SETTINGS}


@pytest.mark.parametrize("line", ["os.environ['A']", "os.getenv('A')", "from os import environ"])
def test_the_search_finds_a_reader(line: str) -> None:
    assert any(map(reads_the_environment, ast.walk(ast.parse(line))))

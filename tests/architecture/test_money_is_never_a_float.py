"""The builtin `float` is used nowhere in the product: money and rates are exact.

Linters do not catch it, because it is a builtin. What must be a float for someone else's sake
stands in ALLOWED, with the reason.
"""

import ast
from typing import Final

import pytest

from tests.architecture.source import ROOT, nodes, place, python_files

ALLOWED: Final[dict[str, str]] = {
    "app/imports/files/cell_lines.py": "here the doubles of a workbook become exact decimals",
}


def uses_of_float(node: ast.AST) -> bool:
    """Whether this node names `float`. (Ruff refuses a literal in `Decimal(0.1)`: RUF032.)"""
    return isinstance(node, ast.Name) and node.id == "float"


def test_no_float_in_the_product() -> None:
    found = [
        place(path, node)
        for path in python_files("app", "reports", "verifier")
        if str(path.relative_to(ROOT)) not in ALLOWED
        for node in nodes(path)
        if uses_of_float(node)
    ]
    assert found == []


def test_the_allow_list_names_only_files_that_need_it() -> None:
    idle = [name for name in ALLOWED if not any(map(uses_of_float, nodes(ROOT / name)))]
    assert idle == []


@pytest.mark.parametrize("line", ["x = float('1')", "x: float", "isinstance(x, float)"])
def test_the_search_finds_a_float(line: str) -> None:
    assert any(map(uses_of_float, ast.walk(ast.parse(line))))

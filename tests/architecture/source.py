"""The project's own source, as the architecture tests read it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders, in order.

    A folder without any is an error: a test that reads nothing proves nothing.
    """
    files: list[Path] = []
    for folder in folders:
        found = sorted((ROOT / folder).rglob("*.py"))
        assert found, f"{folder} holds no Python file"
        files += found
    return files


def project() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def nodes(path: Path) -> Iterator[ast.AST]:
    """The syntax tree of one file, node by node."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def place(path: Path, node: ast.AST) -> str:
    """Where a reader finds it: `app/fx/domain.py:12`."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def imported_modules(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Each module that the file imports, anywhere in it, with the node that does."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node, node.module

"""run.py works on a fresh machine: nothing installed, perhaps an old Python, one command."""

import ast
import subprocess
import sys
from typing import Final

import pytest

import run
from tests.architecture.source import ROOT, imported_modules

RUN: Final = ROOT / "run.py"


def test_it_needs_nothing_but_the_standard_library() -> None:
    modules = {module.partition(".")[0] for _, module in imported_modules(RUN)}
    assert sorted(modules - sys.stdlib_module_names) == []


def test_an_old_python_can_read_it_as_far_as_the_refusal() -> None:
    body = ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 7)).body
    docstring, first_import, refusal = body[:3]
    assert isinstance(docstring, ast.Expr)
    assert ast.unparse(first_import) == "import sys"
    assert ast.unparse(refusal).startswith("if sys.version_info < (3, 11):\n    sys.exit(")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["-m", "not slow"]),
        (["tests/fx", "-q"], ["-m", "not slow"]),
        (["-m", "slow"], []),
        (["-mslow"], []),
    ],
)
def test_slow_tests_run_when_asked_for(arguments: list[str], expected: list[str]) -> None:
    assert run.test_selection(arguments) == expected


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["fly"], 2), (["--help"], 0)])
def test_it_says_how_to_use_it(arguments: list[str], code: int) -> None:
    finished = subprocess.run(
        [sys.executable, RUN, *arguments], capture_output=True, text=True, check=False
    )
    assert finished.returncode == code
    assert "python3 run.py demo" in finished.stdout + finished.stderr

"""Promise: the steps are one line, dated, and each says what it does."""

import ast
import re
from pathlib import Path

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from app.db import MIGRATIONS

NAME = re.compile(r"20\d\d-[01]\d-[0-3]\d_[0-2]\d[0-5]\d_[a-z0-9]+(_[a-z0-9]+)*\.py")


def scripts() -> list[Script]:
    """First step first."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return list(ScriptDirectory.from_config(config).walk_revisions())[::-1]


def test_there_is_one_line_of_steps_from_one_base_to_one_head() -> None:
    steps = scripts()
    assert [step.down_revision for step in steps] == [
        None, *(step.revision for step in steps[:-1]),
    ]  # fmt: skip
    assert [step.revision for step in steps if step.is_head] == [steps[-1].revision]


def test_file_names_are_dated_and_stand_in_the_order_of_the_steps() -> None:
    names = [Path(step.path).name for step in scripts()]
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert names == sorted(names)


def test_every_step_says_what_it_does_and_can_be_taken_back() -> None:
    for step in scripts():
        tree = ast.parse(Path(step.path).read_text(encoding="utf-8"))
        docstring = ast.get_docstring(tree) or ""
        assert f"Revision: {step.revision}" in docstring, step.path
        functions = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
        assert {"upgrade", "downgrade"} <= functions, step.path

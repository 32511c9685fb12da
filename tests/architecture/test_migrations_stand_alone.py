"""A migration never imports the product: it must do for ever what it did when it was written."""

import re
from typing import Final

from tests.architecture.source import ROOT, imported_modules, place, python_files

OURS: Final = frozenset({"app", "reports", "tests", "migrations"})
DATED: Final = re.compile(r"^\d{4}-\d{2}-\d{2}_\d{4}_[a-z0-9_]+\.py$")


def test_no_migration_imports_the_product() -> None:
    found = [
        place(path, node)
        for path in python_files("migrations/versions")
        for node, module in imported_modules(path)
        if module.partition(".")[0] in OURS
    ]
    assert found == []


def test_each_migration_is_named_by_its_date() -> None:
    names = {path.name for path in (ROOT / "migrations/versions").glob("*.py")} - {"__init__.py"}
    assert sorted(name for name in names if not DATED.match(name)) == []

"""The rooms keep their order: the import rules of pyproject.toml hold, and no room escapes them."""

import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, Final

import grimp
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT, project

# Sums belong in SQL, and whoever checks the tables has to read them all.
QUERIES_ACROSS_ROOMS: Final = ("app.totals.store", "app.audit.store")


def contract(contract_id: str) -> dict[str, Any]:
    """One import rule, by its id."""
    contracts: list[dict[str, Any]] = project()["tool"]["importlinter"]["contracts"]
    return next(rule for rule in contracts if rule["id"] == contract_id)


@cache
def imports() -> grimp.ImportGraph:
    """Who imports whom, third parties and the standard library included."""
    return grimp.build_graph(
        "app", "reports", "verifier", include_external_packages=True, cache_dir=None
    )


def room_of(module: str) -> str:
    """`app.pledges.store` stands in `app.pledges`."""
    return ".".join(module.split(".")[:2])


def test_the_import_rules_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_every_room_has_its_place_in_the_order() -> None:
    layers = " | ".join(contract("rooms")["layers"])
    placed = {name.strip(" ()") for name in layers.split("|")}
    assert sorted(imports().find_children("app") - placed) == []


def test_the_kernel_imports_only_itself_and_the_standard_library() -> None:
    kernel = {"app.kernel", *imports().find_descendants("app.kernel")}
    imported = {
        name for module in kernel for name in imports().find_modules_directly_imported_by(module)
    }
    foreign = {
        name for name in imported - kernel if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert sorted(foreign) == []


def test_the_verifier_imports_only_itself_the_standard_library_and_cryptography() -> None:
    graph = imports()
    verifier = {"verifier", *graph.find_descendants("verifier")}
    imported = {
        name.partition(".")[0]
        for module in verifier
        for name in graph.find_modules_directly_imported_by(module)
    }
    allowed = {"verifier", "cryptography", *sys.stdlib_module_names}
    assert sorted(imported - allowed) == []


def test_the_kernel_rule_names_every_dependency() -> None:
    needed = {
        canonicalize_name(Requirement(line).name) for line in project()["project"]["dependencies"]
    }
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if not module.startswith("_") and needed & set(map(canonicalize_name, distributions))
    }
    assert sorted(modules - set(contract("pure-kernel")["forbidden_modules"])) == []


def test_rooms_meet_through_service_and_domain() -> None:
    graph = imports()
    behind = [name for name in graph.modules if name.split(".")[2:3] in (["store"], ["tables"])]
    trespasses = [
        f"{importer} -> {module}"
        for module in behind
        for importer in graph.find_modules_that_directly_import(module)
        if room_of(importer) != room_of(module) and not importer.startswith(QUERIES_ACROSS_ROOMS)
    ]
    assert sorted(trespasses) == []

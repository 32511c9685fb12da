"""The lock files install the same anywhere: each package pinned, hashed, and from no named host."""

import re
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.architecture.source import ROOT, project

EVERYTHING: Final = ROOT / "requirements.lock"
RUNTIME: Final = ROOT / "requirements-runtime.lock"
LOCKS: Final = pytest.mark.parametrize("lock", [EVERYTHING, RUNTIME], ids=lambda path: path.name)

PIN: Final = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z0-9,_-]+\])?==(?P<version>\S+)(?P<rest>.*)$"
)
# An address, an installer option, a path of somebody's machine, or a file in place of a name.
FOREIGN: Final = re.compile(r"://|^\s*-[a-z]|--(?!hash=)[a-z-]*(index|find|host)|(^|\s)/\w| @ ")


def pins(lock: Path) -> dict[str, Version]:
    """The packages of a lock file, by normalised name."""
    matches = (PIN.match(line) for line in lock.read_text(encoding="utf-8").splitlines())
    return {canonicalize_name(m["name"]): Version(m["version"]) for m in matches if m}


def runtime_requirements() -> list[Requirement]:
    """What the product needs when it runs."""
    return [Requirement(line) for line in project()["project"]["dependencies"]]


def developers_requirements() -> list[Requirement]:
    """What the tests and checks need besides."""
    return [Requirement(line) for line in project()["dependency-groups"]["dev"]]


def unmet(requirements: list[Requirement], lock: Path) -> list[str]:
    """The requirements that the lock does not pin at a version that suits them."""
    pinned = pins(lock)
    return [
        str(requirement)
        for requirement in requirements
        if (version := pinned.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]


@LOCKS
def test_a_lock_names_no_host_and_no_machine(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and FOREIGN.search(line)] == []
    assert [line for line in lines if "://" in line] == []


@LOCKS
def test_each_package_of_a_lock_has_a_hash(lock: Path) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8"))[1:]
    # A package may be pinned twice, for older and for newer versions of Python.
    assert {canonicalize_name(entry.split("==")[0].split("[")[0]) for entry in entries} == set(
        pins(lock)
    )
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_is_in_step_with_the_project() -> None:
    assert unmet(runtime_requirements() + developers_requirements(), EVERYTHING) == []


def test_the_image_gets_what_the_product_needs_and_no_tool_of_the_developers() -> None:
    assert unmet(runtime_requirements(), RUNTIME) == []
    runtime_names = {canonicalize_name(needed.name) for needed in runtime_requirements()}
    tools = {canonicalize_name(tool.name) for tool in developers_requirements()} - runtime_names
    assert sorted(tools & pins(RUNTIME).keys()) == []


def test_both_locks_pin_the_same_versions() -> None:
    everything = pins(EVERYTHING)
    assert {name: everything.get(name) for name in pins(RUNTIME)} == pins(RUNTIME)

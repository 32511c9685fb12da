"""The image holds what the service needs and nothing that helps an intruder."""

import json
import re
from typing import Final

import pytest

from tests.architecture.source import ROOT

BUILD_TOOLS: Final = re.compile(r"\b(apt-get|apk|gcc|g\+\+|build-essential|pip|uv|curl|wget|git)\b")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), continuation lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    joined = lines.replace("\\\n", " ").splitlines()
    words = [line.split(maxsplit=1) for line in joined if line.strip()]
    return [(name, " ".join(arguments.split())) for name, arguments in words]


def final_stage() -> list[tuple[str, str]]:
    """What becomes the image: the instructions from the last FROM on."""
    everything = instructions()
    start = max(index for index, (name, _) in enumerate(everything) if name == "FROM")
    return everything[start:]


def the_only(instruction: str) -> str:
    """The arguments of an instruction that the final stage gives once."""
    (arguments,) = [given for name, given in final_stage() if name == instruction]
    return arguments


def test_it_is_built_in_stages() -> None:
    assert [name for name, _ in instructions()].count("FROM") == 2


def test_it_runs_as_a_numbered_user_who_is_not_root() -> None:
    assert the_only("USER") == "10001:10001"


def test_it_tells_whether_it_is_well() -> None:
    assert "/healthz" in the_only("HEALTHCHECK")


@pytest.mark.parametrize("instruction", ["CMD", "HEALTHCHECK"])
def test_its_commands_need_no_shell(instruction: str) -> None:
    command = json.loads(the_only(instruction).partition("CMD ")[2] or the_only(instruction))
    assert command[0] in {"aidledger", "python"}


def test_its_python_check_is_python() -> None:
    command = json.loads(the_only("HEALTHCHECK").partition("CMD ")[2])
    compile(command[2], "healthcheck", "exec")


def test_it_stops_on_the_signal_that_ends_requests_gracefully() -> None:
    assert the_only("STOPSIGNAL") == "SIGTERM"


def test_it_installs_nothing_in_the_final_stage() -> None:
    assert [
        line for name, line in final_stage() if name == "RUN" and BUILD_TOOLS.search(line)
    ] == []


def test_it_takes_only_the_environment_from_the_build() -> None:
    assert [line for name, line in final_stage() if name in {"COPY", "ADD"}] == [
        "--from=build /venv /venv"
    ]


def test_what_the_build_installs_is_checked_by_hash() -> None:
    installs = [
        command
        for name, line in instructions()
        if name == "RUN"
        for command in line.split("&&")
        if "pip install" in command
    ]
    local = [command for command in installs if "--no-index" in command]
    assert [command for command in installs if "--require-hashes" not in command] == local


def test_every_file_it_copies_is_in_the_build_context() -> None:
    """The ignore file lets in what it names, so a new COPY needs a line there too."""
    allowed = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    copied = {
        source
        for name, line in instructions()
        if name == "COPY" and not line.startswith("--from")
        for source in line.split()[:-1]
    }
    assert sorted(copied - allowed) == []
    assert sorted(source for source in copied if not (ROOT / source).exists()) == []


def test_the_compose_file_has_no_default_password() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    given = re.findall(r"\$\{[^}]+\}", text)
    assert given
    assert [each for each in given if ":?" not in each] == []


def test_the_compose_file_publishes_on_loopback_only() -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    ports = re.findall(r"ports: \[(.+)\]", text)
    assert ports
    assert [port for port in ports if not port.startswith('"127.0.0.1:')] == []

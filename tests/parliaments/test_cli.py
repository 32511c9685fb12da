"""``aidledger import legislation``: what it prints, what it records, how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import cli
from app.cli.tools import Tools
from app.settings import Settings
from tests.clock import StoppedClock
from tests.parliaments import build


@pytest.fixture
def command(
    fresh_database_url: Callable[[bool], str], clock: StoppedClock
) -> Callable[..., Result]:
    url = fresh_database_url(False)

    def run(*arguments: object) -> Result:
        tools = Tools(Settings(database_url=url), clock)
        try:
            return CliRunner().invoke(
                cli, ["import", "legislation", *map(str, arguments)], obj=tools
            )
        finally:
            tools.close()

    return run


def write(folder: Path, content: bytes, name: str = "bill.xml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_file_is_recorded_once(command: Callable[..., Result], tmp_path: Path) -> None:
    path = write(tmp_path, build.bill_status("3.0.0").content)
    first = command(path, "--dry-run")
    assert first.exit_code == 0
    assert first.output.startswith(
        "US/117/H.R. 7691 (new): 8 new, 0 unchanged, 0 different, 0 withdrawn; nothing recorded\n"
    )
    assert "; revision 1\n" in command(path, "--vehicle", "US/117/H.R. 7691").output
    assert command(path).output.startswith("US/117/H.R. 7691: 0 new, 8 unchanged")


def test_pages_of_the_api_are_one_import(command: Callable[..., Result], tmp_path: Path) -> None:
    paths = [
        write(tmp_path, one.content, f"{index}.json")
        for index, one in enumerate(
            [
                build.api_page(build.ROWS[7:], count=14),
                build.api_bill(),
                build.api_page(build.ROWS[:7], count=14, offset=7),
            ]
        )
    ]
    answer = json.loads(command(*paths, "--json").output)
    assert (answer["new"], answer["revision"], answer["findings"]) == (8, 1, [])
    assert [one["code"] for one in answer["suggestions"]] == ["names-recipient"]


def test_what_is_wrong_is_told_with_its_place_and_an_exit_code(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    path = write(tmp_path, build.bill_status("3.0.0").content.replace(b"2022-05-16", b"16 May"))
    result = command(path)
    assert result.exit_code == 65
    assert "nothing recorded" in result.output
    assert "bill.xml: line 18: A date is 2023-11-14" in result.output
    answer = json.loads(command(path, "--json").output)
    assert [(one["code"], one["place"]) for one in answer["findings"]] == [
        ("invalid-date", "line 18")
    ]


def test_a_name_that_is_none_is_a_usage_error(
    command: Callable[..., Result], tmp_path: Path
) -> None:
    path = write(tmp_path, b"x")
    assert command(path, "--vehicle", "H.R. 815").exit_code == 2
    assert command(path, "--vehicle", "XX/118/H.R. 815").exit_code == 2

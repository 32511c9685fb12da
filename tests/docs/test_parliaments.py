"""docs/parliaments.md tells the truth: its example is read, its columns and schemes are those that there are."""

import re
from pathlib import Path

from app.parliaments.domain.codes import FOLDER, Scheme
from app.parliaments.domain.own import COLUMNS, SCHEMA
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports

DOC = Path(__file__).resolve().parents[2] / "docs" / "parliaments.md"
TEXT = DOC.read_text(encoding="utf-8")


def test_the_example_is_a_file_that_is_read_without_a_finding() -> None:
    example = re.findall(r"```\n(on,.*?)```", TEXT, re.DOTALL)[0]
    reading = read_reports([SourceFile("example.csv", example.encode())])
    assert reading.findings == ()
    assert len(reading.actions) == 3


def test_every_column_is_explained() -> None:
    lines = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    told = {name for line in lines for name in re.findall(r"`([a-z_]+)`", line)}
    assert sorted(set(COLUMNS) - told) == []
    assert SCHEMA in TEXT


def test_every_table_is_linked_and_there() -> None:
    linked = set(re.findall(r"codes/([a-z_]+)\.csv\)|\(\.\./[^)]*/([a-z_]+)\.csv", TEXT))
    names = {first or second for first, second in linked} | set(
        re.findall(r"`([a-z_]+)\.csv`", TEXT)
    )
    assert {*Scheme, "congress_texts"} <= names
    for name in names:
        assert (FOLDER / f"{name}.csv").is_file()


def test_every_finding_that_the_readers_make_is_explained() -> None:
    room = DOC.parents[1] / "app" / "parliaments"
    files = [path for path in sorted(room.rglob("*.py")) if path.name != "cli.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|doctype)"', source))
    # Words with a hyphen that are no code of a finding.
    codes -= {"utf-8", "utf-8-sig"}
    codes -= {
        word
        for word in codes
        if re.fullmatch(
            r"(?:house|senate)-(?:bill|joint-resolution|concurrent-resolution|resolution)", word
        )
    }
    assert sorted(code for code in codes if f"`{code}`" not in TEXT) == []

"""Promise: who holds a bundle and a key can check a ledger with one command, offline; what was changed is named.

The demo facts, taken in by two imports and signed after each of them, all through the real command.
"""

import json
import re
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from app.db import Database
from app.imports import fact_files as imports
from app.settings import Settings
from tests.cli.conftest import Run
from tests.notary import Notary
from tests.tampering import tamper
from tests.verifier.packing import changed, unzipped, zipped

ENTRIES: Final = "tile/entries/000.p/233"
REQUESTS: Final = imports.FACTS / "legislative_requests.json"
PLEDGES: Final = imports.FACTS / "pledges.csv"


@dataclass(frozen=True)
class Handed:
    """What an operator hands out: a folder with the files, and the key."""

    folder: Path
    key: str

    def verify(self, run: Run, bundle: str = "ledger.zip", **options: str) -> tuple[int, str, str]:
        """`aidledger verify --bundle` with files of the folder."""
        given = [word for name, file in options.items() for word in (f"--{name}", self.path(file))]
        return run("verify", "--bundle", self.path(bundle), "--key", self.key, *given)

    def path(self, name: str) -> str:
        """Where a file is."""
        return str(self.folder / name)

    def write(self, name: str, content: bytes) -> str:
        """One more file."""
        (self.folder / name).write_bytes(content)
        return name


def fill(run: Run, facts: Path) -> bytes:
    """Take facts in and sign; what was signed."""
    assert run("import", str(facts))[0] == 0
    assert run("log", "sign")[0] == 0
    return run("log", "checkpoint")[1].encode()


def choose(monkeypatch: pytest.MonkeyPatch, folder: Path, ledger: str) -> None:
    """From now on commands are about this ledger."""
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", f"sqlite:///{folder}/{ledger}.db")
    monkeypatch.setenv("AIDLEDGER_LOG_CHECKPOINT_FILE", str(folder / f"{ledger}.signed"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Handed]:
    """Handed out once, by the test that comes first."""
    return {}


@pytest.fixture
def handed(
    first: dict[str, Handed],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    command: Run,
    _sqlite_templates: Callable[[bool], Path],
) -> Handed:
    """The demo facts as `ledger.zip`, `older` and `newest` checkpoints, `forked` by the same key, `summary.xlsx`."""
    if "demo" in first:
        return first["demo"]
    folder = tmp_path_factory.mktemp("handed")
    monkeypatch.setenv("AIDLEDGER_LOG_KEY_FILE", str(folder / "key"))
    for name in ("ledger", "other"):
        shutil.copyfile(_sqlite_templates(True), folder / f"{name}.db")
    choose(monkeypatch, folder, "other")
    made = Handed(folder, command("log", "keygen")[1].strip())
    made.write("forked", fill(command, REQUESTS))
    choose(monkeypatch, folder, "ledger")
    made.write("older", fill(command, PLEDGES))
    made.write("newest", fill(command, imports.FACTS))
    assert command("log", "bundle", "--out", made.path("ledger.zip"))[0] == 0
    assert command("export", "summary", "--out", made.path("summary.xlsx"))[0] == 0
    first["demo"] = made
    return made


@pytest.fixture
def _offline(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """No database, no network."""

    def refuse(*_given: object) -> None:
        pytest.fail("somebody wants to be connected")

    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.delenv("AIDLEDGER_LOG_KEY_FILE", raising=False)
    monkeypatch.delenv("AIDLEDGER_LOG_CHECKPOINT_FILE", raising=False)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


pytestmark = pytest.mark.usefixtures("_offline")


def test_a_bundle_is_checked_offline(handed: Handed, command: Run) -> None:
    code, output, errors = handed.verify(command)
    assert (code, errors) == (0, "")
    assert "revision 233" in output
    assert "all 233 entries are those that were signed" in output


def test_a_changed_entry_is_exit_code_1_and_its_revision_named(
    handed: Handed, command: Run
) -> None:
    whole = Path(handed.path("ledger.zip")).read_bytes()
    place = len(unzipped(whole)[ENTRIES]) // 2
    entries = unzipped(whole)[ENTRIES]
    at = entries.index(b'"amount":"', place) + len(b'"amount":"')
    spoilt = changed(whole, ENTRIES, lambda old: old[:at] + bytes([old[at] ^ 1]) + old[at + 1 :])
    code, output, _ = handed.verify(command, handed.write("spoilt.zip", spoilt))
    assert code == 1
    assert output.startswith(f"Mismatch in revision {revision_at(entries, at)}: ")


def revision_at(entries: bytes, place: int) -> int:
    """The entry that this byte of a file of entries belongs to."""
    revision, start = 0, 0
    while start <= place:
        start += 2 + int.from_bytes(entries[start : start + 2])
        revision += 1
    return revision


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _whole: b"",
        lambda _whole: b"garbage",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: zipped({**unzipped(whole), "further": b""}),
        lambda whole: changed(whole, "manifest.json", lambda _old: b"{}"),
        lambda whole: changed(whole, "totals.json", lambda old: old + b" ", redigest=False),
    ],
)
def test_what_is_no_bundle_is_exit_code_2(
    handed: Handed, command: Run, spoil: Callable[[bytes], bytes]
) -> None:
    whole = Path(handed.path("ledger.zip")).read_bytes()
    code, output, errors = handed.verify(command, handed.write("garbage.zip", spoil(whole)))
    assert (code, output) == (2, "")
    assert errors.startswith("Malformed: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--bundle", "nowhere.zip", "--key", "k"),
        ("--bundle", "ledger.zip"),
        ("--bundle", "ledger.zip", "--key", "k"),
        ("--since", "older"),
        ("--key", "k"),
        ("--workbook", "summary.xlsx"),
        ("--bundle", "ledger.zip", "--key", "", "--since", "ledger.zip"),
    ],
)
def test_what_cannot_be_meant_is_exit_code_2(
    handed: Handed, command: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(handed.folder)
    assert command("verify", *arguments)[0] == 2


def test_another_key_is_exit_code_1(handed: Handed, command: Run) -> None:
    code, output, _ = Handed(handed.folder, Notary("aidledger.local/log").vkey).verify(command)
    assert (code, "no signature of the key" in output) == (1, True)


@pytest.mark.parametrize("since", ["older", "newest"])
def test_the_log_continues_what_was_signed_before(handed: Handed, command: Run, since: str) -> None:
    size = Path(handed.path(since)).read_text().split("\n")[1]
    code, output, _ = handed.verify(command, since=since)
    assert (code, f"continues the older checkpoint of revision {size}." in output) == (0, True)


def test_a_forked_log_is_exit_code_1(handed: Handed, command: Run) -> None:
    code, output, _ = handed.verify(command, since="forked")
    assert code == 1
    assert output.startswith("Mismatch in one of the revisions 1 to 42: ")


def change_result(source: str, target: str, address: str) -> None:
    """Add one to the result that is written beside the formula of a donor's pledged total."""
    formula = (
        rb'(<c r="%b"[^>]*><f>[^<]*"Pledged"[^<]*DonorTotals[^<]*</f><v>)(\d+)' % address.encode()
    )
    changed = 0
    with ZipFile(source) as before, ZipFile(target, "w") as after:
        for name in before.namelist():
            part, found = re.subn(
                formula, lambda m: m[1] + str(int(m[2]) + 1).encode(), before.read(name)
            )
            changed += found
            after.writestr(name, part)
    assert changed == 1


def test_the_workbook_of_the_ledger_is_checked_and_a_changed_figure_named(
    handed: Handed, command: Run
) -> None:
    code, output, _ = handed.verify(command, workbook="summary.xlsx")
    assert (code, "Workbook of revision 233: " in output) == (0, True)
    book = load_workbook(handed.path("summary.xlsx"))
    [cell] = [row[2] for row in book["By donor"].iter_rows() if row[1].value == "DE"]
    change_result(handed.path("summary.xlsx"), handed.path("changed.xlsx"), cell.coordinate)
    code, output, _ = handed.verify(command, workbook="changed.xlsx")
    assert (code, output.startswith("Mismatch: By donor, DE, Pledged: ")) == (1, True)


def test_findings_come_as_json_too(handed: Handed, command: Run) -> None:
    code, output, _ = command(
        "verify", "--json", "--bundle", handed.path("ledger.zip"), "--key", handed.key
    )
    assert (code, json.loads(output)["revision"]) == (0, 233)


# ----------------------------------------------------------------------------------- writing a bundle


@pytest.fixture
def ledger(handed: Handed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _offline: None) -> Path:
    """A copy of the ledger, to do with as one likes."""
    path = tmp_path / "copy.db"
    shutil.copyfile(handed.path("ledger.db"), path)
    monkeypatch.setenv("AIDLEDGER_DATABASE_URL", f"sqlite:///{path}")
    return path


def test_a_checkpoint_has_one_bundle(
    handed: Handed, command: Run, ledger: Path, tmp_path: Path
) -> None:
    out = tmp_path / "again.zip"
    assert command("log", "bundle", "--out", str(out))[0] == 0
    assert out.read_bytes() == Path(handed.path("ledger.zip")).read_bytes()
    assert [one.name for one in tmp_path.glob("again*")] == ["again.zip"]


def test_an_older_checkpoint_has_its_own(handed: Handed, command: Run, ledger: Path) -> None:
    size = Path(handed.path("older")).read_text().split("\n")[1]
    out = handed.path("small.zip")
    code, _, errors = command("log", "bundle", "--out", out, "--size", size)
    assert (code, errors.endswith(f"revision {size}\n")) == (0, True)
    assert handed.verify(command, "small.zip")[0] == 0
    assert handed.verify(command, "small.zip", since="newest")[0] == 1
    code, _, errors = command("log", "bundle", "--out", out, "--size", "3")
    assert (code, "No checkpoint of this size is signed" in errors) == (65, True)


def test_nothing_signed_has_no_bundle(run: Run, tmp_path: Path) -> None:
    code, _, errors = run("log", "bundle", "--out", str(tmp_path / "none.zip"))
    assert (code, errors) == (65, "The log has no signed checkpoint yet.\n")
    assert list(tmp_path.glob("none*")) == []


# ------------------------------------------------------------------------------------ the live ledger


def test_the_database_itself_is_checked(handed: Handed, command: Run, ledger: Path) -> None:
    code, output, _ = command("verify")
    assert code == 0
    assert output == "Revision 233: every entry, posting, sum and version is as recorded.\n"
    code, output, _ = command("verify", "--since", handed.path("older"), "--key", handed.key)
    assert code == 0


def test_a_fault_in_the_database_is_exit_code_1_and_named(
    handed: Handed, command: Run, ledger: Path, spoil: Callable[..., None]
) -> None:
    spoil("DROP TRIGGER posting_no_update", "UPDATE posting SET amount = 1 WHERE revision = 57")
    code, output, _ = command("verify")
    assert code == 1
    assert output.splitlines()[1].startswith("Revision 57: posting 57, line 1: ")
    code, output, _ = command("verify", "--json")
    assert (code, json.loads(output)["first"][0]["revision"]) == (1, 57)


@pytest.fixture
def spoil(ledger: Path) -> Callable[..., None]:
    """Changes the ledger past the program."""

    def spoil(*statements: str) -> None:
        database = Database(Settings(database_url=f"sqlite:///{ledger}"))
        with database.transaction() as session:
            tamper(session, *statements)
        database.dispose()

    return spoil


def test_what_the_database_says_is_held_to_the_checkpoint_that_somebody_kept(
    handed: Handed, command: Run, monkeypatch: pytest.MonkeyPatch, ledger: Path
) -> None:
    code, output, _ = command("verify", "--since", handed.path("forked"), "--key", handed.key)
    assert (code, "entries 1 to 42" in output) == (1, True)
    # The signer's own memory is such a checkpoint; it needs no key, for its place is trusted.
    monkeypatch.setenv("AIDLEDGER_LOG_CHECKPOINT_FILE", handed.path("forked"))
    code, output, _ = command("verify")
    assert (code, "entries 1 to 42" in output) == (1, True)
    monkeypatch.setenv("AIDLEDGER_LOG_CHECKPOINT_FILE", handed.path("newest"))
    assert command("verify")[0] == 0
    monkeypatch.setenv("AIDLEDGER_LOG_CHECKPOINT_FILE", handed.path("key"))
    assert command("verify")[0] == 2


def test_a_database_that_cannot_be_read_is_exit_code_2(command: Run, ledger: Path) -> None:
    content = bytearray(ledger.read_bytes())
    content[4096 : 4096 * 40] = bytes(4096 * 39)
    ledger.write_bytes(content)
    assert command("verify")[0] == 2
    ledger.write_bytes(b"no database at all " * 1_000)
    code, _, errors = command("verify")
    assert (code, errors.startswith("Malformed: The database cannot be read: ")) == (2, True)

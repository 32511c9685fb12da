"""Promise: a ledger that is not the one that was signed is read and not written, and says so."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient

from app.access.domain import Role
from app.cli.importing import run_facts
from app.cli.tools import Tools
from app.db import Database
from app.imports import fact_files as imports
from app.imports.domain.facts import Layout
from app.settings import Settings
from app.transparency.errors import LogRollbackDetectedError
from app.transparency.guard import LogGuard
from app.transparency.signer import Signer
from tests import postgres
from tests.application import make_app
from tests.client import PLEDGE, Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.transparency.build import append, leaves, signer
from tests.transparency.test_signing import cut_to, unguarded

_serial = count()
CODE = "log-rollback-detected"


@pytest.fixture
def copy(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[Database], Database]]:
    """Makes a backup of a ledger that stands still."""
    made: list[tuple[Database, str | None]] = []

    def make(database: Database) -> Database:
        database.dispose()
        name = f"aidledger_backup_{os.getpid()}_{next(_serial)}"
        url = make_url(database.url)
        if engine_name == "sqlite":
            path = tmp_path / f"{name}.db"
            shutil.copyfile(str(url.database), path)
            backup = Database(Settings(database_url=f"sqlite:///{path}"))
            made.append((backup, None))
        else:
            server = request.getfixturevalue("postgres_server")
            postgres.execute(server, f"CREATE DATABASE {name} TEMPLATE {url.database}")
            address = url.set(database=name).render_as_string(hide_password=False)
            backup = Database(Settings(database_url=address))
            made.append((backup, name))
        return backup

    yield make
    for backup, name in made:
        backup.dispose()
        if name:
            server = request.getfixturevalue("postgres_server")
            postgres.execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def served(database: Database, clock: StoppedClock, memory: Path | None) -> Iterator[Api]:
    """The application, started on this ledger."""
    key = make_key(database, clock, Role.ADMIN)
    url = database.url.render_as_string(hide_password=False)
    app = make_app(Settings(database_url=url, log_checkpoint_file=memory), clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, key)


def assert_refused(api: Api, why: str) -> None:
    """Reads are served, writes are not, and both the answer and /readyz say why."""
    for method, path, body in (
        ("POST", "/v1/pledges", dict(PLEDGE)),
        ("POST", "/v1/api-keys", {"name": "x", "role": "reader"}),
    ):
        answer = api.client.request(method, path, json=body, headers=api.headers)
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"] == f"/problems/{CODE}"
        assert why in answer.json()["detail"]
        assert answer.headers["Retry-After"]
    ready = api.client.get("/readyz")
    assert (ready.status_code, ready.json()["reason"]) == (503, CODE)
    assert why in ready.json()["detail"]
    assert api.client.get("/healthz").status_code == 200
    for path in ("/v1/pledges", "/v1/totals?measure=committed&by=donor", "/v1/entries"):
        assert api.client.get(path).status_code == 200


def assert_served(api: Api) -> None:
    api.record_pledge()
    assert api.client.get("/readyz").status_code == 200


def test_an_older_backup_is_read_and_not_written(
    database: Database,
    clock: StoppedClock,
    tmp_path: Path,
    copy: Callable[[Database], Database],
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    backup = copy(database)
    append(database, clock, 3)
    one.sign()
    with served(database, clock, one.file.path) as api:
        assert_served(api)
    with served(backup, clock, one.file.path) as api:
        assert_refused(api, "has 10 entries, but 13 were signed")


def test_a_backup_that_went_on_by_itself_is_read_and_not_written(
    database: Database,
    clock: StoppedClock,
    tmp_path: Path,
    copy: Callable[[Database], Database],
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    backup = copy(database)
    append(database, clock, 3)
    one.sign()
    append(backup, clock, 8, word="another history")
    with served(backup, clock, one.file.path) as api:
        assert_refused(api, "first 13 entries are not those")


def test_a_backup_that_holds_all_that_was_signed_is_served(
    database: Database,
    clock: StoppedClock,
    tmp_path: Path,
    copy: Callable[[Database], Database],
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    append(database, clock, 2)
    backup = copy(database)
    append(database, clock, 3)
    with served(backup, clock, one.file.path) as api:
        assert_served(api)


def test_an_import_is_refused_too(database: Database, clock: StoppedClock, tmp_path: Path) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 4)
    settings = Settings(
        database_url=database.url.render_as_string(hide_password=False),
        log_checkpoint_file=one.file.path,
    )
    tools = Tools(settings, clock)
    with pytest.raises(LogRollbackDetectedError, match="has 4 entries"):
        run_facts(tools, imports.FACTS, Layout.FACTS, "tests", dry_run=False)
    tools.close()


def test_an_entry_that_was_replaced_is_noticed_at_the_start(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    unguarded(
        database, "UPDATE entry SET leaf_hash = (SELECT leaf_hash FROM entry WHERE revision = 1)"
        " WHERE revision = 4",
    )  # fmt: skip
    with served(database, clock, one.file.path) as api:
        assert_refused(api, "first 10 entries are not those")


@pytest.mark.parametrize("signed", [False, True])
def test_a_ledger_that_nothing_contradicts_is_served(
    database: Database, clock: StoppedClock, tmp_path: Path, signed: bool
) -> None:
    append(database, clock, 2)
    one = signer(database, clock, tmp_path)
    if signed:
        one.sign()
    with served(database, clock, one.file.path) as api:
        assert_served(api)
    with served(database, clock, None) as api:
        assert_served(api)


def test_without_a_file_nothing_is_compared(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 5)
    cut_to(database, 2)
    with served(database, clock, None) as api:
        assert_served(api)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_no_permission(
    database: Database, clock: StoppedClock, tmp_path: Path, content: bytes
) -> None:
    append(database, clock, 2)
    (tmp_path / "last.checkpoint").write_bytes(content)
    with served(database, clock, tmp_path / "last.checkpoint") as api:
        assert_refused(api, "cannot be read")
        # Where the file is, is nobody's business.
        assert str(tmp_path) not in api.post("/v1/pledges", dict(PLEDGE)).text


def test_a_place_that_may_not_be_looked_at_is_no_permission(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 2)
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with served(database, clock, tmp_path / "file" / "last.checkpoint") as api:
        assert_refused(api, "cannot be read")


def test_a_running_service_compares_again_when_something_new_is_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    with served(database, clock, one.file.path) as api:
        assert_served(api)
        signed = one.sign()
        assert signed is not None
        assert signed.checkpoint.size == 11
        assert_served(api)
        # Somebody signs for more than there is: the same file, but another ledger.
        forged = replace(signed.checkpoint, size=99)
        one.file.keep(
            replace(signed, note=signed.note.replace("\n11\n", "\n99\n"), checkpoint=forged)
        )
        assert_refused(api, "has 12 entries, but 99 were signed")


def test_a_refusal_stays_until_the_process_is_started_again(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    signed = one.sign()
    assert signed is not None
    cut_to(database, 4)
    with served(database, clock, one.file.path) as api:
        assert_refused(api, "has 4 entries, but 10")
        append(database, clock, 30)
        one.file.path.unlink()
        assert_refused(api, "has 4 entries, but 10")


def test_between_two_checkpoints_a_write_asks_the_database_nothing(
    database: Database, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, clock, 3)
    one = signer(database, clock, tmp_path)
    one.sign()
    guard = LogGuard(database, one.file.path)
    guard.start()

    def reading() -> None:
        message = "it asked"
        raise AssertionError(message)

    monkeypatch.setattr(database, "reading", reading)
    for _ in range(3):
        guard.check_write()


def test_a_database_that_is_away_at_the_start_is_asked_by_the_first_write(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 10)
    one: Signer = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 5)
    away = Database(Settings(database_url=f"sqlite:///{tmp_path / 'nothing.db'}"))
    guard = LogGuard(away, one.file.path)
    guard.start()
    assert guard.contradiction is None
    away.dispose()
    guard._database = database
    with pytest.raises(LogRollbackDetectedError, match="has 5 entries"):
        guard.check_write()
    assert len(leaves(database)) == 5

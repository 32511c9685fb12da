"""Promise: nothing is ever signed that does not continue everything that was signed before."""

import shutil
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db import Database
from app.transparency import service
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import SigningKey
from app.transparency.domain.verify import check_consistency, check_inclusion
from app.transparency.errors import LogFileError, LogForkError
from app.transparency.signer import Signer
from tests.clock import StoppedClock
from tests.rows import dump
from tests.transparency import naive
from tests.transparency.build import KEY, append, leaves, signer

GUARDED = ("entry", "posting", "log_checkpoint")


def unguarded(database: Database, *statements: str) -> None:
    """Run statements as the owner who has taken the triggers off."""
    with database.engine.connect() as connection:
        for table in GUARDED:
            if database.is_sqlite:
                for trigger in ("update", "delete", "overwrite"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{trigger}"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def cut_to(database: Database, size: int) -> None:
    """Cut the tail off, as thoroughly as an owner can."""
    unguarded(
        database,
        f"DELETE FROM entry WHERE revision > {size}",
        f"UPDATE head SET revision = {size}",
        f"DELETE FROM log_checkpoint WHERE size > {size}",
        f"UPDATE log_tree SET size = {size}",
        f"DELETE FROM log_node WHERE ({chr(34)}index{chr(34)} + 1) * (1 << level) > {size}",
    )


def published_sizes(database: Database) -> list[int]:
    return sorted(row[0] for row in dump(database)["log_checkpoint"])


def test_an_empty_ledger_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    one = signer(database, clock, tmp_path)
    assert one.sign() is None
    assert one.file.find() is None
    assert dump(database)["log_checkpoint"] == []


def test_a_checkpoint_names_the_size_and_the_root_of_the_entries(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 13)
    one = signer(database, clock, tmp_path)
    signed = one.sign()
    assert signed is not None
    assert (signed.checkpoint.origin, signed.checkpoint.size) == (KEY.name, 13)
    assert signed.checkpoint.root == naive.mth(leaves(database))
    assert SignedCheckpoint.open(signed.note.encode(), [KEY.verifier]) == signed
    assert one.file.find([KEY.verifier]) == signed
    with database.reading() as session:
        published = service.get_newest_checkpoint(session)
    assert (published.note, published.vkey) == (signed.note, KEY.verifier.text)
    assert published.signed_at == clock.now()


def test_where_nothing_is_new_nothing_is_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 3)
    one = signer(database, clock, tmp_path)
    first = one.sign()
    before, stamp = dump(database), one.file.stamp()
    clock.advance(timedelta(hours=1))
    assert one.sign() == first
    assert (dump(database), one.file.stamp()) == (before, stamp)


def test_every_checkpoint_continues_all_before_it(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    one = signer(database, clock, tmp_path)
    signed: list[SignedCheckpoint] = []
    for step in (1, 2, 4, 1, 9, 40, 7):
        append(database, clock, step)
        clock.advance(timedelta(minutes=5))
        latest = one.sign()
        assert latest is not None
        signed.append(latest)
    newest = signed[-1].checkpoint
    all_leaves = leaves(database)
    with database.reading() as session:
        for old in (item.checkpoint for item in signed):
            proof = service.prove_continuation(session, old.size, None)
            check_consistency(old.size, newest.size, old.root, newest.root, proof.hashes)
            for revision in (1, old.size):
                entry = service.prove_entry(session, revision, old.size)
                assert entry.check(all_leaves[revision - 1], [KEY.verifier]).checkpoint == old
    assert published_sizes(database) == [1, 3, 7, 8, 17, 57, 64]


def refuse(one: Signer, why: str) -> None:
    """It signs nothing, publishes nothing, and remembers what it remembered."""
    before, memory = dump(one.database), one.file.find()
    with pytest.raises(LogForkError, match=why):
        one.sign()
    assert dump(one.database)["log_checkpoint"] == before["log_checkpoint"]
    assert one.file.find() == memory


def test_a_ledger_that_was_cut_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 15)
    refuse(one, "has 15 entries, but 20 were signed")


def test_a_ledger_that_was_cut_and_went_on_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 15)
    append(database, clock, 30, word="forged")
    refuse(one, "are not those that were signed")


@pytest.mark.parametrize("revision", [1, 7, 20])
def test_a_ledger_with_another_leaf_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path, revision: int
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    append(database, clock, 1)
    other = f"(SELECT leaf_hash FROM entry WHERE revision = {revision % 20 + 1})"
    unguarded(database, f"UPDATE entry SET leaf_hash = {other} WHERE revision = {revision}")
    refuse(one, "are not those that were signed")
    with database.transaction() as session:
        service.rebuild(session)
    refuse(one, "are not those that were signed")


def test_a_ledger_that_lost_an_entry_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    append(database, clock, 1)
    unguarded(database, "DELETE FROM entry WHERE revision = 9")
    refuse(one, "missing")


def test_a_forged_tree_over_true_entries_is_not_signed(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    append(database, clock, 1)
    unguarded(
        database,
        "UPDATE log_node SET hash = (SELECT leaf_hash FROM entry WHERE revision = 1) WHERE level = 4",
    )
    refuse(one, "does not lead to")


def test_the_memory_counts_and_not_what_the_database_says(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """Whoever replaces the ledger with all its checkpoints still has not replaced the signer's file."""
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 15)
    append(database, clock, 30, word="forged")
    (tmp_path / "theirs").mkdir()
    signer(database, clock, tmp_path / "theirs").sign()
    refuse(one, "are not those that were signed")


def test_what_is_published_must_be_continued_too(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """A memory restored from an old copy is no way around what was signed since."""
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    one.sign()
    old = shutil.copy(one.file.path, tmp_path / "old")
    append(database, clock, 10)
    one.sign()
    shutil.copy(old, one.file.path)
    append(database, clock, 5)
    unguarded(
        database, "UPDATE entry SET leaf_hash = (SELECT leaf_hash FROM entry WHERE revision = 1)"
        " WHERE revision = 20",
    )  # fmt: skip
    refuse(one, "first 20 entries are not")


def test_a_signer_that_forgot_everything_does_not_start_afresh(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 10)
    one = signer(database, clock, tmp_path)
    signed = one.sign()
    assert signed is not None
    append(database, clock, 1)
    one.file.path.unlink()
    refuse(one, "not at hand")
    one.file.path.write_text(signed.note, encoding="utf-8")
    assert one.sign() is not None


@pytest.mark.parametrize("content", ["", "nonsense\n", "{note}more\n", "{note}{note}"])
def test_a_memory_that_cannot_be_read_stops_the_signer(
    database: Database, clock: StoppedClock, tmp_path: Path, content: str
) -> None:
    append(database, clock, 2)
    one = signer(database, clock, tmp_path)
    signed = one.sign()
    assert signed is not None
    one.file.path.write_text(content.replace("{note}", signed.note), encoding="utf-8")
    with pytest.raises(LogFileError):
        one.sign()


def test_a_memory_that_somebody_else_signed_stops_the_signer(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 2)
    one = signer(database, clock, tmp_path)
    one.sign()
    impostor = SigningKey(KEY.name, bytes(32))
    one.file.keep(SignedCheckpoint.sign(1, leaves(database)[0], impostor))
    append(database, clock, 1)
    with pytest.raises(LogFileError):
        one.sign()


def test_a_memory_of_another_log_stops_the_signer(database: Database, clock: StoppedClock) -> None:
    append(database, clock, 1)
    other = SignedCheckpoint.sign(
        1, leaves(database)[0], SigningKey("other.example.org", bytes(32))
    )
    with (
        database.transaction() as session,
        pytest.raises(LogForkError, match="another log"),
    ):
        service.sign(session, KEY, other, clock)


def test_a_new_log_may_go_on_where_an_old_one_ended(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    """After a restore, or with a new key, a ledger gets a new origin; what is published stays."""
    append(database, clock, 4)
    signer(database, clock, tmp_path).sign()
    (tmp_path / "new").mkdir()
    key = SigningKey("ledger.example.org/log-2", bytes(range(1, 33)))
    second = signer(database, clock, tmp_path / "new", key)
    assert second.sign() is None
    append(database, clock, 1)
    signed = second.sign()
    assert signed is not None
    assert signed.checkpoint.origin == key.name
    assert published_sizes(database) == [4, 5]


def test_what_was_kept_and_not_published_is_published_next_time(
    database: Database, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between the file and the commit: the file is ahead, never behind."""
    append(database, clock, 6)
    one = signer(database, clock, tmp_path)

    class Crashed(Exception):  # noqa: N818 -- what a power cut would be
        pass

    keep = one.file.keep

    def keep_and_crash(_file: object, signed: SignedCheckpoint) -> None:
        keep(signed)
        raise Crashed

    with monkeypatch.context() as patched:
        patched.setattr(type(one.file), "keep", keep_and_crash)
        with pytest.raises(Crashed):
            one.sign()
    assert dump(database)["log_checkpoint"] == []
    kept = one.file.find()
    assert kept is not None
    assert one.sign() == kept
    assert [row[2] for row in dump(database)["log_checkpoint"]] == [kept.note]


def test_two_signers_at_once_sign_one_history(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 50)
    barrier, errors = Barrier(4), []

    def work() -> None:
        one = signer(database, clock, tmp_path)
        try:
            for _ in range(3):
                barrier.wait()
                one.sign()
                append(database, clock, 1)
        except Exception as error:  # noqa: BLE001 -- told below
            errors.append(error)
            barrier.abort()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    all_leaves = leaves(database)
    for row in dump(database)["log_checkpoint"]:
        assert bytes(row[1]) == naive.mth(all_leaves[: row[0]])


def test_the_signer_goes_on_while_the_database_is_away(
    database: Database, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(database, clock, 2)
    one, stop = signer(database, clock, tmp_path), Event()
    calls: list[int] = []

    def sign(self: Signer) -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            stop.set()
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr(Signer, "sign", sign)
    monkeypatch.setattr(stop, "wait", lambda _seconds: None)
    one.run(3600, stop)
    assert calls == [0, 1]


def test_the_signer_stops_at_a_fork(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 20)
    one = signer(database, clock, tmp_path)
    one.sign()
    cut_to(database, 10)
    with pytest.raises(LogForkError):
        one.run(3600, Event())


def test_a_backlog_is_taken_in_by_pieces(
    database: Database, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.transparency.signer.PIECE", 40)
    append(database, clock, 100)
    signed = signer(database, clock, tmp_path).sign()
    assert signed is not None
    assert signed.checkpoint.root == naive.mth(leaves(database))


def test_proofs_of_4000_entries_are_verified(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    append(database, clock, 4_000)
    signed = signer(database, clock, tmp_path).sign()
    assert signed is not None
    all_leaves, newest = leaves(database), signed.checkpoint
    with database.reading() as session:
        for revision in range(1, 4_001, 97):
            proof = service.prove_entry(session, revision, None)
            check_inclusion(
                all_leaves[revision - 1], revision - 1, 4_000, proof.hashes, newest.root
            )
        for old in range(1, 4_001, 397):
            continued = service.prove_continuation(session, old, None)
            root = naive.mth(all_leaves[:old])
            check_consistency(old, 4_000, root, newest.root, continued.hashes)

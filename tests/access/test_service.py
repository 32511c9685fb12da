"""A key serves one holder until it expires or is revoked, and leaves its secret nowhere."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.access import service
from app.access.domain import Caller, KeyState, NewKey, Role, generate_key
from app.access.errors import InvalidTokenError, KeyNotFoundError
from app.kernel.errors import InvalidError

if TYPE_CHECKING:
    from app.db import Database
    from tests.access.conftest import StoppedClock


def create(
    database: Database,
    clock: StoppedClock,
    name: str = "Desk Copenhagen",
    role: Role = Role.CONTRIBUTOR,
    **terms: Any,
) -> NewKey:
    with database.transaction() as session:
        return service.create_key(
            session, name=name, role=role, clock=clock, created_by="test", **terms
        )


def revoke(database: Database, clock: StoppedClock, key_id: str) -> None:
    with database.transaction() as session:
        service.revoke_key(session, key_id, clock)


def caller_of(database: Database, clock: StoppedClock, presented: str | None) -> Caller:
    with database.reading() as session:
        return service.authenticate(session, presented, clock)


def states(database: Database, clock: StoppedClock) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(key.name, key.state_at(clock.now()).value) for key in service.list_keys(session)]


def test_the_holder_of_a_key_is_recognised(access_database: Database, clock: StoppedClock) -> None:
    new = create(access_database, clock)
    assert caller_of(access_database, clock, new.text) == Caller(
        "Desk Copenhagen", Role.CONTRIBUTOR, new.key_id
    )


def test_a_key_lives_90_days_unless_told_otherwise(
    access_database: Database, clock: StoppedClock
) -> None:
    usual = create(access_database, clock, "usual")
    short = create(access_database, clock, "short", valid_for=timedelta(days=1))
    with access_database.reading() as session:
        assert service.get_key(session, usual.key_id).expires_at == clock.now() + timedelta(days=90)
        assert service.get_key(session, short.key_id).expires_at == clock.now() + timedelta(days=1)


def test_a_key_expires_at_the_second(access_database: Database, clock: StoppedClock) -> None:
    new = create(access_database, clock, valid_for=timedelta(days=1))
    clock.advance(timedelta(days=1) - timedelta(seconds=1))
    assert caller_of(access_database, clock, new.text).key_id == new.key_id
    clock.advance(timedelta(seconds=1))
    with pytest.raises(InvalidTokenError):
        caller_of(access_database, clock, new.text)


def test_a_revoked_key_opens_nothing_any_more(
    access_database: Database, clock: StoppedClock
) -> None:
    new = create(access_database, clock)
    revoke(access_database, clock, new.key_id)
    with pytest.raises(InvalidTokenError):
        caller_of(access_database, clock, new.text)


def test_revoking_twice_keeps_the_first_instant(
    access_database: Database, clock: StoppedClock
) -> None:
    new = create(access_database, clock)
    first = clock.now()
    revoke(access_database, clock, new.key_id)
    clock.advance(timedelta(hours=1))
    revoke(access_database, clock, new.key_id)
    with access_database.reading() as session:
        assert service.get_key(session, new.key_id).revoked_at == first


@pytest.mark.parametrize("key_id", ["aaaaaaaaaa", "", "\x00", "\ud800", "a" * 1000, "' or 1=1 --"])
def test_a_key_that_does_not_exist_cannot_be_revoked(
    access_database: Database, clock: StoppedClock, key_id: str
) -> None:
    with pytest.raises(KeyNotFoundError):
        revoke(access_database, clock, key_id)


def test_a_holder_may_have_two_keys_while_changing_from_one_to_the_other(
    access_database: Database, clock: StoppedClock
) -> None:
    old = create(access_database, clock, "Desk")
    clock.advance(timedelta(seconds=1))
    create(access_database, clock, "Desk")
    revoke(access_database, clock, old.key_id)
    assert states(access_database, clock) == [("Desk", "revoked"), ("Desk", "live")]


def test_what_is_wrong_with_a_new_key_is_said_at_once_and_nothing_is_stored(
    access_database: Database, clock: StoppedClock
) -> None:
    with pytest.raises(InvalidError) as refused:
        create(access_database, clock, " ", valid_for=timedelta(days=367))
    assert [(finding.pointer, finding.code) for finding in refused.value.findings] == [
        ("/name", "blank"),
        ("/valid_days", "out-of-range"),
    ]
    assert states(access_database, clock) == []


def test_the_secret_is_not_in_the_database(access_database: Database, clock: StoppedClock) -> None:
    new = create(access_database, clock)
    with access_database.reading() as session:
        row = session.execute(text("select * from api_key")).one()
    assert bytes(row.digest) == new.digest
    assert new.text.split("_")[2] not in repr(row)


def test_the_database_refuses_a_role_that_does_not_exist(
    access_database: Database, clock: StoppedClock
) -> None:
    create(access_database, clock)
    with pytest.raises(IntegrityError), access_database.transaction() as session:
        session.execute(text("update api_key set role = 'owner'"))


class NoSession:
    """Fails the test that touches it."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)


@pytest.mark.parametrize("presented", [None, "", "aidl_x", "aidl_" + "a" * 10_240])
def test_what_is_no_key_is_refused_without_asking_the_database(
    clock: StoppedClock, presented: str | None
) -> None:
    with pytest.raises(InvalidTokenError):
        service.authenticate(NoSession(), presented, clock)  # type: ignore[arg-type]


def test_a_wrong_checksum_is_refused_without_asking_the_database(clock: StoppedClock) -> None:
    key = generate_key(random.Random(45).randrange).text
    mistyped = key[:-1] + ("0" if key[-1] != "0" else "1")
    with pytest.raises(InvalidTokenError):
        service.authenticate(NoSession(), mistyped, clock)  # type: ignore[arg-type]


def test_all_refusals_are_one_error_and_the_log_knows_the_reason(
    access_database: Database, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    live = create(access_database, clock, "live")
    revoked = create(access_database, clock, "revoked")
    revoke(access_database, clock, revoked.key_id)
    expired = create(access_database, clock, "expired", valid_for=timedelta(days=1))
    clock.advance(timedelta(days=1))
    unknown = generate_key(random.Random(45).randrange)
    presented = {
        "malformed": "aidl_x",
        "unknown-key": unknown.text,
        "wrong-secret": with_the_id_of(live, unknown),
        "revoked": revoked.text,
        "expired": expired.text,
    }
    errors = set()
    for text_ in presented.values():
        with pytest.raises(InvalidTokenError) as refused:
            caller_of(access_database, clock, text_)
        errors.add((refused.value.code, refused.value.detail, str(refused.value.facts)))
    assert len(errors) == 1
    reasons = [vars(record).get("reason") for record in caplog.records]
    assert [reason for reason in reasons if reason] == list(presented)


def test_no_log_record_carries_a_secret(
    access_database: Database, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "aidledger.access"):
        caplog.set_level(logging.DEBUG, logger=name)
    new = create(access_database, clock)
    other = generate_key(random.Random(45).randrange)
    caller_of(access_database, clock, new.text)
    revoke(access_database, clock, new.key_id)
    for presented in (new.text, new.text + "x", other.text, with_the_id_of(new, other)):
        with pytest.raises(InvalidTokenError):
            caller_of(access_database, clock, presented)
    logged = "".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert {"api-key-created", "api-key-revoked", "api-key-refused"} <= {
        record.getMessage() for record in caplog.records
    }
    for key in (new, other):
        assert key.text.split("_")[2] not in logged


def test_a_key_is_listed_in_its_state(access_database: Database, clock: StoppedClock) -> None:
    new = create(access_database, clock, role=Role.ADMIN)
    with access_database.reading() as session:
        [key] = service.list_keys(session)
    assert (key.key_id, key.role, key.created_by) == (new.key_id, Role.ADMIN, "test")
    assert key.state_at(clock.now()) is KeyState.LIVE


def with_the_id_of(key: NewKey, other: NewKey) -> str:
    """A well-formed key with the id of ``key`` and the secret of ``other``."""
    digits = iter([*map(IDS.index, key.key_id), *map(SECRETS.index, other.text.split("_")[2])])
    return generate_key(lambda _limit: next(digits)).text


IDS = "abcdefghijklmnopqrstuvwxyz234567"
SECRETS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

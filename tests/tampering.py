"""Hands on the bare tables, as the database's owner: the triggers first, then anything."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.canonical import canonical_bytes

GUARDED: Final = ("entry", "posting", "log_checkpoint")


def unguard(session: Session) -> None:
    """Take the guards away that stop everybody else: an owner can."""
    for table in GUARDED:
        if not is_sqlite(session):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            continue
        for event in ("update", "delete", "overwrite"):
            session.execute(text(f"DROP TRIGGER {table}_no_{event}"))


def tamper(session: Session, *statements: str) -> None:
    """Run statements past the program."""
    for statement in statements:
        session.execute(text(statement))


def forge_entry(
    session: Session, revision: int, change: Callable[[dict[str, Any]], object], *, rehash: bool
) -> None:
    """Change what an entry's bytes say; with ``rehash`` also the hash that stands beside them."""
    found = text("SELECT payload, leaf_hash FROM entry WHERE revision = :revision")
    row = session.execute(found, {"revision": revision}).one()
    document = json.loads(bytes(row.payload))
    change(document)
    payload = canonical_bytes(document)
    leaf_hash = sha256(b"\x00" + payload).digest() if rehash else bytes(row.leaf_hash)
    session.execute(
        text("UPDATE entry SET payload = :payload, leaf_hash = :hash WHERE revision = :revision"),
        {"payload": payload, "hash": leaf_hash, "revision": revision},
    )


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"

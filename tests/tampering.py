"""Hands on the bare tables, as the database's owner: the triggers first, then anything."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import bindparam, text

from app.db import Database
from app.kernel.canonical import canonical_bytes

GUARDED: Final = ("entry", "posting")


def unguard(database: Database) -> None:
    """Take the guards away that stop everybody else: an owner can."""
    with database.engine.begin() as connection:
        for table in GUARDED:
            if not database.is_sqlite:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
                continue
            for event in ("update", "delete", "overwrite"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{event}"))


def tamper(database: Database, *statements: str, **values: Any) -> None:
    """Run statements past the program, and commit."""
    with database.engine.begin() as connection:
        for statement in statements:
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


def forge_entry(
    database: Database, revision: int, change: Callable[[dict[str, Any]], object], *, rehash: bool
) -> None:
    """Change what an entry's bytes say; with ``rehash`` also the hash that stands beside them."""
    with database.engine.begin() as connection:
        found = text("SELECT payload, leaf_hash FROM entry WHERE revision = :revision")
        row = connection.execute(found, {"revision": revision}).one()
        document = json.loads(bytes(row.payload))
        change(document)
        payload = canonical_bytes(document)
        leaf_hash = sha256(b"\x00" + payload).digest() if rehash else bytes(row.leaf_hash)
        connection.execute(
            text(
                "UPDATE entry SET payload = :payload, leaf_hash = :leaf_hash WHERE revision = :revision"
            ).bindparams(bindparam("payload"), bindparam("leaf_hash")),
            {"payload": payload, "leaf_hash": leaf_hash, "revision": revision},
        )

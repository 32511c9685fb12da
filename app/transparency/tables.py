"""The log's tables. ``log_checkpoint`` is append-only, and the database itself refuses the rest (see migrations)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Instant, Revision


class NodeRow(Base):
    """The hash of a complete subtree above the leaves. Derived: the entries' leaf hashes say it all."""

    __tablename__ = "log_node"
    __table_args__ = (
        CheckConstraint("level between 1 and 62", name="level"),
        CheckConstraint("length(hash) = 32", name="hash"),
        {"sqlite_with_rowid": False},
    )

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """It covers ``2**level`` entries. Level 0 is ``entry.leaf_hash``."""
    index: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    """Its place on its level, from 0."""
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class TreeRow(Base):
    """One row: up to which revision ``log_node`` is complete. Whoever makes the tree grow locks it."""

    __tablename__ = "log_tree"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(Revision)


class CheckpointRow(Base):
    """A signed checkpoint. Never updated, never deleted."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(root) = 32", name="root"),
    )

    size: Mapped[int] = mapped_column(Revision, primary_key=True, autoincrement=False)
    """The last revision that it covers."""
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)
    """The signed note, verbatim."""
    vkey: Mapped[str] = mapped_column(String(500))
    """The public key that signed it. A reader who trusts nobody has it from elsewhere."""
    signed_at: Mapped[datetime] = mapped_column(Instant)

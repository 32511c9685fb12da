"""The only reader of the environment: every ``AIDLEDGER_*`` variable, with its default and its meaning."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

PREFIX: Final = "AIDLEDGER_"
DEFAULT_DATABASE_URL: Final = "sqlite:///aidledger.db"
DEFAULT_LOG_ORIGIN: Final = "aidledger.local/log"
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
# Visible ASCII but the plus sign, which separates the parts of a key.
_ORIGIN: Final = re.compile(r"[!-*,-~]{1,200}")
_FALSE: Final = frozenset({"0", "false", "no", "off"})


class SettingsError(ValueError):
    """An environment variable cannot be read; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one process runs.

    Attributes:
        database_url: SQLAlchemy address, ``sqlite:///file`` or ``postgresql+psycopg://``.
        public_read: whether reads need no API key.
        pool_size: connections kept open per process (PostgreSQL; SQLite keeps its own).
        pool_timeout_seconds: how long a call waits for a connection before it answers 503.
        log_level: lowest level that is logged.
        log_origin: what a new signing key, and so the log that it signs for, is called.
        log_key_file: where the signer's private key is; a process that serves needs none.
        log_checkpoint_file: where the signer keeps the last checkpoint; a process that serves compares with it.
        export_folder: where reports that were ordered are kept, and packed rows that never change; by default a
            temporary folder of each process.
    """

    database_url: str = DEFAULT_DATABASE_URL
    public_read: bool = True
    pool_size: int = 20
    pool_timeout_seconds: int = 5
    log_level: str = "INFO"
    log_origin: str = DEFAULT_LOG_ORIGIN
    log_key_file: Path | None = None
    log_checkpoint_file: Path | None = None
    export_folder: Path | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether the ledger is embedded in a file."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls) -> Self:
        """Read ``AIDLEDGER_*``.

        Raises:
            SettingsError: a variable is set to something that cannot be read.
        """
        return cls(
            database_url=_psycopg_url(_text("DATABASE_URL", DEFAULT_DATABASE_URL)),
            public_read=_switch("PUBLIC_READ", default=True),
            pool_size=_count("POOL_SIZE", 20),
            pool_timeout_seconds=_count("POOL_TIMEOUT_SECONDS", 5),
            log_level=_text("LOG_LEVEL", "INFO").upper(),
            log_origin=_origin("LOG_ORIGIN"),
            log_key_file=_path("LOG_KEY_FILE"),
            log_checkpoint_file=_path("LOG_CHECKPOINT_FILE"),
            export_folder=_path("EXPORT_FOLDER"),
        )


def child_environment(**more: str) -> dict[str, str]:
    """The environment for a program that this process starts: its own, and what only that program is told."""
    return {**os.environ, **more}


def _psycopg_url(url: str) -> str:
    """``postgres://`` and ``postgresql://``, as hosting services hand them out, mean psycopg 3 here."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _text(name: str, default: str) -> str:
    return os.environ.get(PREFIX + name) or default


def _path(name: str) -> Path | None:
    text = _text(name, "")
    return Path(text) if text else None


def _origin(name: str) -> str:
    text = _text(name, DEFAULT_LOG_ORIGIN)
    if _ORIGIN.fullmatch(text):
        return text
    message = f"{PREFIX}{name} is an address without its scheme, such as ledger.example.org/log."
    raise SettingsError(message)


def _count(name: str, default: int) -> int:
    text = _text(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        message = f"{PREFIX}{name} is a whole number above zero."
        raise SettingsError(message)
    return int(text)


def _switch(name: str, *, default: bool) -> bool:
    text = _text(name, "true" if default else "false").lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    message = f"{PREFIX}{name} is true or false."
    raise SettingsError(message)

"""The only reader of the environment: every ``AIDLEDGER_*`` variable, with its default and its meaning."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

PREFIX: Final = "AIDLEDGER_"
DEFAULT_DATABASE_URL: Final = "sqlite:///aidledger.db"
DEFAULT_LOG_ORIGIN: Final = "aidledger.local/log"
# A month: what lasts longer than that is a key.
MAX_SESSION_HOURS: Final = 31 * 24
# Nobody's: whoever publishes sets the identifier that is theirs.
DEFAULT_IATI_ORG: Final = "XI-IATI-EXAMPLE"
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
# Visible ASCII but the plus sign, which separates the parts of a key.
_ORIGIN: Final = re.compile(r"[!-*,-~]{1,200}")
# Scheme, host and port, and perhaps a path, without a slash at the end.
_URL: Final = re.compile(r"(https?://[A-Za-z0-9.:-]{1,200}(/[A-Za-z0-9._~-]+){0,5})?", re.ASCII)
# An organisation identifier of IATI: no blanks, and none of / & | ?
_ORG: Final = re.compile(r"[A-Z]{2,4}-[A-Za-z0-9._-]{1,90}", re.ASCII)
# The codes of the list OrganisationType.
_ORG_TYPE: Final = re.compile("10|11|15|2[1-4]|30|40|60|7[0-3]|80|90")
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
        session_hours: how long a sign-in lasts, whatever is done meanwhile.
        session_idle_minutes: how long it lasts while no page is asked for.
        log_level: lowest level that is logged.
        log_origin: what a new signing key, and so the log that it signs for, is called.
        log_key_file: where the signer's private key is; a process that serves needs none.
        log_checkpoint_file: where the signer keeps the last checkpoint; a process that serves compares with it.
        is_demo: whether every page says that this is a demonstration; ``aidledger demo`` alone sets it.
        public_url: where the ledger is reached, such as ``https://ledger.example.org``; empty where nobody said.
        iati_org: the identifier of the organisation that reports to IATI.
        iati_org_type: what it is, a code of the list OrganisationType.
        iati_org_name: what it is called.
        export_folder: where reports that were ordered are kept, and packed rows that never change; by default a
            temporary folder of each process.
    """

    database_url: str = DEFAULT_DATABASE_URL
    public_read: bool = True
    pool_size: int = 20
    pool_timeout_seconds: int = 5
    session_hours: int = 8
    session_idle_minutes: int = 60
    log_level: str = "INFO"
    log_origin: str = DEFAULT_LOG_ORIGIN
    log_key_file: Path | None = None
    log_checkpoint_file: Path | None = None
    is_demo: bool = False
    public_url: str = ""
    iati_org: str = DEFAULT_IATI_ORG
    iati_org_type: str = "90"
    iati_org_name: str = "Aid Ledger"
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
            session_hours=_count("SESSION_HOURS", 8, most=MAX_SESSION_HOURS),
            session_idle_minutes=_count("SESSION_IDLE_MINUTES", 60, most=MAX_SESSION_HOURS * 60),
            log_level=_text("LOG_LEVEL", "INFO").upper(),
            log_origin=_origin("LOG_ORIGIN"),
            log_key_file=_path("LOG_KEY_FILE"),
            log_checkpoint_file=_path("LOG_CHECKPOINT_FILE"),
            public_url=_matching(
                "PUBLIC_URL", "", _URL, "an address such as https://ledger.example.org"
            ),
            iati_org=_matching("IATI_ORG", DEFAULT_IATI_ORG, _ORG, "a code such as XM-DAC-3-1"),
            iati_org_type=_matching("IATI_ORG_TYPE", "90", _ORG_TYPE, "a code of OrganisationType"),
            iati_org_name=_text("IATI_ORG_NAME", "Aid Ledger"),
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


def _matching(name: str, default: str, form: re.Pattern[str], like: str) -> str:
    text = _text(name, default)
    if form.fullmatch(text):
        return text
    message = f"{PREFIX}{name} is something else than it can be: it is {like}."
    raise SettingsError(message)


def _count(name: str, default: int, *, most: int = 1_000_000) -> int:
    text = _text(name, str(default))
    # Of a number that is too large in any case, the first digits say enough.
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:20]) <= most:
        message = f"{PREFIX}{name} is a whole number above zero, at most {most}."
        raise SettingsError(message)
    return int(text)


def _switch(name: str, *, default: bool) -> bool:
    text = _text(name, "true" if default else "false").lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    message = f"{PREFIX}{name} is true or false."
    raise SettingsError(message)

"""The two things that a signer keeps outside the database, each in a file: its key, and what it signed last."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import SigningKey, VerifierKey
from app.transparency.errors import LogFileError, MalformedError, UnverifiedError

_OWNER_ONLY: Final = stat.S_IRUSR | stat.S_IWUSR
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def make_key(path: Path, name: str) -> SigningKey:
    """Make a key and keep it in a new file that only its owner can read.

    Raises:
        LogFileError: there is a file already, it cannot be made, or a log cannot be called so.
    """
    try:
        key = SigningKey.generate(name)
        # O_EXCL: not even a race can make us write over a key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except MalformedError as refused:
        raise LogFileError(str(refused)) from None
    except FileExistsError:
        raise LogFileError(f"{path} is there already; a key is never written over.") from None
    except OSError as error:
        raise _unusable(path, error) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{key.secret_text}\n")
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path)
    return key


def read_key(path: Path) -> SigningKey:
    """The key in a file.

    Raises:
        LogFileError: it cannot be read, others may read it, or it holds no key.
    """
    try:
        with path.open(encoding="utf-8") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & _OTHERS:
                raise LogFileError(f"{path} may be read by others than its owner (chmod 600).")
            return SigningKey.parse(file.read().removesuffix("\n"))
    except OSError as error:
        raise _unusable(path, error) from None
    except (MalformedError, UnicodeDecodeError):
        raise LogFileError(f"{path} holds no signing key.") from None


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """The last signed checkpoint, as a file. It is public; what counts is that the database cannot change it."""

    path: Path

    def stamp(self) -> tuple[int, int] | None:
        """Something that differs once the file was replaced; ``None`` while there is none."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError:
            # There may be one that we may not see; whoever asks for it will be told.
            return (-1, -1)
        return found.st_mtime_ns, found.st_ino

    def find(self, keys: Iterable[VerifierKey] | None = None) -> SignedCheckpoint | None:
        """The checkpoint, or ``None`` before the first.

        Args:
            keys: one of these must have signed it; without any, the place is trusted as it is.

        Raises:
            LogFileError: it cannot be read, or holds something else.
        """
        try:
            raw = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable(self.path, error) from None
        try:
            return SignedCheckpoint.read(raw) if keys is None else SignedCheckpoint.open(raw, keys)
        except (MalformedError, UnverifiedError) as refused:
            raise LogFileError(f"{self.path} holds no checkpoint of this log. {refused}") from None

    def keep(self, signed: SignedCheckpoint) -> None:
        """Replace the file, at once and durably: there is always one whole checkpoint.

        Raises:
            LogFileError: it cannot be written.
        """
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                file.write(signed.note)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _unusable(self.path, error) from None
        _sync_folder(self.path)


def _sync_folder(path: Path) -> None:
    """Make the name as durable as the content; where a system cannot, the file itself still is."""
    with suppress(OSError):
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _unusable(path: Path, error: OSError) -> LogFileError:
    return LogFileError(f"{path}: {error.strerror or 'it cannot be used'}.")

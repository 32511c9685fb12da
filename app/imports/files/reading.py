"""Has a file read by a process of its own, and hands its cells over as a book."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Event, Timer
from typing import IO, Any, Final

from app.imports.domain.cells import Book, Sheet
from app.imports.domain.limits import Limits
from app.imports.errors import REFUSALS, MalformedWorkbookError, WorkbookTooLargeError
from app.imports.files.cell_lines import EXIT_TOO_LARGE, CellRows
from app.imports.files.gate import FileKind, admit
from app.kernel.canonical import Json
from app.kernel.errors import UnavailableError

SECONDS: Final = 30
# So many at a time in one process: each may take a gigabyte.
PLACES: Final = 2
_PLACES: Final = BoundedSemaphore(PLACES)
_REFUSAL_OF_CODE: Final = {refusal.code: refusal for refusal in REFUSALS}


@contextmanager
def reading_book(file: IO[bytes], file_name: str, limits: Limits) -> Iterator[Book]:
    """The book that a file holds, for as long as the block lasts.

    Args:
        file: a file on the disk, open for reading.
        file_name: as its sender calls it.
        limits: how large it may be.

    Raises:
        RefusedFileError: it is not read.
    """
    kind = admit(file, limits)
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any buffer that reads
    with TemporaryDirectory(prefix="aidledger-import-") as folder:
        lines = Path(folder) / "cells"
        with lines.open("wb") as out:
            arguments = [kind.value, file_name, json.dumps(asdict(limits))]
            run_apart("app.imports.files.child", file, out, arguments)
        yield replace(_to_book(lines, file_name, digest), is_text=kind is FileKind.CSV)


def run_apart(module: str, file: IO[bytes], out: IO[bytes], arguments: list[str]) -> None:
    """Have a module work on a file in a process that knows nothing of this one: no environment, no open files.

    Args:
        module: of this package; it binds itself first.
        file: its standard input, from the beginning.
        out: its standard output.
        arguments: a name given by a stranger may be among them.

    Raises:
        WorkbookTooLargeError: it takes too much time or memory.
        MalformedWorkbookError: it fails.
        UnavailableError: too many files are being worked on.
    """
    if not _PLACES.acquire(timeout=SECONDS):
        raise UnavailableError("Too many files are being read; try again.")
    try:
        _run_apart(module, file, out, arguments)
    finally:
        _PLACES.release()


def _run_apart(module: str, file: IO[bytes], out: IO[bytes], arguments: list[str]) -> None:
    file.seek(0)
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    with subprocess.Popen(  # noqa: S603 -- our own module, and no shell is between
        [sys.executable, "-I", "-m", module, *arguments],
        stdin=file, stdout=out, stderr=subprocess.DEVNULL, env={}, start_new_session=True,
    ) as child:  # fmt: skip
        # Not ``wait(SECONDS)``, which looks every twentieth of a second whether the process has ended.
        late = Event()

        def stop() -> None:
            late.set()
            _end(child)

        clock = Timer(SECONDS, stop)
        clock.start()
        try:
            child.wait()
        except BaseException:
            _end(child)
            raise
        finally:
            clock.cancel()
    if late.is_set():
        raise WorkbookTooLargeError(f"It takes more than {SECONDS} seconds.")
    if child.returncode < 0 or child.returncode == EXIT_TOO_LARGE:
        # A signal: the limits of memory and time, or a library that gave up.
        raise WorkbookTooLargeError("It takes more memory or time than there is.")
    if child.returncode > 0:
        raise MalformedWorkbookError("The file cannot be read.")


def _end(child: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def _to_book(lines: Path, file_name: str, digest: str) -> Book:
    """The sheets, each with the place of its rows among the lines."""
    begun: list[tuple[dict[str, Any], int]] = []
    ends: list[int] = []
    said: dict[str, Any] = {}
    from_1904 = False
    for line, place in _control_lines(lines):
        said = json.loads(line)
        if "refused" in said:
            raise _REFUSAL_OF_CODE[said["refused"]](said["detail"])
        from_1904 |= "date_system" in said
        if begun and len(ends) < len(begun):
            ends.append(place)
        if "sheet" in said:
            begun.append((said, place + len(line)))
    if "rows" not in said:
        raise MalformedWorkbookError("The file cannot be read to its end.")
    sheets = [
        _to_sheet(lines, head, start, end) for (head, start), end in zip(begun, ends, strict=True)
    ]
    return Book(file_name, digest, tuple(sheets), is_from_1904=from_1904)


def _control_lines(lines: Path) -> Iterator[tuple[bytes, int]]:
    """The lines that are no rows, each with its place."""
    place = 0
    with lines.open("rb") as file:
        for line in file:
            if line.startswith(b"{"):
                yield line, place
            place += len(line)


def _to_sheet(lines: Path, said: dict[str, Any], start: int, end: int) -> Sheet:
    return Sheet(
        name=said["sheet"],
        rows=CellRows(lines, said["sheet"], start, end),
        last_row=said.get("last_row", 0),
        last_column=said.get("last_column", 0),
        is_hidden=said.get("hidden", False),
        hidden_rows=frozenset(said.get("hidden_rows", ())),
        hidden_columns=frozenset(said.get("hidden_columns", ())),
    )


def annotate_workbook(content: bytes, findings: Sequence[Mapping[str, Json]]) -> bytes:
    """A workbook with a comment beside every cell that something was found about.

    Args:
        content: of a workbook that has been read before.
        findings: as they are reported.

    Raises:
        RefusedFileError: it cannot be written again.
    """
    with TemporaryDirectory(prefix="aidledger-report-") as folder:
        told, book, out = (Path(folder) / name for name in ("findings", "book", "out"))
        told.write_text(json.dumps(list(findings)), encoding="utf-8")
        book.write_bytes(content)
        with book.open("rb") as file, out.open("wb") as written:
            run_apart("app.imports.files.annotate", file, written, [str(told)])
        return out.read_bytes()

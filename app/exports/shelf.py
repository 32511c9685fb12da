"""What one process keeps for its exports: a folder, packed rows, and the checksums of what it has sent."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from app.exports.asked import AskedReport, ReadyBook, unheeded
from app.exports.blocks import BlockFolder
from reports.kit.workbook import Progress

_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a file can be checked with: its SHA-256 in hexadecimal, and how many rows its tables have."""

    sha256: str
    rows: int


class ExportShelf:
    """Sends reports, and remembers what makes the next one cheaper."""

    def __init__(self, folder: Path | None) -> None:
        """Open a shelf.

        Args:
            folder: shared by all processes that should share; by default one of its own, which goes when it closes.
        """
        self._given = folder
        self._own: TemporaryDirectory[str] | None = None
        self._checksums: OrderedDict[str, Checksum] = OrderedDict()
        self._lock = Lock()

    @property
    def folder(self) -> Path:
        """Where files are, made when it is first needed."""
        with self._lock:
            if self._given is None:
                self._own = self._own or TemporaryDirectory(prefix="aidledger-exports-")
                return Path(self._own.name)
        self._given.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._given

    @property
    def blocks(self) -> BlockFolder:
        """Packed rows."""
        return BlockFolder(self.folder)

    def send(
        self, report: AskedReport, book: ReadyBook, progress: Progress | None = None
    ) -> Iterator[bytes]:
        """A report that is made, piece by piece; its checksum is remembered when the last piece has left.

        Raises:
            ReportTooLargeError: a text is longer than a cell can hold.
            MissingRowsError: the rows are not as many as was said.
        """
        digest = sha256()
        for piece in book.pieces(self.blocks, progress):
            digest.update(piece)
            yield piece
        self._remember(report.identity, Checksum(digest.hexdigest(), book.count))

    def checksum(self, report: AskedReport) -> "Checksum":
        """What a report can be checked with; where it is not known, the report is made once more.

        Raises:
            AppError: the report cannot be made.
        """
        with self._lock:
            found = self._checksums.get(report.identity)
        if found is None:
            book, digest = report.make(unheeded), sha256()
            for piece in self.send(report, book):
                digest.update(piece)
            found = Checksum(digest.hexdigest(), book.count)
        return found

    def close(self) -> None:
        """Let go of what was kept in a folder of its own."""
        with self._lock:
            if self._own is not None:
                self._own.cleanup()
                self._own = None

    def _remember(self, identity: str, checksum: "Checksum") -> None:
        with self._lock:
            self._checksums[identity] = checksum
            if len(self._checksums) > _REMEMBERED:
                self._checksums.popitem(last=False)

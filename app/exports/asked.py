"""A workbook that somebody asks for, named before it is made: an answer, a checksum, an order and a file are of one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from app.journal.domain import Snapshot
from reports.kit.stream import Blocks
from reports.kit.workbook import Progress

# Called now and then while a report is gathered, so that whoever waits knows that it is alive. It may raise.
Alive: TypeAlias = Callable[[], None]


class ReadyBook(Protocol):
    """A workbook of which nothing is left to be found out. It can be read once."""

    @property
    def count(self) -> int:
        """How many rows all its tables have together."""

    def pieces(
        self, blocks: Blocks | None = None, progress: Progress | None = None, /
    ) -> Iterator[bytes]:
        """The file, piece by piece.

        Args:
            blocks: where packed rows are kept.
            progress: told how many rows are done.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReport:
    """A workbook of one state of the ledger: the same state and question are the same bytes.

    Attributes:
        name: of the report.
        about: what its file is named by beside, such as ``-DK``.
        snapshot: the state that it shows.
        depends_on: all that tells two of its files of one revision apart.
        make: makes it, once or several times; in a session of its own, so that it does not matter when. Raises what
            the question is refused for, such as ``NoExchangeRateError`` or ``ReportTooLargeError``.
    """

    name: str
    about: str = ""
    snapshot: Snapshot
    depends_on: str
    make: Callable[[Alive], ReadyBook]

    @property
    def identity(self) -> str:
        """Two reports of one identity are the same bytes."""
        return f"{self.name} {self.snapshot.revision} {self.depends_on}"

    @property
    def file_name(self) -> str:
        """``aid-ledger-journal-r1482.xlsx``."""
        return f"aid-ledger-{self.name}{self.about}-r{self.snapshot.revision}.xlsx"


def unheeded() -> None:
    """Nobody waits who could leave."""

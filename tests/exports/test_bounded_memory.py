"""Promise: what a file takes in memory does not grow with the ledger, whatever its format."""

import io
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import FastAPI

from app.db import Database, ReadSession
from app.exports import parquet
from app.exports.asked import unheeded
from app.exports.asking import ASKS
from app.exports.formats import write_ndjson
from app.exports.parquet import write_parquet
from app.exports.twins import pledges_twin
from app.exports.whole_ledger import write_ledger
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.ids import new_id
from app.pledges import service as pledges
from app.pledges.domain.commands import RecordPledge
from app.pledges.schemas import PledgeListParams
from tests.clock import StoppedClock

SMALL: Final = 1_000
LARGE: Final = 6_000
BATCH: Final = 1_000


@dataclass(frozen=True)
class Sight:
    """A ledger, seen now."""

    database: Database
    clock: StoppedClock

    def read_snapshot(self, session: ReadSession, _as_of: str | None) -> Snapshot:
        return journal.read_snapshot(session, None, now=self.clock.now())

    def read_snapshots(
        self, session: ReadSession, _first: str, _last: str | None
    ) -> tuple[Snapshot, Snapshot]:
        raise NotImplementedError


def grow(sight: Sight, start: int, stop: int) -> None:
    """Record pledges on few days, so that the ledger grows in pledges and not in cells."""
    for first in range(start, stop, BATCH):
        commands = [
            RecordPledge(
                pledge_id=new_id(),
                donor=("DK", "NO", "DE")[number % 3],
                title=f"Package {number}",
                aid_type="military",
                amount=f"{number + 1}.00",
                currency=("DKK", "NOK", "EUR")[number % 3],
                announced_on=f"2023-11-{number % 28 + 1:02d}",
                status="committed",
                sources=[{"url": f"https://www.example.org/{number}", "title": "News", "kind": "official"}],
            )
            for number in range(first, first + BATCH)
        ]  # fmt: skip
        with sight.database.large_transaction() as session:
            pledges.record(session, commands, actor="desk", clock=sight.clock)


def report(name: str, **given: str) -> Callable[[Sight], Iterator[bytes]]:
    def read(sight: Sight) -> Iterator[bytes]:
        ask, params = ASKS[name]
        return ask(sight, params.model_validate(given)).make(unheeded).pieces()

    return read


def table(sight: Sight) -> Any:
    with sight.database.reading() as session:
        snapshot = sight.read_snapshot(session, None)
    return pledges_twin(sight.database, PledgeListParams.model_validate({}), snapshot).table


def read_ndjson(sight: Sight) -> Iterator[bytes]:
    found = table(sight)
    return write_ndjson(found.columns, found.rows())


class Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    place = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.place += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self.place


def read_parquet(sight: Sight) -> Iterator[bytes]:
    write_parquet(table(sight), Nowhere(), {})  # type: ignore[arg-type]  # it is written to and told
    return iter(())


def read_ledger(sight: Sight, folder: Path) -> Iterator[bytes]:
    with sight.database.reading() as session, (folder / "ledger.zip").open("wb") as file:
        head = sight.read_snapshot(session, None).revision
        named = journal.read_snapshot(session, head, now=sight.clock.now())
        write_ledger(session, file, named, origin="example.org/ledger")
    return iter(())


def peak(read: Callable[[], Iterator[bytes]]) -> int:
    """The most bytes that Python holds at once."""
    tracemalloc.start()
    for _ in read():
        pass
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


@pytest.mark.slow
@pytest.mark.timeout(1_200)
def test_memory_does_not_grow_with_the_ledger(
    app: FastAPI, clock: StoppedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both ledgers fill a group, so that what is measured is not how full the only one is.
    monkeypatch.setattr(parquet, "ROW_GROUP", SMALL // 2)
    sight = Sight(app.state.database, clock)
    files: dict[str, Callable[[], Iterator[bytes]]] = {
        "summary": lambda: report("summary")(sight),
        "donor": lambda: report("donor", donor="DK")(sight),
        "pledges": lambda: report("pledges")(sight),
        "csv": lambda: table(sight).csv(),
        "ndjson": lambda: read_ndjson(sight),
        "parquet": lambda: read_parquet(sight),
        "ledger": lambda: read_ledger(sight, tmp_path),
    }
    grow(sight, 0, SMALL)
    before = {name: peak(read) for name, read in files.items()}
    grow(sight, SMALL, LARGE)
    after = {name: peak(read) for name, read in files.items()}
    # What is kept until it is enough to be written: 8 MiB of lines and 4 of rows a sheet.
    assert {
        name: (before[name], after[name])
        for name in files
        if after[name] > before[name] * 1.5 + 20 * 2**20
    } == {}

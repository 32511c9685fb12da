"""Promise: snapshots make totals of the past fast, and change none of them.

Whatever snapshots there are, a total as of a revision is the sum of the postings up to it.
"""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app import migrate
from app.cli import cli
from app.cli.tools import Tools
from app.db import Database, WriteSession
from app.donors.domain import Group
from app.journal.domain import Snapshot
from app.pledges import service as pledges
from app.pledges.domain import AidType, Stage
from app.pledges.domain.query import Filters
from app.settings import Settings
from app.totals import service, store, upkeep
from app.totals.domain import Dimension, Totals, TotalsQuery
from tests.clock import StoppedClock
from tests.totals import stories

ENTRIES = 300
SMALL = 40
FILTERS = (
    Filters(),
    Filters(donors=("DK", "NO")),
    Filters(groups=(Group.EU,), aid_types=(AidType.MILITARY,)),
    Filters(first=date(2023, 11, 1), last=date(2023, 11, 30)),
)
Figures = dict[tuple[str, ...], tuple[int, int, int]]


@pytest.fixture
def told(database: Database, clock: StoppedClock) -> Database:
    """A ledger of some hundred entries."""
    stories.tell(database, clock, seed=7, count=ENTRIES)
    return database


def total(database: Database, revision: int, stage: Stage, filters: Filters) -> Totals:
    query = TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency="native", filters=filters)
    with database.reading() as session:
        return service.read_totals(session, query, Snapshot(revision, None, is_head=False))


def totals(database: Database, step: int = 37) -> list[Totals]:
    """Every stage and filter at every so many revisions."""
    return [
        total(database, revision, stage, filters)
        for revision in range(0, ENTRIES + 1, step)
        for stage in Stage
        for filters in FILTERS
    ]


def count(database: Database, table: str) -> int:
    with database.reading() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def revisions(database: Database) -> list[int]:
    with database.reading() as session:
        return [one.revision for one in store.list_snapshots(session)]


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.slow)])
def test_a_total_of_the_past_is_the_same_with_and_without_snapshots(
    told: Database, step: int
) -> None:
    without = totals(told, step)
    taken = upkeep.take_snapshots(told, min_postings=SMALL)
    assert len(taken) >= 3
    assert totals(told, step) == without
    assert upkeep.find_wrong_snapshot(told) is None


def test_the_last_revision_reads_the_same_from_the_roll_up_and_from_a_snapshot(
    told: Database,
) -> None:
    upkeep.take_snapshots(told, min_postings=SMALL)
    for stage in Stage:
        query = TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency="native")
        with told.reading() as session:
            now = service.read_totals(session, query, Snapshot(ENTRIES, None, is_head=True))
        assert total(told, ENTRIES, stage, Filters()) == now


def test_snapshots_have_at_most_twice_as_many_rows_as_there_are_postings(told: Database) -> None:
    upkeep.take_snapshots(told, min_postings=1)
    assert 0 < count(told, "posting_snapshot") <= 2 * count(told, "posting")


def test_a_second_time_nothing_is_due(told: Database) -> None:
    assert upkeep.take_snapshots(told, min_postings=SMALL)
    assert upkeep.take_snapshots(told, min_postings=SMALL) == []
    assert upkeep.take_snapshots(told) == []


def test_boundaries_follow_from_the_postings_however_late_the_work_is_done(
    told: Database, fresh_database_url: Callable[[bool], str], clock: StoppedClock
) -> None:
    at_once = upkeep.take_snapshots(told, min_postings=SMALL)
    other = Database(Settings(database_url=fresh_database_url(False)))
    commands = [*stories.Storyteller(7).tell(ENTRIES)]
    for start in range(0, ENTRIES, 30):
        with other.transaction() as session:
            pledges.record(session, commands[start : start + 30], actor="desk", clock=clock)
        upkeep.take_snapshots(other, min_postings=SMALL)
    assert revisions(other) == at_once
    other.dispose()


def test_what_is_half_written_is_not_read_and_is_finished_later(
    told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = totals(told)

    def die(_session: WriteSession, _revision: int) -> None:
        raise RuntimeError

    with monkeypatch.context() as killed:
        killed.setattr(upkeep, "BATCH", 7)
        killed.setattr(store, "complete", die)
        with pytest.raises(RuntimeError):
            upkeep.take_snapshots(told, min_postings=SMALL)
    assert revisions(told) == []
    assert totals(told) == without
    assert upkeep.take_snapshots(told, min_postings=SMALL)
    assert upkeep.find_wrong_snapshot(told) is None
    assert totals(told) == without


def test_several_may_take_snapshots_at_once(told: Database) -> None:
    failures: list[Exception] = []

    def take() -> None:
        try:
            upkeep.take_snapshots(told, min_postings=SMALL)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    upkeep.take_snapshots(told, min_postings=SMALL)
    assert len(revisions(told)) >= 3
    assert upkeep.find_wrong_snapshot(told) is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE posting_snapshot SET amount = amount + 1 WHERE revision = {revision} AND donor = 'DK'",
        "DELETE FROM posting_snapshot WHERE revision = {revision} AND donor = 'DK'",
        (
            "INSERT INTO posting_snapshot SELECT revision, 'committed', 'XK', 'military', 'grant', 'EUR',"
            " valued_on, first, last, 1, 1, 0 FROM posting_snapshot WHERE revision = {revision} LIMIT 1"
        ),
    ],
    ids=["changed", "missing", "made up"],
)
def test_a_snapshot_that_was_tampered_with_is_found_and_taken_afresh(
    told: Database, clock: StoppedClock, damage: str
) -> None:
    right = totals(told)
    taken = upkeep.take_snapshots(told, min_postings=SMALL)
    with told.transaction() as session:
        session.execute(text(damage.format(revision=taken[1])))
    assert upkeep.find_wrong_snapshot(told) == taken[1]
    tools = Tools(Settings(database_url=str(told.url)), clock)
    tools.__dict__["database"] = told
    checked = CliRunner().invoke(cli, ["maintain", "--check"], obj=tools)
    assert (checked.exit_code, f"revision {taken[1]}" in checked.output) == (1, True)
    assert CliRunner().invoke(cli, ["maintain", "--rebuild"], obj=tools).exit_code == 0
    assert count(told, "posting_snapshot") == 0  # none is due in so small a ledger
    assert totals(told) == right


def test_a_server_takes_them_beside_its_work(
    told: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "MIN_POSTINGS", SMALL)
    monkeypatch.setattr(
        upkeep.take_snapshots, "__kwdefaults__", {"min_postings": SMALL, "stop": None}
    )
    address = told.url.render_as_string(hide_password=False)
    with upkeep.keep_up(Settings(database_url=address), every_seconds=0):
        deadline = time.monotonic() + 30
        while len(revisions(told)) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(revisions(told)) >= 3
    assert upkeep.find_wrong_snapshot(told) is None


def test_a_database_that_does_not_answer_stops_no_server(
    caplog: pytest.LogCaptureFixture, tmp_path: object
) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/nowhere/no.db")
    with upkeep.keep_up(settings, every_seconds=0):
        deadline = time.monotonic() + 30
        while "no-snapshot" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "no-snapshot" in caplog.text


def test_totals_survive_the_migration_down_and_up(told: Database) -> None:
    right = totals(told)
    upkeep.take_snapshots(told, min_postings=SMALL)
    migrate.downgrade(told, "0004_transparency")
    migrate.upgrade(told)
    assert revisions(told) == []
    assert totals(told) == right

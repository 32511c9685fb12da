"""The demo facts come in whole, with their sources and doubts; a second time nothing is recorded."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.imports import service as imports
from app.imports.domain import ImportReport, Layout, Outcome
from app.imports.errors import UnreadableFileError
from app.journal import service as journal
from app.journal.tables import EntryRow
from app.legislation import service as legislation
from app.legislation.domain import State, VehicleName, course_of_vehicle
from app.pledges import service as pledges
from app.pledges.domain import Pledge
from app.pledges.domain.query import Filters, Order
from tests.clock import StoppedClock


def import_facts(
    database: Database, clock: StoppedClock, path: Path = imports.FACTS, *, dry_run: bool = False
) -> ImportReport:
    rows = imports.read_files(path, imports.guess_layout(path))
    with database.transaction() as session:
        report = imports.import_rows(session, rows, actor="facts", clock=clock, dry_run=dry_run)
        if report.revision is None:
            session.rollback()
    return report


def all_pledges(database: Database, clock: StoppedClock) -> dict[str, Pledge]:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        stored = pledges.iter_pledges(session, Filters(), Order(), snapshot)
        return {one.pledge.reference: one.pledge for one in stored}


def entries(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(EntryRow)).scalar_one()


def test_the_facts_come_in_whole(database: Database, clock: StoppedClock) -> None:
    report = import_facts(database, clock)
    # 177 pledges, 14 movements, 20 requests: the counts that the facts' own description gives.
    assert report.counts == {"new": 211, "unchanged": 0, "different": 0, "refused": 0}
    held = all_pledges(database, clock)
    assert Counter(pledge.donor for pledge in held.values()) == {
        "US": 74, "DK": 24, "DE": 19, "BE": 22, "NO": 19, "EU": 11, "KR": 8,
    }  # fmt: skip
    assert Counter(pledge.verification.value for pledge in held.values()) == {
        "official": 67, "secondary": 97, "unverified": 13,
    }  # fmt: skip
    assert all(pledge.sources and pledge.sources[0].url for pledge in held.values())
    assert sum(pledge.amount is None for pledge in held.values()) == 5
    assert len(held["EU-MFAP-2023"].movements) == 5


def test_what_is_doubtful_stands_on_the_record(database: Database, clock: StoppedClock) -> None:
    import_facts(database, clock)
    held = all_pledges(database, clock)
    assert held["DE-2024-08"].overlaps == ("DE-2024-06",)
    assert "92, 93.6 or 93.8" in str(held["BE-2023-01"].notes)
    assert "-6.2bn USD" in str(held["US-PDA-20"].notes)
    assert {name for name, one in held.items() if one.instrument.value == "authority"} == {
        "US-PDM-2024-09-26", "BE-2024-04",
    }  # fmt: skip


def test_importing_the_same_facts_twice_records_nothing(
    database: Database, clock: StoppedClock
) -> None:
    import_facts(database, clock)
    before = entries(database)
    report = import_facts(database, clock)
    assert report.counts["unchanged"] == 211
    assert report.is_clean
    # Beside the rows: 20 vehicles of the requests, a relation between two, a vehicle that was folded.
    assert entries(database) == before == 211 + 22


def test_a_vehicle_that_was_folded_is_over_and_the_request_that_it_carried_is_not(
    database: Database, clock: StoppedClock
) -> None:
    import_facts(database, clock)
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        folded = legislation.find_vehicle(session, VehicleName("US", "118", "H.R. 8035"), snapshot)
        request = legislation.get_request(session, "US-2023-10", snapshot).dossier
    assert folded is not None
    assert course_of_vehicle(folded.vehicle)[0] is State.FOLDED
    states = {day: request.state_on(date.fromisoformat(f"2024-04-{day}")) for day in (19, 23, 24)}
    assert states == {19: State.RECONCILING, 23: State.PASSED, 24: State.ENACTED}


def test_a_dry_run_records_nothing(database: Database, clock: StoppedClock) -> None:
    report = import_facts(database, clock, dry_run=True)
    assert report.counts["new"] == 211
    assert report.revision is None
    assert entries(database) == 0


def test_one_bad_row_refuses_the_whole_file_and_is_named(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    lines = (imports.FACTS / "pledges.csv").read_text(encoding="utf-8").splitlines()
    bad = tmp_path / "pledges.csv"
    lines[2] = lines[2].replace(",350000000,", ",-350000000,")
    bad.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = import_facts(database, clock, bad)
    [refused] = [row for row in report.rows if row.outcome is Outcome.REFUSED]
    assert (refused.row.line, refused.row.name) == (3, "US-PDA-03")
    assert "negative-amount" in refused.findings[0]
    assert entries(database) == 0


def test_a_row_that_differs_from_the_ledger_is_named_and_never_overwrites_it(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    import_facts(database, clock)
    text = (imports.FACTS / "pledges.csv").read_text(encoding="utf-8")
    changed = tmp_path / "pledges.csv"
    changed.write_text(text.replace("no. 3 from US stocks", "three"), encoding="utf-8")
    (tmp_path / "doubts.csv").write_bytes((imports.FACTS / "doubts.csv").read_bytes())
    report = import_facts(database, clock, changed)
    [different] = [row for row in report.rows if row.outcome is Outcome.DIFFERENT]
    assert different.findings == ("title",)
    assert (
        all_pledges(database, clock)["US-PDA-03"].title == "Drawdown package no. 3 from US stocks"
    )


def test_a_movement_of_an_unknown_pledge_is_refused(
    database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    path = tmp_path / "movements.csv"
    path.write_bytes((imports.FACTS / "movements.csv").read_bytes())
    report = import_facts(database, clock, path)
    assert report.counts["refused"] == 14
    assert "unknown-reference" in report.rows[0].findings[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pledges.csv", b"reference;donor\n"),
        ("pledges.csv", b"\xff\xfe\x00"),
        ("movements.csv", b"reference,stage,amount,currency,on,source_url,note\nDK-1,committed\n"),
        ("requests.json", b"{}"),
        ("requests.json", b'{"schema": "another/1", "requests": []}'),
    ],
)
def test_a_file_that_is_something_else_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=name):
        imports.read_files(path, imports.guess_layout(path))


def test_a_file_that_may_be_anything_asks_for_its_layout(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="--as"):
        imports.guess_layout(tmp_path / "data.csv")
    assert imports.guess_layout(tmp_path) is Layout.FACTS

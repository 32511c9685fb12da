"""An import writes what is new, once, all or nothing; what is wrong names its place and leaves the ledger as it was."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.journal import service as journal
from app.journal.tables import EntryRow
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import (
    Flag,
    RawAction,
    RecordVehicle,
    RecordVehicleActions,
    State,
    Vehicle,
    VehicleCommand,
    VehicleName,
    WithdrawVehicleAction,
    course_of_vehicle,
)
from app.parliaments.domain.report import ImportReport
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports
from app.parliaments.service import import_actions
from tests.clock import StoppedClock
from tests.parliaments import build, shared

BILL = VehicleName("US", "117", "H.R. 7691")


def run(
    database: Database,
    clock: StoppedClock,
    *files: SourceFile,
    vehicle: VehicleName | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """One import in one transaction, as the command line makes it."""
    with database.transaction() as session:
        report = import_actions(
            session,
            read_reports(files),
            vehicle=vehicle,
            actor="staff",
            clock=clock,
            dry_run=dry_run,
        )
        if report.revision is None:
            session.rollback()
    return report


def record(database: Database, clock: StoppedClock, *commands: VehicleCommand) -> None:
    with database.transaction() as session:
        legislation.record_vehicles(session, commands, actor="desk", clock=clock)


def held(database: Database, clock: StoppedClock, name: VehicleName = BILL) -> Vehicle | None:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        stored = legislation.find_vehicle(session, name, snapshot)
    return stored.vehicle if stored else None


def entries(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(EntryRow)).scalar_one()


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(one.code, str(one.place)) for one in report.findings]


def own_csv(*lines: str) -> SourceFile:
    head = "on,time,body,text,language,scheme,code,state,flag,change,substantive,session,roll,yes,no,other,question"
    text = "\n".join([f"{head},passed,source_url", *lines, ""])
    return SourceFile("actions.csv", text.encode())


def test_a_bill_comes_in_with_its_facts_and_its_state(
    database: Database, clock: StoppedClock
) -> None:
    report = run(database, clock, build.bill_status("3.0.0"))
    assert report.counts == {"new": 8, "unchanged": 0, "different": 0, "withdrawn": 0}
    assert (report.is_new, report.revision) == (True, 1)
    vehicle = held(database, clock)
    assert vehicle is not None
    assert (vehicle.title, vehicle.law_citation) == (build.TITLE, "P.L. 117-128")
    assert vehicle.external_ids["congress.gov"] == "117/hr/7691"
    assert course_of_vehicle(vehicle)[0] is State.ENACTED
    passage = vehicle.actions[1]
    assert passage.vote is not None
    assert (passage.vote.roll, passage.vote.yes, passage.vote.session) == (145, 368, "117-2")
    assert (passage.time, passage.scheme, passage.code) == (
        "22:08:29",
        "congress_gov",
        "8000 H37300",
    )


@pytest.mark.parametrize(
    "again",
    [
        [build.bill_status("3.0.0")],
        [build.bill_status(None)],
        [build.api_bill(), build.api_page()],
        [build.congress_data()],
    ],
    ids=["the same file", "another schema", "the API", "data.json"],
)
def test_a_second_import_changes_nothing_whatever_the_layout(
    database: Database, clock: StoppedClock, again: Sequence[SourceFile]
) -> None:
    run(database, clock, build.bill_status("3.0.0"))
    report = run(database, clock, *again)
    assert report.counts == {"new": 0, "unchanged": 8, "different": 0, "withdrawn": 0}
    assert report.is_clean
    assert report.revision is None
    assert entries(database) == 1


def test_a_longer_list_adds_what_is_new(database: Database, clock: StoppedClock) -> None:
    run(database, clock, build.bill_status("3.0.0", build.ROWS[4:]))
    vehicle = held(database, clock)
    assert vehicle is not None
    assert course_of_vehicle(vehicle)[0] is State.PASSED
    report = run(database, clock, build.bill_status("3.0.0"))
    assert report.counts == {"new": 2, "unchanged": 6, "different": 0, "withdrawn": 0}
    vehicle = held(database, clock)
    assert vehicle is not None
    assert course_of_vehicle(vehicle)[0] is State.ENACTED
    assert [one.on.first.day for one in vehicle.actions] == [10, 10, 11, 16, 19, 20, 21, 21]


def test_a_dry_run_says_the_same_and_records_nothing(
    database: Database, clock: StoppedClock
) -> None:
    report = run(database, clock, build.bill_status("3.0.0"), dry_run=True)
    assert report.counts["new"] == 8
    assert (report.revision, report.vehicle_id, report.dry_run) == (None, None, True)
    assert entries(database) == 0


def test_a_vehicle_that_was_only_named_gets_its_facts(
    database: Database, clock: StoppedClock
) -> None:
    named = RecordVehicle(
        vehicle_id=new_id(), jurisdiction="US", session="117", identifier="H.R. 7691"
    )
    record(database, clock, named)
    report = run(database, clock, build.bill_status("3.0.0"))
    assert (report.is_new, report.vehicle_id) == (False, named.vehicle_id)
    vehicle = held(database, clock)
    assert vehicle is not None
    assert (vehicle.title, len(vehicle.actions), vehicle.version) == (build.TITLE, 8, 3)


def test_what_the_ledger_says_differently_is_told_and_left(
    database: Database, clock: StoppedClock
) -> None:
    text = build.PASSED_SENATE
    by_hand = RecordVehicle(
        vehicle_id=new_id(), jurisdiction="US", session="117", identifier="H.R. 7691", title="By hand",
        actions=[RawAction(action_id=new_id(), on="2022-05-19", state="passed_one", text=text)],
    )  # fmt: skip
    record(database, clock, by_hand)
    report = run(database, clock, build.bill_status("3.0.0", build.ROWS[6:]))
    assert report.counts == {"new": 4, "unchanged": 0, "different": 1, "withdrawn": 0}
    assert not report.is_clean
    told = next(one for one in report.compared if one.detail)
    assert told.detail == "The file says passed, the ledger passed_one."
    vehicle = held(database, clock)
    assert vehicle is not None
    assert vehicle.title == "By hand"
    assert sum(one.text == text for one in vehicle.actions) == 1
    assert "title-changed" in {one.code for one in report.suggestions}


def test_what_was_taken_back_stays_so(database: Database, clock: StoppedClock) -> None:
    run(database, clock, build.bill_status("3.0.0"))
    vehicle = held(database, clock)
    assert vehicle is not None
    received = next(one for one in vehicle.actions if one.text == "Received in the Senate.")
    record(
        database,
        clock,
        WithdrawVehicleAction(
            vehicle_id=vehicle.id, action_id=received.id, reason="Of another bill."
        ),
    )
    report = run(database, clock, build.bill_status("3.0.0"))
    assert report.counts == {"new": 0, "unchanged": 7, "different": 0, "withdrawn": 1}


def test_a_step_ahead_is_announced_and_moves_the_state_once_its_day_has_come(
    database: Database, clock: StoppedClock
) -> None:
    vehicle = VehicleName("NO", "2026-2027", "Prop. 9 S")
    file = own_csv(
        "2026-11-20,,,Mottatt fra departementet,no,storting,FRADEP,,,,,,,,,,,,",
        "2026-12-10,,,Planlagt behandling,no,storting,PLBEHS,,,,,,,,,,,,",
    )
    run(database, clock, file, vehicle=vehicle)
    before = held(database, clock, vehicle)
    assert before is not None
    assert [one.state for one in before.actions] == [State.SUBMITTED, None]
    assert run(database, clock, file, vehicle=vehicle).counts["unchanged"] == 2
    later = StoppedClock(datetime(2026, 12, 11, 9, 0, tzinfo=UTC))
    assert run(database, later, file, vehicle=vehicle).counts["new"] == 1
    after = held(database, later, vehicle)
    assert after is not None
    assert course_of_vehicle(after)[0] is State.FLOOR
    assert run(database, later, file, vehicle=vehicle).counts["unchanged"] == 2


TOO_EARLY = build.row("2022-05-09", "Introduced in House", build.LIBRARY, "1000")
UNKNOWN = build.row("2022-05-21", "Signed by President.", build.LIBRARY, "99")
AFTER_ALL = build.row("2022-05-22", "Vetoed by President.", build.LIBRARY, "31000")
CUT = SourceFile("bill.xml", b"\n".join(build.bill_status("3.0.0").content.splitlines()[:12]))


@pytest.mark.parametrize(
    ("file", "code", "line"),
    [
        # The first row stands on the tenth line.
        (build.bill_status("3.0.0", [*build.ROWS[:-2], TOO_EARLY]), "date-order", 22),
        (build.bill_status("3.0.0", [UNKNOWN, *build.ROWS[4:]]), "unknown-code", 10),
        (build.bill_status("3.0.0", [AFTER_ALL, *build.ROWS]), "illegal-transition", 10),
        (CUT, "not-xml", 12),
    ],
    ids=["before the vehicle", "unknown code", "illegal step", "cut off"],
)
def test_what_is_wrong_names_its_place_and_nothing_is_stored(
    database: Database, clock: StoppedClock, file: SourceFile, code: str, line: int
) -> None:
    report = run(database, clock, file)
    assert codes(report) == [(code, f"bill.xml: line {line}")]
    assert report.revision is None
    assert entries(database) == 0


def test_a_step_that_the_ledger_cannot_follow_names_the_row(
    database: Database, clock: StoppedClock
) -> None:
    vehicle = VehicleName("DK", "2022-23", "Aktstykke 222")
    line = "2023-08-18,,,{},da,,,{},,,,,,,,,,,"
    report = run(
        database,
        clock,
        own_csv(line.format("Tiltrådt", "enacted"), line.format("Forkastet", "rejected")),
        vehicle=vehicle,
    )
    assert codes(report) == [("illegal-transition", "actions.csv: line 3")]
    assert entries(database) == 0


def test_an_action_before_the_vehicle_names_the_row(
    database: Database, clock: StoppedClock
) -> None:
    there = RecordVehicle(
        vehicle_id=new_id(), jurisdiction="DK", identifier="L 1", session="2023-24", introduced_on="2023-10-03"
    )  # fmt: skip
    record(database, clock, there)
    file = own_csv(
        "2023-10-03,,,Fremsat,da,folketing_oda,24,,,,,,,,,,,,",
        "2023-10-02,,,For tidligt,da,,,,,,,,,,,,,,",
    )
    report = run(database, clock, file, vehicle=VehicleName("DK", "2023-24", "L 1"))
    assert codes(report) == [("date-order", "actions.csv: line 3")]
    assert entries(database) == 1


DANISH = VehicleName("DK", "2022-23", "Aktstykke 222")


def many(count: int, *, long_body_at: int | None = None) -> SourceFile:
    """So many readings of a bill, with texts as long as those of Congress; in one row the body's name is too long."""
    lines = (
        f"2023-08-18,,{'x' * 300 if index == long_body_at else ''},Number {index} {'.' * 200},da" + "," * 14
        for index in range(count)
    )  # fmt: skip
    return own_csv(*lines)


def test_a_list_longer_than_an_entry_is_several_entries_and_one_import(
    database: Database, clock: StoppedClock
) -> None:
    # The longest bills have some 1,100 actions; an entry of the journal has at most 65,535 bytes.
    report = run(database, clock, many(1_100), vehicle=DANISH)
    assert (report.counts["new"], report.findings) == (1_100, ())
    assert report.revision == entries(database) > 5
    vehicle = held(database, clock, DANISH)
    assert vehicle is not None
    assert [one.text.split()[1] for one in vehicle.actions if one.text] == [
        str(index) for index in range(1_100)
    ]
    assert run(database, clock, many(1_100), vehicle=DANISH).counts["unchanged"] == 1_100
    assert run(database, clock, many(1_101), vehicle=DANISH).counts["new"] == 1


def test_what_the_ledger_refuses_late_in_a_long_list_names_its_row_and_nothing_is_stored(
    database: Database, clock: StoppedClock
) -> None:
    report = run(database, clock, many(400, long_body_at=390), vehicle=DANISH)
    assert codes(report) == [("too-long", "actions.csv: line 392")]
    assert (report.revision, entries(database)) == (None, 0)


def test_a_file_is_about_one_vehicle_and_says_which(
    database: Database, clock: StoppedClock
) -> None:
    other = VehicleName("US", "118", "H.R. 815")
    assert codes(run(database, clock, build.bill_status("3.0.0"), vehicle=other)) == [
        ("other-vehicle", "bill.xml")
    ]
    row = "2023-08-18,,,Tiltrådt,da,folketing_oda,21,,,,,,,,,,,,"
    assert codes(run(database, clock, own_csv(row))) == [("no-vehicle", "actions.csv")]
    assert entries(database) == 0


def test_hints_are_given_and_nothing_follows_from_them(
    database: Database, clock: StoppedClock
) -> None:
    rows = [
        build.row(
            "2022-05-17",
            "S.Amdt.1 Amendment SA 1 proposed by Senator X. In the nature of a substitute.",
        ),
        *build.ROWS[8:],
    ]
    report = run(database, clock, build.bill_status("3.0.0", rows))
    assert [one.code for one in report.suggestions] == ["text-replaced", "names-recipient"]
    assert "On 2022-05-17" in report.suggestions[0].detail
    assert str(report.suggestions[0].place) == "bill.xml: line 10"


def test_somebody_else_in_the_same_moment_is_not_overwritten(
    database: Database, clock: StoppedClock
) -> None:
    run(database, clock, build.bill_status("3.0.0", build.ROWS[4:]))
    vehicle = held(database, clock)
    assert vehicle is not None
    action = RawAction(action_id=new_id(), on="2022-05-21", text="Noted by hand.")
    record(database, clock, RecordVehicleActions(vehicle_id=vehicle.id, actions=[action]))
    assert run(database, clock, build.bill_status("3.0.0")).counts["new"] == 2


def test_the_real_bills_come_in_once(database: Database, clock: StoppedClock) -> None:
    hr815, hr2471 = shared.shared_file(shared.HR815), shared.shared_file(shared.HR2471_XML)
    assert run(database, clock, hr815).counts["new"] == 112
    assert run(database, clock, hr2471).counts["new"] == 45
    before = entries(database)
    for file in (hr815, hr2471, shared.shared_file(shared.HR2471_DATA)):
        report = run(database, clock, file)
        assert (report.counts["new"], report.is_clean, report.revision) == (0, True, None)
    # The 112 actions are more than one entry of the journal holds.
    assert entries(database) == before == 3
    vehicle = held(database, clock, VehicleName("US", "118", "H.R. 815"))
    assert vehicle is not None
    state, flags = course_of_vehicle(vehicle)
    assert state is State.ENACTED
    assert Flag.BLOCKED not in flags
    rolls = [one.vote.roll for one in vehicle.actions if one.vote]
    assert len(rolls) == len(set(rolls)) == 15

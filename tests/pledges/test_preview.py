"""Promise: what a preview shows is what recording then does, to the pledge and to the totals; and it writes nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.journal import service as journal
from app.kernel.errors import AppError, InvalidError
from app.kernel.ids import new_id
from app.pledges import service
from app.pledges.domain import Command, Posting, RecordMovement
from app.pledges.domain.model import STAGES
from app.settings import Settings
from app.totals import service as totals
from app.totals.domain import Dimension, TotalsQuery
from tests.clock import StoppedClock
from tests.naive import Ledger, Paper
from tests.pledges.paper import new_pledge
from tests.pledges.strategies import new_pledges, next_commands
from tests.rows import dump

Refusal = tuple[str, Any]


def refusal(error: AppError) -> Refusal:
    findings = error.findings if isinstance(error, InvalidError) else error.detail
    return error.code, findings


def preview(
    database: Database, clock: StoppedClock, commands: Sequence[Command]
) -> list[service.Preview] | Refusal:
    with database.reading() as session:
        try:
            return service.preview(session, commands, clock=clock, pointer=lambda at: f"/{at}")
        except AppError as error:
            return refusal(error)


def record(
    database: Database, clock: StoppedClock, commands: Sequence[Command]
) -> list[service.Recorded] | Refusal:
    try:
        with database.transaction() as session:
            return service.record(
                session, commands, actor="desk", clock=clock, pointer=lambda at: f"/{at}"
            )
    except AppError as error:
        return refusal(error)


def queries() -> list[TotalsQuery]:
    return [
        TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency=currency)
        for stage in STAGES
        for currency in ("EUR", "native")
    ]


def foresee(database: Database, clock: StoppedClock, postings: Sequence[Posting]) -> list[Any]:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        return [totals.foresee_totals(session, one, postings, snapshot) for one in queries()]


def read(database: Database, clock: StoppedClock, donors: set[str]) -> list[Any]:
    """The totals by donor of these donors, by the way that the API goes."""
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        return [
            [row for row in totals.read_totals(session, one, snapshot).rows if row.key[0] in donors]
            for one in queries()
        ]


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_recording_does_what_the_preview_showed(
    fresh_database_url: Callable[[bool], str], clock: StoppedClock, data: st.DataObject
) -> None:
    database, paper = Database(Settings(database_url=fresh_database_url(True))), Ledger()
    for _ in range(data.draw(st.integers(1, 6))):
        command = data.draw(commands(paper))
        shown = preview(database, clock, [command])
        postings = [] if isinstance(shown, tuple) else shown[0].change.postings
        donors = {one.cell.donor for one in postings}
        foreseen = foresee(database, clock, postings) if donors else []
        now = read(database, clock, donors) if donors else []
        recorded = record(database, clock, [command])
        if isinstance(recorded, tuple) or isinstance(shown, tuple):
            assert recorded == shown
            continue
        paper.record([command], clock.today())
        assert shown[0].change.record == recorded[0].stored.document
        assert shown[0].change.course.stages == recorded[0].stored.stages
        became = read(database, clock, donors) if donors else []
        assert [list(before.rows) for before, _ in foreseen] == now
        assert [list(after.rows) for _, after in foreseen] == became
    database.dispose()


@st.composite
def commands(draw: st.DrawFn, paper: Ledger) -> Command:
    """A new pledge, or anything that may be asked for one that is there."""
    changes = draw(st.integers(0, 2)) > 0
    if paper.pledges and changes:
        pledge: Paper = draw(st.sampled_from(list(paper.pledges.values())))
        known: Command = draw(next_commands(pledge))
        return known
    new = draw(new_pledges())
    assume(new.pledge_id not in paper.pledges)
    return new


def test_a_preview_writes_nothing_and_waits_for_nobody(
    priced_database: Database, clock: StoppedClock
) -> None:
    command = new_pledge(reference=None)
    with priced_database.transaction() as held:
        journal.lock_revision(held)
        before = dump(priced_database)
        assert not isinstance(preview(priced_database, clock, [command]), tuple)
        assert dump(priced_database) == before


def test_a_preview_foresees_the_references_of_a_batch(
    database: Database, clock: StoppedClock
) -> None:
    taken = new_pledge(reference="DK-2023-0002", announced_on="2023-11-14")
    record(database, clock, [taken])
    commands: list[Command] = [
        *(new_pledge(reference=None, announced_on="2023-11-14") for _ in range(3)),
        new_pledge(reference=None, announced_on="2024-01-01"),
    ]
    shown = preview(database, clock, commands)
    assert not isinstance(shown, tuple)
    assert [one.change.pledge.reference for one in shown] == [
        "DK-2023-0001", "DK-2023-0003", "DK-2023-0004", "DK-2024-0001",
    ]  # fmt: skip
    recorded = record(database, clock, commands)
    assert not isinstance(recorded, tuple)
    assert [one.pledge.reference for one in recorded] == [
        one.change.pledge.reference for one in shown
    ]


def test_a_preview_shows_each_step_of_a_batch_after_the_one_before(
    database: Database, clock: StoppedClock
) -> None:
    first = new_pledge(reference="DK-1", amount="100.00")
    second = RecordMovement(
        pledge_id=first.pledge_id, movement_id=new_id(), stage="delivered", amount="40.00", on="2023-12-01"
    )  # fmt: skip
    shown = preview(database, clock, [first, second])
    assert not isinstance(shown, tuple)
    assert shown[0].before is None
    assert shown[1].before is not None
    assert shown[1].before.stages["delivered"] == "0.00"
    assert shown[1].change.course.stages["delivered"] == "40.00"

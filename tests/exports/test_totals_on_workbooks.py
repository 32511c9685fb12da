"""Promise: the totals on a workbook are those of ``/v1/totals``, for any ledger and any filter, by any policy.

Any revision of a made-up history is a ledger of its own.
"""

import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.db import Database
from app.donors.domain import Group
from app.exports.questions import ReportQuery
from app.exports.summary import gather_summary
from app.exports.timeline import gather_timeline
from app.fx.domain import Policy, PolicyKind
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.pledges.domain import AidType, Instrument, Stage, Status
from app.pledges.domain.query import Filters
from app.settings import Settings
from app.totals import service
from app.totals.domain import Dimension, Sum
from reports import summary, timeline
from reports.figures import PostingLine
from reports.kit.workbook import to_bytes
from tests.clock import StoppedClock
from tests.reports.look import column, opened
from tests.totals import stories

ENTRIES: Final = 150
POLICIES: Final = (
    Policy(PolicyKind.EFFECTIVE),
    Policy(PolicyKind.ANNOUNCEMENT),
    Policy(PolicyKind.MONTH_AVERAGE),
    Policy(PolicyKind.FIXED, on=date(2023, 5, 2)),
)
DAYS: Final = (None, date(2022, 6, 1), date(2023, 11, 10), date(2023, 12, 31), date(2024, 2, 10))


@dataclass(frozen=True)
class Ledger:
    """A made-up history."""

    database: Database
    clock: StoppedClock

    def snapshot(self, revision: int) -> Snapshot:
        with self.database.reading() as session:
            return journal.read_snapshot(session, revision, now=self.clock.now())


@pytest.fixture(scope="module")
def ledger(
    _sqlite_templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    path = tmp_path_factory.mktemp("totals") / "ledger.db"
    shutil.copyfile(_sqlite_templates(True), path)
    database, clock = Database(Settings(database_url=f"sqlite:///{path}")), StoppedClock()
    stories.tell(database, clock, seed=6, count=ENTRIES)
    yield Ledger(database, clock)
    database.dispose()


@st.composite
def some(draw: st.DrawFn) -> Filters:
    """Filters of every kind, mostly few."""
    first, last = draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))
    if first and last and last < first:
        first, last = last, first

    def few(
        values: type[AidType] | type[Instrument] | type[Status] | tuple[str, ...],
    ) -> st.SearchStrategy[tuple[str, ...]]:
        return st.lists(st.sampled_from([*values]), max_size=2, unique=True).map(tuple)

    return Filters(
        donors=draw(few(stories.DONORS)),
        groups=draw(st.sampled_from([(), (Group.EU,), (Group.NATO, Group.EU)])),
        aid_types=draw(few(AidType)),  # type: ignore[arg-type]  # the same strategy for all
        instruments=draw(few(Instrument)),  # type: ignore[arg-type]
        statuses=draw(st.sampled_from([(), (Status.COMMITTED,)])),
        first=first,
        last=last,
        unvalued=draw(st.sampled_from([None, None, False])),
    )


questions = st.builds(
    ReportQuery,
    currency=st.sampled_from(["EUR", "USD"]),
    on=st.just(date(2026, 11, 22)),
    measure=st.sampled_from(Stage),
    policy=st.sampled_from(POLICIES),
    filters=some(),
)
# A smaller case is found by hand sooner: each takes a whole workbook.
PHASES: Final = [Phase.explicit, Phase.reuse, Phase.generate]
FEW: Final = settings(
    max_examples=4, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
MANY: Final = settings(FEW, max_examples=60)
ANY_LEDGER: Final = st.integers(0, ENTRIES)


def cents(lines: Collection[PostingLine], stage: Stage) -> int:
    """What a stage's postings come to."""
    amounts = (line.converted for line in lines if line.stage is stage and line.converted)
    return int(sum(amounts, Decimal(0)) * 100)


def check_summary(ledger: Ledger, query: ReportQuery, revision: int) -> None:
    snapshot = ledger.snapshot(revision)
    with ledger.database.reading() as session:
        figures, stamp = gather_summary(session, query, snapshot)
        totals = {
            stage: service.read_totals(session, query.totals(stage, Dimension.DONOR), snapshot)
            for stage in Stage
        }
    book = opened(to_bytes(summary.build(figures, stamp)))
    for stage, answer in totals.items():
        [grand] = answer.by_currency.values()
        assert cents(figures.basis.postings, stage) == grand.amount
        shown = dict(
            zip(
                column(book, "By donor", "Code"),
                column(book, "By donor", stage.value.capitalize()),
                strict=True,
            )
        )
        for row in answer.rows:
            assert round(shown[row.key[0]] * 100) == row.figures.amount
    [pledged] = totals[Stage.PLEDGED].by_currency.values()
    lines = [line for line in figures.basis.postings if line.stage is Stage.PLEDGED]
    assert (
        Sum(
            pledged.amount,
            sum(line.pledges for line in lines),
            sum(line.unvalued for line in lines),
            int(
                sum(
                    (line.converted or Decimal(0) for line in lines if not line.is_dated),
                    Decimal(0),
                )
                * 100
            ),
        )
        == pledged
    )
    assert set(column(book, "Checks", "Result")) == {"OK"}


def check_timeline(ledger: Ledger, query: ReportQuery, revision: int) -> None:
    snapshot = ledger.snapshot(revision)
    with ledger.database.reading() as session:
        figures, stamp = gather_timeline(session, query, snapshot)
        monthly = service.read_totals(
            session, query.totals(query.measure, Dimension.MONTH), snapshot
        )
    book = opened(to_bytes(timeline.build(figures, stamp)))
    shown = {
        f"{month:%Y-%m}": round(amount * 100)
        for month, amount in zip(
            column(book, "By month", "Month"), column(book, "By month", "All aid"), strict=True
        )
        if isinstance(month, date)
    }
    for row in monthly.rows:
        assert shown.pop(str(row.key[0])) == row.figures.amount
    assert set(shown.values()) <= {0}
    assert set(column(book, "Checks", "Result")) == {"OK"}


@FEW
@given(question=questions, revision=ANY_LEDGER)
def test_the_summary_comes_to_the_totals(
    ledger: Ledger, question: ReportQuery, revision: int
) -> None:
    check_summary(ledger, question, revision)


@FEW
@given(question=questions, revision=ANY_LEDGER)
def test_the_timeline_comes_to_the_totals(
    ledger: Ledger, question: ReportQuery, revision: int
) -> None:
    check_timeline(ledger, question, revision)


@pytest.mark.slow
@MANY
@given(question=questions, revision=ANY_LEDGER)
def test_both_come_to_the_totals_of_many_ledgers(
    ledger: Ledger, question: ReportQuery, revision: int
) -> None:
    check_summary(ledger, question, revision)
    check_timeline(ledger, question, revision)

"""Promise: the totals on a workbook are those of ``/v1/totals`` and ``/v1/changes``, for any ledger and any question.

Any revision of a made-up history is a ledger of its own.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from app.db import Database
from app.donors.domain import Group
from app.exports.changes import gather_changes
from app.exports.donor import gather_donor
from app.exports.questions import ReportQuery
from app.exports.summary import gather_summary
from app.exports.timeline import gather_timeline
from app.fx import service as fx
from app.fx.domain import Policy, PolicyKind, RateTable
from app.fx.domain.imports import Provenance
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.pledges.domain import AidType, Instrument, Stage, Status
from app.pledges.domain.query import Filters
from app.settings import Settings
from app.totals import service
from app.totals.domain import Dimension, Sum, TotalsQuery
from reports import changes, donor, summary, timeline
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
    Policy(PolicyKind.RELEASE, label="R7"),
)
GIVEN: Final = Provenance(source="Tests", label="by hand", sha256="0" * 64, actor="tests")
RELEASE: Final = {"USD": "0.99", "DKK": "7.437", "NOK": "10", "GBP": "0.87"}
# No year of any date of the stories is missing: 2026 is that of what has none but its recording.
PRICES: Final = dict(
    zip(range(2021, 2027), ("108.5", "118.8", "125.1", "128", "131", "133"), strict=True)
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
    with database.transaction() as session:
        for currency in ("EUR", "USD"):
            indices = {year: Decimal(text) for year, text in PRICES.items()}
            fx.record_prices(session, currency, indices, GIVEN, clock)
        rates = {code: Decimal(text) for code, text in RELEASE.items()}
        table = RateTable(label="R7", base="EUR", on=date(2022, 10, 3), source="Kiel", rates=rates)
        fx.record_table(session, table, GIVEN, clock)
    clock.advance(timedelta(hours=1))
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
        groups=draw(st.sampled_from([(), (Group.EU,), (Group.NATO, Group.EU), (Group.NB8,)])),
        aid_types=draw(few(AidType)),  # type: ignore[arg-type]  # the same strategy for all
        instruments=draw(few(Instrument)),  # type: ignore[arg-type]
        statuses=draw(
            st.sampled_from([(), (Status.COMMITTED,), (Status.CANCELLED, Status.DELIVERED)])
        ),
        first=first,
        last=last,
        text=draw(st.sampled_from([None, None, "paket"])),
        unvalued=draw(st.sampled_from([None, None, False])),
        undated=draw(st.sampled_from([None, None, True, False])),
    )


questions = st.builds(
    ReportQuery,
    currency=st.sampled_from(["EUR", "USD"]),
    on=st.just(date(2026, 11, 22)),
    measure=st.sampled_from(Stage),
    policy=st.sampled_from(POLICIES),
    prices=st.sampled_from([None, 2022, 2024]),
    filters=some(),
)
# Changes are asked for by where an amount is booked, and never at rates of announcements.
changes_asked = st.builds(
    lambda measure, currency, policy, filters: TotalsQuery(
        measure=measure,
        by=(Dimension.DONOR,),
        currency=currency,
        policy=policy,
        filters=Filters(
            donors=filters.donors,
            groups=filters.groups,
            aid_types=filters.aid_types,
            instruments=filters.instruments,
        ),
    ),
    st.sampled_from(Stage),
    st.sampled_from(["EUR", "USD"]),
    st.sampled_from([one for one in POLICIES if one.kind is not PolicyKind.ANNOUNCEMENT]),
    some(),
)
# A smaller case is found by hand sooner: each takes a whole workbook.
PHASES: Final = [Phase.explicit, Phase.reuse, Phase.generate]
FEW: Final = settings(
    max_examples=4, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
MANY: Final = settings(FEW, max_examples=60)
# Of the empty ledger no rates are known yet.
ANY_LEDGER: Final = st.integers(1, ENTRIES)


def cents(lines: Iterable[PostingLine], stage: Stage) -> int:
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


def check_donor(ledger: Ledger, query: ReportQuery, revision: int) -> None:
    snapshot = ledger.snapshot(revision)
    with ledger.database.reading() as session:
        figures, stamp = gather_donor(session, query, snapshot)
        totals = {
            stage: service.read_totals(session, query.totals(stage, Dimension.AID_TYPE), snapshot)
            for stage in Stage
        }
        yearly = service.read_totals(
            session, query.totals(Stage.COMMITTED, Dimension.YEAR), snapshot
        )
    book = opened(to_bytes(donor.build(figures, stamp)))
    for stage, answer in totals.items():
        shown = by(book, "By aid type", "Aid type", stage.value.capitalize())
        found = {name.lower(): amount for name, amount in shown.items()}
        assert found == {
            str(row.key[0]): row.figures.amount for row in answer.rows if row.figures.amount
        }
    years = by(book, "By year", "Year", "All aid")
    for row in yearly.rows:
        assert years.get(str(row.key[0]), 0) == row.figures.amount
    assert set(column(book, "Checks", "Result")) == {"OK"}


def check_changes(ledger: Ledger, query: TotalsQuery, first: int, last: int) -> None:
    earlier, later = ledger.snapshot(first), ledger.snapshot(last)
    with ledger.database.reading() as session:
        figures, stamp = gather_changes(session, query, earlier, later)
        found = service.read_changes(session, query, earlier, later)
        after = service.read_totals(session, query, later)
        # At the rates known at the later state: none was loaded between the two.
        before = service.read_totals(session, query, earlier)
    book = opened(to_bytes(changes.build(figures, stamp)))
    for header, totals in (("Before", before), ("After", after)):
        [grand] = totals.by_currency.values()
        shown = by(book, "Changes", "Donor", header)
        assert sum(shown.values()) == grand.amount
        named = by(book, "Changes", "Code", header)
        amounts = {row.key[0]: row.figures.amount for row in totals.rows}
        for row in found.rows:
            assert named.get(row.donor, 0) == amounts.get(row.donor, 0)
    assert set(column(book, "Checks", "Result")) == {"OK"}


def by(book: Workbook, tab: str, key: str, value: str) -> dict[str, int]:
    """A column in cents, by another one; without what is nothing."""
    rows = zip(column(book, tab, key), column(book, tab, value), strict=True)
    return {str(name): round(amount * 100) for name, amount in rows if amount}


@FEW
@given(question=questions, revision=ANY_LEDGER, code=st.sampled_from(stories.DONORS))
def test_the_report_on_a_donor_comes_to_the_totals(
    ledger: Ledger, question: ReportQuery, revision: int, code: str
) -> None:
    filters = replace(question.filters, donors=(code,))
    check_donor(ledger, replace(question, filters=filters), revision)


@FEW
@given(question=changes_asked, first=ANY_LEDGER, last=ANY_LEDGER)
def test_the_changes_lead_from_one_total_to_the_other(
    ledger: Ledger, question: TotalsQuery, first: int, last: int
) -> None:
    check_changes(ledger, question, min(first, last), max(first, last))


@pytest.mark.slow
@settings(FEW, max_examples=25)
@given(
    question=questions,
    asked=changes_asked,
    first=ANY_LEDGER,
    last=ANY_LEDGER,
    code=st.sampled_from(stories.DONORS),
)
def test_all_come_to_the_totals_of_many_ledgers(
    ledger: Ledger, question: ReportQuery, asked: TotalsQuery, first: int, last: int, code: str
) -> None:
    filters = replace(question.filters, donors=(code,))
    check_donor(ledger, replace(question, filters=filters), last)
    check_changes(ledger, asked, min(first, last), max(first, last))


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

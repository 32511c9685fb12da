"""Promise: whatever is done to a ledger, in whatever order, it reads as an accountant's would.

Invariants 1 to 5, 7, 8, 9 and 13. A machine gives random commands, possible and impossible ones, to the
program and to the accountant of ``tests/naive.py``, and asks both the same questions about the
present and about the past. Hypothesis prints the steps and the seed of a story that fails.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.db import table_of
from app.journal.tables import EntryRow
from app.kernel.clock import parse_instant
from app.kernel.errors import AppError
from app.pledges import service
from app.pledges.domain import Command, Effect, WithdrawPledge, book, read_record
from app.pledges.tables import FOREVER, PledgeRow, PostingRow, RollupRow
from app.settings import Settings
from tests import naive
from tests.application import make_app
from tests.clock import StoppedClock
from tests.naive import ALWAYS, STAGES, Days, Figures, Paper
from tests.pledges.strategies import IDS, new_pledges, next_commands
from tests.rows import dump

ENTRY, PLEDGE = table_of(EntryRow), table_of(PledgeRow)
POSTING, ROLLUP = table_of(PostingRow), table_of(RollupRow)
KEYS = ("stage", "donor", "aid_type", "instrument", "currency", "valued_on", "first", "last")
ALL_STATUSES = "pledged,committed,allocated,delivered,cancelled,withdrawn"
Cells = dict[tuple[Any, ...], Effect]
Rows = dict[tuple[Any, ...], Figures]
NOTHING = Figures(Decimal(0), 0, 0)

MONTHS: dict[str, Days] = {
    "2022-02": (date(2022, 2, 1), date(2022, 2, 28)),
    "2023-01": (date(2023, 1, 1), date(2023, 1, 31)),
    "2023-11": (date(2023, 11, 1), date(2023, 11, 30)),
    "2023-12": (date(2023, 12, 1), date(2023, 12, 31)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "2026-11": (date(2026, 11, 1), date(2026, 11, 30)),
    "2026-12": (date(2026, 12, 1), date(2026, 12, 31)),
}
QUARTERS: dict[str, Days] = {
    "2022-Q1": (date(2022, 1, 1), date(2022, 3, 31)),
    "2023-Q1": (date(2023, 1, 1), date(2023, 3, 31)),
    "2023-Q4": (date(2023, 10, 1), date(2023, 12, 31)),
    "2024-Q1": (date(2024, 1, 1), date(2024, 3, 31)),
    "2026-Q4": (date(2026, 10, 1), date(2026, 12, 31)),
}
YEARS: dict[str, Days] = {
    str(year): (date(year, 1, 1), date(year, 12, 31)) for year in (2022, 2023, 2024, 2026)
}
# Every period that a date of ``naive.DATES`` lies in or ends in.
PERIODS = {"month": MONTHS, "quarter": QUARTERS, "year": YEARS}
WINDOWS: dict[tuple[str | None, str | None], Days] = {
    (None, None): ALWAYS,
    ("2023", "2023"): YEARS["2023"],
    ("2023-11", "2023-12-04"): (date(2023, 11, 1), date(2023, 12, 4)),
    ("2023-11-14", None): (date(2023, 11, 14), date.max),
    (None, "2023-11"): (date.min, date(2023, 11, 30)),
}
GRAINS = [
    (None, False),
    *((grain, running) for grain in PERIODS for running in (False, True)),
]
DIMENSIONS = ["donor", "aid_type", "instrument", "currency"]


class LedgerMachine(RuleBasedStateMachine):
    """The program and the accountant, side by side."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.clock = StoppedClock()
        self.last_recorded_at: datetime | None = None
        self.paper = naive.Ledger()
        app = make_app(Settings(database_url=url), self.clock)
        self.database = app.state.database
        self.stack = ExitStack()
        self.client = self.stack.enter_context(TestClient(app))
        self.rows = dump(self.database)
        self.answers: dict[str, bytes] = {}

    def teardown(self) -> None:
        self.stack.close()

    # ------------------------------------------------------------------------------------ commands

    @rule(data=st.data())
    def record_a_pledge(self, data: st.DataObject) -> None:
        self.attempt([data.draw(new_pledges())])

    @precondition(lambda self: self.paper.pledges)
    @rule(data=st.data())
    def change_a_pledge(self, data: st.DataObject) -> None:
        self.attempt([self.draw_change(data, self.paper)])

    @precondition(lambda self: self.paper.pledges)
    @rule(data=st.data())
    def change_a_pledge_once_more(self, data: st.DataObject) -> None:
        self.attempt([self.draw_change(data, self.paper)])

    @rule(data=st.data(), size=st.integers(2, 5))
    def record_a_batch(self, data: st.DataObject, size: int) -> None:
        # Each command is drawn with those before it in mind, so that a batch can build on itself.
        scratch, commands = self.paper.copy(), []
        for _ in range(size):
            anew = not scratch.pledges or data.draw(st.booleans())
            command = data.draw(new_pledges()) if anew else self.draw_change(data, scratch)
            commands.append(command)
            scratch.try_record([command], self.today())
        self.attempt(commands)

    @rule(pledge_id=IDS)
    def change_a_pledge_that_is_not_there(self, pledge_id: UUID) -> None:
        self.attempt([WithdrawPledge(pledge_id=pledge_id, reason="It was so.")])

    @rule(step=st.sampled_from([-400, -1, 1, 40]).map(lambda days: timedelta(days=days)))
    def set_the_clock(self, step: timedelta) -> None:
        self.clock.advance(step)

    def draw_change(self, data: st.DataObject, paper: naive.Ledger) -> Command:
        pledges = sorted(paper.pledges.values(), key=lambda one: str(one["reference"]))
        command: Command = data.draw(next_commands(data.draw(st.sampled_from(pledges))))
        return command

    def today(self) -> date:
        """The day of recording: that of the last entry, where the clock has gone back behind it."""
        return max(self.clock.now(), self.last_recorded_at or self.clock.now()).date()

    def attempt(self, commands: Sequence[Command]) -> None:
        """Give the commands to both; they agree, and what is refused leaves no trace."""
        possible = self.paper.try_record(commands, self.today())
        recorded = self.record(commands)
        assert bool(recorded) == possible
        if not recorded:
            assert dump(self.database) == self.rows
            return
        self.last_recorded_at = recorded[-1].entry.recorded_at
        self.compare_with_before()
        self.compare_sums()
        self.ask_for_pledges(self.paper.revision)

    def record(self, commands: Sequence[Command]) -> list[service.Recorded]:
        """What the program made of the commands; nothing where it refused them."""
        try:
            with self.database.transaction() as session:
                return service.record(session, commands, actor="desk", clock=self.clock)
        except AppError as refused:
            note(f"refused: {refused.detail}")
            return []

    # ------------------------------------------------------------------------- what always holds

    @invariant()
    def revisions_and_versions_have_no_gap(self) -> None:
        entries = sorted(row[0] for row in self.rows["entry"])
        assert entries == list(range(1, self.paper.revision + 1))
        versions = defaultdict(list)
        for row in self.rows["entry"]:
            versions[row[3]].append(row[4])
        assert {tuple(sorted(one)) for one in versions.values()} <= {
            tuple(range(1, count + 1)) for count in range(len(entries) + 1)
        }
        assert Counter(len(one) for one in versions.values()) == Counter(
            pledge["version"] for pledge in self.paper.pledges.values()
        )

    def compare_with_before(self) -> None:
        before, self.rows = self.rows, dump(self.database)
        for table in ("entry", "posting"):
            assert set(before[table]) <= set(self.rows[table])
        self.check_payloads(after=len(before["entry"]))

    def check_payloads(self, *, after: int) -> None:
        """The hash is that of the payload, and the columns and the postings say what it says."""
        with self.database.reading() as session:
            new = select(ENTRY).where(ENTRY.c.revision > after)
            for row in session.execute(new):
                document = json.loads(row.payload)
                assert row.payload == rfc8785.dumps(document)
                assert row.leaf_hash == sha256(b"\x00" + row.payload).digest()
                assert document.pop("format") == 1
                assert parse_instant(document.pop("recorded_at")) == row.recorded_at
                lines = select(POSTING).where(POSTING.c.revision == row.revision)
                postings = session.execute(lines.order_by(POSTING.c.line))
                assert document.pop("postings") == [_posting(one) for one in postings]
                assert document.keys() > {"data"}
                for name in document.keys() - {"data"}:
                    assert document[name] in {getattr(row, name), str(getattr(row, name))}

    def compare_sums(self) -> None:
        """The roll-up, the postings, the books of the current pledges, and the paper are one."""
        with self.database.reading() as session:
            sums = ("amount", "pledges", "unvalued")
            rollup = _cells(session.execute(select(*(ROLLUP.c[one] for one in (*KEYS, *sums)))))
            keys = [POSTING.c[one] for one in KEYS]
            added = (func.sum(POSTING.c[one]) for one in sums)
            posted = _cells(session.execute(select(*keys, *added).group_by(*keys)))
        assert rollup == posted == self.sum_of_books()
        amounts: dict[tuple[Any, ...], int] = defaultdict(int)
        for pledge in self.paper.pledges.values():
            for line in naive.account_of(pledge).lines:
                amounts[_cell(pledge, line)] += _minor(line.amount or Decimal(0), pledge)
        assert {cell: effect.amount for cell, effect in rollup.items() if effect.amount} == {
            cell: amount for cell, amount in amounts.items() if amount
        }

    def sum_of_books(self) -> Cells:
        cells: defaultdict[tuple[Any, ...], Effect] = defaultdict(Effect)
        with self.database.reading() as session:
            current = select(PLEDGE.c.document).where(PLEDGE.c.until_revision == FOREVER)
            documents = [json.loads(document) for document in session.execute(current).scalars()]
        assert len(documents) == len(self.paper.pledges)
        for document in documents:
            for (cell, _implied), effect in book(read_record(document)).items():
                key = tuple(getattr(cell, name) for name in KEYS)
                cells[key] = cells[key].plus(effect)
        return {cell: effect for cell, effect in cells.items() if effect != Effect()}

    # ----------------------------------------------------------------------------------- questions

    @rule(data=st.data())
    def ask_for_pledges_of_the_past(self, data: st.DataObject) -> None:
        self.ask_for_pledges(data.draw(st.integers(0, self.paper.revision)))

    def ask_for_pledges(self, revision: int) -> None:
        data = {pledge["reference"]: pledge for pledge in self.list_all(revision)}
        past = self.paper.past[revision]
        assert data.keys() == {pledge["reference"] for pledge in past.values()}
        for pledge in past.values():
            answered = data[pledge["reference"]]
            expected = _as_answered(pledge)
            assert {name: answered[name] for name in expected} == expected

    def list_all(self, revision: int) -> list[dict[str, Any]]:
        answer = self.get(
            "/v1/pledges", as_of=revision, sort="reference", limit=500, status=ALL_STATUSES
        )
        pledges: list[dict[str, Any]] = answer["data"]
        return pledges

    @rule(
        data=st.data(),
        measure=st.sampled_from(STAGES),
        fixed=st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True),
        window=st.sampled_from(list(WINDOWS)),
        frames=st.booleans(),
    )
    def ask_for_totals(
        self,
        data: st.DataObject,
        measure: str,
        fixed: list[str],
        window: tuple[str | None, str | None],
        frames: bool,
    ) -> None:
        revision = data.draw(st.integers(0, self.paper.revision))
        pledges = [
            pledge
            for pledge in self.paper.past[revision].values()
            if (pledge["instrument"] == "authority") == frames
        ]
        filters = {
            "from": window[0],
            "to": window[1],
            "instrument": "authority" if frames else None,
        }
        for grain, running in GRAINS:
            by = [*fixed, *([grain] if grain else [])] or ["donor"]
            answer = self.get(
                "/v1/totals",
                measure=measure,
                by=",".join(by),
                currency="native",
                as_of=revision,
                cumulative="true" if running else None,
                **filters,
            )
            Question(measure, by, WINDOWS[window], running).check(answer, pledges)

    @precondition(lambda self: self.answers)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        address = data.draw(st.sampled_from(sorted(self.answers)))
        assert self.client.get(address).content == self.answers[address]

    def get(self, path: str, **parameters: Any) -> Any:
        given = {name: value for name, value in parameters.items() if value is not None}
        answer = self.client.get(path, params=given)
        assert answer.status_code == 200, answer.text
        # What was asked about a revision gets the same bytes whenever it is asked.
        address = str(answer.request.url)
        assert self.answers.setdefault(address, answer.content) == answer.content
        return answer.json()


class Question:
    """A question about totals, answered on paper."""

    def __init__(self, measure: str, by: list[str], window: Days, cumulative: bool) -> None:
        self.measure, self.by, self.window, self.cumulative = measure, by, window, cumulative
        self.grain = next((one for one in by if one in PERIODS), None)
        self.columns = by if "currency" in by else [*by, "currency"]

    def check(self, answer: Any, pledges: list[Paper]) -> None:
        """Every row, every total, and that the one is the sum of the others."""
        shown = {
            tuple(row[name] for name in self.columns): Figures(
                Decimal(row["amount"]), row["pledges"], row["unvalued"]
            )
            for row in answer["data"]
        }
        assert len(shown) == len(answer["data"])
        if self.cumulative:
            self.check_running(shown, pledges)
        else:
            assert shown == self.expected_rows(pledges)
            self.check_that_it_adds_up(answer)
        self.check_totals(answer, pledges)

    def check_running(self, shown: Rows, pledges: list[Paper]) -> None:
        """Each row is the sum of all up to its end, and none is left out up to the last one."""
        assert self.grain
        place = self.columns.index(self.grain)
        for key, figures in shown.items():
            group = [one for one in pledges if self.key(one, key[place]) == key]
            assert figures == self.figures(group, days_of(key[place]))
        last = max((key[place] for key in shown), default="")
        for key in self.expected_rows(pledges):
            if key[place] <= last:
                assert key in shown
            else:
                # The last period shown is the last in which anything moved.
                group = [one for one in pledges if self.key(one, key[place]) == key]
                moved = naive.total(group, self.measure, self.overlap(days_of(key[place])))
                assert not moved.amount

    def expected_rows(self, pledges: list[Paper]) -> Rows:
        """The rows in which there is anything, for every period that a date lies in."""
        rows = {}
        for label, days in PERIODS[self.grain].items() if self.grain else [(None, ALWAYS)]:
            groups: dict[tuple[Any, ...], list[Paper]] = defaultdict(list)
            for pledge in pledges:
                groups[self.key(pledge, label)].append(pledge)
            for key, group in groups.items():
                rows[key] = self.figures(group, days)
        return {key: figures for key, figures in rows.items() if figures != NOTHING}

    def key(self, pledge: Paper, label: str | None) -> tuple[Any, ...]:
        return tuple(label if one == self.grain else pledge[one] for one in self.columns)

    def figures(self, pledges: list[Paper], period: Days) -> Figures:
        """What a row says; without a period it also holds what may or may not lie in the window."""
        certain = naive.total(pledges, self.measure, self.within(period))
        if self.grain:
            return certain
        return replace(certain, amount=certain.amount + self.uncertain(pledges))

    def within(self, period: Days) -> Days:
        """The days of the window that a row is about."""
        first, last = self.overlap(period)
        return (self.window[0], last) if self.cumulative else (first, last)

    def overlap(self, period: Days) -> Days:
        """The days that are in the window and in the period."""
        return max(self.window[0], period[0]), min(self.window[1], period[1])

    def uncertain(self, pledges: list[Paper]) -> Decimal:
        """What may or may not lie in the window, because its date is coarser."""
        return sum(
            (
                line.amount
                for pledge in pledges
                for line in naive.account_of(pledge).lines
                if line.stage == self.measure
                and line.amount is not None
                and _overlap(line.days, self.window)
                and not naive.inside(line.days, self.window)
            ),
            Decimal(0),
        )

    def check_totals(self, answer: Any, pledges: list[Paper]) -> None:
        certain = naive.total(pledges, self.measure, self.window)
        total = answer["total"]
        assert (total["pledges"], total["unvalued"]) == (certain.pledges, certain.unvalued)
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for pledge in pledges:
            if pledge["currency"]:
                inside = naive.total([pledge], self.measure, self.window).amount
                amounts[pledge["currency"]] += inside + self.uncertain([pledge])
        assert {
            one["currency"]: Decimal(one["amount"])
            for one in total["by_currency"]
            if Decimal(one["amount"])
        } == {currency: amount for currency, amount in amounts.items() if amount}

    def check_that_it_adds_up(self, answer: Any) -> None:
        """Invariant 13: the periods of a series and what is undated make the total."""
        parts: dict[str, Decimal] = defaultdict(Decimal)
        for row in answer["data"]:
            if row["currency"]:
                parts[row["currency"]] += Decimal(row["amount"])
        for one in answer["total"]["by_currency"]:
            rest = Decimal(one["undated"]) if self.grain else 0
            assert parts[one["currency"]] + rest == Decimal(one["amount"])


def days_of(label: str) -> Days:
    """The days of ``2023``, ``2023-Q4`` or ``2023-11``."""
    year, _, rest = label.partition("-")
    if not rest:
        first, months = 1, 12
    elif rest.startswith("Q"):
        first, months = 3 * int(rest[1]) - 2, 3
    else:
        first, months = int(rest), 1
    # The first day of the month after the last, less one day.
    following = date(int(year) + (first + months) // 13, (first + months - 1) % 12 + 1, 1)
    return date(int(year), first, 1), following - timedelta(days=1)


def _overlap(days: Days, window: Days) -> bool:
    return days[0] <= window[1] and window[0] <= days[1]


def _cells(rows: Any) -> Cells:
    cells = {tuple(row[: len(KEYS)]): Effect(*map(int, row[len(KEYS) :])) for row in rows}
    return {cell: effect for cell, effect in cells.items() if effect != Effect()}


def _cell(pledge: Paper, line: naive.Line) -> tuple[Any, ...]:
    currency = pledge["currency"] or "XXX"
    place = (line.stage, pledge["donor"], pledge["aid_type"], pledge["instrument"], currency)
    return (*place, line.valued_on, *line.days)


def _posting(row: Any) -> list[Any]:
    """A row of ``posting`` as the payload has it."""
    dated = row.first != date.min
    decimals = naive.DECIMALS.get(row.currency, 0)
    return [
        row.stage,
        row.first.isoformat() if dated else None,
        row.last.isoformat() if dated else None,
        None if row.valued_on == date.max else row.valued_on.isoformat(),
        row.donor,
        row.aid_type,
        row.instrument,
        row.currency,
        f"{Decimal(row.amount).scaleb(-decimals):.{decimals}f}",
        row.pledges,
        row.unvalued,
        row.implied,
    ]


def _minor(amount: Decimal, pledge: Paper) -> int:
    return int(amount.scaleb(_decimals(pledge)))


def _decimals(pledge: Paper) -> int:
    return naive.DECIMALS.get(pledge["currency"], 0)


def _text(amount: Decimal | str | None, pledge: Paper) -> str | None:
    return None if amount is None else f"{Decimal(amount):.{_decimals(pledge)}f}"


def _as_answered(pledge: Paper) -> dict[str, Any]:
    account = naive.account_of(pledge)
    return {
        **{
            name: pledge[name]
            for name in ("version", "donor", "title", "aid_type", "instrument", "currency", "notes")
        },
        "id": str(pledge["id"]),
        "announced_on": pledge["announced_on"],
        "amount": _text(pledge["amount"], pledge),
        "status": "withdrawn" if pledge["withdrawn"] else account.status,
        "stages": {
            stage: None if stage in account.vague and not level else _text(level, pledge)
            for stage, level in account.level.items()
        },
        "movements": [
            {
                "id": str(one["id"]),
                "stage": one["stage"],
                "amount": _text(one["amount"], pledge),
                "on": one["on"],
                "note": None,
                "sources": [],
                "recorded_on": one["recorded_on"].isoformat(),
                "withdrawn": one["withdrawn"],
            }
            for one in pledge["movements"]
        ],
    }


def run(make_url: Callable[[bool], str], *, examples: int, steps: int) -> None:
    class Machine(LedgerMachine):
        def __init__(self) -> None:
            super().__init__(make_url(False))

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


# A story that fails is told in its shortest form; to find that takes Hypothesis up to five minutes.
@pytest.mark.timeout(900)
def test_the_ledger_reads_as_on_paper(fresh_database_url: Callable[[bool], str]) -> None:
    run(fresh_database_url, examples=10, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_the_ledger_reads_as_on_paper_through_many_long_stories(
    fresh_database_url: Callable[[bool], str],
) -> None:
    run(fresh_database_url, examples=25, steps=50)


def test_the_days_of_a_period_by_hand() -> None:
    for periods in PERIODS.values():
        assert {label: days_of(label) for label in periods} == periods

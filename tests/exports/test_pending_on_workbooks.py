"""Promise: what the legislation workbook says is pending is what ``/v1/legislative-requests/pending`` answers.

For any requests, laws, days and filters; and its formulas, worked out here by a reader of our own, come to the results
that stand beside them.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from app.db import Database, WriteSession
from app.exports.legislation import gather_legislation
from app.journal import service as journal
from app.kernel.currencies import CURRENCIES
from app.kernel.errors import AppError
from app.legislation import service as legislation
from app.legislation.domain import (
    NATIVE,
    Column,
    Command,
    Component,
    Kind,
    LegislativeRequest,
    PendingQuery,
    RateOf,
    RecordAction,
    RecordEnactment,
    State,
    decide,
)
from app.legislation.schemas import figures_json
from app.settings import Settings
from reports import legislation as report
from reports.kit.workbook import to_bytes
from tests.clock import StoppedClock
from tests.legislation.build import TODAY, action, new_uuid, recording
from tests.legislation.test_properties import DATES, DAYS, LINES, STEPS

PLACES: Final = (("US", "USD"), ("DK", "DKK"), ("KR", "KRW"), ("BE", "EUR"))
TITLES: Final = {
    Column.AMOUNT: "Money",
    Column.AUTHORITY: "Authority",
    Column.ENVELOPE: "Envelope",
    Column.IN_KIND: "In kind",
    Column.GUARANTEE: "Guarantee",
    Column.OUT_OF_SCOPE: "Out of scope",
}
SUM: Final = re.compile(r"SUMIFS\((\w+)\[([\w ]+)\],(.*)\)(?:/([0-9]+))?")
# A column and what is wanted in it: what stands in the formula's own row, or a word.
CRITERION: Final = re.compile(r',?\w+\[([\w ]+)\],(?:\w+\[\[#This Row\],\[([\w ]+)\]\]|"([\w ]*)")')
Rows = dict[int, dict[str, Any]]
PHASES: Final = [Phase.explicit, Phase.reuse, Phase.generate]
FEW: Final = settings(
    max_examples=6, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
MANY: Final = settings(FEW, max_examples=60)


@pytest.fixture(scope="module")
def ledger(
    _sqlite_templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Nothing but exchange rates; each example is undone."""
    path = tmp_path_factory.mktemp("pending") / "ledger.db"
    shutil.copyfile(_sqlite_templates(True), path)
    database = Database(Settings(database_url=f"sqlite:///{path}"))
    yield database
    database.dispose()


@st.composite
def commands_on_a_request(draw: st.DrawFn) -> list[Command]:
    """A request, and what was done to it as far as the rules let it."""
    donor, currency = draw(st.sampled_from(PLACES))
    lines = [_in(currency, line) for line in draw(LINES)]
    kind = draw(st.sampled_from(Kind)).value
    # Some look like dates or numbers to a spreadsheet.
    reference = f"{draw(st.sampled_from(['US', 'dec', '1', '1e']))}-{new_uuid().int}"
    made = recording(
        donor=donor, currency=currency, lines=lines, kind=kind, reference=reference,
        requested_on="2023-10-01",
    )  # fmt: skip
    state = decide(None, made, TODAY).request
    commands: list[Command] = [made]
    wanted: list[Command] = [
        RecordAction(request_id=state.id, action=action(on, step and step.value))
        for on, step in draw(STEPS)
    ]
    wanted += [_law(draw, state, currency) for _ in range(draw(st.integers(0, 2)))]
    for command in wanted:
        with suppress(AppError):
            state = decide(state, command, TODAY).request
            commands.append(command)
    return commands


def _law(draw: st.DrawFn, request: LegislativeRequest, currency: str) -> RecordEnactment:
    """A law on some of the lines, with one line that nobody had asked for."""
    amounts = st.none() | st.integers(0, 2 * 10**6).map(lambda number: f"{number}.00")
    answers = [
        _in(currency, {"line": line.key, "amount": draw(amounts)})
        for line in request.leaves
        if draw(st.booleans())
    ]
    added = _in(currency, {"component": draw(st.sampled_from(Component)), "amount": "7.00"})
    return RecordEnactment(
        request_id=request.id,
        enactment_id=new_uuid(),
        action_id=new_uuid(),
        on=draw(DATES),
        lines=[*answers, added],
        closes=draw(st.booleans()),
    )


def _in(currency: str, line: dict[str, Any]) -> dict[str, Any]:
    """The won has no smaller unit."""
    if CURRENCIES[currency].decimals or line["amount"] is None:
        return line
    return {**line, "amount": line["amount"].removesuffix(".00")}


def mostly_all(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """No filter, as a rule: few requests pass several."""
    few = st.lists(st.sampled_from([*values]), min_size=1, max_size=3, unique=True).map(tuple)
    return st.integers(0, 3).flatmap(lambda dice: st.just(()) if dice else few)


requests = st.lists(commands_on_a_request(), min_size=1, max_size=5)
questions = st.builds(
    PendingQuery,
    on=DAYS,
    known_on=st.none() | DAYS,
    currency=st.sampled_from([NATIVE, "EUR", "USD"]),
    rate_of=st.sampled_from(RateOf),
    donors=mostly_all([donor for donor, _ in PLACES]),
    components=mostly_all(Component),
    states=mostly_all(State),
    kinds=mostly_all(Kind),
)


def check(ledger: Database, asked: list[list[Command]], query: PendingQuery) -> None:
    clock = StoppedClock()
    with ledger.transaction() as session:
        for commands in asked:
            legislation.record(session, commands, actor="tests", clock=clock)
        file, answer = _answer(session, query, clock)
        session.rollback()
    event("something is pending" if answer["data"] else "nothing is pending")
    book = load_workbook(BytesIO(file), data_only=True)
    check_pending(book, answer)
    verdicts = {row["Result"] for row in table(book, "Checks").values()}
    assert verdicts <= {"OK", None}
    check_formulas(load_workbook(BytesIO(file)), book)


def _answer(
    session: WriteSession, query: PendingQuery, clock: StoppedClock
) -> tuple[bytes, dict[str, Any]]:
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    figures, stamp = gather_legislation(session, query, snapshot)
    answer = figures_json(legislation.read_pending(session, query, snapshot))
    return to_bytes(report.build(figures, stamp)), dict(answer)


def check_pending(book: Workbook, answer: dict[str, Any]) -> None:
    """Row by row and in total."""
    told = [*answer["data"], *answer["announced"]["data"]]
    usual = None if answer["meta"]["currency"] == NATIVE else answer["meta"]["currency"]
    shown = [row for row in table(book, "Pending").values() if row["Code"]]
    assert [(row["Code"], words(row["Component"]), words(row["Standing"])) for row in shown] == [
        (row["donor"], row["component"], row["standing"]) for row in told
    ]
    for row, expected in zip(shown, told, strict=True):
        assert row["Currency"] == expected.get("currency", usual)
        compare([row[title] for title in TITLES.values()], row, expected)
    sheet = book["Pending"]
    below = [
        row for row in sheet.iter_rows(values_only=True) if str(row[0]).startswith("All pending, ")
    ]
    for cells, expected in zip(below, answer["total"]["by_currency"], strict=True):
        assert cells[0] == f"All pending, {expected['currency']}"
        compare(cells[5:11], {"Requests": cells[11], "Unvalued": cells[12]}, expected)


def compare(amounts: Any, counts: dict[str, Any], expected: dict[str, Any]) -> None:
    assert [Decimal(str(amount)) for amount in amounts] == [
        Decimal(expected[column.value]) for column in TITLES
    ]
    assert (counts["Requests"], counts["Unvalued"]) == (expected["requests"], expected["unvalued"])


def words(shown: str) -> str:
    return shown.lower().replace(" ", "_")


def table(book: Workbook, tab: str) -> Rows:
    """The rows of a sheet's native table by their numbers."""
    [native] = book[tab].tables.values()
    head, *body = book[tab][native.ref]
    names = [cell.value for cell in head]
    return {row[0].row: dict(zip(names, [cell.value for cell in row], strict=True)) for row in body}


def check_formulas(formulas: Workbook, results: Workbook) -> None:
    """Every sum over the lines, worked out anew from the cells that stand there."""
    lines = {
        "PendingLines": table(results, "Pending lines"),
        "RequestLines": table(results, "Lines"),
    }
    for tab in ("Pending", "By state", "Asked and enacted"):
        own = table(results, tab)
        for cell in (cell for row in formulas[tab].iter_rows() for cell in row):
            if cell.data_type == "f":
                found = work_out(
                    str(cell.value).removeprefix("="), lines, own.get(cell.row or 0, {})
                )
                assert Decimal(str(results[tab][cell.coordinate].value)) == found, cell.value


def work_out(text: str, lines: dict[str, Rows], here: dict[str, Any]) -> Decimal:
    """``SUMIFS`` over a table, divided by the decimals of the currency."""
    name, title, criteria, scale = (SUM.fullmatch(text) or pytest.fail(text)).groups()
    assert CRITERION.sub("", criteria) == ""
    wanted = {
        column: here[cell] if cell else word for column, cell, word in CRITERION.findall(criteria)
    }
    total = sum(
        row[title] or 0
        for row in lines[name].values()
        if all(row[column] == value for column, value in wanted.items())
    )
    return Decimal(total) / int(scale or 1)


@FEW
@given(asked=requests, query=questions)
def test_the_workbook_comes_to_what_is_answered(
    ledger: Database, asked: list[list[Command]], query: PendingQuery
) -> None:
    check(ledger, asked, query)


@pytest.mark.slow
@MANY
@given(asked=requests, query=questions)
def test_many_workbooks_come_to_what_is_answered(
    ledger: Database, asked: list[list[Command]], query: PendingQuery
) -> None:
    check(ledger, asked, query)

"""Whatever stands in the cells: nothing is raised, and the ledger's rules take what is proposed, or refuse it."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.imports.domain.kiel.columns import find_table
from app.imports.domain.kiel.mapper import map_book
from app.imports.domain.kiel.packages import Measure, read_packages
from app.imports.domain.kiel.reconciliation import reconcile
from app.imports.domain.kiel.release import read_release
from app.imports.domain.kiel.summary import find_summary
from app.kernel.errors import InvalidError
from app.pledges.domain import RecordPledge, decide
from tests.imports.kiel.workbook import NAMES, line, summary, to_book, workbook

TODAY = date(2026, 11, 22)
NUMBERS = (
    st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda one: Decimal(repr(one)))
)
TEXTS = st.text(max_size=40) | st.sampled_from(
    [".", "Not given", "undisclosed", "1.000.00", "9e99", "until 7/27/2022", "since 2/24/2022", "until 2/30/22",
     "between 3/4/22 & 3/11/22", "unclear, 00/22", "13/2022", "EUR", "KRW", "HRK", "Norway", "Financial ", "Yes",
     "https://", "https://a b", ".https://[::1", "#NAME?", "\x00", "\u202e", 3_000 * "a "]
)  # fmt: skip
VALUES = st.none() | st.booleans() | NUMBERS | TEXTS | st.dates() | st.datetimes()
ROWS = st.dictionaries(st.sampled_from(NAMES[1:]), VALUES, max_size=8)


@given(st.lists(ROWS, min_size=1, max_size=4), st.lists(VALUES, min_size=4, max_size=4))
def test_whatever_stands_in_the_cells_is_read_and_judged(
    rows: list[dict[str, Any]], odd: list[Any]
) -> None:
    lines = [line("A1" if place % 2 else "B1") for place in range(len(rows))]
    for row, values in zip(lines, rows, strict=True):
        for name, value in values.items():
            row[NAMES.index(name)] = value
    sheets = workbook(*lines, sums=[*summary(("Denmark", 0, 0, 0)), odd, [None, *odd]])
    book = to_book({**sheets, "Exchange rates (again)": [odd, [None, "Currency", "1 EUR"], odd]})
    for proposal in map_book(book).proposals:
        command = RecordPledge(
            pledge_id=UUID(int=1, version=4), **proposal.fields, items=list(proposal.items or ())
        )
        try:
            pledge = decide(None, command, TODAY).pledge
        except InvalidError:
            continue
        assert not proposal.is_refused
        assert pledge.amount is None or pledge.amount > 0
    table, sums, release = (
        find_table(book),
        find_summary(book, Measure.COMMITMENT),
        read_release(book),
    )
    assert table
    assert sums
    packages, _ = read_packages(table, release.coverage)
    found = reconcile(packages, sums, release.rates, {}, Measure.COMMITMENT)
    assert all(one.to_json() for one in found)

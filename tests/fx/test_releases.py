"""Promise: a release converts with its own table; a correction is a new table, and the past keeps the old one."""

from datetime import date
from decimal import Decimal

import pytest

from app.db import Database
from app.fx import service as fx
from app.fx.domain import RateTable
from app.fx.domain.imports import ImportOutcome, Provenance
from app.fx.domain.policy import parse_policy
from app.fx.errors import NoExchangeRateError, UnknownReleaseError
from app.journal import service as journal
from app.kernel.currencies import get_currency
from app.kernel.dates import UNDATED
from app.kernel.errors import ValueRefusedError
from app.pledges import service as pledges
from tests.clock import StoppedClock
from tests.pledges.paper import new_pledge

GIVEN = Provenance(
    source="Kiel Institute", label="tracker.xlsx", sha256="0" * 64, actor="importer of the tests"
)


def table(*, label: str = "R7", **rates: str) -> RateTable:
    values = {currency: Decimal(rate) for currency, rate in rates.items()}
    return RateTable(
        label=label, base="EUR", on=date(2022, 10, 3), source="Kiel Institute", rates=values
    )


R7 = table(USD="0.99", DKK="7.437", AUD="1.4921")


def record(database: Database, clock: StoppedClock, given: RateTable) -> ImportOutcome:
    with database.transaction() as session:
        return fx.record_table(session, given, GIVEN, clock)


def convert(
    database: Database,
    minor: int,
    source: str,
    target: str = "EUR",
    *,
    as_of: int | None = None,
    policy: str = "release:R7",
) -> int:
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, as_of, now=StoppedClock().now())
        book = fx.open_book(session, parse_policy(policy), {source, target}, UNDATED, snapshot)
        return book.convert(minor, get_currency(source), get_currency(target), date(1999, 1, 1))


@pytest.mark.parametrize(
    ("minor", "source", "target", "expected"),
    [
        # 35000000 / 1.4921 = 23456872.8637
        (35_000_000_00, "AUD", "EUR", 23_456_872_86),
        # 1000000000 / 7.437 = 134462821.0300
        (1_000_000_000_00, "DKK", "EUR", 134_462_821_03),
        # through the euro: 743.70 / 7.437 * 0.99 = 99
        (743_70, "DKK", "USD", 99_00),
        (5, "EUR", "EUR", 5),
    ],
)
def test_a_release_converts_amounts_of_any_day_with_its_one_table(
    database: Database, clock: StoppedClock, minor: int, source: str, target: str, expected: int
) -> None:
    record(database, clock, R7)
    assert convert(database, minor, source, target) == expected


def test_a_table_may_have_another_base_than_the_euro(
    database: Database, clock: StoppedClock
) -> None:
    # One dollar is 0.8 euro and 8 kroner, so a euro is 10 kroner.
    dollars = RateTable(
        label="OECD", base="USD", on=date(2022, 12, 31), source="OECD",
        rates={"EUR": Decimal("0.8"), "DKK": Decimal(8)},
    )  # fmt: skip
    record(database, clock, dollars)
    assert convert(database, 100_00, "DKK", policy="release:OECD") == 10_00
    assert convert(database, 100_00, "USD", policy="release:OECD") == 80_00


def test_a_currency_that_the_table_lacks_is_refused_by_name(
    database: Database, clock: StoppedClock
) -> None:
    record(database, clock, R7)
    with pytest.raises(NoExchangeRateError, match="release R7 has no exchange rate of NOK"):
        convert(database, 100, "NOK")


def test_an_unknown_release_is_refused_and_the_known_ones_are_named(
    database: Database, clock: StoppedClock
) -> None:
    record(database, clock, table(label="R8", USD="1"))
    with pytest.raises(UnknownReleaseError) as refused:
        convert(database, 100, "USD")
    assert refused.value.findings[0].facts == {"known": ["R8"]}


def test_the_same_table_again_records_nothing(database: Database, clock: StoppedClock) -> None:
    assert record(database, clock, R7).recorded
    again = record(database, clock, R7)
    assert (again.recorded, again.new, again.unchanged) == (None, 0, 3)


def test_a_corrected_table_takes_the_place_of_the_old_one_and_the_past_keeps_it(
    database: Database, clock: StoppedClock
) -> None:
    record(database, clock, R7)
    with database.transaction() as session:
        pledges.record(session, [new_pledge()], actor="desk", clock=clock)
    outcome = record(database, clock, table(USD="0.5", NOK="10"))
    assert [(one.before, one.after) for one in outcome.corrected] == [
        (Decimal("0.99"), Decimal("0.5"))
    ]
    assert (outcome.new, outcome.unchanged) == (1, 0)
    assert convert(database, 99, "USD") == 198
    assert convert(database, 99, "USD", as_of=1) == 100
    with pytest.raises(NoExchangeRateError):
        convert(database, 100, "AUD")
    # The first table was recorded before the first entry, and is known since that.
    with pytest.raises(UnknownReleaseError):
        convert(database, 99, "USD", as_of=0)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (table(label="", USD="1"), "invalid-release-label"),
        (table(label="R 7", USD="1"), "invalid-release-label"),
        (table(label="R" * 65, USD="1"), "invalid-release-label"),
        (table(USD="0"), "invalid-rate"),
        (table(USD="-1"), "invalid-rate"),
        (table(USD="NaN"), "invalid-rate"),
        (table(XYZ="1"), "unknown-currency"),
    ],
)
def test_a_table_that_nobody_could_convert_with_is_refused(
    database: Database, clock: StoppedClock, given: RateTable, code: str
) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        record(database, clock, given)
    assert refused.value.code == code

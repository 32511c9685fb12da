"""Promise: what is loaded stays as it was known: a corrected rate is a new row, and the past keeps the old one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.fx import service as fx
from app.fx.domain.imports import DayRate, ImportOutcome, Provenance
from app.fx.errors import NoExchangeRateError
from app.journal import service as journal
from app.journal.domain import AsOf
from app.kernel.currencies import get_currency
from app.pledges import service as pledges
from tests.clock import StoppedClock
from tests.pledges.paper import new_pledge
from tests.rows import dump

DAY = date(2023, 11, 14)
TABLES = ("fx_rate", "rate_load", "fx_import", "imported_rate", "price_index")


def load(
    database: Database, clock: StoppedClock, source: str, *rates: tuple[str, date, str]
) -> ImportOutcome:
    given = Provenance(source=source, label=f"{source}.csv", sha256="0" * 64, actor="tests")
    read = [DayRate(currency, on, Decimal(value)) for currency, on, value in rates]
    with database.transaction() as session:
        return fx.record_rates(session, read, given, clock)


def record_entry(database: Database, clock: StoppedClock, reference: str) -> None:
    with database.transaction() as session:
        pledges.record(session, [new_pledge(reference=reference)], actor="desk", clock=clock)


def rate(
    database: Database, currency: str, on: date = DAY, *, as_of: AsOf | None = None
) -> tuple[str, str]:
    """The rate and its source, as they were known."""
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, as_of, now=datetime(2027, 1, 1, tzinfo=UTC))
        book = fx.load_book(session, {currency}, on, on, snapshot)
        found = book.rate(get_currency(currency).code, on)
    return str(found.value), found.source


def test_a_loaded_rate_converts_where_the_central_bank_publishes_none(
    priced_database: Database, clock: StoppedClock
) -> None:
    outcome = load(priced_database, clock, "NBU", ("UAH", DAY, "38.9123"))
    assert (outcome.new, outcome.unchanged, outcome.corrected) == (1, 0, ())
    assert rate(priced_database, "UAH") == ("38.9123", "NBU")
    assert rate(priced_database, "UAH", DAY + timedelta(days=7)) == ("38.9123", "NBU")
    with pytest.raises(NoExchangeRateError):
        rate(priced_database, "UAH", DAY + timedelta(days=8))


def test_the_central_bank_goes_before_all_others_even_over_a_weekend(
    priced_database: Database, clock: StoppedClock
) -> None:
    sunday = date(2023, 11, 12)
    load(priced_database, clock, "NBU", ("USD", sunday, "9.9"), ("RUB", DAY, "98.5"))
    assert rate(priced_database, "USD", sunday) == ("1.0683", "ECB")  # Friday's
    # It has published no rouble since March 2022.
    assert rate(priced_database, "RUB") == ("98.5", "NBU")


def test_a_corrected_rate_is_a_new_row_and_the_past_sees_the_old_one(
    priced_database: Database, clock: StoppedClock
) -> None:
    record_entry(priced_database, clock, "A")
    outcome = load(priced_database, clock, "ECB", ("USD", DAY, "1.0725"), ("JPY", DAY, "162.67"))
    [corrected] = outcome.corrected
    assert (corrected.currency, corrected.before, corrected.after) == (
        "USD", Decimal("1.0724"), Decimal("1.0725"),
    )  # fmt: skip
    assert outcome.unchanged == 1
    assert rate(priced_database, "USD") == ("1.0725", "ECB")
    assert rate(priced_database, "USD", as_of=1) == ("1.0724", "ECB")
    record_entry(priced_database, clock, "B")
    assert rate(priced_database, "USD", as_of=1) == ("1.0724", "ECB")
    assert rate(priced_database, "USD", as_of=2) == ("1.0725", "ECB")


def test_an_instant_knows_what_was_loaded_by_then(
    priced_database: Database, clock: StoppedClock
) -> None:
    record_entry(priced_database, clock, "A")
    for value in ("40", "41", "42"):
        clock.advance(timedelta(hours=1))
        load(priced_database, clock, "NBU", ("UAH", DAY, value))
    begin = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    for hours, expected in ((1, "40"), (1.5, "40"), (2, "41"), (3, "42"), (4, "42")):
        as_of = begin + timedelta(hours=hours)
        assert rate(priced_database, "UAH", as_of=as_of) == (expected, "NBU")
    with pytest.raises(NoExchangeRateError):
        rate(priced_database, "UAH", as_of=begin + timedelta(minutes=59))


def test_newer_rates_of_the_central_bank_end_what_was_provisional(
    priced_database: Database, clock: StoppedClock
) -> None:
    record_entry(priced_database, clock, "A")
    newer = date(2026, 11, 20)
    load(priced_database, clock, "ECB", ("USD", newer, "1.2"), ("NOK", newer, "11"))
    with priced_database.reading() as session:
        for as_of, last, provisional in ((None, newer, False), (1, date(2026, 10, 30), True)):
            snapshot = journal.read_snapshot(session, as_of, now=clock.now())
            book = fx.load_book(session, {"USD"}, newer, newer, snapshot)
            assert fx.find_last_day(session, snapshot) == last
            assert book.rate("USD", newer).provisional is provisional
        assert fx.describe_state(
            session, journal.read_snapshot(session, None, now=clock.now())
        ) != (fx.describe_state(session, journal.read_snapshot(session, 1, now=clock.now())))


def test_the_same_file_again_records_nothing(database: Database, clock: StoppedClock) -> None:
    rates = ("UAH", DAY, "38.9"), ("UAH", DAY + timedelta(days=1), "39.0")
    load(database, clock, "NBU", *rates)
    before = dump(database)
    again = load(database, clock, "NBU", ("UAH", DAY, "38.90"))
    assert (again.recorded, again.new, again.unchanged) == (None, 0, 1)
    assert dump(database) == before


def test_two_sources_do_not_correct_each_other_and_the_last_one_loaded_converts(
    database: Database, clock: StoppedClock
) -> None:
    load(database, clock, "NBU", ("UAH", DAY, "38.9"))
    assert load(database, clock, "IMF", ("UAH", DAY, "39.9")).corrected == ()
    assert rate(database, "UAH") == ("39.9", "IMF")
    assert load(database, clock, "NBU", ("UAH", DAY, "38.9")).recorded is None


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "INSERT OR REPLACE", "TRUNCATE {}"]
)
def test_no_table_of_rates_can_be_changed(
    priced_database: Database, clock: StoppedClock, table: str, statement: str
) -> None:
    database = priced_database
    load(database, clock, "NBU", ("UAH", DAY, "38.9"))
    given = Provenance(source="Eurostat", label="HICP", sha256="0" * 64, actor="tests")
    with database.transaction() as session:
        fx.record_prices(session, "EUR", {2022: Decimal(100)}, given, clock)
    column = {"fx_rate": "rate", "rate_load": "since_revision", "fx_import": "source",
              "imported_rate": "rate", "price_index": "value"}[table]  # fmt: skip
    match statement:
        case "INSERT OR REPLACE" if database.is_sqlite:
            attack = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        case "INSERT OR REPLACE" | "TRUNCATE {}" if database.is_sqlite:
            pytest.skip("SQLite has no TRUNCATE")
        case "INSERT OR REPLACE":
            attack = f"MERGE INTO {table} USING (SELECT 1) AS mine ON true WHEN MATCHED THEN DELETE"
        case _:
            attack = statement.format(table, column, column)
    before = dump(database)
    with pytest.raises(DBAPIError, match="is append-only"), database.transaction() as session:
        session.execute(text(attack))
    assert dump(database) == before

"""Promise: reference rates are loaded once, and a book holds all that its answer needs."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.db import Base, Database, ReadSession
from app.fx import store
from app.fx.domain import RateBook
from app.fx.errors import NoExchangeRateError
from app.fx.service import LoadResult, load_book, load_reference_rates
from app.fx.tables import FxRateRow
from app.journal.domain import Snapshot
from app.journal.tables import HeadRow
from app.kernel.currencies import get_currency
from app.settings import Settings

# As published around Easter 2022, at the end of the rouble's series, and at the end of the table.
RATES = [
    ("DKK", "2026-10-30", "7.4735", "ECB"),
    ("RUB", "2022-02-28", "115.4842", "ECB"),
    ("RUB", "2022-03-01", "117.201", "ECB"),
    ("USD", "2022-03-01", "1.1162", "ECB"),
    ("USD", "2022-04-14", "1.0878", "ECB"),
    ("USD", "2022-04-19", "1.0803", "ECB"),
    ("USD", "2026-10-30", "1.1172", "ECB"),
]
NOW = Snapshot(0, None, is_head=True)


@pytest.fixture
def fx_database(tmp_path: Path) -> Iterator[Database]:
    database = Database(Settings(database_url=f"sqlite:///{tmp_path / 'fx.db'}"))
    Base.metadata.create_all(database.engine)
    with database.transaction() as session:
        session.add(HeadRow(id=1, revision=0))
    yield database
    database.dispose()


@pytest.fixture
def with_rates(fx_database: Database) -> Database:
    with fx_database.transaction() as session:
        store.insert_rates(session, RATES)
    return fx_database


def read_book(database: Database, currencies: set[str], first: date, last: date) -> RateBook:
    with database.reading() as session:
        return load_book(session, currencies, first, last, NOW)


def count_rates(session: ReadSession) -> int:
    return session.scalar(select(func.count()).select_from(FxRateRow)) or 0


# ------------------------------------------------------------------------------------------ loading


def test_loading_brings_every_rate_since_1999_and_a_second_time_nothing(
    fx_database: Database,
) -> None:
    with fx_database.transaction() as session:
        first = load_reference_rates(session)
    with fx_database.transaction() as session:
        again = load_reference_rates(session)
        held = count_rates(session)
    # 221,702 cells with a figure in the file of 30 October 2026, counted with awk; it only grows.
    assert first.rows >= 221_702
    assert first.first_day == date(1999, 1, 4)
    assert first.last_day >= date(2026, 10, 30)
    assert again == LoadResult(0, first.first_day, first.last_day)
    assert held == first.rows


def test_loaded_rates_convert_what_was_worked_by_hand(fx_database: Database) -> None:
    with fx_database.transaction() as session:
        load_reference_rates(session)
    book = read_book(fx_database, {"USD", "EUR"}, date(2023, 8, 29), date(2023, 8, 29))
    # 250000000 / 1.0803 = 231417198.9262
    converted = book.convert(
        250_000_000_00, get_currency("USD"), get_currency("EUR"), date(2023, 8, 29)
    )
    assert converted == 231_417_198_93


def test_a_renewed_package_adds_its_new_days_and_leaves_the_old_ones(
    fx_database: Database,
) -> None:
    with fx_database.transaction() as session:
        store.insert_rates(session, [("USD", "2026-10-29", "1.5", "ECB")])
        load_reference_rates(session)
    with fx_database.reading() as session:
        days = session.scalars(select(FxRateRow.on_day).distinct()).all()
        old = session.get_one(FxRateRow, ("USD", date(2026, 10, 29)))
        assert old.rate == "1.5"
    assert min(days) == date(2026, 10, 29)
    assert date(2026, 10, 30) in days


def load_and_fail(database: Database) -> None:
    with database.transaction() as session:
        load_reference_rates(session)
        raise RuntimeError


def test_a_load_that_is_rolled_back_leaves_nothing(fx_database: Database) -> None:
    with pytest.raises(RuntimeError):
        load_and_fail(fx_database)
    with fx_database.transaction() as session:
        assert count_rates(session) == 0


def test_a_rate_is_kept_as_the_text_that_was_published(with_rates: Database) -> None:
    with with_rates.reading() as session:
        row = session.get_one(FxRateRow, ("USD", date(2022, 4, 14)))
        assert (row.rate, row.source) == ("1.0878", "ECB")


# -------------------------------------------------------------------------------------------- books


def test_a_book_reaches_back_to_the_last_working_day_before_its_first(
    with_rates: Database,
) -> None:
    easter_monday = date(2022, 4, 18)
    book = read_book(with_rates, {"USD"}, easter_monday, easter_monday)
    assert book.rate("USD", easter_monday).on == date(2022, 4, 14)


def test_a_book_of_days_after_all_rates_holds_the_last_ones(with_rates: Database) -> None:
    book = read_book(with_rates, {"USD", "DKK"}, date(2026, 11, 20), date(2026, 11, 22))
    rate = book.rate("DKK", date(2026, 11, 22))
    assert (rate.on, rate.provisional) == (date(2026, 10, 30), True)


def test_a_series_that_ended_is_not_taken_for_the_end_of_the_table(with_rates: Database) -> None:
    book = read_book(with_rates, {"RUB"}, date(2022, 3, 1), date(2022, 4, 19))
    assert not book.rate("RUB", date(2022, 3, 1)).provisional
    with pytest.raises(NoExchangeRateError):
        book.rate("RUB", date(2022, 4, 19))


def test_a_currency_without_rates_is_covered_and_has_none(with_rates: Database) -> None:
    book = read_book(with_rates, {"UAH", "EUR"}, date(2022, 4, 14), date(2022, 4, 14))
    with pytest.raises(NoExchangeRateError):
        book.rate("UAH", date(2022, 4, 14))


def test_a_book_does_not_speak_of_days_or_currencies_it_was_not_asked_for(
    with_rates: Database,
) -> None:
    book = read_book(with_rates, {"USD"}, date(2022, 4, 14), date(2022, 4, 19))
    for currency, day in [("USD", date(2022, 4, 20)), ("RUB", date(2022, 4, 14))]:
        with pytest.raises(LookupError):
            book.rate(currency, day)


def test_euro_alone_need_no_rates_at_all(fx_database: Database) -> None:
    day = date(2023, 11, 14)
    book = read_book(fx_database, {"EUR"}, day, day + timedelta(days=1))
    assert book.convert(7, get_currency("EUR"), get_currency("EUR"), day) == 7


def test_a_ledger_without_rates_refuses_to_convert(fx_database: Database) -> None:
    day = date(2023, 11, 14)
    book = read_book(fx_database, {"USD"}, day, day)
    with pytest.raises(NoExchangeRateError):
        book.rate("USD", day)

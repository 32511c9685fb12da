"""Promise: conversion takes the last published rate, not too old a one, and rounds once, half to even."""

from datetime import date

import pytest

from app.fx.domain import CHANGEOVERS
from verifier.errors import MalformedError, MismatchError
from verifier.rates import FIXED, Rates

RATES = b"""\
currency,day,rate
JPY,2023-11-10,160
RUB,2022-03-01,117.2
USD,2023-11-09,1.0
USD,2023-11-10,8
"""
FRIDAY, SATURDAY = "2023-11-10", "2023-11-11"


@pytest.fixture
def rates() -> Rates:
    return Rates.read(RATES, date(2023, 11, 10))


@pytest.mark.parametrize(
    ("minor", "euros"),
    [
        (100, 12),
        (300, 38),
        (500, 62),
        (700, 88),
        (-100, -12),
        (-300, -38),
        (101, 13),
        (0, 0),
        (1, 0),
    ],
)
def test_half_a_cent_goes_to_the_even_one(rates: Rates, minor: int, euros: int) -> None:
    """1.00 / 8 = 0.125, 3.00 / 8 = 0.375, 5.00 / 8 = 0.625, 7.00 / 8 = 0.875."""
    assert rates.convert(minor, 2, "USD", "EUR", FRIDAY) == euros


def test_a_currency_into_itself_needs_no_rate(rates: Rates) -> None:
    assert rates.convert(12345, 2, "EUR", "EUR", "1990-01-01") == 12345
    assert rates.convert(12345, 2, "USD", "USD", "1990-01-01") == 12345


def test_from_one_currency_to_another_it_goes_through_the_euro_and_is_rounded_once(
    rates: Rates,
) -> None:
    """1000 yen / 160 * 8 = 50.00 dollars; the yen has no minor unit."""
    assert rates.convert(1000, 0, "JPY", "USD", FRIDAY) == 5000
    assert rates.convert(1, 0, "JPY", "EUR", FRIDAY) == 1  # 0.00625
    assert rates.convert(100, 2, "EUR", "USD", FRIDAY) == 800


@pytest.mark.parametrize(
    ("currency", "day", "found"),
    [
        ("USD", "2023-11-09", True),
        ("USD", SATURDAY, True),  # Friday's
        ("USD", "2024-01-11", True),  # two months behind the last rate, provisionally
        ("USD", "2024-01-12", False),
        ("USD", "2023-11-08", False),  # before the first
        ("RUB", "2022-03-08", True),  # a week old
        ("RUB", "2022-03-09", False),
        ("RUB", "2023-11-30", False),
        ("XOF", FRIDAY, False),
    ],
)
def test_which_rate_counts(rates: Rates, currency: str, day: str, *, found: bool) -> None:
    if found:
        rates.convert(100, 2, currency, "EUR", day)
        return
    with pytest.raises(MismatchError, match=f"no exchange rate of {currency} for {day}"):
        rates.convert(100, 2, currency, "EUR", day)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"day,currency,rate\n",
        RATES + b"USD,2023-11-01,1.0\n",
        RATES + b"ZAR,2023-11-31,1.0\n",
        RATES + b"ZAR,2023-11-30,1e3\n",
        RATES + b"ZAR,2023-11-30,0.000\n",
        RATES + b"ZAR,2023-11-30,-1\n",
        RATES + b"ZAR,2023-11-30\n",
        RATES + b"ZAR,2023-11-30,\xff\n",
        RATES + b'ZAR,2023-11-30,"1\n',
    ],
)
def test_rates_that_cannot_be_read_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        Rates.read(data, None)


SOURCES = b"""\
currency,day,rate,source
UAH,2023-11-10,38.5,NBU
UAH,2023-11-11,38.6,NBU
USD,2023-11-10,8,ECB
USD,2023-11-11,9,NBU
"""


@pytest.mark.parametrize(
    ("currency", "day", "euros"),
    [
        ("USD", SATURDAY, 1_00),  # the bank's of Friday goes before another's of the day
        ("USD", "2023-11-17", 1_00),
        ("UAH", SATURDAY, 21),  # 8.00 / 38.6 = 0.2073
        ("UAH", "2023-11-18", 21),
        ("HRK", "2023-01-01", 1_06),  # 8.00 / 7.53450 = 1.0618, by law, whatever is published
        ("BGN", "2026-01-01", 4_09),  # 8.00 / 1.95583 = 4.0903
    ],
)
def test_the_law_goes_before_the_bank_and_the_bank_before_all_others(
    currency: str, day: str, euros: int
) -> None:
    rates = Rates.read(SOURCES, date(2023, 11, 17))
    assert rates.convert(800, 2, currency, "EUR", day) == euros


def test_a_rate_of_another_source_is_as_old_as_a_week_at_most() -> None:
    rates = Rates.read(SOURCES, date(2023, 11, 17))
    with pytest.raises(MismatchError):
        rates.convert(800, 2, "UAH", "EUR", "2023-11-19")


def test_the_fixed_rates_are_those_that_the_ledger_converts_with() -> None:
    """Two tables written apart from each other say the same."""
    assert {
        code: (one.since.isoformat(), str(one.value)) for code, one in CHANGEOVERS.items()
    } == FIXED

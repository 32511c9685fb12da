"""Promise: our table of currencies is ISO 4217, without what nobody can pledge in."""

from datetime import date, timedelta

import iso4217
import pycountry
import pytest

from app.kernel.currencies import CURRENCIES, get_currency
from app.kernel.errors import ValueRefusedError

FUNDS = {"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"}
UNITS_OF_ACCOUNT = {"XAD", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA"}
METALS = {"XAG", "XAU", "XPD", "XPT"}
TESTS_AND_NO_CURRENCY = {"XTS", "XXX"}
LEFT_OUT = FUNDS | UNITS_OF_ACCOUNT | METALS | TESTS_AND_NO_CURRENCY

STANDARD = {currency.code: currency for currency in iso4217.Currency}


def test_every_currency_of_the_standard_is_known_but_for_those_left_out_on_purpose() -> None:
    assert set(STANDARD) - set(CURRENCIES) == LEFT_OUT


def test_a_currency_that_the_standard_no_longer_lists_has_a_last_day() -> None:
    gone = set(CURRENCIES) - set(STANDARD)
    assert [code for code in sorted(gone) if CURRENCIES[code].withdrawn_on is None] == []


@pytest.mark.parametrize("code", sorted(set(CURRENCIES) & set(STANDARD)))
def test_decimals_and_name_are_those_of_the_standard(code: str) -> None:
    known = CURRENCIES[code]
    assert (known.decimals, known.name) == (STANDARD[code].exponent, STANDARD[code].currency_name)


def test_every_currency_in_use_is_in_the_debian_list_of_iso_4217_too() -> None:
    in_use = {code for code, currency in CURRENCIES.items() if currency.withdrawn_on is None}
    listed = {currency.alpha_3 for currency in pycountry.currencies}
    assert in_use - listed == set()


# Council Regulation (EC) 974/98, and the acts by which Croatia and Bulgaria took the euro: the
# national notes stay legal tender for a short time beside the euro.
@pytest.mark.parametrize(
    ("code", "last"),
    [
        ("BGN", date(2026, 1, 31)),  # Bulgaria: euro since 1 January 2026, one month beside it
        ("DEM", date(2002, 2, 28)),  # two months beside the euro
        ("HRK", date(2023, 1, 14)),  # Croatia: euro since 1 January 2023, two weeks beside it
        ("LTL", date(2015, 1, 15)),  # Lithuania: euro since 1 January 2015, fifteen days
    ],
)
def test_a_currency_that_gave_way_to_the_euro_is_valid_until_its_last_day(
    code: str, last: date
) -> None:
    currency = get_currency(code)
    assert currency.is_valid_on(last)
    assert not currency.is_valid_on(last + timedelta(days=1))


def test_a_currency_in_use_is_valid_on_any_day() -> None:
    assert get_currency("UAH").is_valid_on(date(2199, 12, 31))


@pytest.mark.parametrize("code", ["BTC", "ETH", "USDT", "XXX", "XTS", "XAU", "", "EURO"])
def test_what_is_no_currency_is_refused_without_a_guess(code: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        get_currency(code)
    assert (refused.value.code, refused.value.facts) == ("unknown-currency", {})


@pytest.mark.parametrize("code", ["eur", "Eur", " EUR", "EUR\n"])
def test_case_and_blanks_are_pointed_out_and_not_folded(code: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        get_currency(code)
    assert refused.value.facts == {"did_you_mean": "EUR"}

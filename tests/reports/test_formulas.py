"""Promise: a formula is made of the kit's few words, or it is not made."""

from decimal import Decimal

import pytest

from reports.kit.formulas import Formula, is_allowed, is_word
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.table import fit
from reports.kit.values import money
from reports.kit.workbook import Book, to_bytes
from tests.reports.look import parts


@pytest.mark.parametrize(
    "text",
    [
        "SUM(Postings[Minor units])",
        'SUMIFS(Postings[Minor units],Postings[Stage],"Pledged",Postings[Code],DonorTotals[[#This Row],[Code]])/100',
        'SUMIFS(Postings[Minor units],Postings[Month],"=")/100',
        'SUMIFS(Postings[Minor units],Postings[Reached on],"<="&ByMonth[[#This Row],[Last day]])/100',
        'IF(SUM(Checks[Difference])=0,"OK","Differs")',
        "ABS(ROUND(A1-'By donor'!$C$20,2))",
        "Total_pledged",
    ],
)
def test_our_own_formulas_are_allowed(text: str) -> None:
    assert is_allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'HYPERLINK("http://example.org")',
        "WEBSERVICE(A1)",
        "cmd|' /C calc'!A0",
        "DDE(A1)",
        "[1]Sheet!A1",
        "'[book.xlsx]Sheet'!A1",
        "SUM(A1);SUM(B1)",
        "INDIRECT(A1)",
        'SUM("=cmd|x")',
        "LOG10(A1)",
        "SUM(A1)\n",
        '"<script>"',
        "CALL(A1)",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert not is_allowed(text)
    with pytest.raises(ValueError, match="no formula"):
        Formula(text, 1)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("DK", True), ("In kind", True), ("a*", False), ('"', False), ("=1", False)],
)
def test_only_plain_words_are_quoted(text: str, quoted: bool) -> None:
    assert is_word(text) is quoted


def test_a_formula_stands_in_the_file_with_its_result() -> None:
    book = Book()
    _, rows = book.begin_sheet("One")
    amount = money(Decimal("12.30"), "EUR")
    values = (Formula("SUM(A1)", amount), Formula("SUM(A1)", 3), Formula("Total_x", "OK"))
    rows.append([(value, Look.NUMBER) for value in values])
    [xml] = parts(to_bytes(book), r"xl/worksheets/sheet1\.xml").values()
    assert "<f>SUM(A1)</f><v>12.30</v>" in xml
    assert "<f>SUM(A1)</f><v>3</v>" in xml
    assert 't="str"><f>Total_x</f><v>OK</v>' in xml


def test_a_result_of_more_than_15_digits_is_a_text_and_no_formula() -> None:
    long = Number(Decimal("12345678901234567.89"), "#,##0.00")
    assert fit(Formula("SUM(A1)", long), "here") == "12,345,678,901,234,567.89"

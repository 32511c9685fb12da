"""Numbers of the workbook are read as they were meant, and what is no number is missing, never nought."""

from decimal import Decimal
from typing import Any

import pytest

from app.imports.domain.cells import Cell
from app.imports.domain.findings import Finding
from app.imports.domain.kiel.numbers import read_number


def read(value: Any, *, is_formula: bool = False) -> tuple[Decimal | None, list[str]]:
    findings: list[Finding] = []
    cell = Cell("Main", 7, 13, value, is_formula)
    number = read_number(cell, findings)
    assert all((one.sheet, one.cell) == ("Main", "M7") for one in findings)
    return number, [one.code for one in findings]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (35_000_000, "35000000"),
        (0, "0"),
        (Decimal("23456872.86374908"), "23456872.8637491"),
        # Excel keeps the 17 digits of a product, and other programs save it with 16: one number, and one rounding.
        (Decimal("30105.914999999997"), "30105.915"),
        ("820000000", "820000000"),
        (" 3193503.68 \n", "3193503.68"),
        ("\xa05300000\xa0", "5300000"),
        ("1.5E+8", "150000000"),
        ("-61970000", "-61970000"),
    ],
)
def test_a_number_is_read(value: Any, number: str) -> None:
    assert read(value) == (Decimal(number), [])


@pytest.mark.parametrize(
    "value",
    [None, ".", " . ", "", "-", "Not given", "undisclosed", "Undisclosed ", "dozens", "partially", "No price", "#N/A"],
)  # fmt: skip
def test_what_is_not_told_is_missing(value: Any) -> None:
    assert read(value) == (None, [])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1.000.00", "1000"),
        ("6.000.00", "6000"),
        ("15.000.00", "15000"),
        ("1.234.567.89", "1234567.89"),
        ("1,000,000.50", "1000000.5"),
        ("1.000,50", "1000.5"),
        ("1 000 000", "1000000"),
    ],
)
def test_separators_are_seen_through_and_told(value: str, number: str) -> None:
    assert read(value) == (Decimal(number), ["garbled-number"])


@pytest.mark.parametrize(
    "value", ["about 5", "5 to 6", "1.00.000", "12 million", "=1+1", True, "٥", 10**19, "9e99"]
)
def test_what_cannot_be_read_is_missing_and_told(value: Any) -> None:
    assert read(value) == (None, ["unreadable-number"])


def test_a_formula_without_a_saved_result_is_missing_and_told() -> None:
    assert read(None, is_formula=True) == (None, ["formula-without-value"])

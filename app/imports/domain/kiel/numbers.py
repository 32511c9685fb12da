"""Numbers as the workbook has them: typed, as text, grouped in two ways, or not there."""

import re
from decimal import Context, Decimal
from typing import Final

from app.imports.domain.cells import Cell, Value
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.words import is_missing, text_of

# A spreadsheet works out 15 digits; programs that save it again round off what stands behind them, each in its own way.
_DIGITS: Final = Context(prec=15)
# Nothing that is given or counted comes near it; what does is a slip, and arithmetic stays exact below it.
_LARGEST: Final = Decimal(10) ** 18
_PLAIN: Final = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
# 1.000.00 is one thousand: points between thousands, and a point before the cents as well.
_POINTS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+\.[0-9]{2}", re.ASCII)
# 1,000.00 and 1 000.00, and the European 1.000,00.
_COMMAS: Final = re.compile(r"[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_EUROPEAN: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+", re.ASCII)


def read_number(cell: Cell, findings: list[Finding]) -> Decimal | None:
    """The number in a cell; ``None`` where none was published. What is odd about it is added to ``findings``."""

    def warn(code: str, detail: str) -> None:
        findings.append(Finding.at(cell, Severity.WARNING, code, detail))

    if cell.is_unknown:
        warn("formula-without-value", "A formula whose result was not saved; read as missing.")
        return None
    text = text_of(cell)
    if is_missing(text):
        return None
    number = _typed(cell.value)
    if number is None and (number := _parse(text)) is not None and not _PLAIN.fullmatch(text):
        warn("garbled-number", f"A number with separators in it, read as {number:f}.")
    if number is None or abs(number) > _LARGEST:
        warn("unreadable-number", "This is no number, or beyond all bounds; read as missing.")
        return None
    return number


def _typed(value: Value) -> Decimal | None:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _DIGITS.plus(Decimal(value))
    return None


def _parse(text: str) -> Decimal | None:
    if _PLAIN.fullmatch(text):
        return _DIGITS.create_decimal(text)
    if _POINTS.fullmatch(text):
        whole, _, cents = text.rpartition(".")
        return Decimal(whole.replace(".", "") + "." + cents)
    if _COMMAS.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    if _EUROPEAN.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return None

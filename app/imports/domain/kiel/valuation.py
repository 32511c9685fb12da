"""What a package is worth: the workbook's total, else the source's figure, else its own estimates, else unknown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.columns import Column
from app.imports.domain.kiel.packages import Measure, Package, total
from app.kernel.currencies import CURRENCIES
from app.kernel.money import MAX_MAJOR_UNITS

# The currency of the workbook's price list.
_PRICE_LIST: Final = "USD"
_EURO: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Valuation:
    """The value of a package.

    Attributes:
        amount: with the decimals of its currency; ``None`` for an unvalued package.
        currency: ISO 4217; ``None`` only where the amount is.
        allocated: the part of it that its rows call allocations; ``None`` where there are no parts.
        is_estimate: quantity by market price stands for what no source says.
    """

    amount: Decimal | None
    currency: str | None
    allocated: Decimal | None = None
    is_estimate: bool = False


def value_package(package: Package, findings: list[Finding]) -> Valuation:
    """The value of a package. What is odd about it is added to ``findings``."""
    amount, currency, is_estimate = _choose(package, findings)
    if amount is None or currency is None:
        return Valuation(None, None)
    if not is_recordable(amount):
        detail = "The total is not above zero, or beyond all bounds; the package is recorded without a value."
        findings.append(_at(package, Column.TOTAL, "amount-out-of-range", detail))
        return Valuation(None, None)
    rounded = round_money(amount, currency)
    allocated = _allocated(package, currency, rounded, findings)
    return Valuation(rounded or None, currency, allocated, is_estimate)


def is_recordable(amount: Decimal) -> bool:
    """Whether the ledger takes such an amount: above zero, and within its bound."""
    return 0 < amount <= MAX_MAJOR_UNITS


def round_money(amount: Decimal, currency: str) -> Decimal:
    """The amount with the decimals of its currency, half to even."""
    return amount.quantize(Decimal(1).scaleb(-CURRENCIES[currency].decimals), ROUND_HALF_EVEN)


def _choose(package: Package, findings: list[Finding]) -> tuple[Decimal | None, str | None, bool]:
    """Amount, its currency, and whether it is an estimate of the workbook's own."""
    currency = _currency(package, findings)
    counted = total([line.total for line in package.lines])
    given = next((line.given for line in package.lines if line.given is not None), None)
    estimate = total([line.estimate for line in package.lines]) or None
    if counted is not None:
        _compare(package, counted, given, estimate, findings)
        is_estimate = package.is_estimated or (given is None and counted == estimate)
        if currency:
            return counted, currency, is_estimate
    if given is not None and currency:
        detail = "The source gives a value and the total is empty: the workbook's own sums leave the package out."
        findings.append(_at(package, Column.TOTAL, "total-missing", detail))
        return given, currency, False
    if estimate is not None:
        return estimate, _PRICE_LIST, True
    parts = total([line.part for line in package.lines])
    if parts is not None and currency:
        return parts, currency, False
    return package.converted or total([line.part_converted for line in package.lines]), _EURO, False


def _currency(package: Package, findings: list[Finding]) -> str | None:
    text = package.text(Column.CURRENCY).upper()
    if text in CURRENCIES:
        return text
    if text:
        detail = "No currency of ISO 4217; amounts in it cannot be recorded."
        findings.append(_at(package, Column.CURRENCY, "unknown-currency", detail))
    return None


def _compare(
    package: Package,
    counted: Decimal,
    given: Decimal | None,
    estimate: Decimal | None,
    findings: list[Finding],
) -> None:
    """Notes what is odd about a total: typed by hand, in another currency than its estimate, or never converted."""
    if given is not None and counted != given:
        detail = "The total is not the value that the source gives; the total counts."
        findings.append(_at(package, Column.TOTAL, "total-by-hand", detail))
    is_estimate = given is None and counted == estimate
    if is_estimate and package.text(Column.CURRENCY).upper() != _PRICE_LIST:
        detail = "An estimate in dollars stands under another currency; it is recorded as the workbook counts it."
        findings.append(_at(package, Column.CURRENCY, "estimate-in-other-currency", detail))
    if package.converted is None and Column.CONVERTED in package.table.places:
        detail = (
            "The total was not converted to euro: the workbook's own sums leave the package out."
        )
        findings.append(_at(package, Column.CONVERTED, "converted-value-missing", detail))


def _allocated(
    package: Package, currency: str, amount: Decimal, findings: list[Finding]
) -> Decimal | None:
    """What is allocated of a package of which only some rows are allocations, never more than the whole."""
    measures = {line.measure for line in package.lines}
    if len(measures) == 1:
        return None
    allocations = [line for line in package.lines if line.measure is Measure.ALLOCATION]
    part = total([line.part for line in allocations])
    if part is None and currency == _EURO:
        part = total([line.part_converted for line in allocations])
    if part is None or part <= 0:
        return None
    if part > amount:
        detail = "More is allocated than committed; the commitment counts as allocated whole."
        findings.append(_at(package, Column.LINE_TOTAL, "allocated-beyond-committed", detail))
    return round_money(min(part, amount), currency) or None


def _at(package: Package, column: Column, code: str, detail: str) -> Finding:
    return Finding.at(package.cell(column), Severity.WARNING, code, detail)

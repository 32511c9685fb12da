"""The sheet "Checks": what the workbook's formulas come to beside what the ledger itself says."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.figures import Stamp
from reports.kit.formulas import Formula, Result, cell_of
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.page import Page
from reports.kit.table import Column, Table, fit, lay_out
from reports.kit.values import Value
from reports.kit.workbook import Book
from reports.sheets.lines import stamp_line

TAB: Final = "Checks"
WHAT: Final = "Every total worked out by formulas, beside the ledger's own"
# The defined name of the one cell that says whether all is well.
RESULT: Final = "Checks_result"
_TABLE: Final = "Checks"
_OK: Final = "OK"
_DIFFERS: Final = "Differs"
_NOT_COMPUTED: Final = "Not computed"
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Check:
    """One figure.

    Attributes:
        what: which figure, and where it stands.
        found: the formula that comes to it.
        told: what the ledger says.
    """

    what: str
    found: Value
    told: Number | int | None

    @property
    def difference(self) -> Number | None:
        """How far the two are apart; ``None`` where a spreadsheet cannot tell, because the numbers are too long."""
        if not isinstance(self.found, Formula) or self.told is None:
            return None
        if isinstance(fit(self.found, TAB), str) or isinstance(fit(self.told, TAB), str):
            return None
        found, told = _decimal(self.found.result), _decimal(self.told)
        return Number(abs(found - told), "#,##0.00")


def checks_page(
    checks: tuple[Check, ...], stamp: Stamp, *, amounts: str | None = None, row: str = "posting"
) -> Page:
    """One row for each figure, and a verdict on all of them below.

    Args:
        checks: the figures.
        stamp: which ledger.
        amounts: which amounts they are; by default those in the report's currency.
        row: what the formulas add up.
    """
    return Page(
        tab=TAB,
        title="Formulas checked with the ledger",
        lines=(
            stamp_line(stamp, amounts or f"Amounts in {stamp.currency}"),
            "Workbook: what the formulas come to. Ledger: what it answered when it made this workbook.",
            f"Whoever changes a {row} sees here which totals changed, and by how much.",
        ),
        grid=lay_out(_table(checks), TAB),
    )


def name_result(book: Book, page: Page) -> None:
    """Name the cell with the verdict."""
    book.name(RESULT, page.total_cell("Result"))


def verdict(checks: tuple[Check, ...]) -> Value:
    """The verdict, for other sheets."""
    return Formula(RESULT, _overall(checks))


def _table(checks: tuple[Check, ...]) -> Table[Check]:
    difference = f"ABS(ROUND({cell_of(_TABLE, 'Workbook')}-{cell_of(_TABLE, 'Ledger')},2))"
    result = f'IF({cell_of(_TABLE, "Difference")}=0,"{_OK}","{_DIFFERS}")'

    def compared(check: Check) -> Value:
        found = check.difference
        return None if found is None else Formula(difference, found)

    def judged(check: Check) -> Value:
        found = check.difference
        if found is None:
            return _NOT_COMPUTED
        return Formula(result, _DIFFERS if found.value else _OK)

    total = sum((each.difference.value for each in checks if each.difference), start=_ZERO)
    sums = f"SUM({_TABLE}[Difference])"
    return Table(
        name=_TABLE,
        columns=(
            Column("Figure", lambda check: check.what, Look.TEXT, 60),
            Column("Workbook", lambda check: check.found, Look.NUMBER),
            Column("Ledger", lambda check: check.told, Look.NUMBER),
            Column("Difference", compared, Look.NUMBER),
            Column("Result", judged),
        ),
        rows=checks,
        empty="There is nothing to check.",
        totals=(
            (
                "All checks", None, None, Formula(sums, Number(total, "#,##0.00")),
                Formula(f'IF({sums}=0,"{_OK}","{_DIFFERS}")', _overall(checks)),
            ),
        ),
    )  # fmt: skip


def _overall(checks: tuple[Check, ...]) -> str:
    return _DIFFERS if any(each.difference and each.difference.value for each in checks) else _OK


def _decimal(result: Result) -> Decimal:
    return result.value if isinstance(result, Number) else Decimal(result)

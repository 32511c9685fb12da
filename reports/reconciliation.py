"""The workbook of a reconciliation: the ledger beside another workbook's sums, and the cause of every difference."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from openpyxl.workbook import Workbook

from app.pledges.domain.model import AidType
from reports.figures import RateLine, Stamp
from reports.kit.formulas import Formula, cell_of
from reports.kit.looks import Look
from reports.kit.page import Page, write_page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.kit.workbook import new_book
from reports.sheets import cover, notes, rates
from reports.sheets.lines import footer, stamp_line

TITLE: Final = "The ledger beside another workbook"
TAB: Final = "Sums"
CAUSES_TAB: Final = "Causes"
SHEETS: Final = (
    (TAB, "Each sum of the other workbook beside the ledger's, with difference and verdict"),
    (CAUSES_TAB, "Why a sum differs, package by package, with the cell to look at"),
    (rates.TAB, "The rates of the other workbook, which convert both"),
    (notes.TAB, notes.WHAT),
)
READING: Final = (
    "Difference is the ledger less the other workbook. Explained is the part of it that sheet Causes names.",
    "Equal: nothing but fractions of a cent lies between the two. Explained: every cause lies in the other workbook.",
    "Open: the ledger has something else than the file, or nobody knows why the two differ.",
)
NOTES: Final = (
    "Both are in euro at the other workbook's own rates, so that no rate makes a difference.",
    (
        "Everything is worked out exactly and rounded to the cent where it is shown. Rest is what rounding leaves "
        "between a difference and the sum of its causes."
    ),
    "An empty sum of the other workbook means that its summary has no row for the donor.",
)
_SUMS: Final = "Sums"
_CAUSES: Final = "Causes"
_EUR: Final = "EUR"
_ZERO: Final = Decimal(0)
# The columns that are worked out in each row.
_COMPUTED: Final = {
    "Difference": f"ROUND({cell_of(_SUMS, 'Ledger')}-{cell_of(_SUMS, 'Workbook')},2)",
    "Explained": (
        f"ROUND(SUMIFS({_CAUSES}[Amount],{_CAUSES}[Code],{cell_of(_SUMS, 'Code')},"
        f"{_CAUSES}[Aid type],{cell_of(_SUMS, 'Aid type')}),2)"
    ),
    "Rest": f"ROUND({cell_of(_SUMS, 'Difference')}-{cell_of(_SUMS, 'Explained')},2)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledSum:
    """One donor and aid type, in euro with cents.

    Attributes:
        donor: code.
        workbook: the other workbook's sum; ``None`` where it has no such donor.
        verdict: ``Equal``, ``Explained`` or ``Open``.
    """

    donor: str
    name: str
    aid_type: AidType
    workbook: Decimal | None
    ledger: Decimal
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseLine:
    """A part of a difference.

    Attributes:
        donor: code.
        why: the cause, as its code.
        euro: ledger less workbook.
        package: of the other workbook; ``None`` where it is about a whole sum.
        cell: where to look.
    """

    donor: str
    name: str
    aid_type: AidType
    why: str
    euro: Decimal
    package: str | None
    cell: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationFigures:
    """All that the workbook shows."""

    sums: tuple[ReconciledSum, ...]
    causes: tuple[CauseLine, ...]
    rates: tuple[RateLine, ...]


def build(figures: ReconciliationFigures, stamp: Stamp) -> Workbook:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    page = _sums_page(figures, stamp)
    rows = cover.lay_cover(stamp, _cards(figures), "The sums", _counts(figures), READING, SHEETS)
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    pages = (
        page,
        _causes_page(figures, stamp),
        rates.rates_page(figures.rates, stamp),
        notes.notes_page(NOTES, stamp),
    )
    for each in pages:
        write_page(book, each, footer=footer(stamp))
    for title in ("Workbook", "Ledger", "Difference"):
        book.name(f"Total_{title.lower()}", page.total_cell(title))
    return book


def _cards(figures: ReconciliationFigures) -> tuple[tuple[str, Value], ...]:
    workbook = sum((one.workbook or _ZERO for one in figures.sums), _ZERO)
    ledger = sum((one.ledger for one in figures.sums), _ZERO)
    return (
        ("Other workbook, EUR", Formula("Total_workbook", money(workbook, _EUR))),
        ("Ledger, EUR", Formula("Total_ledger", money(ledger, _EUR))),
        ("Difference, EUR", Formula("Total_difference", money(ledger - workbook, _EUR))),
    )


def _counts(figures: ReconciliationFigures) -> tuple[cover.Count, ...]:
    remarks = {
        "Equal": "agree to the cent",
        "Explained": "differ for reasons that lie in the other workbook",
        "Open": "differ otherwise",
    }
    return tuple(
        (verdict, sum(one.verdict == verdict for one in figures.sums), remark)
        for verdict, remark in remarks.items()
    )


def _sums_page(figures: ReconciliationFigures, stamp: Stamp) -> Page:
    return Page(
        tab=TAB,
        title="Sums by donor and aid type",
        lines=(
            stamp_line(stamp, "Amounts in EUR at the other workbook's own rates"),
            "Difference is the ledger less the other workbook; Explained adds up its causes on sheet Causes.",
        ),
        grid=lay_out(_sums_table(figures), TAB),
    )


def _sums_table(figures: ReconciliationFigures) -> Table[ReconciledSum]:
    explained = _explained(figures.causes)

    def found(one: ReconciledSum) -> Decimal:
        return explained.get((one.donor, one.aid_type), _ZERO)

    results: dict[str, Callable[[ReconciledSum], Decimal]] = {
        "Workbook": lambda one: one.workbook or _ZERO,
        "Ledger": lambda one: one.ledger,
        "Difference": _difference,
        "Explained": found,
        "Rest": lambda one: _difference(one) - found(one),
    }
    return Table(
        name=_SUMS,
        columns=(
            Column("Donor", lambda one: one.name),
            Column("Code", lambda one: one.donor),
            Column("Aid type", lambda one: words(one.aid_type.value)),
            Column("Workbook", lambda one: money(one.workbook, _EUR), Look.NUMBER),
            Column("Ledger", lambda one: money(one.ledger, _EUR), Look.NUMBER),
            *(_computed(title, text, results[title]) for title, text in _COMPUTED.items()),
            Column("Verdict", lambda one: one.verdict),
        ),
        rows=figures.sums,
        empty="The other workbook has no sums.",
        totals=(_totals(figures.sums, results),),
    )


def _computed(
    title: str, text: str, result: Callable[[ReconciledSum], Decimal]
) -> Column[ReconciledSum]:
    return Column(title, lambda one: Formula(text, money(result(one), _EUR)), Look.NUMBER)


def _difference(one: ReconciledSum) -> Decimal:
    return one.ledger - (one.workbook or _ZERO)


def _explained(causes: Iterable[CauseLine]) -> Mapping[tuple[str, AidType], Decimal]:
    """What the causes of each sum come to."""
    found: defaultdict[tuple[str, AidType], Decimal] = defaultdict(Decimal)
    for cause in causes:
        found[cause.donor, cause.aid_type] += cause.euro
    return found


def _totals(
    sums: Iterable[ReconciledSum], results: Mapping[str, Callable[[ReconciledSum], Decimal]]
) -> tuple[Value, ...]:
    """The row below: what each column of amounts comes to."""
    rows = tuple(sums)
    amounts = (
        Formula(f"ROUND(SUM({_SUMS}[{title}]),2)", money(sum(map(read, rows), _ZERO), _EUR))
        for title, read in results.items()
    )
    return "All donors", None, None, *amounts, None


def _causes_page(figures: ReconciliationFigures, stamp: Stamp) -> Page:
    return Page(
        tab=CAUSES_TAB,
        title="Causes of the differences",
        lines=(
            stamp_line(stamp, "Amounts in EUR, ledger less workbook"),
            "Cell: where to look in the other workbook.",
        ),
        grid=lay_out(
            Table(
                name=_CAUSES,
                columns=_CAUSE_COLUMNS,
                rows=figures.causes,
                empty="No sum differs.",
            ),
            CAUSES_TAB,
        ),
    )


_CAUSE_COLUMNS: Final[tuple[Column[CauseLine], ...]] = (
    Column("Donor", lambda line: line.name),
    Column("Code", lambda line: line.donor),
    Column("Aid type", lambda line: words(line.aid_type.value)),
    Column("Cause", lambda line: words(line.why.replace("-", "_"))),
    Column("Amount", lambda line: money(line.euro, _EUR), Look.NUMBER),
    Column("Package", lambda line: line.package),
    Column("Cell", lambda line: line.cell),
)

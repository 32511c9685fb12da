"""The summary workbook: the figures of its sheet "By donor", and those on its cover, worked out afresh."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from pathlib import Path
from typing import Final

from verifier.cover import COVER, Cover, read_cover
from verifier.entries import STAGES
from verifier.errors import MalformedError, MismatchError
from verifier.postings import POSTINGS, check_postings, forms_of_row, forms_of_total
from verifier.rates import TARGETS, Rates
from verifier.sums import Answer, Figures, Question, Sums, format_minor
from verifier.workbook import Cell, Row, Sheet, Workbook

_BY_DONOR: Final = "By donor"
_ALL: Final = "All donors"
_HEADERS: Final = (
    "Donor",
    "Code",
    "Pledged",
    "Committed",
    "Allocated",
    "Delivered",
    "Pledges",
    "Unvalued",
    "Undated",
)
_COLUMNS: Final = "ABCDEFGHI"
_AMOUNTS: Final = "CDEF"
_UNFILTERED: Final = {"Filters": "None: the whole ledger"}
# Excel keeps 15 significant digits of a number and may store what lies next to them; texts it keeps as they are.
_EXCEL: Final = Context(prec=15)


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary workbook, read."""

    cover: Cover
    by_donor: Sheet
    postings: Sheet


def read_summary(path: Path) -> Summary:
    """Read the three sheets that are checked.

    Raises:
        MalformedError: the file is no summary workbook of a ledger.
    """
    with Workbook.open(path) as workbook:
        return Summary(
            read_cover(workbook.sheet(COVER)),
            workbook.sheet(_BY_DONOR),
            workbook.sheet(POSTINGS),
        )


def check_summary(summary: Summary, sums: Sums, rates: Rates) -> int:
    """Compare every figure with the sums of the entries up to the workbook's revision.

    Returns:
        How many figures were compared.

    Raises:
        MalformedError: the workbook's filters are of a kind that cannot be worked out from a bundle.
        MismatchError: a figure differs; the error names its cell.
    """
    cover = summary.cover
    answers = {stage: sums.answer(_question(cover, stage), rates) for stage in STAGES}
    decimals = TARGETS[cover.currency]
    keys = {key for answer in answers.values() for key in answer.rows}
    expected = {str(key[0]): _line(answers, key, decimals) for key in keys}
    printed = dict(_printed_lines(summary.by_donor))
    for code in sorted(printed.keys() | expected.keys()):
        _compare_line(code, printed.get(code), expected.get(code), forms_of_row(decimals))
    totals = _totals(answers, decimals)
    line = totals if expected else None
    _compare_line(_ALL, _find_totals(summary.by_donor), line, forms_of_total(decimals))
    for stage, cell, value in zip(STAGES, cover.totals, totals, strict=False):
        _compare_cell(f"{COVER}, {_ALL}", cell, value, f"Total_{stage}")
    check_postings(summary.postings, answers, decimals)
    return len(expected) * len(totals) + len(totals) + len(STAGES)


def _question(cover: Cover, stage: str) -> Question:
    filters = dict(cover.filters)
    first, last = filters.pop("From", None), filters.pop("To", None)
    chosen = {
        name: frozenset(filters.pop(label, "").split(", ")) - {""}
        for label, name in (("Donor", "donors"), ("Aid type", "aid_types"), ("Instrument", "instruments"))
    }  # fmt: skip
    if filters not in ({}, _UNFILTERED):
        raise MalformedError(
            f"The workbook is filtered by {', '.join(filters)}; a bundle cannot tell such totals."
        )
    return Question(
        measure=stage, by=("donor",), currency=cover.currency, first=first, last=last, **chosen
    )


def _line(
    answers: Mapping[str, Answer], key: tuple[str | None, ...], decimals: int
) -> tuple[str, ...]:
    found = [answers[stage].rows.get(key, Figures()) for stage in STAGES]
    return _texts([figures.amount for figures in found], found[0], decimals)


def _totals(answers: Mapping[str, Answer], decimals: int) -> tuple[str, ...]:
    totals = {stage: Figures() for stage in STAGES}
    for stage in STAGES:
        for figures in answers[stage].rows.values():
            totals[stage].add(figures)
    return _texts([totals[stage].amount for stage in STAGES], totals[STAGES[0]], decimals)


def _texts(amounts: list[int], pledged: Figures, decimals: int) -> tuple[str, ...]:
    return (
        *(format_minor(amount, decimals) for amount in amounts),
        str(pledged.pledges),
        str(pledged.unvalued),
        format_minor(pledged.undated, decimals),
    )


def _printed_lines(sheet: Sheet) -> Iterator[tuple[str, Row]]:
    """The rows of the table by the donors' codes."""
    codes: set[str] = set()
    for row in _table(sheet):
        code = row["B"].text
        if code in codes:
            raise MismatchError(f"{_BY_DONOR}: {code} stands there twice.")
        codes.add(code)
        yield code, row


def _table(sheet: Sheet) -> list[Row]:
    rows = list(sheet.values())
    headers = [tuple(cell.text for cell in row.values()) for row in rows]
    if _HEADERS not in headers:
        raise MalformedError(f"Sheet {_BY_DONOR} has not the headers of a summary.")
    below = rows[headers.index(_HEADERS) + 1 :]
    # The totals, and the notice that stands in an empty table, have no code.
    return [row for row in below if "B" in row]


def _find_totals(sheet: Sheet) -> Row | None:
    return next((row for row in sheet.values() if "A" in row and row["A"].text == _ALL), None)


def _compare_line(
    name: str, printed: Row | None, expected: tuple[str, ...] | None, forms: tuple[str, ...]
) -> None:
    if printed is None and expected is not None:
        raise MismatchError(f"{_BY_DONOR}: {name} is missing.")
    if printed is None:
        return
    values = expected or ("0",) * (len(_HEADERS) - 2)
    for header, column, value, form in zip(_HEADERS[2:], _COLUMNS[2:], values, forms, strict=True):
        _compare_cell(f"{_BY_DONOR}, {name}, {header}", printed.get(column), value, form)


def _compare_cell(place: str, cell: Cell | None, expected: str, form: str) -> None:
    """A plain number, or the one formula that belongs there with its result."""
    if cell is None or cell.formula not in (None, form):
        raise MismatchError(
            f"{place}: neither a plain number nor the formula of a summary; the entries say {expected}."
        )
    number = cell.number
    shown = _EXCEL.plus(number) if number is not None and cell.is_number else number
    if Decimal(expected) not in (number, shown):
        raise MismatchError(f"{place}: {cell.text}; the entries say {expected}.")

"""The sheet "Postings" of a summary: the rows that its formulas add up must come to what the entries say."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from verifier.entries import STAGES
from verifier.errors import MalformedError, MismatchError
from verifier.sums import Answer, format_minor
from verifier.workbook import Row, Sheet

POSTINGS: Final = "Postings"
_MINOR: Final = "Postings[Minor units]"
_STAGE: Final = "Postings[Stage]"
_DATED: Final = "Postings[Dated]"
_DONOR: Final = ",Postings[Code],DonorTotals[[#This Row],[Code]]"
_SCALED: Final = "ROUND({scale}*Postings[[#This Row],[Converted]],0)"
_NEEDED: Final = ("Code", "Stage", "Converted", "Minor units")


def forms_of_row(decimals: int) -> tuple[str, ...]:
    """The formulas of a donor's row: four stages, pledges, unvalued, undated."""
    return _forms(decimals, _DONOR)


def forms_of_total(decimals: int) -> tuple[str, ...]:
    """The formulas of the row of all donors."""
    return _forms(decimals, "")


def check_postings(sheet: Sheet, answers: Mapping[str, Answer], decimals: int) -> None:
    """Add the rows up by stage and donor, as the formulas do.

    Raises:
        MalformedError: it is not the sheet of a summary.
        MismatchError: the rows come to something else than the entries.
    """
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for number, row, columns in _rows(sheet):
        minor = _number(row, columns["Minor units"], number)
        if row[columns["Minor units"]].formula not in (None, _SCALED.format(scale=10**decimals)):
            raise MismatchError(
                f"{POSTINGS}, row {number}: Minor units are not the formula of a summary."
            )
        converted = row.get(columns["Converted"])
        worth = Decimal(0) if converted is None else _amount(converted.text, number)
        if worth.scaleb(decimals) != minor:
            raise MismatchError(
                f"{POSTINGS}, row {number}: Minor units are not those of Converted."
            )
        stage, code = row[columns["Stage"]].text.lower(), row[columns["Code"]].text
        sums[stage, code] += minor
    told = {
        (stage, str(key[0])): Decimal(figures.amount)
        for stage in STAGES
        for key, figures in answers[stage].rows.items()
    }
    for key in sorted(sums.keys() | told.keys()):
        if sums[key] != told.get(key, Decimal(0)):
            shown = format_minor(int(told.get(key, Decimal(0))), decimals)
            raise MismatchError(f"{POSTINGS}, {key[1]}, {key[0]}: the entries say {shown}.")


def _forms(decimals: int, donor: str) -> tuple[str, ...]:
    scale = f"/{10**decimals}" if decimals else ""
    pledged = f'{_STAGE},"Pledged"'
    return (
        *(f'SUMIFS({_MINOR},{_STAGE},"{stage.capitalize()}"{donor}){scale}' for stage in STAGES),
        f"SUMIFS(Postings[Pledges],{pledged}{donor})",
        f"SUMIFS(Postings[Unvalued],{pledged}{donor})",
        f'SUMIFS({_MINOR},{pledged},{_DATED},"No"{donor}){scale}',
    )


def _rows(sheet: Sheet) -> list[tuple[int, Row, Mapping[str, str]]]:
    """The table's rows, each with its number and the letters of the columns."""
    columns: dict[str, str] | None = None
    found: list[tuple[int, Row, Mapping[str, str]]] = []
    for number, row in sheet.items():
        if columns is not None and columns["Code"] in row:
            found.append((number, row, columns))
        elif columns is None and {cell.text for cell in row.values()} >= set(_NEEDED):
            columns = {cell.text: letter for letter, cell in row.items()}
    if columns is None:
        raise MalformedError(f"Sheet {POSTINGS} has not the headers of a summary.")
    return found


def _number(row: Row, letter: str, number: int) -> Decimal:
    cell = row.get(letter)
    if cell is None:
        raise MismatchError(f"{POSTINGS}, row {number}: a number is missing.")
    return _amount(cell.text, number)


def _amount(text: str, number: int) -> Decimal:
    try:
        return Decimal(text.replace(",", ""))
    except ArithmeticError:
        raise MismatchError(f"{POSTINGS}, row {number}: no number.") from None

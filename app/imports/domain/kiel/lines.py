"""The item lines of a package: what, how many, at which price, and everything that is particular to the row."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from app.imports.domain.cells import SheetRow
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.columns import Column, Table
from app.imports.domain.kiel.numbers import read_number
from app.imports.domain.kiel.packages import Line, Package
from app.imports.domain.kiel.sources import Citation, cite
from app.imports.domain.kiel.valuation import is_recordable, round_money
from app.imports.domain.kiel.words import is_missing, is_withheld, sentence_case
from app.pledges.domain.items import MAX_DESCRIPTION, MAX_ITEM_NOTE, MAX_ITEMS, MAX_WORD

_CURRENCY: Final = "USD"
_MEASURE: Final = Decimal("0.000001")
_HIGHEST: Final = Decimal(10) ** 15

ItemFields = dict[str, str | None]


def read_item_lines(
    package: Package, unplaced: Sequence[Citation], findings: list[Finding]
) -> tuple[ItemFields, ...]:
    """The lines of a package, as a command takes them; none where its one row lists no item.

    Args:
        package: with all its rows.
        unplaced: citations that the pledge itself cannot hold; they stand in the note of the first row that has them.
        findings: takes what is odd.
    """
    lines = [
        one for one in package.lines if len(package.lines) > 1 or _names_item(package, one.row)
    ]
    if len(lines) > MAX_ITEMS:
        detail = f"The package has {len(lines)} rows; {MAX_ITEMS} of them become lines."
        finding = Finding.on(package.first, Severity.WARNING, "too-many-items", detail)
        findings.append(finding)
    told = _Told(package, unplaced)
    return tuple(_read_item(package.table, one, told, findings) for one in lines[:MAX_ITEMS])


def _names_item(package: Package, row: SheetRow) -> bool:
    named = (Column.ITEM, Column.QUANTITY, Column.ESTIMATE)
    return any(not is_missing(package.table.text(row, column)) for column in named)


def _read_item(table: Table, line: Line, told: "_Told", findings: list[Finding]) -> ItemFields:
    def word(column: Column) -> str | None:
        text = sentence_case(table.text(line.row, column))
        return None if is_missing(text) or text == "0" else text[:MAX_WORD]

    def measure(column: Column) -> str | None:
        return _format(read_number(table.cell(line.row, column), findings), column)

    item = table.text(line.row, Column.ITEM)
    price = measure(Column.PRICE)
    estimate = line.estimate
    known = estimate is not None and is_recordable(estimate)
    value = round_money(estimate, _CURRENCY) if estimate is not None and known else None
    return {
        "description": shorten(
            told.description(line) if is_missing(item) else item, MAX_DESCRIPTION
        ),
        "kind": word(Column.KIND),
        "subkind": word(Column.SUBKIND),
        "quantity": measure(Column.QUANTITY),
        "delivered": measure(Column.DELIVERED),
        "unit": None,
        "unit_value": price,
        "value": f"{value:f}" if value else None,
        "currency": _CURRENCY if price or value else None,
        "note": shorten(" ".join(told.particulars(line)), MAX_ITEM_NOTE) or None,
    }


def _format(number: Decimal | None, column: Column) -> str | None:
    """Plain text with at most six decimals. A delivery of nothing is known; a price or a quantity of nothing is not."""
    if number is None or not 0 <= number < _HIGHEST:
        return None
    rounded = number.quantize(_MEASURE, ROUND_HALF_EVEN)
    if not rounded and column is not Column.DELIVERED:
        return None
    return f"{rounded:f}".rstrip("0").rstrip(".") or "0"


class _Told:
    """What the notes of a package have told so far: rows repeat its explanation, its date and its sources."""

    def __init__(self, package: Package, unplaced: Sequence[Citation]) -> None:
        self._table = package.table
        self._unplaced = {one.text for one in unplaced}
        first = package.lines[0]
        self._explanation = self._text(first, Column.EXPLANATION)
        self._date = first.announcement.text
        self._given = first.given

    def description(self, line: Line) -> str:
        """What to call a row that names no item: what it says about itself."""
        return (
            self._text(line, Column.EXPLANATION) or self._text(line, Column.FORM) or "No item named"
        )

    def particulars(self, line: Line) -> Iterator[str]:
        """Sentences about what only this row says."""
        for column, label in ((Column.QUANTITY, "Quantity"), (Column.DELIVERED, "Delivered")):
            text = self._table.text(line.row, column)
            if is_withheld(text):
                yield f"{label}: {text.casefold()}."
        if self._text(line, Column.SOVIET) == "1":
            yield "Of Soviet origin."
        price_source = self._text(line, Column.PRICE_SOURCE)
        if price_source and price_source != "0":
            yield f"Price: {price_source}."
        if line.announcement.text and line.announcement.text != self._date:
            self._date = line.announcement.text
            yield f"Announced: {self._date}."
        yield from self._figures(line)
        yield from self._citations(line.row)
        explanation = self._text(line, Column.EXPLANATION)
        if explanation and explanation != self._explanation:
            self._explanation = explanation
            yield explanation

    def _figures(self, line: Line) -> Iterator[str]:
        """The source's figure for this row, where it is another than that of the row before."""
        if line.given is not None and line.given != self._given:
            self._given = line.given
            yield f"The source gives {line.given:f} {self._text(line, Column.CURRENCY)}."

    def _citations(self, row: SheetRow) -> Iterator[str]:
        if not self._unplaced:
            return
        for one in cite(self._table, row):
            if one.text in self._unplaced:
                self._unplaced.discard(one.text)
                yield f"Source: {one.text}"

    def _text(self, line: Line, column: Column) -> str:
        text = self._table.text(line.row, column)
        return "" if is_missing(text) else text


def shorten(text: str, length: int) -> str:
    """The text, cut at a word with an ellipsis where it is longer."""
    if len(text) <= length:
        return text
    return text[: length - 1].rpartition(" ")[0].rstrip(",;:") + "…"

"""Rows become packages: one ID, its lines, and what the workbook says of its value and date."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from app.imports.domain.cells import Cell, SheetRow
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.announcements import (
    Announcement,
    hull,
    read_announcement,
    without_drag_fill,
)
from app.imports.domain.kiel.columns import Column, Table
from app.imports.domain.kiel.numbers import read_number
from app.imports.domain.kiel.words import is_missing
from app.kernel.dates import Span

_ESTIMATED: Final = "value is calculated with prices"


class Measure(StrEnum):
    """What a row of a later release counts as; in old releases every row is a commitment."""

    COMMITMENT = "commitment"
    ALLOCATION = "allocation"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the main data sheet.

    Attributes:
        row: where it stands.
        measure: commitment or allocation.
        announcement: its date.
        given: the figure of the source, repeated on every row of a package.
        total: the value that the workbook counts, on one row of the package.
        part: in later releases, the row's own share of it.
        part_converted: the same in euro.
        converted: ``total`` in euro at the workbook's rates.
        estimate: quantity by market price, in dollars.
    """

    row: SheetRow
    measure: Measure
    announcement: Announcement
    given: Decimal | None
    total: Decimal | None
    part: Decimal | None
    part_converted: Decimal | None
    converted: Decimal | None
    estimate: Decimal | None


@dataclass(frozen=True, slots=True)
class Package:
    """One ID: what a donor promised at once.

    Attributes:
        table: where it was read.
        package_id: the workbook's ID.
        lines: its rows, from top to bottom.
        findings: about its cells.
    """

    table: Table
    package_id: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def first(self) -> SheetRow:
        """The row that speaks for the package."""
        return self.lines[0].row

    @property
    def announced(self) -> Span | None:
        """The days on which it may have been announced: all dates of its rows together."""
        return hull([line.announcement for line in self.lines])

    @property
    def converted(self) -> Decimal | None:
        """What the workbook adds to its own sums, in euro; ``None`` where it adds nothing."""
        return total([line.converted for line in self.lines])

    @property
    def is_estimated(self) -> bool:
        """Whether the workbook's own estimate stands for the value."""
        return self.text(Column.VALUE_SOURCE).casefold() == _ESTIMATED

    def cell(self, column: Column) -> Cell:
        """The cell of the first row in a column."""
        return self.table.cell(self.first, column)

    def text(self, column: Column) -> str:
        """That cell as text; empty where it means that nothing is known."""
        found = self.table.text(self.first, column)
        return "" if is_missing(found) else found


def total(numbers: list[Decimal | None]) -> Decimal | None:
    """The sum of what is known; ``None`` where nothing is."""
    known = [number for number in numbers if number is not None]
    return sum(known, Decimal(0)) if known else None


def read_packages(table: Table, coverage: Span | None) -> tuple[list[Package], list[Finding]]:
    """The packages of the main data sheet in its order, and findings about rows that belong to none.

    Rows with one ID are one package wherever they stand. Where they name two donors or two types of aid, the later
    ones are a package of their own: money must not change its donor because of a mistyped ID.
    """
    groups: dict[str, dict[tuple[str, str], list[SheetRow]]] = {}
    findings = list(table.findings)
    for row in table.rows():
        package_id = table.text(row, Column.PACKAGE)
        if is_missing(package_id):
            findings.append(
                Finding.on(row, Severity.ERROR, "id-missing", "The row names no package.")
            )
            continue
        key = _donor_and_type(table, row)
        groups.setdefault(package_id, {}).setdefault(key, []).append(row)
    return [
        package
        for package_id, parts in groups.items()
        for package in _read_parts(table, package_id, list(parts.values()), coverage)
    ], findings


def _read_parts(
    table: Table, package_id: str, parts: list[list[SheetRow]], coverage: Span | None
) -> Iterator[Package]:
    for place, rows in enumerate(parts):
        package = _read_package(table, package_id, rows, coverage)
        if place:
            donor_cell = package.cell(Column.DONOR)
            detail = f"Rows of {package_id} name another donor or type of aid; they are a package of their own."
            finding = Finding.at(donor_cell, Severity.WARNING, "id-used-twice", detail)
            package = Package(
                table, f"{package_id}-{place + 1}", package.lines, (*package.findings, finding)
            )
        yield package


def _read_package(
    table: Table, package_id: str, rows: list[SheetRow], coverage: Span | None
) -> Package:
    dates = [read_announcement(table.cell(row, Column.ANNOUNCED), coverage) for row in rows]
    dates = without_drag_fill(dates)
    findings: list[Finding] = []
    lines = [
        _read_line(table, row, announcement, findings)
        for row, announcement in zip(rows, dates, strict=True)
    ]
    told: set[tuple[str, str | None]] = set()
    for one in dates:
        # Dozens of rows repeat the date of their package: one finding says so.
        if one.finding and (one.finding.code, one.finding.raw) not in told:
            told.add((one.finding.code, one.finding.raw))
            findings.append(one.finding)
    return Package(table, package_id, tuple(lines), tuple(findings))


def _read_line(
    table: Table, row: SheetRow, announcement: Announcement, findings: list[Finding]
) -> Line:
    def number(column: Column) -> Decimal | None:
        return read_number(table.cell(row, column), findings)

    measure = table.text(row, Column.MEASURE).casefold()
    return Line(
        row=row,
        measure=Measure.ALLOCATION if measure == Measure.ALLOCATION else Measure.COMMITMENT,
        announcement=announcement,
        given=number(Column.GIVEN),
        total=number(Column.TOTAL),
        part=number(Column.LINE_TOTAL),
        part_converted=number(Column.LINE_CONVERTED),
        converted=number(Column.CONVERTED),
        estimate=number(Column.ESTIMATE),
    )


def _donor_and_type(table: Table, row: SheetRow) -> tuple[str, str]:
    return (
        table.text(row, Column.DONOR).casefold(),
        table.text(row, Column.AID_TYPE).casefold(),
    )

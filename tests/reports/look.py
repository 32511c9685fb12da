"""Readers that look at a workbook as a stranger would: with openpyxl, and at its XML."""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook


class Bounds(NamedTuple):
    """First and last column and row of a range, counted from 1."""

    left: int
    top: int
    right: int
    bottom: int


def opened(file: bytes) -> Workbook:
    """The file as openpyxl reads it, formulas as the results that stand beside them."""
    return load_workbook(BytesIO(file), data_only=True)


def formulas(file: bytes) -> dict[str, dict[str, str]]:
    """The formulas of each sheet, by address and without the equals sign."""
    found = {
        sheet.title: {
            cell.coordinate: str(cell.value).removeprefix("=")
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        for sheet in load_workbook(BytesIO(file)).worksheets
    }
    return {tab: cells for tab, cells in found.items() if cells}


def parts(file: bytes, pattern: str) -> dict[str, str]:
    """The XML parts whose names match, by name."""
    with ZipFile(BytesIO(file)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(pattern, name)]
        return {name: archive.read(name).decode() for name in names}


def cells(workbook: Workbook) -> Iterator[Cell]:
    """Every cell of every sheet that holds something."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if isinstance(cell, Cell) and cell.value is not None)


def grid(workbook: Workbook, tab: str) -> str:
    """A sheet as text: a line for each row that holds something, its cells as they are shown."""
    lines = []
    for row in workbook[tab].iter_rows():
        shown = [show(cell) for cell in row if isinstance(cell, Cell)]
        if any(shown):
            lines.append(" | ".join(shown).rstrip(" |").strip())
    return "\n".join(lines)


def show(cell: Cell) -> str:
    """A cell's value under its number format, for the few formats that we use."""
    match cell.value:
        case None:
            return ""
        case datetime() as day:
            return f"{day:%Y-%m}" if cell.number_format == "yyyy-mm" else f"{day:%Y-%m-%d}"
        case int() | float() as number:
            decimals = len(cell.number_format.partition(".")[2])
            return f"{number:,.{decimals}f}"
        case text:
            return str(text).replace("\n", "⏎")


def native_table(workbook: Workbook, tab: str) -> tuple[Any, Bounds]:
    """A sheet's only native table, and its first and last row and column."""
    [table] = workbook[tab].tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    assert left is not None
    assert top is not None
    assert right is not None
    assert bottom is not None
    return table, Bounds(left, top, right, bottom)


def column(workbook: Workbook, tab: str, header: str) -> list[Any]:
    """The values of a native table's column, days as dates."""
    table, bounds = native_table(workbook, tab)
    number = bounds.left + [each.name for each in table.tableColumns].index(header)
    rows = range(bounds.top + 1, bounds.bottom + 1)
    values = [workbook[tab].cell(row=row, column=number).value for row in rows]
    return [value.date() if isinstance(value, datetime) else value for value in values]


def charts_of(file: bytes) -> list[ET.Element]:
    """The charts of a file as XML, in order."""
    return [ET.fromstring(xml) for xml in parts(file, r"xl/charts/chart\d\.xml").values()]


def dedent(text: str) -> str:
    """An expected grid without its indentation."""
    return "\n".join(line.strip() for line in text.strip().splitlines())

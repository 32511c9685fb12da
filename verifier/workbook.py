"""Reads the cells of a workbook (ECMA-376), with the standard library only: text, numbers, formulas."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Final, Self
from xml.etree import ElementTree as ET

from verifier.archive import Archive
from verifier.errors import MalformedError

_PART_LIMIT: Final = 64 * 2**20
_BOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text as the file holds it, whether it is a number, and the formula that made it, if one did."""

    text: str
    is_number: bool
    formula: str | None

    @property
    def number(self) -> Decimal | None:
        """The number, exactly as the file spells it; long numbers stand as text."""
        try:
            value = Decimal(self.text)
        except InvalidOperation:
            return None
        return value if value.is_finite() else None


# Cells by the letters of their columns, row by row from the top; empty cells and rows are left out.
Row = dict[str, Cell]
Sheet = dict[int, Row]


class Workbook:
    """An open workbook."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._paths = self._find_sheets()
        self._strings = self._read_strings()

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """Open the workbook for as long as the block lasts.

        Raises:
            MalformedError: it is not an .xlsx file.
        """
        with Archive.open(path, "The workbook") as archive:
            yield cls(archive)

    def sheet(self, name: str) -> Sheet:
        """The cells of a sheet.

        Raises:
            MalformedError: there is no such sheet, or it cannot be read.
        """
        if name not in self._paths:
            raise MalformedError(f"The workbook has no sheet {name}.")
        rows: Sheet = {}
        for element in _each(self._parse(self._paths[name]), "c"):
            match = _ADDRESS.fullmatch(element.get("r", ""))
            if match is None:
                raise MalformedError(f"A cell of sheet {name} has no address.")
            cell = self._read_cell(element)
            if cell.text or cell.formula is not None:
                rows.setdefault(int(match[2]), {})[match[1]] = cell
        return dict(sorted(rows.items()))

    def _find_sheets(self) -> dict[str, str]:
        targets = {
            one.get("Id"): one.get("Target", "")
            for one in _each(self._parse(_RELATIONS), "Relationship")
        }
        paths: dict[str, str] = {}
        for sheet in _each(self._parse(_BOOK), "sheet"):
            [relation] = [value for name, value in sheet.items() if name.endswith("}id")] or [""]
            target = PurePosixPath("/xl") / targets.get(relation, "")
            paths[sheet.get("name", "")] = str(target).removeprefix("/")
        return paths

    def _read_strings(self) -> list[str]:
        if _STRINGS not in self._archive.names:
            return []
        return [_text(item) for item in _each(self._parse(_STRINGS), "si")]

    def _read_cell(self, element: ET.Element) -> Cell:
        kind = element.get("t", "n")
        formula = next((one.text or "" for one in _each(element, "f")), None)
        if kind == "inlineStr":
            return Cell(_text(element), is_number=False, formula=formula)
        text = "".join(value.text or "" for value in _each(element, "v"))
        if kind == "s":
            try:
                text = self._strings[int(text)]
            except (ValueError, IndexError):
                raise MalformedError("A cell names a text that is not there.") from None
        return Cell(text, is_number=kind == "n", formula=formula)

    def _parse(self, name: str) -> ET.Element:
        content = self._archive.read(name, _PART_LIMIT)
        # A workbook defines no entities; without them the parser can be led neither astray nor into the ground.
        if b"<!DOCTYPE" in content or b"\x00" in content:
            raise MalformedError(f"{name} holds what a workbook does not.")
        try:
            return ET.fromstring(content)  # noqa: S314 -- no document type, so no entities
        except ET.ParseError:
            raise MalformedError(f"{name} is no XML.") from None


def _each(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """All elements of this name below, in whatever namespace: there are two of the same meaning."""
    return (one for one in element.iter() if one.tag.rpartition("}")[2] == name)


def _text(element: ET.Element) -> str:
    return "".join(one.text or "" for one in _each(element, "t"))

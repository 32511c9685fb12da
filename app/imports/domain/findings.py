"""What was found in a file: where, by which rule, and how bad it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from app.imports.domain.cells import Cell, SheetRow
from app.kernel.canonical import Json


class Severity(StrEnum):
    """What a finding means for its row."""

    ERROR = "error"
    """The row cannot be recorded."""
    WARNING = "warning"
    """The row is recorded, and somebody should look at it."""
    NOTE = "note"
    """What was read differs from what stands there, in a way that is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found.

    Attributes:
        code: the rule, in kebab-case.
        detail: one sentence for people.
        sheet: where; ``None`` for the file as a whole.
        row: of the sheet, from 1; ``None`` for the sheet as a whole.
        cell: address within the sheet, such as ``B17``; ``None`` for the row as a whole.
        raw: what stands there, at most 200 characters.
    """

    severity: Severity
    code: str
    detail: str
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    raw: str | None = None

    @classmethod
    def at(cls, cell: Cell, severity: Severity, code: str, detail: str) -> Self:
        """A finding about one cell."""
        return cls(
            severity=severity, code=code, detail=detail,
            sheet=cell.sheet, row=cell.row, cell=cell.address, raw=cell.raw,
        )  # fmt: skip

    @classmethod
    def on(cls, row: SheetRow, severity: Severity, code: str, detail: str) -> Self:
        """A finding about a whole row."""
        return cls(severity=severity, code=code, detail=detail, sheet=row.sheet, row=row.number)

    @property
    def place(self) -> str:
        """Where, for people: ``Pledges!B17``."""
        spot = self.cell or (str(self.row) if self.row else "")
        return "!".join(part for part in (self.sheet, spot) if part) or "the file"

    def to_json(self) -> dict[str, Json]:
        """The finding as it is reported."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "detail": self.detail,
            "sheet": self.sheet,
            "row": self.row,
            "cell": self.cell,
            "raw": self.raw,
        }


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them keeps its row from being recorded."""
    return any(finding.severity is Severity.ERROR for finding in findings)

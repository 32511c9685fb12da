"""What an import of facts proposes, and what became of each row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.kernel.canonical import Json


class Layout(StrEnum):
    """The layouts that can be read. ``facts`` is a folder with the others in it."""

    FACTS = "facts"
    PLEDGES = "pledges"
    MOVEMENTS = "movements"
    LEGISLATION = "legislation"


class Outcome(StrEnum):
    """What an import does with a row."""

    NEW = "new"
    UNCHANGED = "unchanged"
    DIFFERENT = "different"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file, as read.

    Attributes:
        file: name of the file.
        line: line of the file, the header is line 1; of a JSON document the place in its list.
        name: reference of the pledge or request that the row is about.
        fields: the raw values, by the names of the command that will record them.
    """

    file: str
    line: int
    name: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowReport:
    """What became of a row, and why."""

    row: Row
    outcome: Outcome
    findings: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The line of the report."""
        return {
            "file": self.row.file,
            "line": self.row.line,
            "reference": self.row.name,
            "outcome": self.outcome.value,
            "findings": list(self.findings),
        }


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    rows: Sequence[RowReport]
    dry_run: bool
    revision: int | None

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome."""
        counted = Counter(row.outcome.value for row in self.rows)
        return {outcome.value: counted[outcome.value] for outcome in Outcome}

    @property
    def is_clean(self) -> bool:
        """Whether every row was or is in the ledger as the file has it."""
        return all(row.outcome in {Outcome.NEW, Outcome.UNCHANGED} for row in self.rows)

    def to_json(self) -> dict[str, Json]:
        """The report as it is printed."""
        told = [
            row.to_json()
            for row in self.rows
            if row.outcome not in {Outcome.NEW, Outcome.UNCHANGED}
        ]
        return {"dry_run": self.dry_run, "revision": self.revision, **self.counts, "rows": told}

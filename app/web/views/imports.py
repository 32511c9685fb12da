"""Imports as the desk sees them: files that were sent, and what each row would become or has become."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.imports.domain.runs import State
from app.imports.kept import Known
from app.imports.layouts import LAYOUTS
from app.kernel.clock import parse_instant
from app.web.views.changes import FieldChange
from app.web.words import count_words, instant_words, plain_words

# The report itself has all of them.
MOST_ROWS: Final = 200
_LAYOUT_NAMES: Final[Mapping[str, str]] = {
    "": "By its headers",
    **{name: plain_words(name).capitalize() for name in LAYOUTS},
}
_STATES: Final[Mapping[str, str]] = {
    "waiting": "waits for its turn",
    "running": "is being read",
    "proposed": "was read; nothing is recorded yet",
    "recorded": "is recorded",
    "unchanged": "holds nothing new",
    "refused": "was refused",
    "failed": "could not be worked on",
    "lost": "was lost with the process that worked on it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """One import of the list."""

    name: str
    address: str
    state: str
    what: str
    actor: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIn:
    """One thing that was found in a file, and where."""

    severity: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLine:
    """One row of a report."""

    place: str
    subject: str
    outcome: str
    changes: Sequence[FieldChange]
    findings: Sequence[FoundIn]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """All that the page of one import shows.

    Attributes:
        rows: those with a finding first.
        left_out: how many more the report has.
        bad_rows: how many cannot be recorded.
        can_be_recorded: it was a dry run, and something is left to record.
    """

    line: ImportLine
    counts: Sequence[tuple[str, str]]
    problem: str | None
    rows: Sequence[RowLine]
    left_out: int
    bad_rows: int
    can_be_recorded: bool
    is_unfinished: bool
    first_revision: int | None


def layouts() -> list[tuple[str, str]]:
    """What a file may hold."""
    return [*_LAYOUT_NAMES.items()]


def import_line(known: Known) -> ImportLine:
    """An import as one line."""
    body: Mapping[str, Any] = known.body
    return ImportLine(
        name=body["file_name"],
        address=f"/imports/{body['id']}",
        state=str(body["state"]),
        what=_STATES.get(str(body["state"]), str(body["state"])),
        actor=body["actor"],
        at=instant_words(parse_instant(body["started_at"])),
    )


def read_import(known: Known, report: Iterable[Mapping[str, Any]]) -> ImportPage:
    """The page of one import.

    Args:
        known: the import.
        report: its rows; none while it is not finished.
    """
    body: Mapping[str, Any] = known.body
    counts: Mapping[str, int] = body["counts"] or {}
    rows = [_row_line(line) for line in report]
    rows.sort(key=lambda row: not row.findings)
    bad = counts.get("refused", 0) + counts.get("stale", 0)
    good = counts.get("new", 0) + counts.get("changed", 0) + counts.get("gone", 0)
    return ImportPage(
        line=import_line(known),
        counts=[(plain_words(name).capitalize(), str(count)) for name, count in counts.items() if count],
        problem=_problem(body["problem"]),
        rows=rows[:MOST_ROWS],
        left_out=max(len(rows) - MOST_ROWS, 0),
        bad_rows=bad,
        can_be_recorded=body["state"] == State.PROPOSED.value and good > 0,
        is_unfinished=known.is_unfinished,
        first_revision=body["first_revision"],
    )  # fmt: skip


def _row_line(line: Mapping[str, Any]) -> RowLine:
    return RowLine(
        place=_place(line["sheet"], line["row"], None),
        subject=line["reference"] or line["external_id"] or "",
        outcome=plain_words(line["outcome"] or "not a row"),
        changes=[
            FieldChange(plain_words(one["field"]), _text(one["before"]), _text(one["after"]))
            for one in line["changes"]
        ],
        findings=[
            FoundIn(
                severity=one["severity"],
                place=_place(one["sheet"], one["row"], one["cell"]),
                detail=one["detail"],
            )
            for one in line["findings"]
        ],
    )


def _place(sheet: str | None, row: int | None, cell: str | None) -> str:
    where = f"cell {cell}" if cell else f"row {row}" if row else ""
    return ", ".join(part for part in (f"sheet {sheet}" if sheet else "", where) if part) or "the file"  # fmt: skip


def _text(value: object) -> str | None:
    """A value in a few words; ``None`` for nothing."""
    if value in (None, "", []):
        return None
    return count_words(len(value), "entry", "entries") if isinstance(value, list | dict) else str(value)  # fmt: skip


def _problem(document: Mapping[str, Any] | None) -> str | None:
    """Why nothing became of a file, in one sentence or more."""
    if document is None:
        return None
    details = [str(one.get("detail", "")) for one in document.get("errors", [])]
    return " ".join([str(document.get("detail") or document.get("title") or ""), *details]).strip()

"""When a package was announced: days, months, intervals, and what people typed where no day is known."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.imports.domain.cells import Cell
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.words import is_missing, text_of
from app.kernel.dates import LATEST, Span, day_span, month_span

# Diplomatic relations ended on this day; the tracker counts from it ("Scope of the data set" in its ReadMe).
FIRST_DAY: Final = date(2022, 1, 24)
# Nothing that the tracker lists was announced before Russia took Crimea.
_EARLIEST: Final = date(2014, 2, 20)
_DAY: Final = r"([0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]00:00:00)?)"
_BETWEEN: Final = re.compile(rf"(?:between )?{_DAY} ?(?:&|and|to|-|\u2013) ?{_DAY}", re.IGNORECASE)
_UNTIL: Final = re.compile(rf"(?:until|before|by) {_DAY}", re.IGNORECASE)
_SINCE: Final = re.compile(rf"(?:since|from|after) {_DAY}", re.IGNORECASE)
_MONTH: Final = re.compile(
    r"(?:(?:unclear|not specified|unspecified|undisclosed|unknown),? )?([0-9]{1,2})/([0-9]{2}|[0-9]{4})",
    re.IGNORECASE,
)
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a cell of the date column says.

    Attributes:
        cell: where it stands.
        span: the days that it may mean; ``None`` where it says nothing, or nothing that can be.
        finding: what is odd about it.
    """

    cell: Cell
    span: Span | None
    finding: Finding | None = None

    @property
    def text(self) -> str:
        """What stands there, for people."""
        value = self.cell.value
        return value.date().isoformat() if isinstance(value, datetime) else text_of(self.cell)


def read_announcement(cell: Cell, coverage: Span | None) -> Announcement:
    """Read one cell of the date column.

    Days are American, month first, as the workbook types them; another order is not guessed.

    Args:
        cell: of the date column.
        coverage: the period that the release covers; without it ``since`` has no end, and nothing is too late.
    """
    text = text_of(cell)
    if is_missing(text):
        return Announcement(cell, None)
    try:
        span = _typed(cell) or _parse(text, coverage)
    except ValueError:
        span = None
    if span is None:
        return _undated(cell, "unreadable-date", "This is no date that can be read; it is undated.")
    if span.first < _EARLIEST or span.last > LATEST:
        return _undated(cell, "impossible-date", "The year cannot be; it is undated.")
    if coverage and span.last > coverage.last:
        detail = f"The date lies after the end of the release, {coverage.last.isoformat()}; it is undated."
        return _undated(cell, "date-after-release", detail)
    if isinstance(cell.value, str) and span.first != span.last:
        detail = f"Not a day; read as {span.first.isoformat()} to {span.last.isoformat()}."
        return Announcement(cell, span, Finding.at(cell, Severity.NOTE, "date-not-exact", detail))
    return Announcement(cell, span)


def hull(announcements: list[Announcement]) -> Span | None:
    """The shortest span that holds all dates; ``None`` where there is none."""
    spans = [one.span for one in announcements if one.span]
    if not spans:
        return None
    return Span(min(one.first for one in spans), max(one.last for one in spans))


def without_drag_fill(announcements: list[Announcement]) -> list[Announcement]:
    """The dates of one package, without those that dragging a cell down made of the one above.

    ``until 4/6/2022`` becomes ``until 4/6/2023`` in the next row, ``2024`` in the one after. A date of a year
    that the release cannot know, which is otherwise that of an earlier row, was never typed.
    """
    kept: list[Announcement] = []
    for one in announcements:
        late = one.finding is not None and one.finding.code == "date-after-release"
        if late and any(_pattern(one) == _pattern(other) for other in kept if other.span):
            detail = "The year was counted up by dragging the cell above; the date is left out."
            finding = Finding.at(one.cell, Severity.WARNING, "drag-filled-date", detail)
            kept.append(Announcement(one.cell, None, finding))
        else:
            kept.append(one)
    return kept


def _pattern(announcement: Announcement) -> str:
    """The text without its last number, which is the one that dragging counts up."""
    return re.sub(r"[0-9]+$", "", announcement.text)


def _typed(cell: Cell) -> Span | None:
    if isinstance(cell.value, datetime):
        return day_span(cell.value.date())
    return day_span(cell.value) if isinstance(cell.value, date) else None


def _parse(text: str, coverage: Span | None) -> Span | None:
    if found := re.fullmatch(_DAY, text):
        return day_span(_day(found[1]))
    if found := _BETWEEN.fullmatch(text):
        first, last = _day(found[1]), _day(found[2])
        return Span(first, last) if first <= last else None
    if found := _UNTIL.fullmatch(text):
        last = _day(found[1])
        return Span(min(FIRST_DAY, last), last)
    if found := _SINCE.fullmatch(text):
        first = _day(found[1])
        return Span(first, coverage.last) if coverage and first <= coverage.last else None
    if found := _MONTH.fullmatch(text):
        return month_span(_year(found[2]), int(found[1]))
    return None


def _day(text: str) -> date:
    """One day, American or ISO.

    Raises:
        ValueError: there is no such day.
    """
    if "-" in text:
        return date.fromisoformat(text[:10])
    month, day, year = text.split("/")
    return date(_year(year), int(month), int(day))


def _year(text: str) -> int:
    """A year of two digits is one of this century."""
    return int(text) + (_CENTURY if len(text) == len("22") else 0)


def _undated(cell: Cell, code: str, detail: str) -> Announcement:
    return Announcement(cell, None, Finding.at(cell, Severity.WARNING, code, detail))

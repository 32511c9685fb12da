"""The sheet "Timeline": every action of every request and of what carries it, in the order of the world."""

from datetime import date
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.legislation_figures import TimelineStep
from reports.sheets.days import day_or_text
from reports.sheets.lines import stamp_line

TAB: Final = "Timeline"
_PROSE_WIDTH: Final = 70
_ADDRESS_WIDTH: Final = 50


def timeline_page(timeline: tuple[TimelineStep, ...], on: date, stamp: Stamp) -> Page:
    """One row for each action, request by request."""
    return Page(
        tab=TAB,
        title="What happened to each request",
        lines=(
            stamp_line(stamp, f"By {on.isoformat()}, and the steps ahead"),
            "State: of the request, after the action. Said: by the action, of the request or of its bill.",
            "The actions of a bill count for a request only while the bill carries it.",
        ),
        grid=lay_out(_table(timeline, on), TAB),
    )


def _table(timeline: tuple[TimelineStep, ...], on: date) -> Table[TimelineStep]:
    return Table(
        name="Timeline",
        columns=_COLUMNS,
        rows=timeline,
        empty=f"Nothing had happened by {on.isoformat()}.",
    )


def _words(code: str | None) -> str | None:
    return None if code is None else words(code)


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 -- a column's value
    return "Yes" if value else "No"


_COLUMNS: Final[tuple[Column[TimelineStep], ...]] = (
    Column("Request", lambda step: step.reference),
    Column("Donor", lambda step: step.donor),
    Column("Date", lambda step: day_or_text(step.on), Look.DAY),
    Column("Counts from", lambda step: step.day, Look.DAY),
    Column("Body", lambda step: step.body, Look.PROSE, 24),
    Column("What happened", lambda step: step.text, Look.PROSE, _PROSE_WIDTH),
    Column("State", lambda step: _words(step.state)),
    Column("Said", lambda step: _words(step.says)),
    Column("Flags", lambda step: ", ".join(map(words, step.flags)) or None, Look.PROSE, 24),
    Column("Carried by", lambda step: step.vehicle, Look.PROSE, 24),
    Column("Yes", lambda step: step.yes, Look.NUMBER),
    Column("No", lambda step: step.no, Look.NUMBER),
    Column("Others", lambda step: step.other, Look.PROSE, 24),
    Column("Roll call", lambda step: step.roll),
    Column("Question", lambda step: step.question, Look.PROSE, 30),
    Column("Substantive", lambda step: _yes_or_no(step.substantive)),
    Column("Ahead", lambda step: _yes_or_no(step.is_ahead)),
    Column("Known since", lambda step: day_or_text(step.known), Look.DAY),
    Column("Language", lambda step: step.language),
    Column("Source address", lambda step: step.source_url, Look.TEXT, _ADDRESS_WIDTH),
)

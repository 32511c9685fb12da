"""The legislation workbook: what parliaments have still to decide, and what became of all that they were asked for."""

from typing import Final

from reports.figures import Stamp
from reports.kit.page import write_page
from reports.kit.values import Value
from reports.kit.workbook import Book, new_book
from reports.legislation_figures import LegislationFigures
from reports.sheets import asked, cover, pending_sums, request_lines, request_states, timeline
from reports.sheets.lines import footer

TITLE: Final = "Legislative requests"
SHEETS: Final = (
    (pending_sums.TAB, "What is pending, by donor and component, each kind of amount by itself"),
    (request_states.TAB, "Every request: its state, how long it has waited, what is open of it"),
    (timeline.TAB, "Every action, with body, votes, language and source"),
    (asked.TAB, "What was asked for and what became of it, by request and component"),
    (request_lines.TAB, "Every line with all statements of its amount and their sources"),
)
READING: Final = (
    "A request is what a government asks of its parliament. It is no pledge, and is in no total of pledges.",
    (
        "A bill is not a request: it only carries one, from a day on. A bill that dies leaves the request alive, and "
        "an older bill counts only from the day on which it took the request in."
    ),
    (
        "Kinds of amount are never added to each other: money (cash and loans), authority (permission to draw from "
        "stocks), envelopes (frames and authorisations that later budgets turn into cash), in kind, guarantees."
    ),
    "Out of scope is what was asked for in the same breath and is not for the recipient or for helping it.",
    "Asked is always pending, enacted and dead together, for each line that is counted and has an amount.",
    "Unknown is not zero: a line whose amount nobody published counts as unvalued, and its amount cells are empty.",
)


def build(figures: LegislationFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    on = figures.on
    pages = (
        pending_sums.pending_sums_page(figures.pending, figures.totals, on, stamp),
        request_states.request_states_page(figures.requests, on, stamp),
        timeline.timeline_page(figures.timeline, on, stamp),
        asked.asked_page(figures.asked, on, stamp),
        request_lines.request_lines_page(figures.lines, on, stamp),
    )
    rows = cover.lay_cover(
        stamp, _cards(figures), "Beside what is pending", _counts(figures), READING, SHEETS
    )
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    for page in pages:
        write_page(book, page, footer=footer(stamp))
    return book


def _cards(figures: LegislationFigures) -> tuple[tuple[str, Value], ...]:
    """How many requests; their amounts differ in kind and currency, so no one figure could say how much."""
    active = [one for one in figures.requests if one.is_pending]
    waiting = figures.count(lambda one: one.state == "passed")
    return (
        ("Requests pending", len(active)),
        ("of these awaiting signature", waiting),
        ("of these dormant", figures.count(lambda one: one.dormant)),
        ("Longest pending, days", max((one.days_pending or 0 for one in active), default=0)),
    )


def _counts(figures: LegislationFigures) -> tuple[cover.Count, ...]:
    announced = figures.count(lambda one: one.state == "announced")
    enacted = figures.count(lambda one: one.state == "enacted")
    over = figures.count(lambda one: one.is_over)
    unvalued = sum(total.unvalued for total in figures.totals)
    return (
        ("Announced", announced, "are not formally asked for yet and are not pending"),
        ("Enacted", enacted, "are law"),
        ("Ended otherwise", over - enacted, "were rejected, withdrawn, superseded, or lapsed"),
        ("Unvalued lines", unvalued, "are pending, have no published amount and add nothing"),
        ("Actions", len(figures.timeline), "stand on the timeline"),
    )

"""The legislation workbook: what parliaments have still to decide, and what became of all that they were asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reports.figures import Stamp
from reports.kit.formulas import Formula
from reports.kit.page import Page, write_page
from reports.kit.values import Value
from reports.kit.workbook import Book, new_book
from reports.legislation_figures import (
    ClaimLine,
    LegislationFigures,
    LiveLine,
)
from reports.sheets import (
    ages,
    asked,
    checks,
    cover,
    notes,
    pending_chart,
    pending_lines,
    pending_sums,
    rates,
    request_lines,
    request_states,
    timeline,
)
from reports.sheets.checks import Check
from reports.sheets.lines import footer
from reports.sheets.request_states import count_where
from reports.sheets.row_sums import RowSums

TITLE: Final = "Legislative requests"
SHEETS: Final = {
    pending_sums.TAB: "What is pending, by donor and component, each kind of amount by itself",
    request_states.TAB: "Every request: its state, how long it has waited, what is open of it",
    ages.TAB: "The requests that have waited longest, with a chart",
    timeline.TAB: "Every action, with body, votes, language and source",
    asked.TAB: "What was asked for and what became of it, by request and component",
    pending_lines.TAB: "The rows that sheet Pending adds up, each with its request and source",
    request_lines.TAB: "Every line with all statements of its amount and their sources",
    rates.TAB: rates.WHAT,
    checks.TAB: checks.WHAT,
    notes.TAB: notes.WHAT,
    pending_chart.TAB: "The rounded numbers behind the chart of what is pending",
}
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
NOTES: Final = (
    (
        "Totals are formulas: on sheet Pending over the table PendingLines, elsewhere over the table RequestLines. "
        "Whoever changes a line changes them, and sheet Checks says so."
    ),
    (
        "Formulas add the columns in minor units, amounts in the smallest unit of their currency: a spreadsheet adds "
        "whole numbers exactly, and fractions only nearly."
    ),
    (
        "A request is found by the column Revision, the entry of the ledger that made its version; no other request "
        "has the same. A reference may look like a date to a spreadsheet."
    ),
    (
        "Amounts of more than 15 digits stand as text, because a spreadsheet would round them. Sums that would take in "
        "so much are no formulas, and Checks says of them: Not computed."
    ),
    (
        "Where amounts are converted, each line is converted by itself and rounded once, so that the lines add up to "
        "the totals. Only the sheets Pending and Pending lines convert."
    ),
    (
        "Where sources disagree on an amount, one claim is preferred and counted, with the reason; the others stand "
        "below it and add nothing. A line that contains others is never counted beside them."
    ),
    (
        "What is only announced has not been asked of a parliament yet: it stands in rows of its own on sheet Pending "
        "and is in no total there, and in none of what was asked for."
    ),
    (
        "A request whose state is enacted and of which the ledger does not know the law line by line counts as enacted "
        "whole, as it was asked for. What a law gives beyond the request was never asked for."
    ),
    "An empty cell means that there is nothing to say: no amount was published, or no date, or no rate was needed.",
)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Of the two tables that all formulas add up."""

    live: RowSums[LiveLine]
    lines: RowSums[ClaimLine]


def build(figures: LegislationFigures, stamp: Stamp) -> Book:
    """The workbook, ready to be saved once.

    Raises:
        ReportTooLargeError: there are more rows, or a longer text, than a sheet can hold.
    """
    sums = _Sums(
        pending_lines.pending_line_sums(figures.live),
        request_lines.request_line_sums(figures.lines),
    )
    checked = tuple(_checks(figures, sums))
    pages = {page.tab: page for page in _pages(figures, checked, stamp, sums)}
    rows = cover.lay_cover(
        stamp,
        _cards(figures, sums),
        "Beside what is pending",
        tuple(_counts(figures, checks.verdict(checked), sums)),
        READING,
        tuple((tab, what) for tab, what in SHEETS.items() if tab in pages),
    )
    book = new_book(stamp)
    cover.write_cover(book, rows, footer=footer(stamp))
    for page in pages.values():
        write_page(book, page, footer=footer(stamp))
    names = {
        **pending_sums.key_figures(pages[pending_sums.TAB], figures.totals),
        **asked.key_figures(pages[asked.TAB], figures.asked),
    }
    for name, address in names.items():
        book.name(name, address)
    checks.name_result(book, pages[checks.TAB])
    return book


def _pages(
    figures: LegislationFigures, checked: tuple[Check, ...], stamp: Stamp, sums: _Sums
) -> Iterator[Page]:
    """All sheets behind the cover, in order."""
    on = figures.on
    pending, *chart_data = pending_sums.pending_sums(figures, stamp, sums.live)
    yield pending
    yield request_states.request_states_page(figures.requests, on, stamp, sums.lines)
    yield ages.ages_page(figures.requests, on, stamp)
    yield timeline.timeline_page(figures.timeline, on, stamp)
    yield asked.asked_page(figures.asked, on, stamp, sums.lines)
    yield pending_lines.pending_lines_page(figures.live, on, stamp)
    yield request_lines.request_lines_page(figures.lines, on, stamp)
    if figures.is_converted:
        yield rates.rates_page(figures.rates, stamp)
    yield checks.checks_page(checked, stamp, amounts="Amounts in their own currencies", row="line")
    yield notes.notes_page(NOTES, stamp)
    yield from chart_data


def _checks(figures: LegislationFigures, sums: _Sums) -> Iterator[Check]:
    yield from pending_sums.pending_checks(figures, sums.live)
    yield from asked.asked_checks(figures.asked, sums.lines)
    if not figures.is_converted:
        yield from asked.pending_checks(figures.asked, figures.totals, sums.lines)


def _cards(figures: LegislationFigures, sums: _Sums) -> tuple[tuple[str, Value], ...]:
    """How many requests; and how much money, where all that is pending is in one currency."""
    waiting = figures.count(lambda one: one.standing == "awaiting_signature")
    active = figures.count(lambda one: one.is_pending)
    signature = count_where("Standing", "Awaiting signature", waiting)
    both = Formula(f"{count_where('Standing', 'Pending', 0).text}+{signature.text}", active)
    days = (one.days_pending or 0 for one in figures.requests if one.is_pending)
    dormant = count_where("Dormant", "Yes", figures.count(lambda one: one.dormant))
    requests = (
        ("Requests pending", both),
        ("of these awaiting signature", signature),
        ("of these dormant", dormant),
    )
    if len(figures.totals) != 1:
        return (*requests, ("Longest pending, days", max(days, default=0)))
    [total] = figures.totals
    money = pending_sums.named_total(total, "money", sums.live)
    return (f"Money pending, {total.currency}", money), *requests


def _counts(figures: LegislationFigures, verdict: Value, sums: _Sums) -> Iterator[cover.Count]:
    announced = figures.count(lambda one: one.standing == "announced")
    enacted = figures.count(lambda one: one.state == "enacted")
    over = figures.count(lambda one: one.is_over)
    law, ended = count_where("State", "Enacted", enacted), count_where("Standing", "Over", over)
    yield (
        "Announced", count_where("Standing", "Announced", announced),
        "are not formally asked for yet and are not pending",
    )  # fmt: skip
    yield "Enacted", law, "are law"
    yield (
        "Ended otherwise", Formula(f"{ended.text}-{law.text}", over - enacted),
        "were rejected, withdrawn, superseded, or lapsed",
    )  # fmt: skip
    for total in figures.totals:
        if len(figures.totals) > 1:
            amount = pending_sums.named_total(total, "money", sums.live)
            yield f"Money pending, {total.currency}", amount, "is cash and loans; see sheet Pending"
        unvalued = pending_sums.named_unvalued(total, sums.live)
        remark = "are pending, have no published amount and add nothing"
        yield f"Unvalued lines, {total.currency}", unvalued, remark
    yield "Actions", len(figures.timeline), "stand on the timeline"
    yield "Checks", verdict, "is what the formulas say of themselves; see sheet Checks"

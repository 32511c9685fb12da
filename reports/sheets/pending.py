"""The sheet "Pending requests": what governments have asked of parliaments and not got yet."""

from datetime import date
from typing import Final

from reports.figures import PendingLine, Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import money
from reports.sheets.days import day_or_text
from reports.sheets.lines import stamp_line

TAB: Final = "Pending requests"
_PROSE_WIDTH: Final = 60
_ADDRESS_WIDTH: Final = 50


def pending_page(pending: tuple[PendingLine, ...], pending_on: date, stamp: Stamp) -> Page:
    """One row for each line of each pending request, in the order given."""
    return Page(
        tab=TAB,
        title="Requests pending in parliaments",
        lines=(
            # The first line is the header of printed pages too, so it says what matters most.
            stamp_line(stamp, f"Pending on {pending_on.isoformat()} · in no total of pledges"),
            "A pending amount is no pledge and is part of no total in this workbook.",
            "Amounts are in each request's own currency. They are not added up: they differ in kind.",
        ),
        grid=lay_out(_table(pending, pending_on), TAB),
    )


def _table(pending: tuple[PendingLine, ...], pending_on: date) -> Table[PendingLine]:
    return Table(
        name="PendingRequests",
        columns=_COLUMNS,
        rows=pending,
        empty=f"No request was pending on {pending_on.isoformat()}.",
    )


_COLUMNS: Final[tuple[Column[PendingLine], ...]] = (
    Column("Request", lambda line: line.reference),
    Column("Donor", lambda line: line.donor_name),
    Column("Code", lambda line: line.donor),
    Column("Title", lambda line: line.title, Look.PROSE, _PROSE_WIDTH),
    Column("Body", lambda line: line.body),
    Column("State", lambda line: words(line.state)),
    Column("State since", lambda line: day_or_text(line.state_since), Look.DAY),
    Column("Requested on", lambda line: day_or_text(line.requested), Look.DAY),
    Column("Days pending", lambda line: line.days_pending, Look.NUMBER),
    Column("Component", lambda line: words(line.component)),
    Column("Line", lambda line: line.label, Look.PROSE, _PROSE_WIDTH),
    Column("Kind of amount", lambda line: words(line.amount_kind)),
    Column("Beneficiary", lambda line: words(line.beneficiary)),
    Column("Amount", lambda line: money(line.amount, line.currency), Look.NUMBER),
    Column("Currency", lambda line: line.currency),
    Column("Verification", lambda line: words(line.verification)),
    Column("Source address", lambda line: line.source_url, Look.TEXT, _ADDRESS_WIDTH),
)

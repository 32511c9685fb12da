"""The sheet "By state": every request, how far it has got, and how long it has been waiting."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from reports.figures import Stamp
from reports.kit.formulas import Formula, column_of
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.legislation_figures import ClaimLine, RequestState
from reports.sheets.days import day_or_text
from reports.sheets.kinds import amount_of, kind_columns, kind_words
from reports.sheets.lines import stamp_line
from reports.sheets.postings import Here
from reports.sheets.request_lines import minor_title
from reports.sheets.row_sums import RowSums, Wanted

TAB: Final = "By state"
TABLE: Final = "RequestStates"
_PROSE_WIDTH: Final = 45


def request_states_page(
    requests: tuple[RequestState, ...],
    on: date,
    stamp: Stamp,
    sums: RowSums[ClaimLine] | None = None,
) -> Page:
    """One row for each request, in the order given.

    Args:
        requests: to list.
        on: the day.
        stamp: which ledger.
        sums: of the lines, where the workbook has a sheet of them: then the amounts are formulas over it.
    """
    return Page(
        tab=TAB,
        title="Requests by state, with their ages",
        lines=(
            stamp_line(stamp, f"As they stood on {on.isoformat()}"),
            "Days pending: from the request to its end, or to the day. Days silent: since an action moved it on.",
            "Dormant: silent for longer than its state usually is. Amounts are what is still pending.",
        ),
        grid=lay_out(_table(requests, on, sums), TAB),
    )


def count_where(title: str, text: str, found: int) -> Formula:
    """How many requests have this in a column, as a formula."""
    return Formula(f'COUNTIFS({column_of(TABLE, title)},"{text}")', found)


def _table(
    requests: tuple[RequestState, ...], on: date, sums: RowSums[ClaimLine] | None
) -> Table[RequestState]:
    def pending(one: RequestState, kind: str) -> Value:
        if sums is None:
            return money(amount_of(one.pending, kind), one.currency)
        wanted: Mapping[str, Wanted] = {
            "Revision": Here(TABLE, "Revision", one.revision),
            "Counts as": kind_words(kind),
        }
        return sums.amount(minor_title("pending"), one.currency, wanted)

    return Table(
        name=TABLE,
        columns=(*_WHAT, *kind_columns(pending), *_RECORD),
        rows=requests,
        empty=f"No request was known on {on.isoformat()}.",
    )


_WHAT: Final[tuple[Column[RequestState], ...]] = (
    Column("Request", lambda one: one.reference),
    Column("Donor", lambda one: one.donor_name),
    Column("Title", lambda one: one.title, Look.PROSE, _PROSE_WIDTH),
    Column("State", lambda one: words(one.state)),
    Column("Standing", lambda one: words(one.standing)),
    Column("Flags", lambda one: ", ".join(map(words, one.flags)) or None, Look.PROSE, 24),
    Column("Days pending", lambda one: one.days_pending, Look.NUMBER),
    Column("Days in state", lambda one: one.days_in_state, Look.NUMBER),
    Column("Days silent", lambda one: one.days_silent, Look.NUMBER),
    Column("Days to decision", lambda one: one.days_to_decision, Look.NUMBER),
    Column("Dormant", lambda one: "Yes" if one.dormant else "No"),
    Column("Requested on", lambda one: day_or_text(one.requested), Look.DAY),
    Column("Pending since", lambda one: one.pending_since, Look.DAY),
    Column("Ended on", lambda one: day_or_text(one.ended), Look.DAY),
    Column("Last action", lambda one: one.last, Look.DAY),
    Column("By", lambda one: one.body),
    Column("Currency", lambda one: one.currency),
)
_RECORD: Final[tuple[Column[RequestState], ...]] = (
    Column("Kind of request", lambda one: words(one.kind)),
    Column("Carried by", lambda one: ", ".join(one.vehicles) or None, Look.PROSE, 30),
    Column("Code", lambda one: one.donor),
    Column("Revision", lambda one: one.revision, Look.NUMBER),
    Column("Version", lambda one: one.version, Look.NUMBER),
)

"""The sheet "Ages": how long requests have been pending, the longest first, with a chart."""

from dataclasses import replace
from datetime import date
from typing import Final

from reports.figures import Stamp
from reports.kit.charts import HEIGHT_CM, Plot, clustered_columns
from reports.kit.looks import SERIES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.legislation_figures import RequestState
from reports.sheets.days import day_or_text
from reports.sheets.lines import stamp_line

TAB: Final = "Ages"
# More pairs of columns can no longer be told apart.
_SHOWN: Final = 20
_WIDTH_CM: Final = 25
_PROSE_WIDTH: Final = 45


def ages_page(requests: tuple[RequestState, ...], on: date, stamp: Stamp) -> Page:
    """One row for each pending request, up to so many as a chart can show."""
    pending = [one for one in requests if one.is_pending]
    oldest = sorted(pending, key=lambda one: (-(one.days_pending or 0), one.reference))[:_SHOWN]
    which = "all" if len(oldest) == len(pending) else f"the {len(oldest)} oldest"
    page = Page(
        tab=TAB,
        title="How long requests have been pending",
        lines=(
            stamp_line(stamp, f"Pending on {on.isoformat()}: {which} of {len(pending)}"),
            "Pending: days since the request. Silent: days since an action moved it on.",
            "Every request, with all its days, stands on sheet By state.",
        ),
        grid=lay_out(_table(tuple(oldest), on), TAB),
        room=HEIGHT_CM if oldest else 0,
    )
    if not oldest:
        return page
    plot = Plot(
        page=page,
        heading="Days pending, and days without an action that moved the request on",
        along="Request",
        unit="days",
        colours=SERIES[:2],
        width=_WIDTH_CM,
        pattern="#,##0",
    )
    return replace(page, charts=(clustered_columns(plot),))


def _table(requests: tuple[RequestState, ...], on: date) -> Table[RequestState]:
    return Table(
        name="Ages",
        columns=(
            Column("Request", lambda one: one.reference),
            Column("Days pending", lambda one: one.days_pending or 0, Look.NUMBER),
            Column("Days silent", lambda one: one.days_silent or 0, Look.NUMBER),
            Column("State", lambda one: words(one.state)),
            Column("Dormant", lambda one: "Yes" if one.dormant else "No"),
            Column("Requested on", lambda one: day_or_text(one.requested), Look.DAY),
            Column("Last action", lambda one: one.last, Look.DAY),
            Column("Donor", lambda one: one.donor_name),
            Column("Title", lambda one: one.title, Look.PROSE, _PROSE_WIDTH),
        ),
        rows=requests,
        empty=f"No request was pending on {on.isoformat()}.",
    )

"""The sheet "Pledges": every pledge behind the totals, and the frames that are in none."""

from datetime import date
from typing import Final

from app.kernel.dates import Span, format_span
from app.pledges.domain.model import Stage
from reports.figures import PledgeLine, Stamp
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import money
from reports.sheets.lines import NOTHING, stamp_line

TAB: Final = "Pledges"
_PROSE_WIDTH: Final = 60
_SOURCE_WIDTH: Final = 50


def pledges_page(pledges: tuple[PledgeLine, ...], stamp: Stamp) -> Page:
    """One row for each pledge, in the order given."""
    return Page(
        tab=TAB,
        title="Pledges",
        lines=(
            stamp_line(stamp, f"Amount in the pledge's currency, stages in {stamp.currency}"),
            "An empty amount was not published, or has no date by which to convert it; it is not zero.",
            "In totals: No stands by frames. They contain other pledges, and no total counts them.",
            "Announced is the date as the source gives it; From is the first day that it may mean.",
        ),
        grid=lay_out(_table(pledges, stamp.currency), TAB),
    )


def _table(pledges: tuple[PledgeLine, ...], currency: str) -> Table[PledgeLine]:
    return Table(
        name="Pledges",
        columns=(*_WHAT, *(_stage_column(stage, currency) for stage in Stage), *_RECORD),
        rows=pledges,
        empty=NOTHING,
    )


def _stage_column(stage: Stage, currency: str) -> Column[PledgeLine]:
    def amount(line: PledgeLine) -> Number | None:
        if line.stages is None or stage in line.unconverted:
            return None
        return money(line.stages.at(stage), currency)

    return Column(f"{words(stage.value)}, {currency}", amount, Look.NUMBER)


def _first_day(span: Span) -> date | None:
    return span.first if span.is_dated else None


def _source_title(line: PledgeLine) -> str | None:
    return line.sources[0].title if line.sources else None


def _source_address(line: PledgeLine) -> str | None:
    return line.sources[0].url if line.sources else None


_WHAT: Final[tuple[Column[PledgeLine], ...]] = (
    Column("Reference", lambda line: line.reference),
    Column("Donor", lambda line: line.donor_name),
    Column("Code", lambda line: line.donor),
    Column("Title", lambda line: line.title, Look.PROSE, _PROSE_WIDTH),
    Column("Aid type", lambda line: words(line.aid_type.value)),
    Column("Instrument", lambda line: words(line.instrument.value)),
    Column("Status", lambda line: words(line.status.value)),
    Column("Announced", lambda line: format_span(line.announced)),
    Column("From", lambda line: _first_day(line.announced), Look.DAY),
    Column("Date precision", lambda line: words(line.announced.precision.value)),
    Column("Bound", lambda line: words(line.bound.value)),
    Column("Amount", lambda line: money(line.amount, line.currency), Look.NUMBER),
    Column("Currency", lambda line: line.currency),
)
_RECORD: Final[tuple[Column[PledgeLine], ...]] = (
    Column("In totals", lambda line: "Yes" if line.in_totals else "No"),
    Column("Verification", lambda line: words(line.verification.value)),
    Column("Notes", lambda line: line.notes, Look.PROSE, _PROSE_WIDTH),
    Column("Overlaps", lambda line: ", ".join(line.overlaps) or None, Look.PROSE, 24),
    Column("Source", _source_title, Look.TEXT, _SOURCE_WIDTH),
    Column("Source address", _source_address, Look.TEXT, _SOURCE_WIDTH),
    Column("Sources", lambda line: len(line.sources), Look.NUMBER),
    Column("Revision", lambda line: line.revision, Look.NUMBER),
    Column("Version", lambda line: line.version, Look.NUMBER),
)

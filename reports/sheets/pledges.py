"""The sheet "Pledges": every pledge behind the totals, and the frames that are in none."""

from collections.abc import Collection
from datetime import date
from typing import Final

from app.kernel.dates import Span, format_span
from app.pledges.domain.model import Stage
from reports.figures import PledgeLine, Stamp
from reports.kit.big_page import BigPage
from reports.kit.cells import BigColumn, Kind
from reports.kit.numbers import Number
from reports.kit.text import words
from reports.kit.values import money
from reports.sheets.lines import NOTHING, stamp_line

TAB: Final = "Pledges"
_WIDEST: Final = 40
_PROSE_WIDTH: Final = 60
_SOURCE_WIDTH: Final = 50


def pledges_page(pledges: Collection[PledgeLine], stamp: Stamp) -> BigPage[PledgeLine]:
    """One row for each pledge, in the order given."""
    return BigPage(
        tab=TAB,
        title="Pledges",
        lines=(
            stamp_line(stamp, f"Amount in the pledge's currency, stages in {stamp.currency}"),
            "An empty amount was not published, or has no date by which to convert it; it is not zero.",
            "In totals: No stands by frames. They contain other pledges, and no total counts them.",
            "Announced is the date as the source gives it; From is the first day that it may mean.",
        ),
        name="Pledges",
        columns=(*_WHAT, *(_stage_column(stage, stamp.currency) for stage in Stage), *_RECORD),
        rows=pledges,
        empty=NOTHING,
    )


def _stage_column(stage: Stage, currency: str) -> BigColumn[PledgeLine]:
    def amount(line: PledgeLine) -> Number | None:
        if line.stages is None or stage in line.unconverted:
            return None
        return money(line.stages.at(stage), currency)

    return BigColumn(f"{words(stage.value)}, {currency}", amount, Kind.NUMBER, _WIDEST)


def _first_day(span: Span) -> date | None:
    return span.first if span.is_dated else None


def _source_title(line: PledgeLine) -> str | None:
    return line.sources[0].title if line.sources else None


def _source_address(line: PledgeLine) -> str | None:
    return line.sources[0].url if line.sources else None


_WHAT: Final[tuple[BigColumn[PledgeLine], ...]] = (
    BigColumn("Reference", lambda line: line.reference, Kind.TEXT, _WIDEST),
    BigColumn("Donor", lambda line: line.donor_name, Kind.WORD, _WIDEST),
    BigColumn("Code", lambda line: line.donor, Kind.WORD, _WIDEST),
    BigColumn("Title", lambda line: line.title, Kind.PROSE, _PROSE_WIDTH),
    BigColumn("Aid type", lambda line: words(line.aid_type.value), Kind.WORD, _WIDEST),
    BigColumn("Instrument", lambda line: words(line.instrument.value), Kind.WORD, _WIDEST),
    BigColumn("Status", lambda line: words(line.status.value), Kind.WORD, _WIDEST),
    BigColumn("Announced", lambda line: format_span(line.announced), Kind.WORD, _WIDEST),
    BigColumn("From", lambda line: _first_day(line.announced), Kind.DAY, _WIDEST),
    BigColumn(
        "Date precision", lambda line: words(line.announced.precision.value), Kind.WORD, _WIDEST
    ),
    BigColumn("Bound", lambda line: words(line.bound.value), Kind.WORD, _WIDEST),
    BigColumn("Amount", lambda line: money(line.amount, line.currency), Kind.NUMBER, _WIDEST),
    BigColumn("Currency", lambda line: line.currency, Kind.WORD, _WIDEST),
)
_RECORD: Final[tuple[BigColumn[PledgeLine], ...]] = (
    BigColumn("In totals", lambda line: "Yes" if line.in_totals else "No", Kind.WORD, _WIDEST),
    BigColumn("Verification", lambda line: words(line.verification.value), Kind.WORD, _WIDEST),
    BigColumn("Notes", lambda line: line.notes, Kind.PROSE, _PROSE_WIDTH),
    BigColumn("Overlaps", lambda line: ", ".join(line.overlaps) or None, Kind.PROSE, 24),
    BigColumn("Source", _source_title, Kind.TEXT, _SOURCE_WIDTH),
    BigColumn("Source address", _source_address, Kind.TEXT, _SOURCE_WIDTH),
    BigColumn("Sources", lambda line: len(line.sources), Kind.COUNT, _WIDEST),
    BigColumn("Revision", lambda line: line.revision, Kind.COUNT, _WIDEST),
    BigColumn("Version", lambda line: line.version, Kind.COUNT, _WIDEST),
)

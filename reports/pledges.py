"""Every pledge as a workbook, with all that is known of each; however many there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.kernel.dates import format_span
from app.pledges.domain.model import Stage
from reports.figures import PledgeLine, Stages, Stamp
from reports.kit.cells import BigColumn, Kind
from reports.kit.stream import BigTable, StreamedBook
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.kit.workbook import new_book
from reports.sheets import cover
from reports.sheets.lines import NOTHING, footer

TITLE: Final = "Every pledge"
TAB: Final = "Pledges"
SHEETS: Final = (
    (TAB, "Every pledge with its amounts, dates and sources, one row each; frames too"),
)
# A cell holds 32,767 characters, a pledge 20 sources, and an address 2,000 characters.
_MOST_IN_A_CELL: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPledge:
    """One pledge.

    Attributes:
        id: of the pledge.
        recorded_at: when this version was recorded, UTC, as text.
    """

    line: PledgeLine
    id: str
    recorded_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFigures:
    """What stands on the cover, and the rows.

    Attributes:
        totals: of the stages, in the report's currency, as ``/v1/totals`` has them.
        listed: how many pledges there are.
        in_totals: how many of them stand behind the totals.
        rows: from one index up to another one; asked for in ascending ranges that adjoin.
    """

    totals: Stages
    listed: int
    in_totals: int
    unvalued: int
    rows: Callable[[int, int], Iterable[ListedPledge]]


def build(figures: PledgeFigures, stamp: Stamp) -> StreamedBook:
    """The workbook, ready to be read once."""
    book = new_book(stamp)
    cards = tuple(
        (f"{words(stage.value)}, {stamp.currency}", money(figures.totals.at(stage), stamp.currency))
        for stage in Stage
    )
    counts = (
        ("Pledges listed", figures.listed, "one row each, frames too"),
        ("In the totals", figures.in_totals, "stand behind the totals above"),
        ("Unvalued pledges", figures.unvalued, "have no published amount and add nothing to the totals"),
    )  # fmt: skip
    rows = cover.lay_cover(stamp, cards, "Beside the totals", counts, cover.READING[:-1], SHEETS)
    cover.write_cover(book, rows, footer=footer(stamp))
    streamed = StreamedBook(book, footer=footer(stamp))
    streamed.add(
        BigTable(
            tab=TAB, name=TAB, columns=columns(stamp.currency), count=figures.listed,
            rows=figures.rows, empty=NOTHING,
        )
    )  # fmt: skip
    return streamed


def columns(currency: str) -> tuple[BigColumn[ListedPledge], ...]:
    """The columns, the stages in this currency."""
    return (*_WHAT, *(_stage(stage, currency) for stage in Stage), *_RECORD)


def _stage(stage: Stage, currency: str) -> BigColumn[ListedPledge]:
    def amount(listed: ListedPledge) -> Value:
        line = listed.line
        if line.stages is None or stage in line.unconverted:
            return None
        return money(line.stages.at(stage), currency)

    return BigColumn(f"{words(stage.value)}, {currency}", amount, Kind.NUMBER, 20)


def _first_day(listed: ListedPledge) -> Value:
    announced = listed.line.announced
    return announced.first if announced.is_dated else None


def _last_day(listed: ListedPledge) -> Value:
    announced = listed.line.announced
    return announced.last if announced.is_dated else None


def _source(listed: ListedPledge, name: str) -> str | None:
    sources = listed.line.sources
    return str(getattr(sources[0], name)) if sources and getattr(sources[0], name) else None


def _addresses(listed: ListedPledge, first: int, stop: int) -> str | None:
    return " ".join(source.url for source in listed.line.sources[first:stop]) or None


_WHAT: Final[tuple[BigColumn[ListedPledge], ...]] = (
    BigColumn("Reference", lambda one: one.line.reference, width=18),
    BigColumn("Donor", lambda one: one.line.donor_name, Kind.WORD, 22),
    BigColumn("Code", lambda one: one.line.donor, Kind.WORD, 8),
    BigColumn("Title", lambda one: one.line.title, width=60),
    BigColumn("Aid type", lambda one: words(one.line.aid_type.value), Kind.WORD, 14),
    BigColumn("Instrument", lambda one: words(one.line.instrument.value), Kind.WORD, 14),
    BigColumn("Status", lambda one: words(one.line.status.value), Kind.WORD, 13),
    BigColumn("Announced", lambda one: format_span(one.line.announced), Kind.WORD, 14),
    BigColumn("From", _first_day, Kind.DAY, 13),
    BigColumn("To", _last_day, Kind.DAY, 13),
    BigColumn("Date precision", lambda one: words(one.line.announced.precision.value), Kind.WORD, 12),
    BigColumn("Bound", lambda one: words(one.line.bound.value), Kind.WORD, 11),
    BigColumn("Amount", lambda one: money(one.line.amount, one.line.currency), Kind.NUMBER, 20),
    BigColumn("Currency", lambda one: one.line.currency, Kind.WORD, 12),
)  # fmt: skip
_RECORD: Final[tuple[BigColumn[ListedPledge], ...]] = (
    BigColumn("In totals", lambda one: "Yes" if one.line.in_totals else "No", Kind.WORD, 12),
    BigColumn("Verification", lambda one: words(one.line.verification.value), Kind.WORD, 15),
    BigColumn("Notes", lambda one: one.line.notes, width=60),
    BigColumn("Overlaps", lambda one: " ".join(one.line.overlaps) or None, width=20),
    BigColumn("Source", lambda one: _source(one, "title"), width=40),
    BigColumn("Source address", lambda one: _source(one, "url"), width=50),
    BigColumn("Source kind", lambda one: _source(one, "kind"), Kind.WORD, 13),
    BigColumn("Sources", lambda one: len(one.line.sources), Kind.COUNT, 11),
    BigColumn("Other source addresses", lambda one: _addresses(one, 1, _MOST_IN_A_CELL), width=40),
    BigColumn("Further source addresses", lambda one: _addresses(one, _MOST_IN_A_CELL, 20), width=20),
    BigColumn("Id", lambda one: one.id, width=38),
    BigColumn("Revision", lambda one: one.line.revision, Kind.COUNT, 12),
    BigColumn("Version", lambda one: one.line.version, Kind.COUNT, 11),
    BigColumn("Recorded at, UTC", lambda one: one.recorded_at, Kind.WORD, 29),
)  # fmt: skip

"""The sheet "Cover": what the workbook holds, of which ledger, how to read it and to cite it."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Final, TypeAlias

from app.pledges.domain.model import Stage
from reports.figures import Counts, Stamp, TreeHead
from reports.kit.looks import Look
from reports.kit.page import LONG_NUMBERS
from reports.kit.paper import set_up_paper
from reports.kit.rows import Styled
from reports.kit.table import fit, is_long
from reports.kit.text import words
from reports.kit.values import Value, money, refer
from reports.kit.workbook import Book, instant
from reports.sheets.postings import PostingSums

TAB: Final = "Cover"
Row: TypeAlias = tuple[tuple[Styled, ...], int]
Pairs: TypeAlias = tuple[tuple[str, str], ...]
Count: TypeAlias = tuple[str, Value, str]

_COLUMNS: Final = "ABCD"
_COLUMN_WIDTH: Final = 29
_ROW_HEIGHT: Final = 17
# Characters that fit across the sheet, and across it beside a label.
_SENTENCE: Final = 120
_BESIDE_LABEL: Final = 92

READING: Final = (
    (
        "Money goes through stages: pledged (announced), committed (legally bound), allocated "
        "(tied to a named package), delivered (handed over or paid out)."
    ),
    "A later stage is part of the earlier ones, so stages are never added to each other.",
    (
        "Unknown is not zero: a pledge whose amount nobody published counts as unvalued, and its "
        "amount cells are empty."
    ),
    "An amount without a day counts in the totals and as undated; it is in no month.",
    (
        "A frame (instrument Authority) is a ceiling that contains other pledges. It is listed, "
        "and is in no total unless a filter asked for it by name."
    ),
    (
        "Requests still pending in a parliament are no pledges. They stand on a sheet of their "
        "own and are in no total."
    ),
)


def cover_rows(stamp: Stamp, sums: PostingSums, verdict: Value, sheets: Pairs) -> tuple[Row, ...]:
    """All rows of the cover of a workbook with totals by stage, checked and ready to be written.

    Args:
        stamp: which ledger, seen how and when.
        sums: of the postings.
        verdict: of the checks.
        sheets: names of the sheets and what they hold.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    cards = tuple(
        (
            f"{words(stage.value)}, {stamp.currency}",
            refer(f"Total_{stage.value}", sums.amount(stage=stage)),
        )
        for stage in Stage
    )
    counts = counts_of(stamp, verdict)
    return lay_cover(stamp, cards, "Beside the totals", counts, READING, sheets)


def lay_cover(
    stamp: Stamp,
    cards: tuple[tuple[str, Value], ...],
    beside: str,
    counts: tuple[Count, ...],
    reading: tuple[str, ...],
    sheets: Pairs,
) -> tuple[Row, ...]:
    """The rows of any workbook's cover.

    Args:
        stamp: which ledger, seen how and when.
        cards: up to four figures at the top, each with its label.
        beside: heading of the counts.
        counts: what the figures do not tell: label, value, remark.
        reading: how to read it, in sentences.
        sheets: names of the sheets and what they hold.

    Raises:
        ReportTooLargeError: a text is longer than a cell can hold.
    """
    return (
        *_heading(stamp, cards),
        *_section("What this covers", _coverage(stamp)),
        *_title(beside),
        *(row for count in counts for row in _count(*count)),
        *_reading(reading),
        *_section("Sheets", sheets),
        *_section("Use", (("Licence", stamp.licence), ("Cite as", stamp.citation))),
    )


def write_cover(book: Book, rows: tuple[Row, ...], *, footer: str) -> None:
    """Add the cover as the workbook's next sheet."""
    worksheet, sheet = book.begin_sheet(TAB)
    worksheet.sheet_view.showGridLines = False
    for letter in _COLUMNS:
        worksheet.column_dimensions[letter].width = _COLUMN_WIDTH
    set_up_paper(worksheet, footer=footer, tall=1, portrait=True)
    for row, height in rows:
        sheet.append(row, height=height)


def _heading(stamp: Stamp, cards: tuple[tuple[str, Value], ...]) -> Iterator[Row]:
    yield _row((stamp.title, Look.TITLE), height=36)
    for line in wrap(stamp.what, _SENTENCE - 15):
        yield _row((line, Look.SUBTITLE))
    yield _row(height=12)
    yield _row(*((label, Look.KEY_LABEL) for label, _ in cards), height=24)
    yield _row(*((value, Look.KEY_NUMBER) for _, value in cards), height=32)
    if any(map(is_long, (value for _, value in cards))):
        yield _row((LONG_NUMBERS, Look.NOTE))


def _coverage(stamp: Stamp) -> Pairs:
    recorded = "nothing recorded yet"
    if stamp.recorded_at is not None:
        recorded = f"recorded {instant(stamp.recorded_at)}"
    return (
        *(stamp.filters or (("Filters", "None: the whole ledger"),)),
        ("As of", stamp.as_of),
        *((("Measure", stamp.measure),) if stamp.measure else ()),
        *((("Coverage", stamp.coverage),) if stamp.coverage else ()),
        ("Ledger revision", f"{stamp.revision:,}, {recorded}"),
        ("Checkpoint", _checkpoint(stamp.checkpoint)),
        ("Currency", stamp.currency),
        ("Conversion", stamp.fx_rule),
        *(("", note) for note in stamp.fx_notes),
        *((("Made at", instant(stamp.generated_at)),) if stamp.generated_at else ()),
    )


def _checkpoint(signed: TreeHead | None) -> str:
    """What ``aidledger verify --workbook`` compares with the log."""
    return f"{signed.size:,} entries, root {signed.root}" if signed else "not signed yet"


def counts_of(stamp: Stamp, verdict: Value) -> tuple[Count, ...]:
    """What stands beside totals of pledges, and whether formulas and ledger agree."""
    checked = ("Checks", verdict, "is what the formulas say of themselves; see sheet Checks")
    return (*(_counts(stamp.counts, stamp.currency) if stamp.counts else ()), checked)


def _counts(counts: Counts, currency: str) -> tuple[Count, ...]:
    undated = money(counts.undated, currency)
    unvalued = "have no published amount and add nothing to the totals"
    frames: tuple[Count, ...] = ()
    if counts.frames is not None:
        frames = (("Frames left out", counts.frames, "contain other pledges and are in no total"),)
    return (
        ("Pledges", counts.pledges, "stand behind the totals"),
        ("Donors", counts.donors, "have these pledges"),
        ("Unvalued pledges", counts.unvalued, unvalued),
        (f"Undated, {currency}", undated, "of the amount has no day"),
        *frames,
    )


def _reading(sentences: tuple[str, ...]) -> Iterator[Row]:
    yield from _title("How to read it")
    for sentence in sentences:
        for line in wrap(f"• {sentence}", _SENTENCE, subsequent_indent="   "):
            yield _row((line, Look.PLAIN))


def _section(title: str, pairs: Pairs) -> Iterator[Row]:
    yield from _title(title)
    for label, text in pairs:
        for number, line in enumerate(wrap(text, _BESIDE_LABEL) or [""]):
            yield _row((None if number else label, Look.LABEL), (line, Look.PLAIN))


def _title(title: str) -> Iterator[Row]:
    yield _row(height=14)
    yield _row((title, Look.SECTION), *((None, Look.SECTION) for _ in _COLUMNS[1:]), height=22)
    yield _row(height=4)


def _count(label: str, value: Value, remark: str) -> Iterator[Row]:
    yield _row((label, Look.LABEL), (value, Look.FIGURE), (remark, Look.LABEL))


def _row(*cells: Styled, height: int = _ROW_HEIGHT) -> Row:
    return tuple((fit(value, f"Sheet {TAB}"), look) for value, look in cells), height

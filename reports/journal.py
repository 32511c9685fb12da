"""The journal as a workbook: every entry, in the order of recording, with what it says and its hash."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.canonical import Json, canonical_bytes
from reports.figures import Stamp
from reports.kit.cells import BigColumn, Kind
from reports.kit.stream import BLOCK_ROWS, BigTable, StreamedBook
from reports.kit.text import MAX_CELL
from reports.kit.workbook import new_book
from reports.sheets import cover
from reports.sheets.lines import footer

TITLE: Final = "The journal"
TAB: Final = "Journal"
SHEETS: Final = ((TAB, "Every entry, one row each, in the order of recording"),)
READING: Final = (
    "An entry never changes: what was recorded in error is corrected by a later one, with its reason.",
    "Revisions are 1, 2, 3, ... without a gap. The ledger as of revision N is what the entries up to N say.",
    (
        "What changed names the fields that an entry sets; of an amendment also what stood there before, with an"
        " arrow between. Where that is too long for a cell it goes on in the next one; nothing is cut."
    ),
    (
        "The leaf hash is the SHA-256 of a zero byte and the entry's stored bytes (RFC 6962), which /v1/entries.ndjson"
        " shows. The checkpoint above binds all of them."
    ),
)
_NOTHING: Final = "—"
_UNIT: Final = "utf-16-le"
_UNIT_BYTES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """One entry.

    Attributes:
        recorded_at: the instant in UTC, as text with its microseconds.
        stream: what kind of record it is about.
        stream_id: which one.
        changed: what the entry says, see ``what_changed``.
        leaf_hash: in hexadecimal.
    """

    revision: int
    recorded_at: str
    actor: str
    kind: str
    stream: str
    stream_id: str
    version: int
    reason: str | None
    changed: str
    leaf_hash: str


def build(
    stamp: Stamp,
    rows: Callable[[int, int], Iterable[JournalLine]],
    key: Callable[[int, int], str],
) -> StreamedBook:
    """The workbook of all entries up to the stamp's revision, ready to be read once.

    Args:
        stamp: which ledger.
        rows: the entries behind one revision up to another one.
        key: names what these entries are.
    """
    book = new_book(stamp)
    cards = (("Entries", stamp.revision),)
    cover.write_cover(
        book, cover.lay_cover(stamp, cards, "Beside the entries", (), READING, SHEETS), footer=footer(stamp)
    )  # fmt: skip
    streamed = StreamedBook(book, footer=footer(stamp))
    streamed.add(
        BigTable(
            tab=TAB, name=TAB, columns=COLUMNS, count=stamp.revision, rows=rows, key=key,
            empty="Nothing is recorded yet.", block_rows=BLOCK_ROWS,
        )
    )  # fmt: skip
    return streamed


def what_changed(data: Mapping[str, Any]) -> str:
    """The fields that an entry sets, ``title: Package; amount: 100.00 → 150.00``.

    It takes no more characters than the entry's bytes, of which there are at most 65,535: two cells hold it.
    """
    return "; ".join(_told(data))


def _told(data: Mapping[str, Any]) -> Iterable[str]:
    for name, value in data.items():
        if name == "changes" and isinstance(value, Mapping):
            for field, (before, after) in value.items():
                yield f"{field}: {_shown(before)} → {_shown(after)}"
        elif isinstance(value, Mapping):
            yield from (
                f"{field}: {_shown(one)}" for field, one in value.items() if one not in (None, [])
            )
        elif value not in (None, []):
            yield f"{name}: {_shown(value)}"


def _shown(value: Json) -> str:
    if isinstance(value, str):
        return value
    return _NOTHING if value is None else canonical_bytes(value).decode()


def _first_cell(text: str) -> str:
    """As much as a cell holds; Excel counts UTF-16 units."""
    if len(text) <= MAX_CELL // _UNIT_BYTES:
        return text
    # The half of a character that is left at the end is dropped, and stands in the second cell.
    return text.encode(_UNIT)[: MAX_CELL * _UNIT_BYTES].decode(_UNIT, "ignore")


def _second_cell(text: str) -> str | None:
    return text[len(_first_cell(text)) :] or None


COLUMNS: Final[tuple[BigColumn[JournalLine], ...]] = (
    BigColumn("Revision", lambda line: line.revision, Kind.COUNT, 12),
    BigColumn("Recorded at, UTC", lambda line: line.recorded_at, Kind.WORD, 29),
    BigColumn("Actor", lambda line: line.actor, Kind.WORD, 24),
    BigColumn("Kind", lambda line: line.kind, Kind.WORD, 32),
    BigColumn("Stream", lambda line: line.stream, Kind.WORD, 20),
    BigColumn("Stream id", lambda line: line.stream_id, Kind.TEXT, 38),
    BigColumn("Version", lambda line: line.version, Kind.COUNT, 10),
    BigColumn("Reason", lambda line: line.reason, Kind.TEXT, 40),
    BigColumn("What changed", lambda line: _first_cell(line.changed), Kind.TEXT, 80),
    BigColumn("What changed, continued", lambda line: _second_cell(line.changed), Kind.TEXT, 24),
    BigColumn("Leaf hash", lambda line: line.leaf_hash, Kind.TEXT, 66),
)  # fmt: skip

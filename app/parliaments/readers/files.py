"""Files as they are handed in: a name and bytes, bounded, turned into text and JSON without surprises."""

import json
from collections import Counter
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from app.kernel.dates import EARLIEST, LATEST, parse_day
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text, clean_url
from app.parliaments.domain.actions import MAX_TEXT
from app.parliaments.domain.places import FileRefusedError, Place

MAX_BYTES: Final = 8 * 1024 * 1024
# The longest bills have some 1,100 actions, and some sources list each of them twice.
MAX_ROWS: Final = 10_000
# The legacy files of BILLSTATUS write the House's clock as 12:09PM.
_CLOCKS: Final = ("%H:%M:%S", "%I:%M%p", "%H:%M")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that somebody handed in."""

    name: str
    content: bytes

    @property
    def place(self) -> Place:
        """The file as a whole."""
        return Place(self.name)


def read_text(file: SourceFile) -> str:
    """The file as text.

    Raises:
        FileRefusedError: ``too-large``, ``empty-file`` or ``wrong-encoding``.
    """
    if len(file.content) > MAX_BYTES:
        raise FileRefusedError(file.place, "too-large", f"A file has at most {MAX_BYTES} bytes.")
    if not file.content.strip():
        raise FileRefusedError(file.place, "empty-file", "The file is empty.")
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file.name, f"byte {error.start + 1}")
        raise FileRefusedError(place, "wrong-encoding", "The file is not UTF-8.") from None


def read_json(file: SourceFile) -> dict[str, Any]:
    """The file as one JSON object, no member named twice.

    Raises:
        FileRefusedError: what ``read_text`` raises; ``not-json``, ``too-deep``, ``repeated-member``.
    """
    text = read_text(file)
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = Place(file.name, f"line {error.lineno}")
        raise FileRefusedError(place, "not-json", f"Not JSON: {error.msg}.") from None
    except ValueRefusedError as refused:
        raise FileRefusedError.of(file.place, refused) from None
    except RecursionError:
        raise FileRefusedError(
            file.place, "too-deep", "Nested deeper than any such file."
        ) from None
    except ValueError:
        raise FileRefusedError(file.place, "not-json", "A number has too many digits.") from None
    if not isinstance(document, dict):
        raise FileRefusedError(file.place, "unknown-layout", "The document is not an object.")
    return document


def check_length(rows: Sized, place: Place) -> None:
    """Refuse a list that no bill has; ``place`` is where it stands.

    Raises:
        FileRefusedError: ``too-large``.
    """
    if len(rows) > MAX_ROWS:
        raise FileRefusedError(place, "too-large", f"At most {MAX_ROWS} actions.")


def read_day(text: object, place: Place) -> date:
    """A day of the parliament.

    Raises:
        FileRefusedError: ``missing-value``, ``invalid-date`` or ``date-out-of-range``.
    """
    try:
        return parse_day(required_text(text, place))
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None


def read_clock(text: object, place: Place) -> time | None:
    """The parliament's clock; ``None`` where it gives none.

    Raises:
        FileRefusedError: ``invalid-time``.
    """
    clock = text_of(text, place)
    if not clock:
        return None
    for form in _CLOCKS:
        try:
            # The clock alone: its zone is the parliament's.
            return datetime.strptime(clock, form).replace(tzinfo=UTC).time()
        except ValueError:
            continue
    raise FileRefusedError(place, "invalid-time", "A time is 14:03:00 or 02:03PM.")


def read_instant(text: object, place: Place) -> datetime | None:
    """An instant, in UTC; ``None`` where there is none.

    Raises:
        FileRefusedError: ``invalid-time``: not ISO 8601, or without its zone; ``date-out-of-range``.
    """
    moment = text_of(text, place)
    if not moment:
        return None
    try:
        instant = datetime.fromisoformat(moment)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise FileRefusedError(place, "invalid-time", "An instant is 2022-05-11T02:08:29Z.")
    # Before any arithmetic: the first and the last days that there are have no neighbours in other zones.
    if not EARLIEST <= instant.date() <= LATEST:
        detail = f"Dates lie between {EARLIEST} and {LATEST}."
        raise FileRefusedError(place, "date-out-of-range", detail)
    return instant.astimezone(UTC)


def text_of(value: object, place: Place) -> str:
    """A text, a whole number as text, or an empty text where there is nothing.

    Raises:
        FileRefusedError: ``not-a-text``: a list, an object, a fraction or a truth value.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise FileRefusedError(place, "not-a-text", "A text or a whole number is expected here.")


def required_text(text: object, place: Place) -> str:
    """A text that must be there, and be safe to store.

    Raises:
        FileRefusedError: ``missing-value``, ``not-a-text``, ``forbidden-character`` or ``too-long``.
    """
    stripped = text_of(text, place).strip()
    if not stripped:
        raise FileRefusedError(place, "missing-value", "A value is missing here.")
    try:
        return clean_text(stripped, max_length=MAX_TEXT)
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None


def read_url(text: object, place: Place) -> str | None:
    """An address that may be shown; ``None`` where there is none.

    Raises:
        FileRefusedError: ``invalid-url`` and what else makes a text unsafe.
    """
    address = text_of(text, place)
    if not address:
        return None
    try:
        return clean_url(address)
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None


def whole_number(text: object, place: Place) -> int:
    """A whole number, as text or as a number.

    Raises:
        FileRefusedError: ``missing-value`` or ``not-a-number``.
    """
    digits = required_text(text, place)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 9:  # noqa: PLR2004 - nine digits fit any integer
        raise FileRefusedError(place, "not-a-number", "A whole number is expected here.")
    return int(digits)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise ValueRefusedError("repeated-member", "An object names a member twice.", found=twice)
    return members


def _refuse_constant(name: str) -> Any:
    raise ValueRefusedError("not-json", "This is no JSON number.", found=name)

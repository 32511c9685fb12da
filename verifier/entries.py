"""Entries: what each must look like, and how one follows the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from verifier.errors import MismatchError
from verifier.strict_json import parse_canonical

STAGES: Final = ("pledged", "committed", "allocated", "delivered")
PLEDGE: Final = "pledge"
_FORMAT: Final = 1
_MEMBERS: Final = {
    "format", "revision", "id", "stream_kind", "stream_id", "version", "kind", "recorded_at", "actor", "reason",
    "data", "postings",
}  # fmt: skip
_TEXTS: Final = ("id", "stream_kind", "stream_id", "kind", "recorded_at", "actor")
_AMOUNT: Final = re.compile(r"(-?)(0|[1-9][0-9]{0,30})(?:\.([0-9]{1,4}))?", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z", re.ASCII
)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_CODE: Final = re.compile(r"[A-Z]{2,3}", re.ASCII)
_WORD: Final = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)


class Cell(NamedTuple):
    """Where amounts are added up. Days are ISO text; ``None`` for an undated amount, or one that has no rate's day."""

    stage: str
    donor: str
    aid_type: str
    instrument: str
    currency: str
    valued_on: str | None
    first: str | None
    last: str | None


class Posting(NamedTuple):
    """A signed effect on a cell: minor units, and how many decimals of the currency these are."""

    cell: Cell
    minor: int
    decimals: int
    pledges: int
    unvalued: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What the checks need of an entry."""

    revision: int
    stream_id: str
    version: int
    recorded_at: datetime
    postings: tuple[Posting, ...]


class History:
    """Reads entries one after the other and refuses the first that does not follow from those before."""

    def __init__(self) -> None:
        self.revision = 0
        self._recorded_at: datetime | None = None
        self._versions: dict[bytes, int] = {}
        self._decimals: dict[str, int] = {}

    def read(self, payload: bytes) -> Entry:
        """The next entry.

        Raises:
            MismatchError: it is not well formed, or not the next one; the error names its revision.
        """
        self.revision += 1
        try:
            entry = _read_entry(parse_canonical(payload))
            self._check(entry)
        except (ValueError, TypeError, KeyError) as error:
            raise MismatchError(f"The entry is not well formed: {error}.", self.revision) from None
        return entry

    def _check(self, entry: Entry) -> None:
        if entry.revision != self.revision:
            raise MismatchError(
                f"The entry says that it is revision {entry.revision}.", self.revision
            )
        stream = bytes.fromhex(entry.stream_id.replace("-", ""))
        version = self._versions.get(stream, 0) + 1
        if entry.version != version:
            raise MismatchError(
                f"The entry is version {entry.version} of {entry.stream_id}, after version {version - 1}.",
                self.revision,
            )
        self._versions[stream] = version
        if self._recorded_at is not None and entry.recorded_at < self._recorded_at:
            raise MismatchError("The entry was recorded before the one before it.", self.revision)
        self._recorded_at = entry.recorded_at
        for posting in entry.postings:
            self._check_decimals(posting)

    def _check_decimals(self, posting: Posting) -> None:
        currency = posting.cell.currency
        if self._decimals.setdefault(currency, posting.decimals) != posting.decimals:
            raise MismatchError(
                f"An amount has not the decimals of {currency} elsewhere.", self.revision
            )


def _read_entry(document: Any) -> Entry:
    _expect(isinstance(document, dict) and document.keys() == _MEMBERS, "its members")
    _expect(document["format"] == _FORMAT, "its format")
    for name in _TEXTS:
        _expect(isinstance(document[name], str) and document[name], name)
    _expect(document["reason"] is None or isinstance(document["reason"], str), "reason")
    _expect(isinstance(document["data"], dict), "data")
    for name in ("id", "stream_id"):
        _expect(_UUID.fullmatch(document[name]), name)
    postings = document["postings"]
    _expect(isinstance(postings, list), "postings")
    # Only what is pledged is in a total; what a parliament is asked for never is.
    _expect(document["stream_kind"] == PLEDGE or not postings, "postings of what is no pledge")
    return Entry(
        revision=_whole(document["revision"]),
        stream_id=document["stream_id"],
        version=_whole(document["version"]),
        recorded_at=_instant(document["recorded_at"]),
        postings=tuple(_read_posting(item) for item in postings),
    )


def _read_posting(item: Sequence[Any]) -> Posting:
    # Unpacking refuses any other number of members.
    (stage, first, last, valued_on, donor, aid_type, instrument, currency,
     amount, pledges, unvalued, implied) = item  # fmt: skip
    _expect(type(implied) is bool, "a posting's mark")
    cell = _read_cell(stage, donor, aid_type, instrument, currency, valued_on, first, last)
    minor, decimals = _read_amount(amount)
    return Posting(cell, minor, decimals, _whole(pledges), _whole(unvalued))


@lru_cache(maxsize=50_000)
def _read_cell(
    stage: str,
    donor: str,
    aid_type: str,
    instrument: str,
    currency: str,
    valued_on: str | None,
    first: str | None,
    last: str | None,
) -> Cell:
    """Most postings fall into cells that others fell into before."""
    _expect(stage in STAGES, "a posting's stage")
    _expect(_CODE.fullmatch(donor) and _CODE.fullmatch(currency), "a posting's donor or currency")
    _expect(_WORD.fullmatch(aid_type) and _WORD.fullmatch(instrument), "a posting's kind of aid")
    if first is None or last is None:
        _expect(first == last, "a posting's days")
    else:
        _expect(_is_day(first) and _is_day(last) and first <= last, "a posting's days")
    _expect(valued_on is None or _is_day(valued_on), "a posting's valuation day")
    return Cell(stage, donor, aid_type, instrument, currency, valued_on, first, last)


@lru_cache(maxsize=10_000)
def _read_amount(text: str) -> tuple[int, int]:
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise ValueError("a posting's amount")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    minor = int(whole + fraction)
    _expect(minor or not sign, "a posting's amount")
    return -minor if sign else minor, len(fraction)


@lru_cache(maxsize=10_000)
def _is_day(text: object) -> bool:
    is_spelt_so = isinstance(text, str) and _DAY.fullmatch(text)
    return bool(is_spelt_so and date.fromisoformat(is_spelt_so[0]))


@lru_cache(maxsize=1_000)
def _instant(text: str) -> datetime:
    _expect(_INSTANT.fullmatch(text), "recorded_at")
    return datetime.fromisoformat(text)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _expect(holds: object, what: str) -> None:
    if not holds:
        raise ValueError(what)

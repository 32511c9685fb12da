"""What one may ask of the list of pledges: filters, order and page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.donors.domain import Group
from app.kernel.canonical import Json
from app.kernel.dates import Span
from app.kernel.page import is_iso_day, read_key
from app.pledges.domain.model import AidType, Instrument, Status
from app.pledges.domain.reading import is_reference


class SortKey(StrEnum):
    """What pledges can be ordered by. Ties are broken by reference."""

    ANNOUNCED_ON = "announced_on"
    REFERENCE = "reference"
    DONOR = "donor"
    REVISION = "revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which pledges; an empty tuple and ``None`` mean all.

    Attributes:
        first: earliest announcement, inclusive; with ``last`` it must contain the whole effective date.
        last: latest announcement, inclusive.
        text: folded text that title, reference or notes contain.
        unvalued: only those without (``True``) or only those with an amount.
        undated: only those without (``True``) or only those with a date.
    """

    donors: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    aid_types: tuple[AidType, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    statuses: tuple[Status, ...] = ()
    first: date | None = None
    last: date | None = None
    text: str | None = None
    unvalued: bool | None = None
    undated: bool | None = None

    @property
    def window(self) -> Span:
        """The range of days asked for; all of time where there is none."""
        return Span(self.first or date.min, self.last or date.max)

    @property
    def is_windowed(self) -> bool:
        """Whether days were asked for."""
        return self.first is not None or self.last is not None

    def to_json(self) -> dict[str, Json]:
        """The filters that are set, by their names on the wire."""
        named: Mapping[str, Json] = {
            "donor": list(self.donors),
            "group": [one.value for one in self.groups],
            "aid_type": [one.value for one in self.aid_types],
            "instrument": [one.value for one in self.instruments],
            "status": [one.value for one in self.statuses],
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "q": self.text,
            "unvalued": self.unvalued,
            "undated": self.undated,
        }
        return {name: value for name, value in named.items() if value is not None and value != []}


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list."""

    key: SortKey = SortKey.ANNOUNCED_ON
    descending: bool = True

    @property
    def text(self) -> str:
        """As on the wire: ``-announced_on``."""
        return ("-" if self.descending else "") + self.key.value

    def read_key(self, after: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The sort key that a cursor holds, once it is known to be one of this order.

        Raises:
            InvalidCursorError: it is of another shape; somebody made it by hand.
        """
        return read_key(after, is_value=self._is_value, is_tie=is_reference)

    def _is_value(self, value: str | int) -> bool:
        match self.key:
            case SortKey.REVISION:
                return isinstance(value, int)
            case SortKey.ANNOUNCED_ON:
                return is_iso_day(value)
            case SortKey.REFERENCE | SortKey.DONOR:
                return isinstance(value, str) and is_reference(value)

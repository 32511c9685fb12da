"""What one may ask of the list of legislative requests: filters, order and page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.canonical import Json
from app.kernel.dates import Span
from app.kernel.page import is_iso_day, read_key
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import Kind, VehicleName
from app.legislation.domain.reading import is_reference
from app.legislation.domain.states import State


class SortKey(StrEnum):
    """What requests can be ordered by. Ties are broken by reference."""

    REQUESTED_ON = "requested_on"
    REFERENCE = "reference"
    DONOR = "donor"
    REVISION = "revision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which requests; an empty tuple and ``None`` mean all.

    Attributes:
        first: earliest date of request, inclusive; with ``last`` it must contain the whole date.
        last: latest date of request, inclusive.
        text: folded text that title, reference, notes, offices or vehicles contain.
        on: the day on which the state is looked at; ``None`` for the last one known.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
        withdrawn: those recorded in error, instead of the others.
    """

    donors: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    states: tuple[State, ...] = ()
    first: date | None = None
    last: date | None = None
    text: str | None = None
    on: date | None = None
    known_on: date | None = None
    withdrawn: bool = False

    @property
    def window(self) -> Span:
        """The range of days asked for; all of time where there is none."""
        return Span(self.first or date.min, self.last or date.max)

    @property
    def is_windowed(self) -> bool:
        """Whether days were asked for."""
        return self.first is not None or self.last is not None

    @property
    def looks_into_dossiers(self) -> bool:
        """Whether only a request and its vehicles together can tell if it is admitted."""
        return bool(self.states) or self.known_on is not None

    def admits(self, dossier: Dossier) -> bool:
        """Whether the public knew of the request, and it was in one of the states, on the days asked for."""
        if not dossier.is_public(self.known_on):
            return False
        if not self.states:
            return True
        course = dossier.course(self.known_on)
        return (course.state if self.on is None else course.state_on(self.on)) in self.states

    def to_json(self) -> dict[str, Json]:
        """The filters that are set, by their names on the wire."""
        named: Mapping[str, Json] = {
            "donor": list(self.donors),
            "kind": [one.value for one in self.kinds],
            "state": [one.value for one in self.states],
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "q": self.text,
            "on": self.on.isoformat() if self.on else None,
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "withdrawn": self.withdrawn or None,
        }
        return {name: value for name, value in named.items() if value is not None and value != []}


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleFilters:
    """Which vehicles; an empty tuple and ``None`` mean all.

    Attributes:
        name: the one with this name.
        text: folded text that name, titles, citation or notes contain.
    """

    name: VehicleName | None = None
    jurisdictions: tuple[str, ...] = ()
    session: str | None = None
    text: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The filters that are set, by their names on the wire."""
        named: Mapping[str, Json] = {
            "name": str(self.name) if self.name else None,
            "jurisdiction": list(self.jurisdictions),
            "session": self.session,
            "q": self.text,
        }
        return {name: value for name, value in named.items() if value is not None and value != []}


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list."""

    key: SortKey = SortKey.REQUESTED_ON
    descending: bool = True

    @property
    def text(self) -> str:
        """As on the wire: ``-requested_on``."""
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
            case SortKey.REQUESTED_ON:
                return is_iso_day(value)
            case SortKey.REFERENCE | SortKey.DONOR:
                return isinstance(value, str) and is_reference(value)

"""What one may ask of the list of rates, and what a line of it says."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.kernel.canonical import Json
from app.kernel.page import InvalidCursorError, is_iso_day


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFilters:
    """Which rates.

    Attributes:
        currencies: of which; empty means all.
        sources: published by whom; empty means all.
        first, last: their days, both included.
    """

    currencies: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Json]:
        """The filters that are set."""
        set_ones: dict[str, Json] = {
            "currency": list(self.currencies),
            "source": list(self.sources),
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
        }
        return {name: value for name, value in set_ones.items() if value}


class Horizon(NamedTuple):
    """How far what is known reaches: all pages of one walk show the same.

    Attributes:
        last_import: the number of the last import.
        loaded_until: the last day of the package's rates that are known.
    """

    last_import: int
    loaded_until: date | None


class ListedRate(NamedTuple):
    """A rate that stands: the last one that is known of its currency, its day and its source. It is of one euro.

    Attributes:
        rate: as published.
        import_id: the import that it came with; ``None`` for those of the package.
    """

    currency: str
    on: date
    source: str
    rate: str
    import_id: int | None

    @property
    def key(self) -> tuple[str, date, str]:
        """Its place in the list."""
        return self.currency, self.on, self.source


def write_position(rate: ListedRate, horizon: Horizon) -> tuple[str | int, ...]:
    """What a cursor keeps behind a rate."""
    until = horizon.loaded_until
    return (
        rate.currency,
        rate.on.isoformat(),
        rate.source,
        horizon.last_import,
        until.isoformat() if until else "",
    )


def read_position(after: tuple[str | int, ...]) -> tuple[tuple[str, date, str], Horizon]:
    """The key behind which a page begins, and how far the walk reaches.

    Raises:
        InvalidCursorError: somebody made the cursor by hand.
    """
    match after:
        case (str() as currency, str() as on, str() as source, int() as last, str() as until) if (
            is_iso_day(on)
            and (not until or is_iso_day(until))
            and (currency + source).isprintable()
        ):
            horizon = Horizon(last, date.fromisoformat(until) if until else None)
            return (currency, date.fromisoformat(on), source), horizon
        case _:
            raise InvalidCursorError("The cursor cannot be read.", reason="malformed")

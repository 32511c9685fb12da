"""How figures, days and names read on a page; the templates' filters and the view models use the same ones."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Self
from urllib.parse import urlsplit

from app.donors.domain import get_donor
from app.kernel.errors import ValueRefusedError
from app.kernel.money import to_decimal
from app.pledges.domain import decimals_of

NOTHING: Final = "\u2013"
_THIN_SPACE: Final = "\u202f"
# From which figure on, in units of the currency, its short name, and how many zeros that takes away.
_UNITS: Final = ((10**9, "bn", 9), (10**6, "m", 6), (0, "", 0))


@dataclass(frozen=True, slots=True)
class Unit:
    """What the figures of one block are given in, so that all of them can be compared at a glance.

    Attributes:
        currency: ISO 4217.
        short: ``bn``, ``m`` or nothing.
        zeros: how many zeros are left out.
    """

    currency: str
    short: str
    zeros: int

    @classmethod
    def fitting(cls, currency: str, highest: int) -> Self:
        """The unit that suits a block whose highest figure is this, in minor units."""
        major = abs(highest) // 10 ** decimals_of(currency)
        short, zeros = next((short, zeros) for least, short, zeros in _UNITS if major >= least)
        return cls(currency, short, zeros)

    @property
    def name(self) -> str:
        """``bn EUR``."""
        return f"{self.short} {self.currency}".strip()

    @property
    def minor(self) -> int:
        """How many minor units one of it is."""
        return int(10 ** (self.zeros + decimals_of(self.currency)))

    def format(self, minor: int, places: int = 2) -> str:
        """A figure in this unit, rounded half to even, digits grouped by thin spaces."""
        value = to_decimal(minor, decimals_of(self.currency)).scaleb(-self.zeros)
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        return group_digits(f"{rounded:f}")


def amount_words(minor: int, currency: str) -> str:
    """A single figure with its unit: ``1.20 bn EUR``."""
    unit = Unit.fitting(currency, minor)
    return f"{unit.format(minor)} {unit.name}"


def exact_words(text: str | None, currency: str | None) -> str:
    """An exact amount as it stands on the wire, its digits grouped; what is not known says so."""
    if text is None:
        return "not published"
    return f"{group_digits(text)} {currency or ''}".strip()


def group_digits(text: str) -> str:
    """``1482000.50`` as ``1 482 000.50``, with thin spaces that do not break."""
    sign = "-" if text.startswith("-") else ""
    whole, point, fraction = text.removeprefix("-").partition(".")
    return sign + f"{int(whole):,}".replace(",", _THIN_SPACE) + point + fraction


def count_words(count: int, one: str, many: str | None = None) -> str:
    """``1 request``, ``7 requests``."""
    return f"{group_digits(str(count))} {one if count == 1 else many or one + 's'}"


def share_words(part: int, whole: int) -> str:
    """A share in whole per cents: ``54 %``; of nothing there is none."""
    if whole <= 0:
        return NOTHING
    percent = (200 * part + whole) // (2 * whole)
    return f"{percent}{_THIN_SPACE}%"


def day_words(day: date | str | None) -> str:
    """``14 November 2023``; coarser dates as they are known: ``November 2023``, ``2023``."""
    if day is None:
        return "undated"
    text = day.isoformat() if isinstance(day, date) else day
    start, slash, end = text.partition("/")
    if slash:
        return f"{day_words(start)} to {day_words(end)}"
    year, *rest = start.split("-")
    if not rest:
        return year
    month = date(2000, int(rest[0]), 1).strftime("%B")
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])} {month} {year}"


def instant_words(instant: datetime | None) -> str:
    """``22 November 2026, 10:00 UTC``."""
    if instant is None:
        return "before the first entry"
    return f"{day_words(instant.date())}, {instant:%H:%M} UTC"


def plain_words(name: str) -> str:
    """A name of the wire as people say it: ``in_kind`` is in kind."""
    return name.replace("_", " ")


def donor_name(code: str) -> str:
    """The English name; a code that nobody knows stands for itself."""
    try:
        return get_donor(code).name
    except ValueRefusedError:
        return code


def web_address(text: str | None) -> str | None:
    """The address of a source where a browser may follow it: http or https, and nothing that could run.

    What the ledger records was checked when it came in; that a page never links to anything else does not hang on it.
    """
    if text is None:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in {"http", "https"} and parts.netloc else None


def host_of(text: str) -> str:
    """The host of an address, to say where a link leads."""
    try:
        return urlsplit(text).hostname or text
    except ValueError:
        return text

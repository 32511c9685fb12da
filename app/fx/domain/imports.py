"""What is loaded from files: rates day by day, tables of releases, price indices; and where each comes from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from app.fx.domain.policy import RELEASE_LABEL
from app.fx.domain.rates import ECB, RateTable
from app.kernel.currencies import get_currency
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text

MAX_SOURCE: Final = 64
# Before the point and behind it. The law's rates have six significant digits, a float's text up to 17.
_RATE: Final = re.compile(r"(?=.*[1-9])[0-9]{1,12}(?:\.[0-9]{1,18})?", re.ASCII)


class ImportKind(StrEnum):
    """What an import holds: rates of many days, one table for all days, or yearly prices."""

    SERIES = "series"
    RELEASE = "release"
    PRICES = "prices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where rates come from, and who loads them.

    Attributes:
        source: who publishes them, such as ``ECB`` or ``NBU``.
        label: what the file is called.
        sha256: of the file's bytes, hexadecimal.
        actor: who loads it.
    """

    source: str
    label: str
    sha256: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateImport:
    """An import on record; its columns are those of ``FxImportRow``."""

    id: int
    kind: ImportKind
    source: str
    label: str
    base: str
    rows: int
    first_day: date
    last_day: date
    sha256: str
    imported_at: datetime
    imported_by: str
    since_revision: int


class SeriesPart(NamedTuple):
    """The rates of one currency that came with one import, each as ``"2023-11-14 38.9"``."""

    source: str
    currency: str
    rates: Sequence[str]


class DayRate(NamedTuple):
    """Units of a currency for one euro, on a day."""

    currency: str
    on: date
    value: Decimal


class QuotedRate(NamedTuple):
    """One rate as somebody gives it.

    Attributes:
        pointer: where it stands in what was given: ``/lines/12`` of a file, ``/rates/3`` of a body.
        on: its day.
        base, quote: ISO 4217 codes; ``value`` units of ``quote`` are worth one of ``base``.
        source: who publishes it, where that stands beside it.
    """

    pointer: str
    on: date
    base: str
    quote: str
    value: Decimal
    source: str | None = None


class Correction(NamedTuple):
    """A rate that was known, and now is another."""

    currency: str
    on: date
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What an import did, or would do.

    Attributes:
        kind: of what.
        source, label, sha256: where it comes from.
        new: how many rows were not known before.
        unchanged: how many were known already, as they are.
        corrected: those that were known otherwise.
        recorded: the import; ``None`` where the file said nothing new, and nothing was recorded.
    """

    kind: ImportKind
    source: str
    label: str
    sha256: str
    new: int
    unchanged: int
    corrected: tuple[Correction, ...] = ()
    recorded: RateImport | None = None


def compare(
    rates: Sequence[DayRate], held: Mapping[str, Mapping[date, Decimal]]
) -> tuple[list[DayRate], tuple[Correction, ...]]:
    """The rates that say something new, and those of them that correct what is held; in the order of the file."""
    fresh: list[DayRate] = []
    corrected: list[Correction] = []
    for rate in rates:
        before = held.get(rate.currency, {}).get(rate.on)
        if before == rate.value:
            continue
        fresh.append(rate)
        if before is not None:
            corrected.append(Correction(rate.currency, rate.on, before, rate.value))
    return fresh, tuple(corrected)


def read_rate(text: str) -> Decimal:
    """A rate or an index as it is written, such as ``7.53450``: above zero, at most 12 and 18 digits.

    Raises:
        ValueRefusedError: ``invalid-rate``.
    """
    if not _RATE.fullmatch(text):
        raise ValueRefusedError(
            "invalid-rate", "A rate is a plain decimal number above zero, such as 7.53450."
        )
    return Decimal(text)


def read_source(text: str) -> str:
    """The name of a publisher, such as ``NBU``; ``ECB`` in any case is the European Central Bank.

    Raises:
        ValueRefusedError: what ``clean_text`` refuses.
    """
    name = " ".join(clean_text(text, max_length=MAX_SOURCE).split())
    return ECB if name.casefold() == ECB.casefold() else name


def read_label(text: str) -> str:
    """The name of a release, such as ``R7``.

    Raises:
        ValueRefusedError: ``invalid-release-label``.
    """
    if not RELEASE_LABEL.fullmatch(text):
        raise ValueRefusedError(
            "invalid-release-label",
            "A release is named with letters, digits, dots, dashes and underscores, at most 64, such as R7.",
        )
    return text


def check_table(table: RateTable) -> None:
    """Refuse a table that no policy could name or convert with.

    Raises:
        ValueRefusedError: ``invalid-release-label``, ``unknown-currency`` or ``invalid-rate``.
    """
    read_label(table.label)
    for currency, rate in {table.base: Decimal(1), **table.rates}.items():
        get_currency(currency)
        read_rate(f"{rate:f}")

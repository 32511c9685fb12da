"""The sheet "Postings": what each pledge adds to each stage on each date; the rows that every total adds up."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final, NamedTuple, TypeAlias

from app.kernel.dates import format_span
from app.pledges.domain.model import AidType, Stage, decimals_of
from reports.figures import PostingLine, Stamp
from reports.kit.big_page import BigPage
from reports.kit.cells import BigColumn, Kind
from reports.kit.formulas import Formula, cell_of, column_of, is_word
from reports.kit.numbers import MAX_DIGITS, Number
from reports.kit.text import words
from reports.kit.values import COUNT_PATTERN, YEAR_PATTERN, Value, money, serial
from reports.sheets.lines import NOTHING, stamp_line

TAB: Final = "Postings"
TABLE: Final = "Postings"
_MINOR: Final = "Minor units"
_WIDEST: Final = 40
_SOURCE_WIDTH: Final = 50


@dataclass(frozen=True, slots=True)
class Here:
    """A criterion that stands in a cell of the formula's own row: its table, its column, and what it holds."""

    table: str
    title: str
    value: str | date | int


Wanted: TypeAlias = Stage | AidType | str | date | int | bool | Here | None


@dataclass(frozen=True, slots=True)
class _Sums:
    """Minor units and counts, added up."""

    minor: int = 0
    pledges: int = 0
    unvalued: int = 0

    def plus(self, other: "_Sums") -> "_Sums":
        return _Sums(
            self.minor + other.minor,
            self.pledges + other.pledges,
            self.unvalued + other.unvalued,
        )


class _Group(NamedTuple):
    """All that criteria look at of a row."""

    stage: Stage
    donor: str
    aid_type: AidType
    month: date | None
    quarter: str | None
    year: int | None
    dated: bool
    reached_on: date | None


class PostingSums:
    """Sums over the sheet's rows, as formulas with their results.

    A spreadsheet adds binary fractions and may come out a hair beside the cent. It adds whole numbers exactly, so the
    formulas add minor units. Where these are too long for a spreadsheet, no formula could come to the sum, and the sum
    stands as it is.
    """

    def __init__(self, lines: Iterable[PostingLine], currency: str) -> None:
        """Add the rows up, in one reading: what is kept are sums by all that criteria can tell apart."""
        self._currency = currency
        self._decimals = decimals_of(currency)
        self._groups, size = self._add_up(lines)
        self._indexes: dict[tuple[str, ...], Mapping[tuple[Any, ...], _Sums]] = {}
        self._running: dict[tuple[str, ...], Mapping[tuple[Any, ...], _Running]] = {}
        self.is_exact = size < 10**MAX_DIGITS

    def _add_up(self, lines: Iterable[PostingLine]) -> "tuple[dict[_Group, _Sums], int]":
        """The sums, and how large all amounts are together, whatever their signs."""
        groups: dict[_Group, list[int]] = {}
        size = 0
        for line in lines:
            minor = _minor(line, self._decimals)
            size += abs(minor)
            group = _Group(
                line.stage, line.donor, line.aid_type, line.month, line.quarter, line.year,
                line.is_dated, line.reached_on,
            )  # fmt: skip
            sums = groups.setdefault(group, [0, 0, 0])
            sums[0] += minor
            sums[1] += line.pledges
            sums[2] += line.unvalued
        return {group: _Sums(*sums) for group, sums in groups.items()}, size

    def amount(self, **wanted: Wanted) -> Value:
        """The amount of the rows that match.

        Args:
            wanted: criteria by the names of ``_CRITERIA``; ``None`` asks for empty cells.
        """
        return self._amount(self._read(wanted).minor, _formula(_MINOR, wanted, None))

    def running(self, until: Here, **wanted: Wanted) -> Value:
        """The amount of the rows that match and were reached by the end of a day."""
        return self._amount(self._run(wanted, until), _formula(_MINOR, wanted, until))

    def _amount(self, found: int, text: str | None) -> Value:
        result = money(Decimal(found).scaleb(-self._decimals), self._currency)
        if not self.is_exact or text is None:
            return result
        return Formula(text + (f"/{10**self._decimals}" if self._decimals else ""), result)

    def pledges(self, **wanted: Wanted) -> Value:
        """How many pledges stand behind the rows that match."""
        return self._count("Pledges", self._read(wanted).pledges, wanted)

    def unvalued(self, **wanted: Wanted) -> Value:
        """How many of these have no published amount."""
        return self._count("Unvalued", self._read(wanted).unvalued, wanted)

    def _count(self, title: str, found: int, wanted: Mapping[str, Wanted]) -> Value:
        text = _formula(title, wanted, None)
        return found if text is None else Formula(text, found)

    def _read(self, wanted: Mapping[str, Wanted]) -> _Sums:
        names = tuple(wanted)
        if names not in self._indexes:
            index: defaultdict[tuple[Any, ...], _Sums] = defaultdict(_Sums)
            for group, sums in self._groups.items():
                key = _key(group, names)
                index[key] = index[key].plus(sums)
            self._indexes[names] = dict(index)
        return self._indexes[names].get(tuple(map(_value, wanted.values())), _Sums())

    def _run(self, wanted: Mapping[str, Wanted], until: Here) -> int:
        names = tuple(wanted)
        if names not in self._running:
            steps: defaultdict[tuple[Any, ...], list[tuple[date, int]]] = defaultdict(list)
            for group, sums in self._groups.items():
                if group.reached_on is not None:
                    steps[_key(group, names)].append((group.reached_on, sums.minor))
            self._running[names] = {key: _Running(sorted(each)) for key, each in steps.items()}
        running = self._running[names].get(tuple(map(_value, wanted.values())))
        assert isinstance(until.value, date)  # noqa: S101 -- a running total goes up to a day
        return running.at(until.value) if running else 0


class _Running:
    """A running total of minor units, by day."""

    def __init__(self, steps: list[tuple[date, int]]) -> None:
        self._days = [day for day, _ in steps]
        self._sums = list(accumulate(minor for _, minor in steps))

    def at(self, day: date) -> int:
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else 0


def postings_page(lines: Collection[PostingLine], stamp: Stamp) -> BigPage[PostingLine]:
    """One row for each pledge, stage and date, in the order given."""
    return BigPage(
        tab=TAB,
        title="Postings: the rows that the totals add up",
        lines=(
            stamp_line(stamp, f"Converted is in {stamp.currency}"),
            "Choose one stage before you add up: each stage contains the later ones.",
            "Minor units: the converted amount in whole cents, which a spreadsheet adds exactly. Formulas add these.",
            "Pledges and Unvalued count once added up: a pledge with two dates counts on both, and is taken back once.",
        ),
        name=TABLE,
        columns=(*_WHAT, *_converted(stamp.currency), *_RECORD),
        rows=lines,
        empty=NOTHING,
    )


def _converted(currency: str) -> tuple[BigColumn[PostingLine], ...]:
    decimals = decimals_of(currency)
    scale = Formula(f"ROUND({10**decimals}*{cell_of(TABLE, 'Converted')},0)", 0).text

    def minor(line: PostingLine) -> Value:
        number = Number(Decimal(_minor(line, decimals)), COUNT_PATTERN)
        converted = money(line.converted, currency)
        if converted is not None and not converted.is_exact_in_excel:
            return number
        return Formula(scale, number)

    return (
        BigColumn("Converted", lambda line: money(line.converted, currency), Kind.NUMBER, _WIDEST),
        BigColumn(_MINOR, minor, Kind.FORMULA, _WIDEST),
    )


def _minor(line: PostingLine, decimals: int) -> int:
    return 0 if line.converted is None else int(line.converted.scaleb(decimals))


def year_number(year: int | None) -> Number | None:
    """A year as a number without a comma."""
    return None if year is None else Number(Decimal(year), YEAR_PATTERN)


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 -- a column's value
    return "Yes" if value else "No"


_WHAT: Final[tuple[BigColumn[PostingLine], ...]] = (
    BigColumn("Reference", lambda line: line.reference, Kind.TEXT, _WIDEST),
    BigColumn("Donor", lambda line: line.donor_name, Kind.WORD, _WIDEST),
    BigColumn("Code", lambda line: line.donor, Kind.WORD, _WIDEST),
    BigColumn("Aid type", lambda line: words(line.aid_type.value), Kind.WORD, _WIDEST),
    BigColumn("Instrument", lambda line: words(line.instrument.value), Kind.WORD, _WIDEST),
    BigColumn("Stage", lambda line: words(line.stage.value), Kind.WORD, _WIDEST),
    BigColumn("Effective", lambda line: format_span(line.effective), Kind.WORD, _WIDEST),
    BigColumn("Month", lambda line: line.month, Kind.MONTH, _WIDEST),
    BigColumn("Quarter", lambda line: line.quarter, Kind.WORD, _WIDEST),
    BigColumn("Year", lambda line: line.year, Kind.YEAR, _WIDEST),
    BigColumn("Reached on", lambda line: line.reached_on, Kind.DAY, _WIDEST),
    BigColumn("Dated", lambda line: _yes_or_no(line.is_dated), Kind.WORD, _WIDEST),
    BigColumn("Native amount", lambda line: money(line.native, line.currency), Kind.NUMBER, _WIDEST),
    BigColumn("Currency", lambda line: line.currency, Kind.WORD, _WIDEST),
    BigColumn("Rate of", lambda line: line.valued_on, Kind.DAY, _WIDEST),
)  # fmt: skip
_RECORD: Final[tuple[BigColumn[PostingLine], ...]] = (
    BigColumn("Pledges", lambda line: line.pledges, Kind.COUNT, _WIDEST),
    BigColumn("Unvalued", lambda line: line.unvalued, Kind.COUNT, _WIDEST),
    BigColumn("Source address", lambda line: line.source, Kind.TEXT, _SOURCE_WIDTH),
)

# What sums can ask for, by the names of a group: the column.
_CRITERIA: Final[Mapping[str, str]] = {
    "stage": "Stage",
    "donor": "Code",
    "aid_type": "Aid type",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
    "dated": "Dated",
}
_REACHED: Final = "Reached on"


def _key(group: _Group, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(group, name) for name in names)


def _value(wanted: Wanted) -> object:
    return wanted.value if isinstance(wanted, Here) else wanted


def _formula(title: str, wanted: Mapping[str, Wanted], until: Here | None) -> str | None:
    """A sum over a column; ``None`` where a criterion is a text that a spreadsheet might understand."""
    parts = [column_of(TABLE, title)]
    for name, criterion in wanted.items():
        text = _criterion(criterion)
        if text is None:
            return None
        parts += [column_of(TABLE, _CRITERIA[name]), text]
    if until is not None:
        parts += [column_of(TABLE, _REACHED), f'"<="&{cell_of(until.table, until.title)}']
    return f"SUMIFS({','.join(parts)})" if len(parts) > 1 else f"SUM({parts[0]})"


def _criterion(wanted: Wanted) -> str | None:
    match wanted:
        case None:
            return '"="'
        case Here():
            return cell_of(wanted.table, wanted.title)
        case bool():
            return f'"{_yes_or_no(wanted)}"'
        case Stage() | AidType():
            return f'"{words(wanted.value)}"'
        case str():
            return f'"{wanted}"' if is_word(wanted) else None
        case _:
            return str(serial(wanted) if isinstance(wanted, date) else wanted)

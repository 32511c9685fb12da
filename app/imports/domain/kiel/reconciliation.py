"""The ledger beside the workbook's own sums: where they differ, by how much, and why, package by package.

Everything is exact until it is shown: for each donor and aid type, *ledger less workbook* is the sum of what the ledger
has otherwise than the file, of what the workbook leaves out of its sums, and of a rest that nobody can explain.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from app.donors.domain import find_donor
from app.imports.domain.kiel.columns import Column
from app.imports.domain.kiel.packages import Line, Measure, Package, total
from app.imports.domain.kiel.summary import Summary
from app.imports.domain.kiel.valuation import Valuation, value_package
from app.imports.domain.kiel.words import find_aid_type
from app.kernel.canonical import Json
from app.pledges.domain import AidType

Place = tuple[str, AidType]
CENT: Final = Decimal("0.01")
# The ledger keeps cents, the workbook doubles: one package differs by less than a cent in its own currency, and none of
# the tracker's currencies is worth more than two euro.
_ROUNDING: Final = 2 * CENT


class Why(StrEnum):
    """Why a sum of the ledger is not that of the workbook.

    Attributes:
        NOT_IN_SUMMARY: the summary has no row for the donor, as for the European Peace Facility.
        SPELT_OTHERWISE: the row's donor or aid type has a trailing blank or another spelling, so that the
            workbook's formula, which compares letter by letter, passes it over.
        NOT_COUNTED: the workbook has a value and leaves its total or converted value empty.
        CONVERTED_OTHERWISE: the workbook did not convert at the rate of its own table.
        NO_RATE: its table has no rate for the currency.
        NOT_IN_LEDGER: the package was not imported, or its pledge was withdrawn.
        LEDGER_DIFFERS: somebody changed the pledge, or the ledger has another release of it.
        ROUNDING: fractions of a cent that the workbook carries.
        UNKNOWN: the workbook's sum is not that of its rows.
    """

    NOT_IN_SUMMARY = "not-in-summary"
    SPELT_OTHERWISE = "spelt-otherwise"
    NOT_COUNTED = "not-counted"
    CONVERTED_OTHERWISE = "converted-otherwise"
    NO_RATE = "no-rate"
    NOT_IN_LEDGER = "not-in-ledger"
    LEDGER_DIFFERS = "ledger-differs"
    ROUNDING = "rounding"
    UNKNOWN = "unknown"

    @property
    def is_of_workbook(self) -> bool:
        """Whether it lies in the workbook, and the ledger has what stands there."""
        return self not in {Why.NOT_IN_LEDGER, Why.LEDGER_DIFFERS, Why.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Held:
    """What the ledger has of a package: where it counts, and how much of it at the stage in question."""

    donor: str
    aid_type: AidType
    currency: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A part of a difference.

    Attributes:
        why: its cause.
        euro: ledger less workbook.
        package_id: of the package; ``None`` where it is about a whole sum.
        cell: where to look in the workbook.
    """

    why: Why
    euro: Decimal
    package_id: str | None = None
    cell: str | None = None

    def to_json(self) -> dict[str, Json]:
        """The cause as it is printed."""
        return {
            "cause": self.why.value,
            "amount": money(self.euro),
            "package": self.package_id,
            "cell": self.cell,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """One donor and aid type.

    Attributes:
        workbook: its own sum in euro; ``None`` where its summary has no such donor.
        ledger: the sum of the pledges that were imported, in euro at the workbook's rates.
        causes: parts of the difference; they add up to it, to the cent.
    """

    donor: str
    aid_type: AidType
    workbook: Decimal | None
    ledger: Decimal
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Decimal:
        """Ledger less workbook."""
        return self.ledger - (self.workbook or Decimal(0))

    @property
    def is_equal(self) -> bool:
        """Whether nothing but fractions of a cent lies between the two."""
        return all(cause.why is Why.ROUNDING for cause in self.causes)

    @property
    def unexplained(self) -> Decimal:
        """The part of the difference whose cause is not known."""
        return sum((one.euro for one in self.causes if one.why is Why.UNKNOWN), Decimal(0))

    def to_json(self) -> dict[str, Json]:
        """The sums as they are printed."""
        return {
            "donor": self.donor,
            "aid_type": self.aid_type.value,
            "workbook": None if self.workbook is None else money(self.workbook),
            "ledger": money(self.ledger),
            "difference": money(self.difference),
            "causes": [cause.to_json() for cause in self.causes],
        }


def money(euro: Decimal) -> str:
    """Euro with cents, as they are shown; no minus before nothing."""
    rounded = euro.quantize(CENT, ROUND_HALF_EVEN)
    return f"{rounded or abs(rounded):f}"


def reconcile(
    packages: Sequence[Package],
    summary: Summary,
    rates: Mapping[str, Decimal],
    held: Mapping[str, Held],
    measure: Measure,
) -> list[Compared]:
    """Compare sums by donor and aid type.

    Args:
        packages: of the workbook.
        summary: its own sums of the measure.
        rates: units of a currency for one euro, from the workbook.
        held: what the ledger has, by the package's ID.
        measure: commitments, or allocations alone.
    """
    ledger: dict[Place, Decimal] = defaultdict(Decimal)
    counted: dict[Place, Decimal] = defaultdict(Decimal)
    causes: dict[Place, list[Cause]] = defaultdict(list)
    for package in packages:
        one = _Beside(package, summary, rates, held.get(package.package_id), measure)
        for place, euro in one.in_ledger():
            ledger[place] += euro
        for place, euro in one.in_workbook():
            counted[place] += euro
        for place, cause in one.causes():
            causes[place].append(cause)
    places = sorted({*summary.sums, *ledger, *causes})
    return [
        _compare(place, summary, ledger[place], counted[place], causes[place]) for place in places
    ]


def _compare(
    place: Place, summary: Summary, ledger: Decimal, counted: Decimal, causes: Iterable[Cause]
) -> Compared:
    found = summary.sums.get(place)
    small = [one for one in causes if abs(one.euro) <= _ROUNDING]
    named = [one for one in causes if abs(one.euro) > _ROUNDING]
    rounding = sum((one.euro for one in small), Decimal(0))
    if found is not None:
        # Doubles of billions are exact to a hundred-thousandth of a cent: what is left is a rest, or it is nothing.
        rest = counted - found.euro
        if abs(rest) > _ROUNDING:
            named.append(Cause(Why.UNKNOWN, rest, cell=found.cell.address))
        else:
            rounding += rest
    if abs(rounding) >= CENT / 2:
        named.append(Cause(Why.ROUNDING, rounding))
    return Compared(*place, found.euro if found else None, ledger, tuple(named))


class _Beside:
    """One package in the ledger, in the file, and in the workbook's own sums."""

    def __init__(
        self,
        package: Package,
        summary: Summary,
        rates: Mapping[str, Decimal],
        held: Held | None,
        measure: Measure,
    ) -> None:
        self._package, self._summary, self._rates = package, summary, rates
        self._held, self._measure = held, measure
        self._file = self._amount_of(value_package(package, []))

    def in_ledger(self) -> list[tuple[Place, Decimal]]:
        """Where and how much the ledger counts."""
        if self._held is None:
            return []
        euro = self._to_euro(self._held.amount, self._held.currency)
        return [((self._held.donor, self._held.aid_type), euro or Decimal(0))]

    def in_workbook(self) -> list[tuple[Place, Decimal]]:
        """Where and how much the workbook's formulas count."""
        place = self._place
        if place is None or not self._is_found:
            return []
        return [(place, self._converted or Decimal(0))]

    def causes(self) -> list[tuple[Place, Cause]]:
        """Why the two differ; nothing where they do not."""
        place = self._place
        if place is None:
            return []
        found: list[tuple[Place, Cause]] = []
        in_file = self._to_euro(*self._file) or Decimal(0)
        left_out = in_file - sum((euro for _, euro in self.in_workbook()), Decimal(0))
        if left_out:
            found.append((place, self._cause(self._why_left_out(), left_out)))
        why = Why.NOT_IN_LEDGER if self._held is None else Why.LEDGER_DIFFERS
        ledger = dict(self.in_ledger())
        for one in {place, *ledger}:
            euro = ledger.get(one, Decimal(0)) - (in_file if one == place else Decimal(0))
            if euro:
                found.append((one, self._cause(why, euro)))
        return found

    def _amount_of(self, valuation: Valuation) -> tuple[Decimal | None, str | None]:
        if self._measure is Measure.COMMITMENT or self._is_allocated:
            return valuation.amount, valuation.currency
        return valuation.allocated, valuation.currency

    def _why_left_out(self) -> Why:
        if self._place is not None and self._place[0] not in self._summary.donors:
            return Why.NOT_IN_SUMMARY
        if not self._is_found:
            return Why.SPELT_OTHERWISE
        if self._converted is None:
            return Why.NOT_COUNTED
        currency = self._file[1]
        return Why.CONVERTED_OTHERWISE if currency in self._rates else Why.NO_RATE

    def _cause(self, why: Why, euro: Decimal) -> Cause:
        column = Column.CONVERTED
        if why is Why.SPELT_OTHERWISE:
            column = Column.AID_TYPE
        if why is Why.NOT_COUNTED and self._package.cell(Column.TOTAL).is_empty:
            column = Column.TOTAL
        return Cause(why, euro, self._package.package_id, self._package.cell(column).address)

    @property
    def _place(self) -> Place | None:
        donor = find_donor(self._package.text(Column.DONOR))
        aid_type = find_aid_type(self._package.text(Column.AID_TYPE))
        return None if donor is None or aid_type is None else (donor.code, aid_type)

    @property
    def _is_found(self) -> bool:
        """Whether a formula of the summary finds the row: it compares whole texts, blanks and all, and no cases."""
        place = self._place
        if place is None or place not in self._summary.sums:
            return False
        donor, aid_type = self._package.cell(Column.DONOR), self._package.cell(Column.AID_TYPE)
        return (
            str(donor.value).casefold() == self._summary.sums[place].spelling.casefold()
            and str(aid_type.value).casefold() == self._summary.labels[place[1]].casefold()
        )

    @property
    def _is_allocated(self) -> bool:
        return all(line.measure is Measure.ALLOCATION for line in self._package.lines)

    @property
    def _converted(self) -> Decimal | None:
        """What the formulas add up: totals for commitments, the rows' own shares for allocations."""
        if self._measure is Measure.COMMITMENT:
            return self._package.converted
        lines: list[Line] = [
            one for one in self._package.lines if one.measure is Measure.ALLOCATION
        ]
        return total([one.part_converted for one in lines])

    def _to_euro(self, amount: Decimal | None, currency: str | None) -> Decimal | None:
        """The amount in euro; what the workbook converted itself where its table has no such rate."""
        if amount is None or currency is None:
            return None
        rate = Decimal(1) if currency == "EUR" else self._rates.get(currency)
        return self._converted if rate is None else amount / rate

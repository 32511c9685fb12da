"""How one release of a file differs from the one before: package by package, by what happened, with the sums by donor.

Publishers change their past without saying so. Their own change logs know four headings: new commitments, deliveries,
disclosures and corrections. This is the same, complete, and worked out from the records instead of remembered.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import Any, Final

from app.imports.domain.comparing import Comparison
from app.imports.domain.proposals import Outcome, Proposal
from app.kernel.canonical import Json
from app.pledges.domain import Stage, StoredPledge

Record = Mapping[str, Any]
Sums = dict[str, Decimal]


class ReleaseChange(StrEnum):
    """What happened to a package. One package may meet several at once.

    Attributes:
        NEW: it was not in the release before.
        GONE: it is not in this one.
        NEWLY_DISCLOSED: it had no value, and has one.
        RESTATED: it had another value, or has none any more.
        MOVED_IN_DATE: it has another date.
        RECLASSIFIED: another donor, aid type or instrument.
        MOVED_IN_STAGE: what was committed is allocated, in whole or in part, or the other way round.
        REDESCRIBED: other words, sources or item lines; no total knows of it.
    """

    NEW = "new"
    GONE = "gone"
    NEWLY_DISCLOSED = "newly-disclosed"
    RESTATED = "restated"
    MOVED_IN_DATE = "moved-in-date"
    RECLASSIFIED = "reclassified"
    MOVED_IN_STAGE = "moved-in-stage"
    REDESCRIBED = "redescribed"


_VALUE: Final = ("amount", "currency")
_DATE: Final = ("announced_on",)
_CLASS: Final = ("donor", "aid_type", "instrument")
_STAGE: Final = ("opening", "movements")
_WORDS: Final = ("title", "notes", "sources", "items", "bound", "verification", "overlaps")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that happened to a package, and what it does to one donor's total, by currency."""

    change: ReleaseChange
    donor: str
    effect: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class PackageChange:
    """One package that differs.

    Attributes:
        external_id: what the publisher calls it.
        parts: what happened to it, in the order of ``ReleaseChange``; one that has another donor is *reclassified*
            twice, with what the old donor loses and with what the new one gets.
        before: its record in the ledger; ``None`` for a new one.
        after: its record as the file has it; ``None`` for one that is gone.
    """

    external_id: str
    parts: tuple[Part, ...]
    before: Record | None
    after: Record | None

    @property
    def changes(self) -> tuple[ReleaseChange, ...]:
        """What happened to it, each once."""
        return tuple(dict.fromkeys(part.change for part in self.parts))

    @property
    def donor(self) -> str:
        """Of the later record."""
        return self.parts[-1].donor

    def to_json(self) -> dict[str, Json]:
        """The change as it is printed: of the fields only those that say how much, when and where."""
        return {
            "external_id": self.external_id,
            "donor": self.donor,
            "changes": [one.value for one in self.changes],
            "before": _shown(self.before),
            "after": _shown(self.after),
        }


@dataclass(frozen=True, slots=True)
class ReleaseDifference:
    """All packages that differ, by donor and then by the publisher's name for them."""

    packages: tuple[PackageChange, ...]

    def by_donor(self) -> dict[str, dict[ReleaseChange, tuple[int, Sums]]]:
        """For each donor and each thing that happened: how many packages, and what it does to the donor's total."""
        found: dict[str, dict[ReleaseChange, tuple[int, Sums]]] = {}
        for part in (part for package in self.packages for part in package.parts):
            told = found.setdefault(part.donor, {})
            count, sums = told.get(part.change, (0, {}))
            told[part.change] = (count + 1, add(sums, part.effect))
        return dict(sorted(found.items()))

    def effect(self) -> dict[str, Sums]:
        """What the release does to the total of each donor that has changed, by currency."""
        return {
            donor: reduce(add, (sums for _, sums in told.values()), {})
            for donor, told in self.by_donor().items()
        }

    def to_json(self) -> dict[str, Json]:
        """The difference as it is printed."""
        effect = self.effect()
        return {
            "packages": [one.to_json() for one in self.packages],
            "donors": [
                {
                    "donor": donor,
                    "effect": sums_json(effect[donor]),
                    "changes": {
                        change.value: {"packages": count, "effect": sums_json(sums)}
                        for change, (count, sums) in told.items()
                    },
                }
                for donor, told in self.by_donor().items()
            ],
        }


class ReleaseLedger:
    """Gathers what differs while a release is compared with the ledger."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, Record | None, Record | None]] = []

    def saw(self, proposal: Proposal, comparison: Comparison) -> None:
        """A package of the file; what is refused says nothing."""
        compared, held = comparison.compared, comparison.held
        if compared.outcome is Outcome.NEW:
            self._pairs.append((compared.external_id, None, _stated(proposal)))
        elif compared.outcome is Outcome.CHANGED and held is not None:
            after = {**held.document, **{one.name: one.after for one in compared.changes}}
            self._pairs.append((compared.external_id, held.document, after))

    def missed(self, external_id: str, held: StoredPledge) -> None:
        """A package that the file has no more."""
        self._pairs.append((external_id, held.document, None))

    def difference(self) -> ReleaseDifference:
        """All that differs."""
        return differ(self._pairs)


def _stated(proposal: Proposal) -> Record:
    """What a new package says, by the names of a record."""
    fields = proposal.fields
    opening = fields.get("status", Stage.PLEDGED.value)
    stated = (*_CLASS, *_VALUE, *_DATE)
    return {**{name: fields.get(name) for name in stated}, "opening": opening}


def differ(pairs: Iterable[tuple[str, Record | None, Record | None]]) -> ReleaseDifference:
    """The difference between two releases.

    Args:
        pairs: for each package its name, its record in the ledger, and its record as the file has it, both as
            ``pledges.domain.pledge_record`` writes them; one of the two may be missing.
    """
    found = [
        PackageChange(external_id, parts, before, after)
        for external_id, before, after in pairs
        if (parts := tuple(_parts(before, after)))
    ]
    return ReleaseDifference(tuple(sorted(found, key=lambda one: (one.donor, one.external_id))))


def _parts(before: Record | None, after: Record | None) -> Iterator[Part]:
    if before is not None and after is not None:
        yield from _amendments(before, after)
    elif after is not None:
        yield Part(ReleaseChange.NEW, after["donor"], _amount(after))
    elif before is not None:
        yield Part(ReleaseChange.GONE, before["donor"], negative(_amount(before)))


def _amendments(before: Record, after: Record) -> Iterator[Part]:
    donor = after["donor"]
    if _differs(before, after, _VALUE):
        disclosed = before["amount"] is None
        change = ReleaseChange.NEWLY_DISCLOSED if disclosed else ReleaseChange.RESTATED
        yield Part(change, donor, add(_amount(after), negative(_amount(before))))
    if _differs(before, after, _DATE):
        yield Part(ReleaseChange.MOVED_IN_DATE, donor, {})
    if before["donor"] != donor:
        yield Part(ReleaseChange.RECLASSIFIED, before["donor"], negative(_amount(before)))
        yield Part(ReleaseChange.RECLASSIFIED, donor, _amount(before))
    elif _differs(before, after, _CLASS):
        yield Part(ReleaseChange.RECLASSIFIED, donor, {})
    if _differs(before, after, _STAGE):
        yield Part(ReleaseChange.MOVED_IN_STAGE, donor, {})
    if _differs(before, after, _WORDS):
        yield Part(ReleaseChange.REDESCRIBED, donor, {})


def _differs(before: Record, after: Record, names: Iterable[str]) -> bool:
    # Only ``items`` may be missing from a record, which means that there are none.
    return any(before.get(name, []) != after.get(name, []) for name in names)


def _amount(record: Record) -> Sums:
    return {} if record["amount"] is None else {record["currency"]: Decimal(record["amount"])}


def negative(sums: Mapping[str, Decimal]) -> Sums:
    """The same sums, taken away."""
    return {currency: -amount for currency, amount in sums.items()}


def add(left: Mapping[str, Decimal], right: Mapping[str, Decimal]) -> Sums:
    """Two sums by currency, without the currencies that come to nothing."""
    summed = {
        currency: left.get(currency, Decimal(0)) + right.get(currency, Decimal(0))
        for currency in [*left, *(one for one in right if one not in left)]
    }
    return {currency: amount for currency, amount in summed.items() if amount}


def sums_json(sums: Mapping[str, Decimal]) -> dict[str, Json]:
    """Sums by currency as decimal strings."""
    return {currency: f"{amount:f}" for currency, amount in sums.items()}


def _shown(record: Record | None) -> Json:
    if record is None:
        return None
    return {name: record[name] for name in (*_CLASS, *_VALUE, *_DATE, "opening")}

"""Lines of a request: what is asked for, part by part, as a tree of which only the leaves are counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.kernel.dates import Span
from app.kernel.sources import Source
from app.pledges.domain import Bound, Verification

# The key of a residual line is that of its parent with this behind it.
RESIDUAL_SUFFIX: Final = ".unallocated"


class Component(StrEnum):
    """What a line is for. ``mixed`` is honest where the source does not split."""

    MILITARY = "military"
    HUMANITARIAN = "humanitarian"
    FINANCIAL = "financial"
    MIXED = "mixed"
    OTHER = "other"


class AmountKind(StrEnum):
    """What kind of thing an amount is. Only cash and loans are money that can be paid out."""

    CASH = "cash"
    LOAN = "loan"
    GUARANTEE = "guarantee"
    AUTHORITY_CEILING = "authority_ceiling"
    ENVELOPE = "envelope"
    COMMITMENT_AUTHORISATION = "commitment_authorisation"
    IN_KIND_VALUE = "in_kind_value"


class Beneficiary(StrEnum):
    """Whom a line is for."""

    RECIPIENT = "recipient"
    REGION = "region"
    DONOR_OWN = "donor_own"
    NOT_IN_SCOPE = "not_in_scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement of a line's amount. Sources disagree; the one preferred is counted.

    Attributes:
        amount: minor units of the request's currency; ``None`` where the source gives none.
        retrieved: when the source was read.
        reason: why it is preferred, or why it is not.
    """

    amount: int | None
    bound: Bound
    verification: Verification
    source: Source | None
    retrieved: Span | None
    preferred: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One part of what is asked for.

    Attributes:
        key: its name in the request, stable from version to version.
        parent: key of the line that contains it; a line with children is never counted itself.
        amount: minor units of the request's currency, as the preferred claim has it; ``None`` when
            it was not published.
        bound, verification: of the preferred claim.
        claims: every statement of the amount; empty where there is only the one given with it.
        subcomponent: the source's own word for it, such as ``stock_replenishment``.
        year: budget year that the amount belongs to.
        new_money: ``False`` where it was promised before; ``None`` where nobody says.
        residual: made by the ledger: what a parent has beyond its other children.
        enacted: when this part was settled without an enacted line of its own.
    """

    key: str
    component: Component
    label: str | None
    amount: int | None
    bound: Bound
    amount_kind: AmountKind
    beneficiary: Beneficiary
    verification: Verification
    note: str | None
    enacted: Span | None
    parent: str | None = None
    claims: tuple[Claim, ...] = ()
    subcomponent: str | None = None
    year: int | None = None
    new_money: bool | None = None
    residual: bool = False


def parents_of(lines: Iterable[Line]) -> frozenset[str]:
    """Keys of the lines that have children."""
    return frozenset(line.parent for line in lines if line.parent is not None)


def leaves_of(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that are counted: those without children, in their order."""
    parents = parents_of(lines)
    return tuple(line for line in lines if line.key not in parents)


def find_cycle(lines: Iterable[Line]) -> str | None:
    """The key of a line that is its own ancestor, if there is one."""
    parent_of = {line.key: line.parent for line in lines}
    for key, parent in parent_of.items():
        seen, above = {key}, parent
        while above is not None:
            if above in seen:
                return key
            seen.add(above)
            above = parent_of.get(above)
    return None


def sums_of_children(lines: Sequence[Line]) -> Mapping[str, int | None]:
    """For each parent what its children come to, in minor units; ``None`` where one is unvalued."""
    sums: dict[str, int | None] = {}
    for line in lines:
        if line.parent is None or line.residual:
            continue
        before = sums.get(line.parent, 0)
        sums[line.parent] = None if before is None or line.amount is None else before + line.amount
    return sums


def with_residuals(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, and behind the children of each parent what these leave of its amount.

    Children need not add up to their parent: a letter names a total and itemises most of it. The
    rest is asked for as well, so it is a line of its own. Where a child has no amount nobody can
    say what is left, and where the children exceed the parent nothing is.
    """
    told = [line for line in lines if not line.residual]
    by_key = {line.key: line for line in told}
    rest: dict[str, Line] = {}
    for key, amount in sums_of_children(told).items():
        parent = by_key[key]
        if amount is not None and parent.amount is not None and amount < parent.amount:
            rest[key] = _residual(parent, parent.amount - amount)
    last = {line.parent: index for index, line in enumerate(told) if line.parent is not None}
    placed: list[Line] = []
    for index, line in enumerate(told):
        placed.append(line)
        if line.parent in rest and last[line.parent] == index:
            placed.append(rest[line.parent])
    return tuple(placed)


def _residual(parent: Line, amount: int) -> Line:
    return replace(
        parent,
        key=parent.key + RESIDUAL_SUFFIX,
        parent=parent.key,
        label=f"Not itemised: {parent.label}" if parent.label else "Not itemised",
        amount=amount,
        claims=(),
        note=None,
        residual=True,
    )

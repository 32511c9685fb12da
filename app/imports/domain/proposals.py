"""What a layout makes of a file: one proposal for each pledge, and how the proposals differ from the ledger."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from app.fx.domain import RateTable
from app.imports.domain.cells import Book, Cell
from app.imports.domain.findings import Finding, has_errors
from app.kernel.canonical import Json

# A field of a proposal that knows one source only: it replaces the first one, and the others stay.
FIRST_SOURCE: Final = "first_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pledge as a file has it.

    Attributes:
        external_id: what the file calls it, stable from one release of the file to the next. An empty one is not
            matched with anything: the pledge is new.
        sheet: where it was read.
        row: its first row there.
        fields: as ``RecordPledge`` takes them, without the id; ``FIRST_SOURCE`` in place of ``sources`` where the
            file has room for one only. What the file has no column for is left out, and then stays as it is in the
            ledger.
        movements: as ``RecordMovement`` takes them, without the ids; ``None`` where the file says nothing of movements.
        items: the lines of a package; ``None`` where the file says nothing of items.
        version: the version of the pledge that the row is based on; ``None`` where the file does not say.
        origins: the cell that a field was read from, by the field's name: ``amount``, ``sources/0/url``.
        findings: about this proposal; an error among them keeps it from being recorded.
    """

    external_id: str
    sheet: str
    row: int
    fields: Mapping[str, Any]
    movements: tuple[Mapping[str, Any], ...] | None = None
    items: tuple[Mapping[str, Any], ...] | None = None
    version: int | None = None
    origins: Mapping[str, Cell] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether it cannot be recorded."""
        return has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapper made of a book.

    Attributes:
        proposals: in the file's order. May be gone through again, and may be too many for the memory.
        findings: about the file, its sheets, and rows that became no proposal; an error refuses the whole file.
        coverage: the period that the file covers, as it says itself; ``None`` where it does not.
        rates: the table that the file converts all its amounts with; ``None`` where it has none.
    """

    proposals: Iterable[Proposal]
    findings: Sequence[Finding] = ()
    coverage: str | None = None
    rates: RateTable | None = None


# Pure: the same book, the same proposals. It raises nothing; what it cannot read is a finding.
Mapper: TypeAlias = Callable[[Book], Mapped]


class Outcome(StrEnum):
    """How a proposal stands to the ledger, or a pledge of the ledger to the file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    """An earlier release had it and this one has not: it stays, unless its withdrawal was asked for."""
    STALE = "stale"
    """The row is based on a version that is not the current one."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs: as the ledger has it, and as the file has it."""

    name: str
    before: Json
    after: Json

    def to_json(self) -> dict[str, Json]:
        """The change as it is reported."""
        return {"field": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One proposal beside the ledger.

    Attributes:
        external_id: what the file calls it.
        outcome: whether it is new, changed, ...
        sheet: where it stands; ``None`` for what is gone.
        row: its row there.
        reference: of the pledge in the ledger; ``None`` while there is none.
        changes: what differs, for a changed or a stale one.
        findings: about it.
    """

    external_id: str
    outcome: Outcome
    sheet: str | None = None
    row: int | None = None
    reference: str | None = None
    changes: tuple[FieldChange, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """How a whole file differs from the ledger; what is unchanged is only counted."""

    new: tuple[Compared, ...]
    changed: tuple[Compared, ...]
    gone: tuple[Compared, ...]
    unchanged: int

"""What the desk's forms are about, what somebody filled in, and what was found in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from app.desk.domain.fields import Places, name_of
from app.kernel.canonical import canonical_bytes
from app.kernel.errors import Finding
from app.legislation.domain import Command as LegislationCommand
from app.pledges.domain import Command as PledgeCommand
from app.pledges.domain import Stage

Command = PledgeCommand | LegislationCommand
# What was found, by the field that it stands beside; under the empty name what is about the whole form.
FieldFindings = Mapping[str, tuple[Finding, ...]]


class FormKind(StrEnum):
    """What can be filled in at the desk."""

    PLEDGE = "pledge"
    MOVEMENT = "movement"
    AMENDMENT = "amendment"
    WITHDRAWAL = "withdrawal"
    MOVEMENT_WITHDRAWAL = "movement_withdrawal"
    LEGISLATIVE_REQUEST = "legislative_request"
    ACTION = "action"

    @property
    def is_about_legislation(self) -> bool:
        """Whether it changes a legislative request, and no pledge."""
        return self in {FormKind.LEGISLATIVE_REQUEST, FormKind.ACTION}

    @property
    def makes_new(self) -> bool:
        """Whether it has no target: what it is about is not there yet."""
        return self in {FormKind.PLEDGE, FormKind.LEGISLATIVE_REQUEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as somebody filled it in.

    Attributes:
        id: of its draft; a form that is sent twice under one id is recorded once.
        target: the pledge or request that it changes; ``None`` where it makes a new one.
        part: the movement that it takes back.
        version: of the target, as it was shown; ``None`` where that does not matter.
        fields: what was filled in, by the place of each value, see ``fields``.
    """

    id: UUID
    kind: FormKind
    target: UUID | None = None
    part: UUID | None = None
    version: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> bytes:
        """What makes two forms the same, digested."""
        return sha256(
            canonical_bytes(
                {
                    "kind": self.kind.value,
                    "target": str(self.target),
                    "part": str(self.part),
                    "version": self.version,
                    "fields": dict(self.fields),
                }
            )
        ).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """A form of which the fields were read.

    Attributes:
        command: what it asks for; ``None`` where it cannot be read.
        places: where in the form the parts of the command stand.
        findings: why it cannot be read.
    """

    form: Form
    command: Command | None
    places: Places
    findings: FieldFindings


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """What a command would do to the totals of one stage, in minor units.

    Attributes:
        native: the change of the amount, by the currencies of what is recorded.
        pledges: the change of how many pledges stand behind the total.
        unvalued: the change of how many of them have no amount.
        before, after: the totals of the donors concerned in the currency asked for; ``None`` without a rate.
    """

    stage: Stage
    native: Mapping[str, int]
    pledges: int
    unvalued: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSent:
    """A form that was recorded: what it made or changed, and whether that was done before."""

    target: UUID
    reference: str
    revision: int
    repeated: bool


def by_field(findings: Iterable[Finding], places: Places) -> FieldFindings:
    """The findings by the field that each stands beside, in their order."""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        name = name_of(finding.pointer, places)
        found[name] = (*found.get(name, ()), finding)
    return found

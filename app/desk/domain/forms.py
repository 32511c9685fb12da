"""What the desk's forms are about, what somebody filled in, and what was found in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from app.desk.domain.fields import Places, name_of
from app.kernel.canonical import canonical_bytes
from app.kernel.errors import Finding
from app.legislation.domain import Command as LegislationCommand
from app.legislation.domain import VehicleCommand
from app.pledges.domain import Command as PledgeCommand
from app.pledges.domain import Stage

Command = PledgeCommand | LegislationCommand | VehicleCommand
# What was found, by the field that it stands beside; under the empty name what is about the whole form.
FieldFindings = Mapping[str, tuple[Finding, ...]]


class About(StrEnum):
    """What a form makes or changes."""

    PLEDGE = "pledge"
    LEGISLATIVE_REQUEST = "legislative_request"
    VEHICLE = "vehicle"


class FormKind(StrEnum):
    """What can be filled in at the desk."""

    PLEDGE = "pledge"
    MOVEMENT = "movement"
    AMENDMENT = "amendment"
    WITHDRAWAL = "withdrawal"
    MOVEMENT_WITHDRAWAL = "movement_withdrawal"
    LEGISLATIVE_REQUEST = "legislative_request"
    REQUEST_AMENDMENT = "request_amendment"
    REQUEST_WITHDRAWAL = "request_withdrawal"
    ACTION = "action"
    ACTION_WITHDRAWAL = "action_withdrawal"
    CLAIMS = "claims"
    ENACTMENT = "enactment"
    ENACTED_LINE_AMENDMENT = "enacted_line_amendment"
    ENACTMENT_WITHDRAWAL = "enactment_withdrawal"
    FUNDING = "funding"
    FUNDING_WITHDRAWAL = "funding_withdrawal"
    VEHICLE_LINK = "vehicle_link"
    VEHICLE = "vehicle"
    VEHICLE_AMENDMENT = "vehicle_amendment"
    VEHICLE_ACTIONS = "vehicle_actions"
    VEHICLE_ACTION_WITHDRAWAL = "vehicle_action_withdrawal"

    @property
    def about(self) -> About:
        """What it makes or changes."""
        if self in _ABOUT_PLEDGES:
            return About.PLEDGE
        return About.VEHICLE if self in _ABOUT_VEHICLES else About.LEGISLATIVE_REQUEST

    @property
    def makes_new(self) -> bool:
        """Whether it has no target: what it is about is not there yet."""
        return self in {FormKind.PLEDGE, FormKind.LEGISLATIVE_REQUEST, FormKind.VEHICLE}

    @property
    def is_withdrawal(self) -> bool:
        """Whether it is one sentence, which takes something back; there is nothing to keep of it."""
        return self.value.endswith("withdrawal")

    @property
    def is_amendment(self) -> bool:
        """Whether it opens with what is on record, and replaces that."""
        return self in _AMENDMENTS

    @property
    def is_versioned(self) -> bool:
        """Whether it is based on a version, so that nobody changes what he has not seen."""
        return self.is_withdrawal or self.is_amendment or self in _BASED


_ABOUT_PLEDGES: Final = frozenset(
    {
        FormKind.PLEDGE,
        FormKind.MOVEMENT,
        FormKind.AMENDMENT,
        FormKind.WITHDRAWAL,
        FormKind.MOVEMENT_WITHDRAWAL,
    }
)
_ABOUT_VEHICLES: Final = frozenset(
    {
        FormKind.VEHICLE,
        FormKind.VEHICLE_AMENDMENT,
        FormKind.VEHICLE_ACTIONS,
        FormKind.VEHICLE_ACTION_WITHDRAWAL,
    }
)
_AMENDMENTS: Final = frozenset(
    {
        FormKind.AMENDMENT,
        FormKind.REQUEST_AMENDMENT,
        FormKind.CLAIMS,
        FormKind.ENACTED_LINE_AMENDMENT,
        FormKind.VEHICLE_AMENDMENT,
    }
)
# What stands beside what is there, and would stand there twice if two wrote it down at once.
_BASED: Final = frozenset({FormKind.ENACTMENT, FormKind.VEHICLE_LINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as somebody filled it in.

    Attributes:
        id: of its draft; a form that is sent twice under one id is recorded once.
        target: the pledge, request or vehicle that it changes; ``None`` where it makes a new one.
        part: what of it: the id of a movement, an action, an enactment or a funding link, or the key of a line.
        version: of the target, as it was shown; ``None`` where that does not matter.
        fields: what was filled in, by the place of each value, see ``fields``.
    """

    id: UUID
    kind: FormKind
    target: UUID | None = None
    part: UUID | str | None = None
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
class OnRecord:
    """What a form is read against.

    Attributes:
        document: what it is about as it is now; empty where it makes a new one.
        pledges: ids of the pledges that it names, by the name that was filled in; others are not there.
    """

    document: Mapping[str, Any] = field(default_factory=dict)
    pledges: Mapping[str, UUID] = field(default_factory=dict)


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

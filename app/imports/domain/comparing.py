"""One proposal beside the pledge that the ledger has: what differs, and the commands that make them agree. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from app.imports.domain.findings import Finding, Severity
from app.imports.domain.movements import differing_movements
from app.imports.domain.proposals import FIRST_SOURCE, Compared, FieldChange, Outcome, Proposal
from app.kernel import errors
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.ids import new_id
from app.pledges.domain import (
    AmendPledge,
    Change,
    Command,
    Pledge,
    RecordMovement,
    RecordPledge,
    StoredPledge,
    decide,
)

_NOTHING_CHANGED: Final = "nothing-changed"
_STAND_IN: Final = "none-yet"
_STALE: Final = {
    "version-required": "The ledger has another text; say with the version which one the row is based on.",
    "stale-version": "The pledge was changed since; export it again.",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, and what is to be recorded.

    Attributes:
        compared: for the report.
        commands: in their order; none unless the proposal is new or changes something.
        held: the pledge that the ledger has; ``None`` for a new one.
    """

    compared: Compared
    commands: tuple[Command, ...] = ()
    held: StoredPledge | None = None


class _RefusedProposalError(Exception):
    """The proposal cannot be recorded; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding], outcome: Outcome = Outcome.REFUSED) -> None:
        super().__init__()
        self.findings, self.outcome = tuple(findings), outcome


def compare_new(proposal: Proposal, today: date, *, judged_later: bool) -> Comparison:
    """A proposal of a pledge that the ledger has not.

    Args:
        proposal: what the file has.
        today: UTC.
        judged_later: whoever records it finds out what is wrong with it, and need not be told twice.
    """
    try:
        if proposal.is_refused:
            raise _RefusedProposalError(())
        if proposal.version is not None:
            raise _RefusedProposalError(
                [
                    _finding(
                        proposal, "version", "unknown-reference", "No pledge has this reference."
                    )
                ]
            )
        commands = recording_commands(proposal)
        if not judged_later:
            _try_out(proposal, None, _with_some_reference(commands), today)
    except _RefusedProposalError as refused:
        return _refused(proposal, refused)
    return Comparison(_compared(proposal, Outcome.NEW), commands)


def compare_held(
    proposal: Proposal, held: StoredPledge, today: date, *, reason: str, needs_version: bool
) -> Comparison:
    """A proposal of a pledge that the ledger has.

    Args:
        proposal: what the file has.
        held: the current version.
        today: UTC.
        reason: why the pledge is amended.
        needs_version: a row that changes something must name the version that it is based on.
    """
    try:
        if proposal.is_refused:
            raise _RefusedProposalError(())
        changes, commands = _differing(proposal, held, today, reason)
        if changes:
            _check_version(proposal, held, changes, needs_version=needs_version)
    except _RefusedProposalError as refused:
        return _refused(proposal, refused, held)
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return Comparison(_compared(proposal, outcome, held, changes), commands, held)


def recording_commands(proposal: Proposal) -> tuple[Command, ...]:
    """The commands that record a new pledge with its movements."""
    fields = _stated(proposal)
    first = fields.pop(FIRST_SOURCE, None)
    if first is not None:
        fields["sources"] = [first]
    pledge_id = new_id()
    movements = (
        RecordMovement(pledge_id=pledge_id, movement_id=new_id(), **movement)
        for movement in proposal.movements or ()
    )
    return RecordPledge(pledge_id=pledge_id, **fields), *movements


def _with_some_reference(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    """The commands as they will be once the ledger has made up a reference, for a pledge that comes without one."""
    first, *others = commands
    if isinstance(first, RecordPledge) and first.reference is None:
        first = replace(first, reference=_STAND_IN)
    return first, *others


def translate(proposal: Proposal, findings: Iterable[errors.Finding]) -> tuple[Finding, ...]:
    """What the ledger refuses, beside the cells that it was read from; pointers such as ``/amount``."""
    return tuple(
        _finding(proposal, one.pointer.strip("/"), one.code, one.detail) for one in findings
    )


def _differing(
    proposal: Proposal, held: StoredPledge, today: date, reason: str
) -> tuple[tuple[FieldChange, ...], tuple[Command, ...]]:
    state = held.pledge
    if state.withdrawn:
        raise _RefusedProposalError(
            [_finding(proposal, "reference", "withdrawn", "The pledge was withdrawn.")]
        )
    taken, added, moved = differing_movements(proposal.movements, held, reason)
    before = _try_out(proposal, state, taken, today)
    has_movements = any(not one.withdrawn for one in before.movements)
    amended = _amendment(proposal, held, reason, has_movements=has_movements)
    changes = tuple(moved)
    commands: list[Command] = [*taken]
    if amended is not None and (found := _try_amending(proposal, before, amended, today)):
        changes = (*found, *moved)
        names = {"status" if one.name == "opening" else one.name for one in found}
        kept = {name: value for name, value in amended.changes.items() if name in names}
        commands.append(replace(amended, changes=kept))
    commands += added
    _try_out(proposal, state, commands, today)
    return changes, _expecting(commands, state.version)


def _amendment(
    proposal: Proposal, held: StoredPledge, reason: str, *, has_movements: bool
) -> AmendPledge | None:
    """All that the file says, as an amendment; what it says like the ledger falls out later.

    A publisher's file says how far all of a pledge has got by itself, and knows nothing of movements that others
    recorded since; a row that names a version was read from the ledger, and says how far it has got with them.
    """
    fields = _stated(proposal)
    fields.pop("reference", None)
    known = held.document["opening"] if proposal.version is None else held.status
    if fields.get("status") in {held.status, known}:
        del fields["status"]
    elif "status" in fields and has_movements:
        sentence = "The status follows from the movements; record one."
        raise _RefusedProposalError(
            [_finding(proposal, "status", "status-has-movements", sentence)]
        )
    if FIRST_SOURCE in fields:
        fields["sources"] = _with_first(fields.pop(FIRST_SOURCE), held.document["sources"])
    changes = {name: _as_held(value, held.document.get(name)) for name, value in fields.items()}
    if not changes:
        return None
    return AmendPledge(pledge_id=held.pledge.id, changes=changes, reason=reason)


def _try_amending(
    proposal: Proposal, state: Pledge, command: AmendPledge, today: date
) -> tuple[FieldChange, ...]:
    """The fields that an amendment changes; none where the ledger reads so already."""
    try:
        change = decide(state, command, today)
    except InvalidError as refused:
        if [one.code for one in refused.findings] == [_NOTHING_CHANGED]:
            return ()
        raise _RefusedProposalError(translate(proposal, refused.findings)) from None
    changes: Any = change.data["changes"]
    return tuple(FieldChange(name, old, new) for name, (old, new) in changes.items())


def _try_out(
    proposal: Proposal, state: Pledge | None, commands: Sequence[Command], today: date
) -> Any:
    """The pledge after the commands."""
    for command in commands:
        try:
            change: Change = decide(state, command, today)
        except InvalidError as refused:
            raise _RefusedProposalError(translate(proposal, refused.findings)) from None
        except ConflictError as refused:
            raise _RefusedProposalError(
                [_finding(proposal, "", refused.code, refused.detail)]
            ) from None
        state = change.pledge
    return state


def _check_version(
    proposal: Proposal,
    held: StoredPledge,
    changes: tuple[FieldChange, ...],
    *,
    needs_version: bool,
) -> None:
    """Nobody overwrites what they have not seen."""
    if proposal.version == held.document["version"]:
        return
    if proposal.version is None and not needs_version:
        return
    raise _StaleProposalError(
        proposal, "version-required" if proposal.version is None else "stale-version", changes
    )


class _StaleProposalError(_RefusedProposalError):
    """The row is based on another version; ``changes`` are what it would have changed."""

    def __init__(self, proposal: Proposal, code: str, changes: tuple[FieldChange, ...]) -> None:
        super().__init__([_finding(proposal, "version", code, _STALE[code])], Outcome.STALE)
        self.changes = changes


def _expecting(commands: Sequence[Command], version: int) -> tuple[Command, ...]:
    """The commands, the first of which expects the version that was compared with."""
    if not commands or isinstance(commands[0], RecordPledge):
        return tuple(commands)
    return replace(commands[0], expected_version=version), *commands[1:]


def _stated(proposal: Proposal) -> dict[str, Any]:
    items = {} if proposal.items is None else {"items": proposal.items}
    return {**proposal.fields, **items}


def _with_first(
    first: Mapping[str, Any] | None, held: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The sources with another first one; what the file leaves open about the same page stays."""
    if first is None:
        return list(held[1:])
    if held and held[0]["url"] == first["url"]:
        told = {name: _as_held(value, held[0][name]) for name, value in first.items()}
        return [{**held[0], **told}, *held[1:]]
    return [first, *held[1:]]


def _as_held(value: Any, held: Any) -> Any:
    """A text that differs in its line ends alone is the same: spreadsheets know one kind of them."""
    if isinstance(value, str) and isinstance(held, str) and _lines(value) == _lines(held):
        return held
    return value


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _finding(proposal: Proposal, place: str, code: str, detail: str) -> Finding:
    """A finding about what a proposal says at a place such as ``amount``."""
    cell = proposal.origins.get(place) or proposal.origins.get(place.partition("/")[0])
    if cell is not None:
        return Finding.at(cell, Severity.ERROR, code, detail)
    named = f"{place}: {detail}" if place else detail
    return Finding(
        severity=Severity.ERROR, code=code, detail=named, sheet=proposal.sheet, row=proposal.row
    )


def _compared(
    proposal: Proposal,
    outcome: Outcome,
    held: StoredPledge | None = None,
    changes: tuple[FieldChange, ...] = (),
    findings: tuple[Finding, ...] = (),
) -> Compared:
    reference = held.document["reference"] if held else proposal.fields.get("reference")
    return Compared(
        external_id=proposal.external_id,
        outcome=outcome,
        sheet=proposal.sheet,
        row=proposal.row,
        reference=reference,
        changes=changes,
        findings=(*proposal.findings, *findings),
    )


def _refused(
    proposal: Proposal, refused: _RefusedProposalError, held: StoredPledge | None = None
) -> Comparison:
    changes = refused.changes if isinstance(refused, _StaleProposalError) else ()
    return Comparison(_compared(proposal, refused.outcome, held, changes, refused.findings))


def refuse(proposal: Proposal, findings: Sequence[Finding]) -> Compared:
    """A proposal that turned out to be refused when it was to be recorded."""
    return _compared(proposal, Outcome.REFUSED, findings=tuple(findings))

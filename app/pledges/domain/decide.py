"""The rules: what a command does to a pledge, or why it is refused. Pure: no framework, no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import Span
from app.kernel.errors import Finding, InvalidError
from app.kernel.sources import read_sources
from app.pledges.domain.commands import (
    AMENDABLE,
    AmendPledge,
    Command,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
)
from app.pledges.domain.course import Course, CourseRefusedError, live_movements
from app.pledges.domain.model import (
    Movement,
    MovementStage,
    Pledge,
    movement_record,
    pledge_record,
)
from app.pledges.domain.postings import Posting, book, book_course, difference
from app.pledges.domain.reading import (
    MAX_NOTES,
    MAX_REASON,
    Reader,
    default_instrument,
    read_reference,
)
from app.pledges.errors import (
    IllegalTransitionError,
    MovementNotFoundError,
    PledgeNotFoundError,
    VersionMovedError,
)

MAX_MOVEMENTS: Final = 500
_SENTENCES: Final = {
    "exceeds-remaining": "More than what is left of the pledge at that date.",
    "nothing-left": "Nothing of the pledge is left at that date.",
    "pledge-unvalued": "The pledge has no amount; restate it before you move a part of it.",
    "delivered-amount-unknown": "Part was delivered and its amount is not known; say how much is cancelled.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A command that was accepted: the new version, and the entry that says so.

    Attributes:
        course: the new version, with its course.
        record: ``pledge_record`` of the new version.
        kind: what happened, such as ``pledge.amended``.
        data: the event, enough to make the new version from the one before.
        postings: what it does to the totals.
    """

    course: Course
    record: dict[str, Json]
    kind: str
    reason: str | None
    data: dict[str, Json]
    postings: list[Posting]

    @property
    def pledge(self) -> Pledge:
        """The new version."""
        return self.course.pledge


def decide(state: Pledge | None, command: Command, today: date) -> Change:
    """What ``command`` does to ``state``.

    Args:
        state: the current version; ``None`` where there is no such pledge.
        command: what is asked.
        today: the day on which the command is given, UTC.

    Raises:
        InvalidError: values that cannot be accepted, each with its place.
        IllegalTransitionError: the pledge or the movement was withdrawn.
        VersionMovedError: another version than the expected one is current.
        PledgeNotFoundError, MovementNotFoundError: there is nothing to change.
    """
    if isinstance(command, RecordPledge):
        return _record_pledge(command, today)
    state = _changeable(state, command.expected_version)
    match command:
        case RecordMovement():
            return _record_movement(state, command, today)
        case AmendPledge():
            return _amend(state, command, today)
        case WithdrawMovement():
            return _withdraw_movement(state, command, today)
        case WithdrawPledge():
            return _withdraw_pledge(state, command, today)


def _changeable(state: Pledge | None, expected_version: int | None) -> Pledge:
    """The current version, once it is clear that it is the expected one and may change."""
    if state is None:
        raise PledgeNotFoundError
    if expected_version is not None and expected_version != state.version:
        raise VersionMovedError(state.version)
    if state.withdrawn:
        raise IllegalTransitionError(
            "The pledge was withdrawn and changes no more.", state="withdrawn"
        )
    return state


def _record_pledge(command: RecordPledge, today: date) -> Change:
    reader = Reader(today)
    raw = {name: getattr(command, name) for name in AMENDABLE}
    raw["instrument"] = command.instrument or default_instrument(command.aid_type)
    fields = reader.pledge_fields(raw)
    reference = reader.collector.read("/reference", read_reference, command.reference or "", "")
    reader.finish()
    pledge = Pledge(
        id=command.pledge_id,
        version=1,
        reference=reference,
        movements=(),
        recorded_on=today,
        **fields,
    )
    record = pledge_record(pledge)
    return _change(None, pledge, record, "pledge.recorded", None, {"pledge": record})


def _record_movement(state: Pledge, command: RecordMovement, today: date) -> Change:
    reader = Reader(today)
    stage = reader.collector.read(
        "/stage",
        lambda text: read_choice(MovementStage, text),
        command.stage,
        MovementStage.COMMITTED,
    )
    on = reader.span("/on", command.on)
    if _lies_before(on, state.announced):
        reader.note("/on", "date-order", "The movement lies before the pledge.")
    amount = None
    if state.currency is not None:
        amount = reader.amount("/amount", command.amount, CURRENCIES[state.currency])
    elif command.amount is not None:
        reader.note("/amount", "pledge-unvalued", _SENTENCES["pledge-unvalued"])
    note = reader.text("/note", command.note, MAX_NOTES)
    sources = read_sources(reader.collector, "/sources", command.sources)
    if len(state.movements) >= MAX_MOVEMENTS:
        reader.note("", "too-many", f"A pledge has at most {MAX_MOVEMENTS} movements.")
    reader.finish()
    movement = Movement(
        id=command.movement_id,
        stage=stage,
        amount=amount,
        on=on,
        note=note,
        sources=sources,
        recorded_on=today,
    )
    pledge = replace(state, version=state.version + 1, movements=(*state.movements, movement))
    data: dict[str, Json] = {"movement": movement_record(pledge, movement)}
    return _change(state, pledge, pledge_record(pledge), "pledge.movement_recorded", None, data)


def _amend(state: Pledge, command: AmendPledge, today: date) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
    record = pledge_record(state)
    current = {"items": [], **record, "status": record["opening"]}
    fields = reader.pledge_fields({**current, **command.changes})
    moved = any(movement.amount is not None for movement in state.movements)
    if moved and fields["currency"] != state.currency:
        reader.note(
            "/currency", "currency-in-use", "The movements are stated in the present currency."
        )
    for movement in live_movements(state):
        if _lies_before(movement.on, fields["announced"]):
            facts = {"movement": str(movement.id)}
            reader.note(
                "/announced_on", "date-order", "A movement lies before the pledge.", **facts
            )
    reader.finish()
    pledge = replace(state, version=state.version + 1, **fields)
    amended = pledge_record(pledge)
    changes = field_changes(record, amended)
    if not changes:
        raise InvalidError([Finding("", "nothing-changed", "The pledge reads so already.")])
    return _change(state, pledge, amended, "pledge.amended", reason, {"changes": changes})


def _withdraw_movement(state: Pledge, command: WithdrawMovement, today: date) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
    reader.finish()
    movement = next((one for one in state.movements if one.id == command.movement_id), None)
    if movement is None:
        raise MovementNotFoundError
    if movement.withdrawn:
        raise IllegalTransitionError("The movement was withdrawn before.", state="withdrawn")
    movements = tuple(
        replace(one, withdrawn=True) if one is movement else one for one in state.movements
    )
    pledge = replace(state, version=state.version + 1, movements=movements)
    data: dict[str, Json] = {"movement_id": str(movement.id)}
    return _change(state, pledge, pledge_record(pledge), "pledge.movement_withdrawn", reason, data)


def _withdraw_pledge(state: Pledge, command: WithdrawPledge, today: date) -> Change:
    reader = Reader(today)
    reason = _reason(reader, command.reason)
    reader.finish()
    pledge = replace(state, version=state.version + 1, withdrawn=True)
    return _change(state, pledge, pledge_record(pledge), "pledge.withdrawn", reason, {})


def field_changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """The fields that differ, each with its old and its new value; the version always differs and is left out."""
    # Only ``items`` may be missing from a record, which means that there are none.
    return {
        name: [before.get(name, []), after.get(name, [])]
        for name in sorted(before.keys() | after.keys())
        if name != "version" and before.get(name, []) != after.get(name, [])
    }


def _lies_before(on: Span, announced: Span) -> bool:
    return on.is_dated and announced.is_dated and on.last < announced.first


def _reason(reader: Reader, text: str) -> str:
    return reader.text("/reason", text, MAX_REASON) or ""


def _change(
    state: Pledge | None,
    pledge: Pledge,
    record: dict[str, Json],
    kind: str,
    reason: str | None,
    data: dict[str, Json],
) -> Change:
    try:
        course = Course(pledge)
    except CourseRefusedError as refused:
        raise InvalidError([_course_finding(pledge, kind, refused)]) from None
    postings = difference(book(state), book_course(course))
    return Change(
        course=course, record=record, kind=kind, reason=reason, data=data, postings=postings
    )


def _course_finding(pledge: Pledge, kind: str, refused: CourseRefusedError) -> Finding:
    """A course that does not fit: the fault of the new movement, or of an amendment that older ones contradict."""
    facts: dict[str, object] = (
        {"left": pledge.format(refused.left)} if refused.left is not None else {}
    )
    if kind == "pledge.movement_recorded" and pledge.movements[-1].id == refused.movement_id:
        return Finding("/amount", refused.code, _SENTENCES[refused.code], facts)
    facts["movement"] = str(refused.movement_id)
    return Finding(
        "/amount", "contradicts-movement", "A movement of this pledge would no longer fit.", facts
    )

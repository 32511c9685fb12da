"""The commands that record what a file says, by the words of the legislation room."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.dates import format_span
from app.legislation.domain import (
    AmendVehicle,
    Raw,
    RawAction,
    RecordVehicle,
    RecordVehicleActions,
    Vehicle,
    VehicleCommand,
    VehicleName,
)
from app.parliaments.domain.actions import Effect, ReportedAction, ReportedVote, VehicleFacts
from app.parliaments.domain.comparing import is_ahead

REASON: Final = "Read from the file of its parliament."
# Bytes of actions in one entry of the journal, which has at most 65,535: the rest is for the titles of the vehicle.
MAX_PORTION: Final = 40_000


def commands_for(
    vehicle: Vehicle | None,
    name: VehicleName,
    facts: VehicleFacts | None,
    actions: Sequence[RawAction],
    vehicle_id: UUID,
) -> list[VehicleCommand]:
    """What has to be recorded: the vehicle where it is new, what it lacks, and its new actions.

    What the ledger says about the vehicle already is left as it is. A long list is several commands.

    Args:
        vehicle: as the ledger has it; ``None`` where it is new.
        name: of the vehicle.
        facts: what the file says about the vehicle itself, if anything.
        actions: those that are new, in the order in which they happened.
        vehicle_id: of the vehicle, new or not.
    """
    commands: list[VehicleCommand] = []
    portions = _portions(actions)
    if vehicle is None:
        commands.append(_new_vehicle(name, facts, next(portions, []), vehicle_id))
    elif lacking := _lacking(vehicle, facts) if facts else {}:
        commands.append(AmendVehicle(vehicle_id=vehicle_id, changes=lacking, reason=REASON))
    commands += [
        RecordVehicleActions(vehicle_id=vehicle_id, actions=portion) for portion in portions
    ]
    return commands


def _portions(actions: Iterable[RawAction]) -> Iterator[list[RawAction]]:
    """The actions in their order, as many at a time as one entry of the journal is sure to hold."""
    portion: list[RawAction] = []
    size = 0
    for action in actions:
        weight = len(json.dumps(asdict(action), default=str, ensure_ascii=False).encode())
        if portion and size + weight > MAX_PORTION:
            yield portion
            portion, size = [], 0
        portion.append(action)
        size += weight
    if portion:
        yield portion


def raw_action(action: ReportedAction, action_id: UUID, today: date) -> RawAction:
    """The action as it is given to the ledger; a step ahead has its text alone."""
    effect, ahead = action.effect, is_ahead(action, today)
    return RawAction(
        action_id=action_id,
        on=format_span(action.on) or "",
        time=action.time.isoformat("seconds") if action.time else None,
        body=action.body,
        state=effect.state.value if effect.state and not ahead else None,
        flag=_raw_flag(effect) if not ahead else None,
        text=action.text,
        language=action.language,
        vote=_raw_vote(action.vote) if action.vote and not ahead else None,
        source_url=action.source_url,
        scheme=action.scheme,
        code=" ".join(action.codes) or None,
        substantive=action.substantive,
    )


def _raw_flag(effect: Effect) -> Raw | None:
    if effect.flag is None or effect.change is None:
        return None
    return {"name": effect.flag.value, "change": effect.change.value}


def _raw_vote(vote: ReportedVote) -> Raw:
    return {
        "yes": vote.yes,
        "no": vote.no,
        "other": vote.other,
        "roll": vote.roll,
        "chamber": vote.chamber,
        "session": vote.session,
        "question": vote.question,
    }


def _new_vehicle(
    name: VehicleName, facts: VehicleFacts | None, actions: Sequence[RawAction], vehicle_id: UUID
) -> RecordVehicle:
    wire: dict[str, Any] = _on_the_wire(facts) if facts else {}
    return RecordVehicle(
        vehicle_id=vehicle_id,
        jurisdiction=name.jurisdiction,
        session=name.session or None,
        identifier=name.identifier,
        actions=list(actions),
        **wire,
    )


def _lacking(vehicle: Vehicle, facts: VehicleFacts) -> dict[str, Json]:
    """The facts of the file on which the ledger is silent."""
    held = {
        "title": vehicle.title,
        "introduced_on": vehicle.introduced.is_dated,
        "law_citation": vehicle.law_citation,
        "url": vehicle.url,
        "external_ids": vehicle.external_ids,
    }
    return {name: value for name, value in _on_the_wire(facts).items() if value and not held[name]}


def _on_the_wire(facts: VehicleFacts) -> dict[str, Json]:
    return {
        "title": facts.title,
        "introduced_on": facts.introduced_on.isoformat() if facts.introduced_on else None,
        "law_citation": facts.law,
        "url": facts.url,
        "external_ids": [
            {"scheme": scheme, "id": name} for scheme, name in facts.external_ids.items()
        ],
    }

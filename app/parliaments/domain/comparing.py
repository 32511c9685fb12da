"""What an import would do with each action of a file, given what the ledger holds of the vehicle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.canonical import Json
from app.kernel.dates import format_span
from app.legislation.domain import Action, Vehicle
from app.parliaments.domain.actions import Effect, Key, ReportedAction, roll_key, text_key

# It is already tomorrow somewhere: the ledger takes a date that is one day ahead.
_GRACE: Final = timedelta(days=1)


class Outcome(StrEnum):
    """What an import does with an action.

    Attributes:
        NEW: it is recorded.
        UNCHANGED: the ledger has it.
        DIFFERENT: the ledger has it with another effect or another count; that is never overwritten.
        WITHDRAWN: somebody took it back, and it stays so.
    """

    NEW = "new"
    UNCHANGED = "unchanged"
    DIFFERENT = "different"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Compared:
    """An action of a file, and what becomes of it.

    Attributes:
        detail: how it differs, where it does.
    """

    action: ReportedAction
    outcome: Outcome
    detail: str | None = None

    def to_json(self) -> Json:
        """The line of a report."""
        place, state = self.action.place, self.action.effect.state
        return {
            "file": place.file,
            "place": place.where,
            "outcome": self.outcome.value,
            "on": format_span(self.action.on),
            "state": state.value if state else None,
            "text": self.action.text,
            "detail": self.detail,
        }


def compare(
    vehicle: Vehicle | None, actions: Iterable[ReportedAction], today: date
) -> list[Compared]:
    """Each action against those that the ledger has under the same natural key."""
    held: dict[Key, list[Action]] = {}
    for action in vehicle.actions if vehicle else ():
        for key in _keys_of(action):
            held.setdefault(key, []).append(action)
    return [_compare(one, _alike(one, held), today) for one in actions]


def is_ahead(action: ReportedAction, today: date) -> bool:
    """Whether it is still to come: then it is recorded with its text alone."""
    return action.is_ahead_of(today + _GRACE)


def _keys_of(action: Action) -> Iterable[Key]:
    """A roll call that was entered by hand may lack its number, so it is known by its words too."""
    if key := roll_key(action.vote):
        yield key
    if action.text:
        yield text_key(action.on, action.text)


def _alike(action: ReportedAction, held: dict[Key, list[Action]]) -> list[Action]:
    return held.get(action.key) or held.get(text_key(action.on, action.text)) or []


def _compare(action: ReportedAction, alike: Sequence[Action], today: date) -> Compared:
    standing = [one for one in alike if not one.withdrawn]
    if not standing:
        return Compared(action, Outcome.WITHDRAWN if alike else Outcome.NEW)
    differences = [_difference(action, one, today) for one in standing]
    if None in differences:
        return Compared(action, Outcome.UNCHANGED)
    if all(_was_ahead(one) for one in standing):
        # It was announced, and now it has happened.
        return Compared(action, Outcome.NEW)
    return Compared(action, Outcome.DIFFERENT, differences[0])


def _difference(action: ReportedAction, held: Action, today: date) -> str | None:
    """How the file differs from the ledger, in words; ``None`` where it does not."""
    effect = Effect() if is_ahead(action, today) else action.effect
    if effect != _effect_of(held):
        return f"The file says {_say(effect)}, the ledger {_say(_effect_of(held))}."
    vote = action.vote
    if vote and held.vote and (vote.yes, vote.no) != (held.vote.yes, held.vote.no):
        return f"The file counts {vote.yes} to {vote.no}, the ledger {held.vote.yes} to {held.vote.no}."
    return None


def _effect_of(held: Action) -> Effect:
    if held.flag is None:
        return Effect(held.state)
    return Effect(held.state, held.flag.name, held.flag.change)


def _say(effect: Effect) -> str:
    parts = [effect.state.value] if effect.state else []
    parts += [f"{effect.flag.value} {effect.change.value}"] if effect.flag and effect.change else []
    return ", ".join(parts) or "nothing"


def _was_ahead(held: Action) -> bool:
    return held.on.first > held.recorded_on + _GRACE

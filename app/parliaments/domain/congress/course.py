"""How far a bill of the United States Congress is after each row: one chamber, the other, differences, the President.

A pure fold. The states are those of ``app.legislation``; what may follow what is decided there.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.legislation.domain import FlagChange, State
from app.parliaments.domain.actions import NOTHING, Effect
from app.parliaments.domain.codes import Meaning, Rule

# The work of one chamber, which begins anew in the other.
_EARLY: Final = (State.SUBMITTED, State.IN_COMMITTEE, State.COMMITTEE_REPORTED, State.FLOOR)
_AMENDED: Final = re.compile(
    r"\bwith (?:an |the |\d+ )?amendments?\b|\bas amended\b", re.IGNORECASE
)
_AGREED: Final = re.compile(r"\b(?:agreed?|concur(?:red|s)?)\b", re.IGNORECASE)
_REFUSED: Final = re.compile(r"\b(?:failed|rejected|not agreed to|not concurred)\b", re.IGNORECASE)
_DISAGREED: Final = re.compile(r"\b(?:disagree[ds]?|insist(?:s|ed)?)\b", re.IGNORECASE)
_SUSPENSION: Final = re.compile(r"\bsuspend the rules\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(r"\bthe following bills\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row with its meaning.

    Attributes:
        identifier: of the bill, ``H.R. 2471``: a row may speak of several.
        body: ``House``, ``Senate`` or ``President``; ``None`` where nothing says who acted.
    """

    meaning: Meaning
    text: str
    identifier: str
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the bill is.

    Attributes:
        passed_by: the chambers that have passed it, in whatever text.
        conference: those that have agreed to the conference report.
        overridden: those that have passed it over the veto.
    """

    state: State | None = None
    passed_by: frozenset[str] = frozenset()
    conference: frozenset[str] = frozenset()
    overridden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A row that says what cannot follow from what stands before it."""

    before: State
    after: State


def advance(progress: Progress, event: Event) -> tuple[Progress, Effect, Contradiction | None]:
    """The progress after a row, and what the row does.

    A row of an early stage that comes late, as a referral after passage, does nothing. One that would bring the bill
    where it cannot go from here is a contradiction: the list has a gap or an error.
    """
    after, effect = _apply(progress, event)
    state = effect.state
    if state is None:
        return after, effect, None
    before = progress.state
    if before is not None and not before.may_become(state):
        quiet = before is state or state in _EARLY or not _ends(state)
        flag_only = Effect(None, effect.flag, effect.change)
        return progress, flag_only, None if quiet else Contradiction(before, state)
    return replace(after, state=state), effect, None


def _ends(state: State) -> bool:
    return state.is_terminal or state is State.VETOED


def _apply(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    rule = event.meaning.rule
    if rule is not None and rule in _RULES:
        return _RULES[rule](progress, event)
    effect = event.meaning.effect
    if effect.state in _EARLY and not _is_of_the_stage(progress, event.body, effect.state):
        return progress, Effect(None, effect.flag, effect.change)
    return progress, effect


def _is_of_the_stage(progress: Progress, body: str | None, state: State | None) -> bool:
    """Whether a chamber's own work counts: in the chamber that has the bill, and never backwards."""
    if progress.passed_by and (body is None or body in progress.passed_by):
        return False
    now = progress.state
    if now is None:
        return True
    if now is State.PASSED_ONE:
        return state is not State.SUBMITTED
    return now in _EARLY and state is not None and not state.advances_to(now)


def _passage(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    if event.body is None:
        return progress, NOTHING
    after = replace(progress, passed_by=progress.passed_by | {event.body})
    if len(after.passed_by) == 1:
        begun = progress.state in {None, *_EARLY, State.PASSED_ONE}
        return after, Effect(State.PASSED_ONE) if begun else NOTHING
    return after, Effect(State.RECONCILING if _is_amended(event) else State.PASSED)


def _concurrence(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    if _REFUSED.search(event.text):
        return progress, Effect(None, event.meaning.flag, FlagChange.SET)
    if _DISAGREED.search(event.text) or not _AGREED.search(event.text):
        return progress, Effect(State.RECONCILING)
    return progress, Effect(State.RECONCILING if _is_amended(event) else State.PASSED)


def _conference(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    if event.body is None:
        return progress, NOTHING
    after = replace(progress, conference=progress.conference | {event.body})
    both = len(after.conference) > 1
    return after, Effect(State.PASSED if both else State.RECONCILING)


def _override(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    if event.body is None:
        return progress, NOTHING
    after = replace(progress, overridden=progress.overridden | {event.body})
    both = len(after.overridden) > 1
    return after, Effect(State.ENACTED if both else State.VETOED)


def _failure(progress: Progress, event: Event) -> tuple[Progress, Effect]:
    if _SUSPENSION.search(event.text):
        return progress, Effect(None, event.meaning.flag, FlagChange.SET)
    return progress, Effect(State.REJECTED)


def _is_amended(event: Event) -> bool:
    """Whether the other chamber has to look at it again.

    A House row may pass several bills at once and says for each whether it was amended.
    """
    if _SEVERAL.search(event.text):
        return f"{event.identifier}, as amended" in event.text
    return _AMENDED.search(event.text) is not None


_RULES: Final[Mapping[Rule, Callable[[Progress, Event], tuple[Progress, Effect]]]] = {
    Rule.PASSAGE: _passage,
    Rule.CONCURRENCE: _concurrence,
    Rule.CONFERENCE: _conference,
    Rule.OVERRIDE: _override,
    Rule.FAILURE: _failure,
}

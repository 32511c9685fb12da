"""What pledges wait for: whether a parliament has decided on what they depend on, and how.

A pledge is *conditional* while one of its dependencies of kind ``conditional_on`` is not met; then it is in no firm
total. All of this is about what the ledger knows at a revision, whatever the day: what was known then never changes, so
a firm total as of a revision never changes either.

Where a request is superseded, folded or a duplicate, its pledges wait for the one that carries its amounts on: for
the whole of it, or for the line that the relation names. Where it names none, a person has to look.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import (
    Dependency,
    DependencyKind,
    EnactedLine,
    LegislativeRequest,
    LineMove,
    Relation,
)
from app.legislation.domain.standing import standings
from app.legislation.domain.states import State


class Outcome(StrEnum):
    """What became of a condition.

    Attributes:
        WAITING: it is not decided, or only in part.
        MET: it is law, whole or reduced, and was not taken back.
        FAILED: the request ended without it, or it was denied or taken back.
        REVIEW: another request carries the need on, and nobody said which of its lines.
    """

    WAITING = "waiting"
    MET = "met"
    FAILED = "failed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One dependency of a pledge, and what became of it by all that the ledger knows.

    Attributes:
        request: of which the dependency was recorded.
        awaited: the one that the pledge waits for now: ``request``, or what carries it on.
        line: key of the line of ``awaited``; ``None`` for the whole of it, and where it is under review.
        state: of ``awaited`` by its last action.
    """

    dependency: Dependency
    request: LegislativeRequest
    awaited: Dossier
    line: str | None
    state: State | None
    outcome: Outcome

    @property
    def keeps_from_firm(self) -> bool:
        """Whether the pledge is in no firm total because of it."""
        is_condition = self.dependency.kind is DependencyKind.CONDITIONAL_ON
        return is_condition and self.outcome is not Outcome.MET


def conditions(requests: Iterable[UUID], dossiers: Mapping[UUID, Dossier]) -> list[Condition]:
    """The conditions that the dependencies of requests set, in their order.

    What was recorded in error sets none.

    Args:
        requests: whose dependencies are looked at.
        dossiers: these, and all that carry them on (``list_successors``), by id.
    """
    return [
        _condition(dossiers[one], dependency, dossiers)
        for one in requests
        if not dossiers[one].request.withdrawn
        for dependency in dossiers[one].request.standing_dependencies
    ]


def is_carried_on(dossier: Dossier) -> bool:
    """Whether the request ended because another one carries its amounts on."""
    return dossier.course().state in {State.SUPERSEDED, State.FOLDED}


def find_successor(
    dossier: Dossier, dossiers: Mapping[UUID, Dossier]
) -> tuple[Dossier, Relation] | None:
    """The request that carries this one on, with the relation that says so."""
    own = (
        (dossiers.get(relation.other_id), relation)
        for relation in dossier.request.standing_relations
        if relation.kind.ends_its_own
    )
    others = (
        (other, relation)
        for other in dossiers.values()
        for relation in other.request.standing_relations
        if relation.kind.ends_the_other and relation.other_id == dossier.request.id
    )
    told = (
        (other, relation)
        for other, relation in (*own, *others)
        if other is not None and not other.request.withdrawn
    )
    return next(told, None)


def _condition(
    dossier: Dossier, dependency: Dependency, dossiers: Mapping[UUID, Dossier]
) -> Condition:
    awaited, line, is_known = _follow(dossier, dependency.line, dossiers)
    return Condition(
        dependency=dependency,
        request=dossier.request,
        awaited=awaited,
        line=line,
        state=awaited.course().state,
        outcome=_outcome(awaited, line) if is_known else Outcome.REVIEW,
    )


def _follow(
    dossier: Dossier, line: str | None, dossiers: Mapping[UUID, Dossier]
) -> tuple[Dossier, str | None, bool]:
    """Who carries on what is waited for, in which line, and whether anybody said so."""
    seen: set[UUID] = set()
    while is_carried_on(dossier):
        seen.add(dossier.request.id)
        successor = find_successor(dossier, dossiers)
        if successor is None or successor[0].request.id in seen:
            return dossier, None, False
        following, relation = successor
        if line is not None:
            carried = {new for old, new in _moves(relation, dossier.request) if old == line}
            if len(carried) != 1 or carried.isdisjoint(one.key for one in following.request.leaves):
                return following, None, False
            [line] = carried
        dossier = following
    return dossier, line, True


def _moves(relation: Relation, ended: LegislativeRequest) -> Iterator[tuple[str, str]]:
    """The keys of lines of the request that ended, each with that of the line which carries it on."""

    def keys(move: LineMove) -> tuple[str, str]:
        is_others = relation.other_id == ended.id
        return (move.other, move.own) if is_others else (move.own, move.other)

    return map(keys, relation.lines)


def _outcome(dossier: Dossier, key: str | None) -> Outcome:
    state = dossier.course().state
    if state is None or state is State.ANNOUNCED:
        return Outcome.WAITING
    if key is None:
        return _outcome_of_all(dossier.request, state)
    return _outcome_of_line(dossier.request, state, key)


def _outcome_of_all(request: LegislativeRequest, state: State) -> Outcome:
    if not state.is_terminal:
        return Outcome.WAITING
    answers = request.enacted_lines
    is_law = state is State.ENACTED and (not answers or any(map(_stands, answers)))
    return Outcome.MET if is_law else Outcome.FAILED


def _outcome_of_line(request: LegislativeRequest, state: State, key: str) -> Outcome:
    [one] = [one for one in standings(request, state, date.max) if one.line.key == key]
    if one.is_live:
        return Outcome.WAITING
    answers = [answer for answer in request.enacted_lines if answer.line == key]
    if one.line.enacted is not None:
        is_law = True
    elif answers:
        is_law = any(map(_stands, answers))
    else:
        # Where nobody went through the law line by line, all of it became law as it was asked for.
        is_law = state is State.ENACTED and not request.standing_enactments
    return Outcome.MET if is_law else Outcome.FAILED


def _stands(line: EnactedLine) -> bool:
    """Whether anything of it was granted and not taken back; nobody has to have said how much."""
    return line.standing is None or line.standing > 0

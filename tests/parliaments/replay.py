"""A naive replay of reported actions: what the request's state would be, written without the ledger's own course."""

from collections.abc import Iterable
from datetime import date

from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import ReportedAction


def replay(actions: Iterable[ReportedAction], *, since: date, until: date) -> tuple[State, bool]:
    """State and whether it is blocked at the end of ``until``, counting actions from ``since`` on alone.

    A request that has been made is submitted before anything happens to its vehicle.
    """
    state, blocked = State.SUBMITTED, False
    for action in actions:
        effect = action.effect
        if not since <= action.on.first <= until:
            continue
        if effect.state:
            order = list(State)
            blocked = blocked and order.index(effect.state) <= order.index(state)
            state = effect.state
        if effect.flag is Flag.BLOCKED:
            blocked = effect.change is FlagChange.SET
    return state, blocked

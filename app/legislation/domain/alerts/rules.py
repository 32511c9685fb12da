"""The rules, one function each. All are pure: the same requests and the same days give the same alerts.

An alert stands from a first day on until its cause is gone, or the request is over. What lies behind the day
asked for has no say, so the alerts of one day are those of any later day too: some have ceased by then, and none
has another id or another first day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from app.kernel.dates import Span, format_span
from app.kernel.money import format_minor
from app.legislation.domain.ageing import DORMANT_AFTER
from app.legislation.domain.alerts.model import CLAIM_TOLERANCE, LEAD, Alert, Rule, name_alert
from app.legislation.domain.alerts.watch import Spell, Watch
from app.legislation.domain.course import carries_since
from app.legislation.domain.dossier import Dossier
from app.legislation.domain.model import Claim, Line
from app.legislation.domain.model.lines import sums_of_children
from app.legislation.domain.states import Flag, FlagChange, State
from app.pledges.domain import Bound

_SAID: Final[Mapping[State, str]] = {
    State.SUBMITTED: "submitted",
    State.IN_COMMITTEE: "in committee",
    State.COMMITTEE_REPORTED: "reported by a committee",
    State.FLOOR: "on the floor",
    State.PASSED_ONE: "passed by one body",
    State.RECONCILING: "being reconciled",
    State.PASSED: "passed and not in force",
    State.VETOED: "vetoed",
    State.PARTLY_ENACTED: "enacted in part",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    Attributes:
        since: from when the cause is there; the alert begins when the request is pending as well.
        until: from when it is gone by itself; ``None`` where only the end of the request removes it.
        cause: see ``Alert``.
    """

    since: date
    sentence: str
    cause: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None


def alerts(dossiers: Iterable[Dossier], on: date, known_on: date | None = None) -> list[Alert]:
    """Every alert that began by the end of the day ``on``, those that have ceased included; the newest first.

    Args:
        dossiers: requests with their vehicles, as of one moment.
        on: what had happened by the end of this day.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
    """
    found = {
        alert.id: alert
        for dossier in dossiers
        if dossier.is_public(known_on) and not dossier.request.withdrawn
        for alert in _look_at(Watch(dossier, on, known_on))
    }
    return sorted(found.values(), key=lambda alert: alert.key, reverse=True)


def _look_at(watch: Watch) -> Iterator[Alert]:
    for rule, look in _RULES.items():
        for finding in look(watch):
            began = watch.first_active_day(finding.since)
            if began is None or (finding.until is not None and finding.until <= began):
                continue
            ends = [watch.first_idle_day(began), finding.until]
            yield Alert(
                id=name_alert(rule, watch.request.id, finding.cause),
                rule=rule,
                request=watch.request,
                cause=finding.cause,
                state=watch.state,
                sentence=finding.sentence,
                began=began,
                ceased=min((day for day in ends if day and day <= watch.on), default=None),
            )


def _no_action(watch: Watch) -> Iterator[Finding]:
    """Nothing substantive for longer than the state usually takes, as the mark ``dormant`` of a request."""
    for _, silence in groupby(watch.spells, key=_silence):
        spells = list(silence)
        state, moved, stirred = spells[0].state, spells[0].moved, spells[0].stirred
        if state is None or moved is None or stirred is None or state not in DORMANT_AFTER:
            continue
        days = DORMANT_AFTER[state]
        fires = stirred.day + timedelta(days=days + 1)
        yield Finding(
            since=max(fires, spells[0].first),
            until=spells[-1].until,
            sentence=f"No substantive action for more than {days} days while it is {_SAID[state]};"
            f" the last was on {format_span(stirred.action.on)}.",
            cause={"action_id": str(stirred.action.id), "state_action_id": str(moved.action.id)},
        )


def _period_ends(watch: Watch) -> Iterator[Finding]:
    period = watch.request.period
    if period is not None and period.is_dated:
        yield Finding(
            since=_ahead_of(period),
            sentence=f"The period that is asked for ends on {period.last}, and nothing is decided.",
            cause={"ends_on": period.last.isoformat()},
        )


def _session_ends(watch: Watch) -> Iterator[Finding]:
    for link in watch.request.vehicles:
        vehicle = watch.dossier.vehicles.get(link.vehicle_id) if link.vehicle_id else None
        if vehicle is None or vehicle.session_ends is None or not vehicle.session_ends.is_dated:
            continue
        ends = vehicle.session_ends
        yield Finding(
            since=max(_ahead_of(ends), carries_since(watch.request, link)),
            until=watch.day_vehicle_ended(link),
            sentence=f"The session of {vehicle.name} ends on {ends.last}, and nothing is decided.",
            cause={"vehicle_id": str(vehicle.id), "ends_on": ends.last.isoformat()},
        )


def _claims_differ(watch: Watch) -> Iterator[Finding]:
    """A source gives an amount that the one which is counted cannot be, give or take the tolerance."""
    for line in watch.request.lines:
        amounts = sorted({one.amount or 0 for one in line.claims if _contradicts(one, line)})
        if amounts and line.amount is not None:
            said = ", ".join(_money(watch, amount) for amount in amounts)
            yield Finding(
                since=date.min,
                sentence=f"Sources give {said} for {_label(line)};"
                f" {_money(watch, line.amount)} is counted.",
                cause={
                    "line": line.key,
                    "counted": str(line.amount),
                    "claimed": ",".join(map(str, amounts)),
                },
            )


def _envelope_overrun(watch: Watch) -> Iterator[Finding]:
    lines = {line.key: line for line in watch.request.lines}
    for key, parts in sums_of_children(watch.request.lines).items():
        whole = lines[key].amount
        if parts is not None and whole is not None and parts > whole:
            yield Finding(
                since=date.min,
                sentence=f"The parts of {_label(lines[key])} come to {_money(watch, parts)};"
                f" {_money(watch, whole)} is asked for.",
                cause={"line": key, "envelope": str(whole), "parts": str(parts)},
            )


def _text_replaced(watch: Watch) -> Iterator[Finding]:
    """The text was swapped; until it is swapped again, or somebody clears the flag."""
    told = [
        point.step
        for point in watch.points
        if point.step.action.flag and point.step.action.flag.name is Flag.TEXT_REPLACED
    ]
    for index, step in enumerate(told):
        action = step.action
        if action.flag and action.flag.change is FlagChange.SET:
            text = str(step.link.name) if step.link else action.vehicle or "the vehicle"
            yield Finding(
                since=step.day,
                until=told[index + 1].day if index + 1 < len(told) else None,
                sentence=f"The text of {text} was replaced on {format_span(action.on)}.",
                cause={"action_id": str(action.id)},
            )


def _dependent_due(watch: Watch) -> Iterator[Finding]:
    for one in watch.request.standing_dependencies:
        if one.due is not None and one.due.is_dated:
            yield Finding(
                since=_ahead_of(one.due),
                until=watch.day_line_decided(one.line) if one.line else None,
                sentence=f"A pledge that waits for it is due on {one.due.last}, and nothing is decided.",
                cause={
                    "dependency_id": str(one.id),
                    "pledge_id": str(one.pledge_id),
                    "due_on": one.due.last.isoformat(),
                },
            )


_RULES: Final[Mapping[Rule, Callable[[Watch], Iterator[Finding]]]] = {
    Rule.NO_ACTION: _no_action,
    Rule.PERIOD_ENDS: _period_ends,
    Rule.SESSION_ENDS: _session_ends,
    Rule.CLAIMS_DIFFER: _claims_differ,
    Rule.ENVELOPE_OVERRUN: _envelope_overrun,
    Rule.TEXT_REPLACED: _text_replaced,
    Rule.DEPENDENT_DUE: _dependent_due,
}


def _silence(spell: Spell) -> tuple[object, object]:
    """What a silence is told by: the last substantive action, and the action that led to the state."""
    return spell.stirred and spell.stirred.action.id, spell.moved and spell.moved.action.id


def _contradicts(claim: Claim, line: Line) -> bool:
    """Whether a claim cannot be true of the amount that is counted: "at least 40" is, of 61."""
    if claim.amount is None or line.amount is None:
        return False
    difference = claim.amount - line.amount
    if (claim.bound is Bound.AT_LEAST and difference < 0) or (
        claim.bound is Bound.UP_TO and difference > 0
    ):
        return False
    return abs(difference) > CLAIM_TOLERANCE * line.amount


def _ahead_of(end: Span) -> date:
    return end.last - LEAD


def _label(line: Line) -> str:
    return line.label or f"the line {line.key}"


def _money(watch: Watch, minor: int) -> str:
    return f"{watch.request.currency} {format_minor(minor, watch.request.decimals)}"

"""What an alert is, and the thresholds of the rules; docs/legislation.md says where each comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID, uuid5

from app.kernel.canonical import canonical_bytes
from app.legislation.domain.model import LegislativeRequest
from app.legislation.domain.states import State


class Rule(StrEnum):
    """What is watched for; only while a request is pending.

    Attributes:
        NO_ACTION: no substantive action for longer than the state usually takes, see ``DORMANT_AFTER``.
        PERIOD_ENDS: the time that the money is for is about to end, or has ended.
        SESSION_ENDS: the session in which a vehicle dies is about to end, or has ended.
        CLAIMS_DIFFER: sources contradict the amount that is counted.
        ENVELOPE_OVERRUN: the parts of a line come to more than the line.
        TEXT_REPLACED: the text of a vehicle was swapped.
        DEPENDENT_DUE: a pledge that waits for the request is due first.
    """

    NO_ACTION = "no_action"
    PERIOD_ENDS = "period_ends"
    SESSION_ENDS = "session_ends"
    CLAIMS_DIFFER = "claims_differ"
    ENVELOPE_OVERRUN = "envelope_overrun"
    TEXT_REPLACED = "text_replaced"
    DEPENDENT_DUE = "dependent_due"


class Severity(StrEnum):
    """How soon somebody should look: when there is time, this week, today."""

    NOTICE = "notice"
    WARNING = "warning"
    URGENT = "urgent"


SEVERITY: Final[Mapping[Rule, Severity]] = {
    Rule.NO_ACTION: Severity.WARNING,
    Rule.PERIOD_ENDS: Severity.WARNING,
    Rule.SESSION_ENDS: Severity.URGENT,
    Rule.CLAIMS_DIFFER: Severity.NOTICE,
    Rule.ENVELOPE_OVERRUN: Severity.WARNING,
    Rule.TEXT_REPLACED: Severity.WARNING,
    Rule.DEPENDENT_DUE: Severity.URGENT,
}
# How long before a period, a session or the time of a pledge ends the alert begins.
LEAD: Final = timedelta(days=30)
# By how much a source may differ from the amount that is counted, as a share of that amount.
CLAIM_TOLERANCE: Final = Fraction(2, 100)
# Ids of alerts are version 5 UUIDs (RFC 9562 section 5.5) in a name space of their own.
_NAMESPACE: Final = UUID("6f2c4f0e-93f5-4d0b-9a55-2b7a4f6f2f41")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """That a rule found something in a request.

    Attributes:
        id: made from the request, the rule and the cause: the same cause has the same id on any day and in any
            ledger that knows of it. Who notifies somebody once for each id notifies once for each cause.
        cause: what brought it about, by name: an action, a vehicle, a line, a date. A new cause is a new alert.
        state: of the request at the end of the day asked for.
        began: the first day on which it stood.
        ceased: the first day on which it stood no longer; ``None`` while it stands.
    """

    id: UUID
    rule: Rule
    request: LegislativeRequest
    cause: Mapping[str, str]
    state: State | None
    sentence: str
    began: date
    ceased: date | None

    @property
    def severity(self) -> Severity:
        """How soon somebody should look."""
        return SEVERITY[self.rule]

    @property
    def key(self) -> tuple[str, str]:
        """Its place in a list: by the day on which it began, then by id."""
        return self.began.isoformat(), str(self.id)


def name_alert(rule: Rule, request_id: UUID, cause: Mapping[str, str]) -> UUID:
    """The id of the alert that this cause brings about."""
    return uuid5(
        _NAMESPACE,
        canonical_bytes({"rule": rule.value, "request": str(request_id), **cause}).decode(),
    )

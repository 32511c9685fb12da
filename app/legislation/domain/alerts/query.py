"""What one may ask of the list of alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.canonical import Json
from app.legislation.domain.alerts.model import Alert, Rule
from app.legislation.domain.states import State


class Ceased(StrEnum):
    """Whether alerts are listed that stand no longer: none of them, only them, or all."""

    FALSE = "false"
    TRUE = "true"
    ANY = "any"

    def admits(self, alert: Alert) -> bool:
        """Whether the alert is listed."""
        return self is Ceased.ANY or (alert.ceased is not None) == (self is Ceased.TRUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """Which alerts; an empty tuple means all.

    Attributes:
        on: what had happened by the end of this day.
        known_on: what the public knew at the end of this day; ``None`` for all that the ledger knows.
        states: of the requests on the day ``on``.
    """

    on: date
    known_on: date | None
    donors: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    states: tuple[State, ...] = ()
    ceased: Ceased = Ceased.FALSE

    def admits(self, alert: Alert) -> bool:
        """Whether the alert is asked for; its donor is asked for beforehand."""
        return (
            self.ceased.admits(alert)
            and (not self.rules or alert.rule in self.rules)
            and (not self.states or alert.state in self.states)
        )

    def to_json(self) -> dict[str, Json]:
        """The query, by its names on the wire."""
        return {
            "on": self.on.isoformat(),
            "known_on": self.known_on.isoformat() if self.known_on else None,
            "donor": [*self.donors],
            "rule": [one.value for one in self.rules],
            "state": [one.value for one in self.states],
            "ceased": self.ceased.value,
        }


def page(
    found: Sequence[Alert], after: tuple[str | int, ...], limit: int
) -> tuple[list[Alert], tuple[str | int, ...] | None]:
    """One page of alerts, the newest first, behind the key ``after``; and where the next begins."""
    rest = [one for one in found if not after or one.key < after]
    return rest[:limit], rest[limit - 1].key if len(rest) > limit else None

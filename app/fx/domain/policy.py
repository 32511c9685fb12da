"""Which rate an amount takes: the policies, by the names that every converted figure bears."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError

# A release is named as its publisher names it: R7, 2022-10, Release_28v2.
RELEASE_LABEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class PolicyKind(StrEnum):
    """Which rate an amount takes.

    ``effective``: of its effective date. ``announcement``: of the day on which its pledge was announced.
    ``month_average``: the average of the month of its effective date. ``fixed``: of one day, whatever its own.
    ``release``: of one table that gives each currency one rate, as a published data set does.
    """

    EFFECTIVE = "effective"
    ANNOUNCEMENT = "announcement"
    MONTH_AVERAGE = "month_average"
    FIXED = "fixed"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy with what it needs; its text is its name on the wire.

    Attributes:
        on: the day, of ``fixed`` alone.
        label: the name of the table, of ``release`` alone.
    """

    kind: PolicyKind
    on: date | None = None
    label: str | None = None

    def __str__(self) -> str:
        """``effective``, ``fixed:2022-10-03``, ``release:R7``."""
        argument = self.label or (self.on.isoformat() if self.on else None)
        return f"{self.kind.value}:{argument}" if argument else self.kind.value

    @property
    def needs_day(self) -> bool:
        """Whether the rate depends on a day of the amount, so that one without any cannot be converted."""
        return self.kind not in {PolicyKind.FIXED, PolicyKind.RELEASE}


EFFECTIVE: Final = Policy(PolicyKind.EFFECTIVE)
_NAMES: Final = ("effective", "announcement", "month_average", "fixed:DATE", "release:LABEL")


def parse_policy(text: str) -> Policy:
    """Read ``effective``, ``announcement``, ``month_average``, ``fixed:2022-10-03`` or ``release:R7``.

    Raises:
        ValueRefusedError: ``unknown-value``, or ``invalid-date`` and its like for the day of ``fixed``.
    """
    name, colon, argument = text.partition(":")
    match name:
        case "effective" | "announcement" | "month_average" if not colon:
            return Policy(PolicyKind(name))
        case "fixed" if colon:
            return Policy(PolicyKind.FIXED, on=parse_day(argument))
        case "release" if RELEASE_LABEL.fullmatch(argument):
            return Policy(PolicyKind.RELEASE, label=argument)
        case _:
            raise ValueRefusedError(
                "unknown-value", "There is no such policy of conversion.", allowed=list(_NAMES)
            )

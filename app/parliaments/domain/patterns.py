"""What the wordings of the United States Congress mean, for the rows that carry no code.

The patterns are data (``codes/congress_texts.csv``), each with a real example and where it was read. The first that
fits at the beginning of a text decides. A text that fits none moves nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from app.parliaments.domain.codes import FOLDER, MappingError, Meaning, read_meaning, read_rows
from app.parliaments.domain.wording import plain

COLUMNS: Final = (
    "kind", "pattern", "body", "states", "rule", "flag", "change", "example", "evidence",
)  # fmt: skip


class ActionKind(StrEnum):
    """What kind of thing happened."""

    INTRODUCTION = "introduction"
    REFERRAL = "referral"
    COMMITTEE = "committee"
    REPORT = "report"
    CALENDAR = "calendar"
    MOTION = "motion"
    DEBATE = "debate"
    PASSAGE = "passage"
    DIFFERENCES = "differences"
    PRESENTMENT = "presentment"
    ENACTMENT = "enactment"
    VETO = "veto"
    OVERRIDE = "override"
    AMENDMENT = "amendment"
    MESSAGE = "message"
    RECORD = "record"

    @property
    def is_substantive(self) -> bool:
        """Whether it moves the matter; a vote always does, whatever it is on."""
        return self not in {ActionKind.AMENDMENT, ActionKind.MESSAGE, ActionKind.RECORD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One pattern, and what a text that begins so means."""

    kind: ActionKind
    pattern: re.Pattern[str]
    meaning: Meaning
    example: str
    evidence: str


def find_wording(text: str) -> Wording | None:
    """The first pattern that fits, if any."""
    bare = plain(text)
    return next((one for one in congress_wordings() if one.pattern.match(bare)), None)


@cache
def congress_wordings() -> tuple[Wording, ...]:
    """The patterns in the order in which they are tried."""
    text = (FOLDER / "congress_texts.csv").read_text(encoding="utf-8")
    return read_wordings(text)


def read_wordings(text: str) -> tuple[Wording, ...]:
    """Read and check a table of patterns.

    Raises:
        MappingError: other columns, an unknown word, a pattern that is none, or no evidence.
    """
    wordings: list[Wording] = []
    for line, cells in read_rows(text, COLUMNS, "congress_texts"):
        place = f"congress_texts.csv, line {line}"
        try:
            kind = ActionKind(cells["kind"])
            pattern = re.compile(cells["pattern"], re.IGNORECASE)
        except (ValueError, re.error) as error:
            raise MappingError(f"{place}: {error}.") from None
        wordings.append(
            Wording(
                kind=kind,
                pattern=pattern,
                meaning=read_meaning(cells, place),
                example=cells["example"],
                evidence=cells["evidence"],
            )
        )
    return tuple(wordings)

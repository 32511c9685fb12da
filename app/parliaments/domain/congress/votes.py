"""Roll calls of the United States Congress: counts stand in the text alone, addresses and instants beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.parliaments.domain.actions import ReportedVote
from app.parliaments.domain.congress.bills import vote_session
from app.parliaments.domain.congress.rows import HOUSE, SENATE, RecordedVote, Row
from app.parliaments.domain.wording import plain

# No more digits than a count has: a long row of them would otherwise take time in step with its square.
_N: Final = "[0-9]{1,9}"
_SENATE_COUNT: Final = re.compile(
    rf"Yea-Nay(?: Vote)?\. (?P<yes>{_N})\s*-\s*(?P<no>{_N})\. Record Vote (?:Number|No): (?P<roll>{_N})"
)
_HOUSE_COUNT: Final = re.compile(
    rf"(?P<yes>{_N}) - (?P<no>{_N})(?:, (?P<present>{_N}) Present)? \(Roll no\. (?P<roll>{_N})\)"
)
_MANNER: Final = re.compile(
    r",? by (?:the )?(?:Yea-Nay|Yeas and Nays|recorded vote)", re.IGNORECASE
)
_LOST: Final = "not invoked|not agreed to|rejected|failed"
_WON: Final = "invoked|agreed to|passed"
# "... not invoked in Senate", "... Agreed to": at the end of what was asked.
_OUTCOME: Final = re.compile(
    rf"\s*\b(?:(?P<lost>{_LOST})|(?P<won>{_WON}))(?: in (?:Senate|House))?$", re.IGNORECASE
)
# "Passed Senate with an amendment", "Senate agreed to the House amendment": at its beginning.
_OPENING: Final = re.compile(
    r"(?P<lost>Failed of passage)|(?P<won>Passed|Senate (?:agreed|concurred))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    chamber: str
    yes: int
    no: int
    present: int | None
    roll: int


def find_vote(row: Row, congress: int) -> ReportedVote | None:
    """The roll call that a row reports, if it reports one.

    A mention of an earlier one, as in "the vote by which cloture was not invoked (Record Vote No. 332)", is none.
    """
    count = _find_count(row.text)
    recorded = _find_recorded(row.votes, count)
    known = count or recorded
    if known is None:
        return None
    question, passed = _question(plain(row.text))
    return ReportedVote(
        chamber=known.chamber,
        session=vote_session(congress, row.on),
        roll=known.roll,
        yes=count.yes if count else None,
        no=count.no if count else None,
        other=f"{count.present} present" if count and count.present else None,
        question=question,
        passed=passed,
        url=recorded.url if recorded else None,
        at=recorded.at if recorded else None,
    )


def _find_count(text: str) -> _Count | None:
    for chamber, pattern in ((SENATE, _SENATE_COUNT), (HOUSE, _HOUSE_COUNT)):
        if found := pattern.search(text):
            facts = found.groupdict()
            present = facts.get("present")
            return _Count(
                chamber=chamber,
                yes=int(facts["yes"]),
                no=int(facts["no"]),
                present=int(present) if present else None,
                roll=int(facts["roll"]),
            )
    return None


def _find_recorded(votes: Sequence[RecordedVote], count: _Count | None) -> RecordedVote | None:
    return next((vote for vote in votes if count is None or vote.roll == count.roll), None)


def _question(text: str) -> tuple[str | None, bool | None]:
    """What was voted on, and whether it was carried."""
    asked = _MANNER.split(text, maxsplit=1)[0]
    outcome = _OUTCOME.search(asked) or _OPENING.match(asked)
    passed = outcome["won"] is not None if outcome else None
    return _OUTCOME.sub("", asked).strip() or None, passed

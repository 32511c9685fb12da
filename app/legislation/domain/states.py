"""The state machine of a legislative request: 17 states, and which may follow which.

Read from the action codes of six parliaments and tried on the real histories of the American
requests of 2022 to 2024. Any forward jump among active states is legal, because a request may join
a bill that is already far along; of the backward ones only those that were met. A state that ends a
request is left only by withdrawing the action that brought it about.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How far a legislative request has got.

    Attributes:
        ANNOUNCED: the executive said that it will ask; there is no formal document yet.
        SUBMITTED: formally transmitted or tabled.
        IN_COMMITTEE: referred; committee work, hearings, markup.
        COMMITTEE_REPORTED: there is a committee recommendation, favourable or not.
        FLOOR: before the deciding body: debate, procedural votes, readings.
        PASSED_ONE: adopted by one of two bodies that must agree.
        RECONCILING: both bodies acted and their texts differ.
        PASSED: the legislature is done; signature or promulgation is awaited.
        VETOED: returned by the executive or the head of state; an override is still possible.
        PARTLY_ENACTED: some lines are enacted, at least one is still live.
        ENACTED: in force.
        REJECTED: definitively voted down.
        WITHDRAWN: taken back by the requester.
        SUPERSEDED: replaced by a later request for the same need.
        FOLDED: merged into another request, which carries its amounts on.
        LAPSED: the session, the term or the time asked for ended without a decision.
        CLOSED_MOOT: declared settled or without object.
    """

    ANNOUNCED = "announced"
    SUBMITTED = "submitted"
    IN_COMMITTEE = "in_committee"
    COMMITTEE_REPORTED = "committee_reported"
    FLOOR = "floor"
    PASSED_ONE = "passed_one"
    RECONCILING = "reconciling"
    PASSED = "passed"
    VETOED = "vetoed"
    PARTLY_ENACTED = "partly_enacted"
    ENACTED = "enacted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    FOLDED = "folded"
    LAPSED = "lapsed"
    CLOSED_MOOT = "closed_moot"

    @property
    def is_terminal(self) -> bool:
        """Whether the request is over."""
        return not TRANSITIONS[self]

    @property
    def is_active(self) -> bool:
        """Whether the request is pending: formally made, and not over."""
        return not self.is_terminal and self is not State.ANNOUNCED

    @property
    def allowed(self) -> "tuple[State, ...]":
        """The states that may follow this one, itself left out."""
        return TRANSITIONS[self]

    def may_become(self, other: "State") -> bool:
        """Whether an action may lead to ``other``; an active state may be stated again."""
        return other in TRANSITIONS[self] or (other is self and not self.is_terminal)

    def advances_to(self, other: "State") -> bool:
        """Whether ``other`` lies further on the way."""
        order = tuple(State)
        return order.index(self) < order.index(other)


_BY_NAME: Final = {
    "announced": "submitted withdrawn superseded closed_moot enacted lapsed",
    "submitted": "in_committee committee_reported floor passed_one reconciling passed"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "in_committee": "committee_reported floor passed_one reconciling passed submitted"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "committee_reported": "floor passed_one reconciling passed in_committee"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "floor": "passed_one reconciling passed committee_reported in_committee"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "passed_one": "reconciling passed floor committee_reported in_committee"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "reconciling": "passed floor in_committee"
    " partly_enacted enacted rejected withdrawn superseded folded lapsed closed_moot",
    "passed": "reconciling vetoed enacted partly_enacted rejected lapsed",
    "vetoed": "reconciling passed enacted rejected lapsed",
    "partly_enacted": "enacted rejected superseded folded lapsed withdrawn",
    "enacted": "",
    "rejected": "",
    "withdrawn": "",
    "superseded": "",
    "folded": "",
    "lapsed": "",
    "closed_moot": "",
}
TRANSITIONS: Final[Mapping[State, tuple[State, ...]]] = {
    State(before): tuple(map(State, after.split())) for before, after in _BY_NAME.items()
}


class Flag(StrEnum):
    """What can be said of a request beside its state.

    Attributes:
        BLOCKED: a provisional failure; cleared by an action that says so and by the next that
            leads further.
        ADVERSE_REPORT: a committee recommended against it.
        POLITICALLY_AGREED: parties or leaders agree; it binds nobody in law.
        CONFIDENTIAL: not public until the day of publication.
        TEXT_REPLACED: the text of its vehicle was swapped.
        FOLDED: one of its vehicles was merged into another; the request itself lives on.
    """

    BLOCKED = "blocked"
    ADVERSE_REPORT = "adverse_report"
    POLITICALLY_AGREED = "politically_agreed"
    CONFIDENTIAL = "confidential"
    TEXT_REPLACED = "text_replaced"
    FOLDED = "folded"


class FlagChange(StrEnum):
    """What an action does to a flag."""

    SET = "set"
    CLEARED = "cleared"

"""Our own form of actions, for every parliament that has no machine source: its columns and what they may hold."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Final, TypeVar

from app.kernel.choices import read_choice
from app.kernel.dates import parse_span
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text, clean_url
from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import MAX_TEXT, Effect, ReportedAction, ReportedVote
from app.parliaments.domain.codes import Meaning, Rule, Scheme, code_table
from app.parliaments.domain.places import FileFinding, Place, found_in

SCHEMA: Final = "aid-ledger/actions/1"
# The template: exactly these headers, in this order. Only ``on`` and ``text`` must be filled.
COLUMNS: Final = (
    "on", "time", "body", "text", "language", "scheme", "code", "state", "flag", "change", "substantive",
    "session", "roll", "yes", "no", "other", "question", "passed", "source_url",
)  # fmt: skip
_VOTE: Final = ("roll", "yes", "no", "other", "question", "passed")
_MAX_SHORT: Final = 500
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_UNREAD: Final = parse_span("1900")
T = TypeVar("T")


def read_own_action(
    cells: Mapping[str, str], place: Place
) -> tuple[ReportedAction | None, list[FileFinding]]:
    """The action of one row, or what is wrong with it.

    A code alone says what the action does. A state beside it must be one that the code can mean, and where the code can
    mean several, the state has to be there. Every column has a cell, empty where there is nothing.
    """
    row = _Row(cells, place)
    action = ReportedAction(
        on=row.find("on", parse_span, needed=True) or _UNREAD,
        time=row.find("time", _clock),
        body=row.find("body", _short),
        text=row.find("text", _long, needed=True) or "",
        language=row.find("language", _language) or "en",
        scheme=cells["scheme"] or None,
        codes=(cells["code"],) if cells["code"] else (),
        effect=_effect(row),
        vote=_vote(row),
        substantive=row.find("substantive", _yes_or_no) is not False,
        source_url=row.find("source_url", clean_url),
        place=place,
    )
    return (None if row.findings else action), row.findings


class _Row:
    """The cells of one row, and what was refused of them."""

    def __init__(self, cells: Mapping[str, str], place: Place) -> None:
        self.cells = cells
        self.place = place
        self.findings: list[FileFinding] = []

    def find(self, column: str, parse: Callable[[str], T], *, needed: bool = False) -> T | None:
        """The value of a cell; ``None`` where it is empty or refused."""
        text = self.cells[column].strip()
        if not text:
            if needed:
                self.complain("missing-value", f"{column} is missing.")
            return None
        try:
            return parse(text)
        except ValueRefusedError as refused:
            self.complain(refused.code, f"{column}: {refused.detail}", found_in(refused))
            return None

    def complain(self, code: str, detail: str, found: str | None = None) -> None:
        """Add to what is wrong with the row."""
        self.findings.append(FileFinding(self.place, code, detail, found))


def _effect(row: _Row) -> Effect:
    stated = row.find("state", lambda text: read_choice(State, text))
    flag = row.find("flag", lambda text: read_choice(Flag, text))
    change = row.find("change", lambda text: read_choice(FlagChange, text))
    if (flag is None) is not (change is None):
        row.complain(
            "flag-without-change", "flag and change stand together: which one, and set or cleared."
        )
    meaning = _meaning(row)
    if meaning is None:
        return Effect(stated, flag, change)
    return Effect(_state(row, meaning, stated), flag or meaning.flag, change or meaning.change)


def _meaning(row: _Row) -> Meaning | None:
    code, scheme = row.cells["code"], row.find("scheme", lambda text: read_choice(Scheme, text))
    if not code:
        return None
    if scheme is None:
        if not row.cells["scheme"]:
            row.complain("missing-value", "scheme is missing: a code is one of a list.")
        return None
    found = row.find("code", code_table(scheme).get)
    return found.meaning if found else None


def _state(row: _Row, meaning: Meaning, stated: State | None) -> State | None:
    if stated is None:
        if len(meaning.states) > 1 or meaning.rule is Rule.TEXT:
            can = ", ".join(meaning.states) or "several things"
            row.complain("ambiguous-code", f"The code can mean {can}: state has to say which.")
            return None
        return meaning.states[0] if meaning.states else None
    if meaning.states and stated not in meaning.states:
        can = ", ".join(meaning.states)
        row.complain(
            "state-and-code-differ", f"The code means {can}, the state says {stated.value}."
        )
    return stated


def _vote(row: _Row) -> ReportedVote | None:
    if not any(row.cells[column].strip() for column in _VOTE):
        return None
    return ReportedVote(
        chamber=row.find("body", _short),
        session=row.find("session", _short),
        roll=row.find("roll", _number),
        yes=row.find("yes", _number),
        no=row.find("no", _number),
        other=row.find("other", _short),
        question=row.find("question", _short),
        passed=row.find("passed", _yes_or_no),
    )


def _short(text: str) -> str:
    return clean_text(text, max_length=_MAX_SHORT)


def _long(text: str) -> str:
    return clean_text(text, max_length=MAX_TEXT)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueRefusedError("not-a-number", "A whole number is expected here.")
    return int(text)


def _yes_or_no(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueRefusedError("unknown-value", "Either yes or no.")
    return text == "yes"


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueRefusedError("unknown-value", "A language is two small letters, such as da.")
    return text


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueRefusedError("invalid-time", "A time is 14:03 or 14:03:00.")
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)


def in_order(actions: list[ReportedAction]) -> tuple[ReportedAction, ...]:
    """The actions in the order in which they happened; those of one day as in the file."""
    return tuple(sorted(actions, key=lambda action: action.on.last))

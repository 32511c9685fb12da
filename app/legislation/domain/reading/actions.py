"""Reads actions as they are given: what happened, and what is to happen on a day ahead."""

import re
from datetime import timedelta
from typing import Final

from app.kernel.dates import UNDATED, Span
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_url
from app.legislation.domain.commands import Raw, RawAction
from app.legislation.domain.model import Action, FlagEffect, Vote
from app.legislation.domain.reading.limits import MAX_NAME, MAX_NOTES
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.states import Flag, FlagChange, State

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?", re.ASCII)
# Well-formed enough for BCP 47; whether a language of this name exists is not ours to say.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_GRACE: Final = timedelta(days=1)


def read_action(reader: Reader, pointer: str, raw: RawAction) -> Action:
    """An action. Where something is refused, that is noted and the action is of no use."""
    if raw.state is None and raw.flag is None and raw.text is None:
        reader.note(pointer, "empty-action", "An action has a state, a flag or a text.")
    on = reader.any_date(f"{pointer}/on", raw.on) or UNDATED
    moves = not (raw.state is None and raw.flag is None and raw.vote is None)
    if moves and _is_ahead(reader, on):
        detail = "What lies ahead may be announced with a text; it has no state, flag or vote yet."
        reader.note(f"{pointer}/on", "date-in-future", detail)
    return Action(
        id=raw.action_id,
        on=on,
        time=reader.collector.find(_read_time, f"{pointer}/time", raw.time),
        body=reader.text(f"{pointer}/body", raw.body, MAX_NAME),
        state=reader.find_choice(f"{pointer}/state", raw.state, State),
        flag=_read_flag(reader, f"{pointer}/flag", raw.flag),
        text=reader.text(f"{pointer}/text", raw.text, MAX_NOTES),
        language=reader.collector.find(_read_language, f"{pointer}/language", raw.language),
        vote=_read_vote(reader, f"{pointer}/vote", raw.vote),
        vehicle=reader.text(f"{pointer}/vehicle", raw.vehicle, MAX_NAME),
        source_url=reader.collector.find(clean_url, f"{pointer}/source_url", raw.source_url),
        scheme=reader.text(f"{pointer}/scheme", raw.scheme, MAX_NAME),
        code=reader.text(f"{pointer}/code", raw.code, MAX_NAME),
        known=reader.date(f"{pointer}/known_on", raw.known_on),
        # What moves a matter is of substance; of the rest whoever reports it must say.
        substantive=moves if raw.substantive is None else raw.substantive,
        cause=raw.cause,
        recorded_on=reader.today,
    )


def _is_ahead(reader: Reader, on: Span) -> bool:
    return on.is_dated and on.first > reader.today + _GRACE


def _read_flag(reader: Reader, pointer: str, raw: Raw | None) -> FlagEffect | None:
    if raw is None:
        return None
    return FlagEffect(
        reader.choice(f"{pointer}/name", raw["name"], Flag.BLOCKED),
        reader.choice(f"{pointer}/change", raw["change"], FlagChange.SET),
    )


def _read_vote(reader: Reader, pointer: str, raw: Raw | None) -> Vote | None:
    if raw is None:
        return None
    return Vote(
        yes=reader.count(f"{pointer}/yes", raw.get("yes")),
        no=reader.count(f"{pointer}/no", raw.get("no")),
        other=reader.text(f"{pointer}/other", raw.get("other"), MAX_NAME),
        roll=reader.count(f"{pointer}/roll", raw.get("roll")),
        chamber=reader.text(f"{pointer}/chamber", raw.get("chamber"), MAX_NAME),
        session=reader.text(f"{pointer}/session", raw.get("session"), MAX_NAME),
        question=reader.text(f"{pointer}/question", raw.get("question"), MAX_NOTES),
    )


def _read_time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueRefusedError("invalid-time", "A time is like 14:05 or 14:05:30.")
    return text


def _read_language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise ValueRefusedError("invalid-language", "A language is like en, da or pt-BR.")
    return text

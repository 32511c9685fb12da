"""Reads the lines of a request as they are given, with their claims, and makes a tree of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.currencies import Currency
from app.kernel.errors import ValueRefusedError
from app.kernel.money import parse_amount
from app.kernel.sources import read_source
from app.legislation.domain.commands import Raw
from app.legislation.domain.model import (
    AmountKind,
    Beneficiary,
    Claim,
    Component,
    Line,
    find_cycle,
    with_residuals,
)
from app.legislation.domain.reading.limits import (
    MAX_CLAIMS,
    MAX_LINES,
    MAX_NAME,
    MAX_NOTES,
    MAX_TITLE,
)
from app.legislation.domain.reading.reader import Reader
from app.pledges.domain import Bound, Verification

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class _Stated:
    """An amount as one source states it."""

    amount: int | None
    bound: Bound
    verification: Verification


def read_lines(reader: Reader, raw: Sequence[Raw], currency: Currency | None) -> tuple[Line, ...]:
    """The lines with their residuals; a line without a key is named by its place, from 1."""
    lines: list[Line] = []
    for pointer, one in reader.several("/lines", raw, MAX_LINES):
        if one.get("residual"):
            continue  # the ledger makes these itself, from the lines beside them
        lines.append(_read_line(reader, pointer, one, str(len(lines) + 1), currency))
    return with_residuals(lines) if _is_tree(reader, lines) else tuple(lines)


def read_key(text: str) -> str:
    """A short name of a line, stable from version to version.

    Raises:
        ValueRefusedError: ``invalid-key``.
    """
    if not _KEY.fullmatch(text):
        raise ValueRefusedError(
            "invalid-key", "A key has letters, digits, dots, dashes and underscores, at most 64."
        )
    return text


def _is_tree(reader: Reader, lines: Sequence[Line]) -> bool:
    """Whether keys are unique, parents exist and nobody is an ancestor of his own; else it is noted."""
    before = len(reader.collector.findings)
    keys = [line.key for line in lines]
    for index, line in enumerate(lines):
        if line.key in keys[:index]:
            reader.note(f"/lines/{index}/key", "repeated-value", "Another line has this key.")
        if line.parent is not None and line.parent not in keys:
            reader.note(f"/lines/{index}/parent", "unknown-line", "There is no line of this key.")
    cyclic = find_cycle(lines)
    if cyclic is not None:
        place = f"/lines/{keys.index(cyclic)}/parent"
        reader.note(place, "cyclic-lines", "A line cannot lie within itself.")
    return len(reader.collector.findings) == before


def _read_line(
    reader: Reader, pointer: str, raw: Raw, usual_key: str, currency: Currency | None
) -> Line:
    claims = _read_claims(reader, f"{pointer}/claims", raw.get("claims") or (), currency)
    stated = _stated(reader, pointer, raw, currency)
    preferred = next((claim for claim in claims if claim.preferred), None)
    if preferred is not None:
        stated = _agree(reader, pointer, raw, stated, preferred)
    find = reader.collector.find
    return Line(
        key=find(read_key, f"{pointer}/key", raw.get("key")) or usual_key,
        parent=find(read_key, f"{pointer}/parent", raw.get("parent")),
        component=reader.choice(f"{pointer}/component", raw["component"], Component.OTHER),
        subcomponent=reader.text(f"{pointer}/subcomponent", raw.get("subcomponent"), MAX_NAME),
        label=reader.text(f"{pointer}/label", raw.get("label"), MAX_TITLE),
        amount=stated.amount,
        bound=stated.bound,
        verification=stated.verification,
        amount_kind=_word(reader, pointer, raw, "amount_kind", AmountKind.CASH),
        beneficiary=_word(reader, pointer, raw, "beneficiary", Beneficiary.RECIPIENT),
        year=find(_read_year, f"{pointer}/year", raw.get("year")),
        new_money=raw.get("new_money"),
        note=reader.text(f"{pointer}/note", raw.get("note"), MAX_NOTES),
        claims=claims,
        enacted=reader.date(f"{pointer}/enacted_on", raw.get("enacted_on")),
    )


def _stated(reader: Reader, pointer: str, raw: Raw, currency: Currency | None) -> _Stated:
    amount = None
    if currency is not None:
        amount = reader.collector.find(
            lambda given: parse_amount(given, currency), f"{pointer}/amount", raw.get("amount")
        )
    return _Stated(
        amount,
        _word(reader, pointer, raw, "bound", Bound.EXACT),
        _word(reader, pointer, raw, "verification", Verification.UNVERIFIED),
    )


def _agree(reader: Reader, pointer: str, raw: Raw, stated: _Stated, preferred: Claim) -> _Stated:
    """The preferred claim gives the line its amount; a line that says another one is refused."""
    if raw.get("amount") is not None and stated.amount != preferred.amount:
        detail = "The amount is that of the preferred claim; leave it out, or prefer another claim."
        reader.note(f"{pointer}/amount", "contradicts-claim", detail)
    return _Stated(preferred.amount, preferred.bound, preferred.verification)


def _read_claims(
    reader: Reader, pointer: str, raw: Sequence[Raw], currency: Currency | None
) -> tuple[Claim, ...]:
    claims = tuple(
        _read_claim(reader, place, one, currency)
        for place, one in reader.several(pointer, raw, MAX_CLAIMS)
    )
    preferred = [claim for claim in claims if claim.preferred]
    if claims and len(preferred) != 1:
        reader.note(pointer, "one-preferred-claim", "Exactly one claim is the preferred one.")
    elif len(claims) > 1 and not preferred[0].reason:
        detail = "Where claims differ, say why this one is preferred."
        reader.note(f"{pointer}/{claims.index(preferred[0])}/reason", "reason-required", detail)
    return claims


def _read_claim(reader: Reader, pointer: str, raw: Raw, currency: Currency | None) -> Claim:
    stated = _stated(reader, pointer, raw, currency)
    source = raw.get("source")
    return Claim(
        amount=stated.amount,
        bound=stated.bound,
        verification=stated.verification,
        source=read_source(reader.collector, f"{pointer}/source", source) if source else None,
        retrieved=reader.date(f"{pointer}/retrieved_on", raw.get("retrieved_on")),
        preferred=bool(raw.get("preferred")),
        reason=reader.text(f"{pointer}/reason", raw.get("reason"), MAX_NOTES),
    )


def _word(reader: Reader, pointer: str, raw: Raw, name: str, default: Any) -> Any:
    return reader.choice(f"{pointer}/{name}", raw.get(name) or default.value, default)


def _read_year(year: int) -> int:
    if year not in _YEARS:
        raise ValueRefusedError("out-of-range", "A year from 1900 to 2199.")
    return year

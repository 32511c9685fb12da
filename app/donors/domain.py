"""Donors and their groups, read from the data files of this room.

Any country that stands in ISO 3166-1 today may give. The 44 known donors have spellings of their
own, and three of them are institutions. The ledger's one recipient, Ukraine, is the only country
that cannot be a donor.

``EU`` is two things. As a donor it is the institution, which pays from its own budget. As a group
it is the member states, and the institution is no member of it: it refunds some of what they give,
so to add both would count money twice.
"""

import csv
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from app.kernel.errors import ValueRefusedError
from app.kernel.text import fold

RECIPIENT: Final = "UA"
# A guess compares the text with every name, which takes longer the longer the text is.
_LONGEST_GUESS: Final = 64
# Codes and abbreviations are too short for a guess: one letter more or less is another country.
_SHORTEST_GUESS: Final = 4
_SIMILAR_ENOUGH: Final = 0.8


class DonorKind(StrEnum):
    """What a donor is."""

    COUNTRY = "country"
    INSTITUTION = "institution"


class Group(StrEnum):
    """A group of countries that totals can be asked for.

    Attributes:
        EU: the member states of the European Union, without the institution of the same name.
        NATO: the members of the North Atlantic Treaty Organization.
        G7: the Group of Seven, without the EU, which takes part and is not counted.
        NB8: the Nordic-Baltic Eight.
    """

    EU = "EU"
    NATO = "NATO"
    G7 = "G7"
    NB8 = "NB8"


@dataclass(frozen=True, slots=True)
class Membership:
    """A donor's time in a group, half-open.

    Attributes:
        group: the group.
        since: the first day inside.
        until: the first day outside again, or ``None`` while it lasts.
    """

    group: Group
    since: date
    until: date | None

    def includes(self, day: date) -> bool:
        """Whether ``day`` lies in this time."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Donor:
    """Who pays.

    Attributes:
        code: ISO 3166-1 alpha-2 of a country; ``EU``, ``EPF`` or ``EIB`` for an institution.
        name: English name.
        kind: country or institution.
        aliases: other spellings met in sources, in no order of merit.
        memberships: groups, with dates.
    """

    code: str
    name: str
    kind: DonorKind
    aliases: tuple[str, ...]
    memberships: tuple[Membership, ...]

    def groups_on(self, day: date) -> tuple[Group, ...]:
        """The groups that the donor belonged to on ``day``."""
        return tuple(one.group for one in self.memberships if one.includes(day))


def get_donor(code: str) -> Donor:
    """The donor with this exact code; nothing is folded.

    Raises:
        ValueRefusedError: ``unknown-donor``, with ``did_you_mean`` where the text comes close to a
            code, a name or a known spelling; or ``donor-is-recipient`` where it means Ukraine.
    """
    donor = _all_donors().get(code)
    if donor is not None:
        return donor
    meant = _guess(code[: _LONGEST_GUESS + 1])
    if meant == RECIPIENT:
        raise ValueRefusedError(
            "donor-is-recipient", "Ukraine receives in this ledger, it cannot give."
        )
    facts = {"did_you_mean": meant} if meant else {}
    raise ValueRefusedError(
        "unknown-donor",
        "A donor is a country's ISO 3166-1 alpha-2 code in use, or one of EU, EPF, EIB.",
        **facts,
    )


def find_donor(spelling: str) -> Donor | None:
    """The donor that is known by this code, name or alias, without regard to case and blanks.

    For files written by others. Input that is recorded as given goes through ``get_donor``.
    """
    return _all_donors().get(_spellings().get(fold(spelling), ""))


@cache
def list_donors() -> tuple[Donor, ...]:
    """The 44 known donors: countries by code, then institutions by code."""
    return tuple(_all_donors()[row["code"]] for row in _read_rows("donors.csv"))


def group_names() -> tuple[str, ...]:
    """The names that ``get_group`` takes."""
    return tuple(group.value for group in Group)


def get_group(name: str) -> Group:
    """The group with this exact name.

    Raises:
        ValueRefusedError: ``unknown-group``, naming the allowed ones.
    """
    try:
        return Group(name)
    except ValueError:
        raise ValueRefusedError(
            "unknown-group", "There is no such group of donors.", allowed=list(group_names())
        ) from None


def members(group: Group, day: date) -> tuple[str, ...]:
    """The codes of the countries that belonged to ``group`` on ``day``, sorted."""
    return tuple(
        sorted(code for code, donor in _all_donors().items() if group in donor.groups_on(day))
    )


@cache
def _all_donors() -> dict[str, Donor]:
    """Every possible donor by code: the known ones, and all other countries but the recipient."""
    known = {row["code"]: row for row in _read_rows("donors.csv")}
    others = {row["code"]: row for row in _read_rows("countries.csv") if row["code"] != RECIPIENT}
    return {code: _make_donor(row) for code, row in (others | known).items()}


def _make_donor(row: dict[str, str]) -> Donor:
    return Donor(
        code=row["code"],
        name=row["name"],
        kind=DonorKind(row.get("kind", DonorKind.COUNTRY)),
        aliases=tuple(filter(None, row.get("aliases", "").split(";"))),
        memberships=_memberships().get(row["code"], ()),
    )


@cache
def _memberships() -> dict[str, tuple[Membership, ...]]:
    found: dict[str, tuple[Membership, ...]] = {}
    for row in _read_rows("memberships.csv"):
        until = date.fromisoformat(row["until"]) if row["until"] else None
        one = Membership(Group(row["group"]), date.fromisoformat(row["since"]), until)
        found[row["donor"]] = (*found.get(row["donor"], ()), one)
    return found


@cache
def _spellings() -> dict[str, str]:
    """Code by folded spelling; the recipient is among them, so that its name is recognised."""
    found: dict[str, str] = {}
    for row in _read_rows("countries.csv"):
        found |= {fold(row[column]): row["code"] for column in ("code", "alpha_3", "name")}
    for donor in list_donors():
        found |= {fold(text): donor.code for text in (donor.code, donor.name, *donor.aliases)}
    return found


@lru_cache(maxsize=1024)
def _guess(text: str) -> str | None:
    """The code that ``text`` probably means: a known spelling, else the most similar name."""
    folded = fold(text)
    if folded in _spellings() or not _SHORTEST_GUESS <= len(folded) <= _LONGEST_GUESS:
        return _spellings().get(folded)
    names = [name for name in _spellings() if len(name) >= _SHORTEST_GUESS]
    close = get_close_matches(folded, names, n=1, cutoff=_SIMILAR_ENOUGH)
    return _spellings()[close[0]] if close else None


@cache
def _read_rows(name: str) -> tuple[dict[str, str], ...]:
    text = (files("app.donors") / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))

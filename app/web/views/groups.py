"""Groups of donors, with the days on which their members came and went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.donors.domain import Donor, Group, Membership, get_donor, list_donors, members
from app.web.words import count_words, day_words

_ABOUT: Final = {
    Group.EU: "The member states of the European Union. The institution of the same name is a donor of its own and no"
    " member: it refunds some of what they give, so to add both would count money twice.",
    Group.NATO: "The members of the North Atlantic Treaty Organization.",
    Group.G7: "The Group of Seven. The European Union takes part and is not counted.",
    Group.NB8: "The Nordic-Baltic Eight.",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its code, its name, and since when, or from when to when."""

    code: str
    name: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """One group: its members today in the order of their names, and those that left."""

    name: str
    about: str
    count: str
    members: Sequence[Member]
    former: Sequence[Member]


def list_groups(on: date) -> list[GroupCard]:
    """All groups as of a day."""
    return [_card(group, on) for group in Group]


def _card(group: Group, on: date) -> GroupCard:
    codes = {*members(group, on), *(one.code for one in list_donors())}
    donors = sorted((get_donor(code) for code in codes), key=lambda one: one.name)
    times = [(donor, one) for donor in donors for one in donor.memberships if one.group is group]
    present = [_member(donor, one) for donor, one in times if one.includes(on)]
    return GroupCard(
        name=group.value,
        about=_ABOUT[group],
        count=count_words(len(present), "member"),
        members=present,
        former=[_member(donor, one) for donor, one in times if not one.includes(on)],
    )


def _member(donor: Donor, one: Membership) -> Member:
    time = f"since {day_words(one.since)}"
    if one.until is not None:
        time = f"{day_words(one.since)} to {day_words(one.until - timedelta(days=1))}"
    return Member(donor.code, donor.name, time)

"""How bills, sessions and laws of the United States Congress are named."""

import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from app.kernel.errors import ValueRefusedError
from app.parliaments.domain.actions import VehicleFacts

JURISDICTION: Final = "US"
ZONE: Final = ZoneInfo("America/New_York")
_FIRST_YEAR: Final = 1789
# It ends in 2199, as our dates do.
_LAST_CONGRESS: Final = 205
# Type of measure, how it is cited, and its word in an address of congress.gov.
_TYPES: Final = {
    "hr": ("H.R.", "house-bill"),
    "s": ("S.", "senate-bill"),
    "hjres": ("H.J.Res.", "house-joint-resolution"),
    "sjres": ("S.J.Res.", "senate-joint-resolution"),
    "hconres": ("H.Con.Res.", "house-concurrent-resolution"),
    "sconres": ("S.Con.Res.", "senate-concurrent-resolution"),
    "hres": ("H.Res.", "house-resolution"),
    "sres": ("S.Res.", "senate-resolution"),
}
_LAW_NUMBER: Final = re.compile(r"[0-9]{1,4}-[0-9]{1,5}")
_LAWS: Final = {"public": "P.L.", "private": "Pvt.L."}


def bill_facts(
    congress: int,
    kind: str,
    number: str,
    *,
    titles: tuple[str, ...] = (),
    introduced_on: date | None = None,
    law: str | None = None,
) -> VehicleFacts:
    """The facts of a bill.

    ``kind`` is the type of measure in any of the usual spellings, ``HR``, ``hr`` or ``H.R.``; the present title is the
    first of ``titles``.

    Raises:
        ValueRefusedError: ``unknown-bill-type``; ``out-of-range``, there will not be so many Congresses.
    """
    key = kind.replace(".", "").replace(" ", "").lower()
    if not 1 <= congress <= _LAST_CONGRESS:
        detail = f"Congresses are numbered from 1 to {_LAST_CONGRESS}."
        raise ValueRefusedError("out-of-range", detail)
    if key not in _TYPES:
        raise ValueRefusedError("unknown-bill-type", "There is no such type of bill.", found=kind)
    citation, word = _TYPES[key]
    return VehicleFacts(
        jurisdiction=JURISDICTION,
        session=str(congress),
        identifier=f"{citation} {number}",
        title=titles[0] if titles else None,
        introduced_on=introduced_on,
        law=law,
        titles=tuple(dict.fromkeys(titles)),
        external_ids={
            "congress.gov": f"{congress}/{key}/{number}",
            "unitedstates": f"{key}{number}-{congress}",
        },
        url=f"https://www.congress.gov/bill/{_ordinal(congress)}-congress/{word}/{number}",
    )


def cite_law(kind: str, number: str) -> str:
    """``P.L. 117-103`` from ``Public Law`` and ``117-103``.

    Raises:
        ValueRefusedError: ``unknown-law``.
    """
    citation = _LAWS.get(kind.lower().partition(" ")[0])
    if citation is None or not _LAW_NUMBER.fullmatch(number):
        raise ValueRefusedError("unknown-law", "A law is public or private, and numbered 117-103.")
    return f"{citation} {number}"


def vote_session(congress: int, day: date) -> str:
    """Within which a roll call's number is unique: ``118-2``.

    A Congress has two sessions, and the second begins on 3 January of the even year (20th Amendment, section 2). So
    the number that a source states, which is wrong at times, is not needed.
    """
    second_begins = date(_FIRST_YEAR + 2 * (congress - 1) + 1, 1, 3)
    return f"{congress}-{1 if day < second_begins else 2}"


def _ordinal(number: int) -> str:
    teens = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"

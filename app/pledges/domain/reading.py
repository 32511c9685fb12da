"""Reads the values of a command into a pledge's own types; every refusal is noted with its place."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.donors.domain import get_donor
from app.kernel.choices import read_choice
from app.kernel.currencies import Currency, get_currency
from app.kernel.dates import UNDATED, Span, parse_span, refuse_future
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.money import parse_amount
from app.kernel.sources import read_sources
from app.kernel.text import clean_text
from app.pledges.domain.items import read_items
from app.pledges.domain.model import AidType, Bound, Instrument, Stage, Verification

MAX_TITLE: Final = 500
MAX_NOTES: Final = 4_000
MAX_REASON: Final = 2_000
MAX_OVERLAPS: Final = 20
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class Reader:
    """Reads raw values, noting refusals under their JSON pointers; ``finish`` raises them all at once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.collector = Collector()

    def note(self, pointer: str, code: str, detail: str, **facts: object) -> None:
        """Remember one finding."""
        self.collector.note(pointer, code, detail, **facts)

    def finish(self) -> None:
        """Raise what was noted.

        Raises:
            InvalidError: at least one value was refused.
        """
        self.collector.finish()

    def span(self, pointer: str, text: str | None) -> Span:
        """An effective date that is not ahead of us; undated for ``None``."""
        found = self.collector.find(
            lambda given: refuse_future(parse_span(given), self.today), pointer, text
        )
        return found or UNDATED

    def text(self, pointer: str, text: str | None, max_length: int) -> str | None:
        """Optional text."""
        return self.collector.find(
            lambda given: clean_text(given, max_length=max_length), pointer, text
        )

    def money(
        self, amount: str | None, currency: str | None, on: Span
    ) -> tuple[int | None, str | None]:
        """An amount in minor units with its currency, both optional, the second needed by the first."""
        found = self.collector.find(get_currency, "/currency", currency)
        if amount is not None and currency is None:
            self.note("/currency", "currency-required", "An amount has a currency.")
        if found is None:
            return None, None
        if on.is_dated and not found.is_valid_on(on.first):
            last = found.withdrawn_on.isoformat() if found.withdrawn_on else None
            self.note(
                "/currency",
                "currency-not-valid-on-date",
                f"{found.code} was withdrawn on {last}.",
                last=last,
            )
        return self.amount("/amount", amount, found), found.code

    def amount(self, pointer: str, text: str | None, currency: Currency) -> int | None:
        """An optional amount in minor units."""
        return self.collector.find(lambda given: parse_amount(given, currency), pointer, text)

    def pledge_fields(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of ``Pledge`` (by attribute) that ``raw`` (by wire name) sets, money and date always together."""
        read = self.collector.read
        announced = self.span("/announced_on", raw["announced_on"])
        amount, currency = self.money(raw["amount"], raw["currency"], announced)
        return {
            "donor": read("/donor", lambda code: get_donor(code).code, raw["donor"], ""),
            "title": read(
                "/title", lambda text: clean_text(text, max_length=MAX_TITLE), raw["title"], ""
            ),
            "aid_type": read(
                "/aid_type",
                lambda text: read_choice(AidType, text),
                raw["aid_type"],
                AidType.MILITARY,
            ),
            "instrument": read(
                "/instrument",
                lambda text: read_choice(Instrument, text),
                raw["instrument"],
                Instrument.GRANT,
            ),
            "bound": read(
                "/bound", lambda text: read_choice(Bound, text), raw["bound"], Bound.EXACT
            ),
            "opening": read(
                "/status", lambda text: read_choice(Stage, text), raw["status"], Stage.PLEDGED
            ),
            "verification": read(
                "/verification",
                lambda text: read_choice(Verification, text),
                raw["verification"],
                Verification.UNVERIFIED,
            ),
            "notes": self.text("/notes", raw["notes"], MAX_NOTES),
            "overlaps": self._overlaps(raw["overlaps"]),
            "sources": read_sources(self.collector, "/sources", raw["sources"]),
            "items": read_items(self.collector, "/items", raw["items"]),
            "announced": announced,
            "amount": amount,
            "currency": currency,
        }

    def _overlaps(self, references: tuple[str, ...]) -> tuple[str, ...]:
        if len(references) > MAX_OVERLAPS:
            self.note("/overlaps", "too-many", f"At most {MAX_OVERLAPS} references.")
            return ()
        read = self.collector.read
        return tuple(
            read(f"/overlaps/{index}", read_reference, text, "")
            for index, text in enumerate(references)
        )


def read_reference(text: str) -> str:
    """A stable short name: letters, digits, dot, dash and underscore, at most 64.

    Raises:
        ValueRefusedError: ``invalid-reference``.
    """
    if not is_reference(text):
        raise ValueRefusedError(
            "invalid-reference",
            "A reference has letters, digits, dots, dashes and underscores, at most 64.",
        )
    return text


def is_reference(text: str) -> bool:
    """Whether the text can be a reference at all; what cannot is not looked up."""
    return _REFERENCE.fullmatch(text) is not None


def default_instrument(aid_type: str) -> str:
    """Military aid is given in kind unless somebody says otherwise; the rest is a grant."""
    return (
        Instrument.IN_KIND.value if aid_type == AidType.MILITARY.value else Instrument.GRANT.value
    )

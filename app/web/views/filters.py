"""The filter bar: what the address asks for, read by the parsers of the API, and the addresses of the same view."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self, TypeVar
from urllib.parse import urlencode

from fastapi.datastructures import QueryParams
from pydantic import BaseModel, ValidationError

from app.donors.domain import Group, list_donors
from app.kernel.errors import Finding, InvalidError, invalid
from app.pledges.domain import AidType, Stage
from app.problems import finding_of
from app.totals.domain import NATIVE, TotalsQuery
from app.totals.schemas import TotalsParams

Params = TypeVar("Params", bound=BaseModel)
# What every page with figures takes; the names and their meaning are those of ``/v1/totals``.
SHARED: Final = (
    "from",
    "to",
    "donor",
    "group",
    "aid_type",
    "measure",
    "currency",
    "fx",
    "as_of",
)
# Which entry a form has just made; every page takes it, and only whoever is signed in sees it.
SAID: Final = "recorded"
_DEFAULTS: Final[Mapping[str, str]] = {"measure": "committed", "currency": "EUR", "fx": "effective"}
_CURRENCIES: Final = ("EUR", "USD", "GBP", "CAD", "CHF", "CZK", "DKK", "JPY", "NOK", "PLN", "SEK")
_POLICIES: Final[Mapping[str, str]] = {
    "effective": "rate of the day",
    "announcement": "rate of the announcement",
    "month_average": "average of the month",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class View:
    """What an address asks for, as it was typed.

    Attributes:
        path: the page.
        texts: the parameters that are given and not empty, by name.
        findings: what is wrong with the address as such: names that the page does not know, or that stand twice.
    """

    path: str
    texts: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    @classmethod
    def read(cls, path: str, query: QueryParams, names: Sequence[str] = SHARED) -> "View":
        """Read the address of a page that takes the parameters ``names``."""
        given = [(name, value.strip()) for name, value in query.multi_items() if name != SAID]
        findings = [
            Finding(f"?{name[:100]}", "unknown-parameter", "There is no such parameter.")
            for name in dict.fromkeys(name for name, _ in given)
            if name not in names
        ]
        findings += [
            Finding(f"?{name}", "repeated-parameter", "The parameter is given more than once.")
            for name in names
            if sum(1 for other, _ in given if other == name) > 1
        ]
        texts = {name: value for name, value in given if value and name in names}
        return cls(path, texts, tuple(findings))

    def get(self, name: str) -> str:
        """What the field of this name holds; its default where the address is silent."""
        return self.texts.get(name) or _DEFAULTS.get(name, "")

    @property
    def as_of(self) -> str | None:
        """The moment that is asked for."""
        return self.texts.get("as_of")

    @property
    def is_filtered(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.texts)

    def with_texts(self, **texts: str) -> "View":
        """The same view with these parameters; an empty one is left out."""
        merged = {**self.texts, **texts}
        return replace(self, texts={name: value for name, value in merged.items() if value})

    def address(self, path: str | None = None, **changes: str) -> str:
        """The address of this view, or of another page with the same filters; an empty change takes one away."""
        texts = self.with_texts(**changes).texts
        query = urlencode(sorted(texts.items()), safe=",:")
        return (path or self.path) + (f"?{query}" if query else "")

    def check(self) -> None:
        """Refuse an address that names what the page does not know.

        Raises:
            InvalidError: all of it.
        """
        if self.findings:
            raise InvalidError(self.findings)

    def to_totals(self, by: str, **more: str) -> TotalsQuery:
        """The totals that this view shows, split by ``by``.

        Raises:
            InvalidError: everything that cannot be read; and native currencies, which a page cannot add up.
        """
        self.check()
        asked = {name: value for name, value in self.texts.items() if name in SHARED}
        query = read_params(TotalsParams, {**asked, "by": by, **more}).to_query()
        if query.currency == NATIVE:
            raise invalid(
                "?currency", "needs-currency", "These figures are added up: choose a currency."
            )
        return query


def read_params(model: type[Params], texts: Mapping[str, object]) -> Params:
    """The query string of an address of the API, made of what a page was asked for.

    Raises:
        InvalidError: a value is none of those that are taken.
    """
    try:
        return model.model_validate(texts)
    except ValidationError as refused:
        findings = [finding_of({**one, "loc": ("query", *one["loc"])}) for one in refused.errors()]
        raise InvalidError(findings) from None


@dataclass(frozen=True, slots=True)
class FilterBar:
    """The fields of the bar.

    Attributes:
        view: what is asked for.
        problems: by field, what is wrong with it; under an empty name what is wrong with the address.
    """

    view: View
    problems: Mapping[str, str]

    @classmethod
    def of(cls, view: View, findings: Sequence[Finding] = ()) -> Self:
        """The bar of a view, with what was found wrong."""
        problems: dict[str, str] = {}
        for finding in findings:
            name = finding.pointer.removeprefix("?")
            place = name if name in SHARED or name in view.texts else ""
            detail = finding.detail if place or not name else f"{name}: {finding.detail}"
            problems.setdefault(place, detail)
        return cls(view, problems)

    def problem(self, name: str) -> str | None:
        """What is wrong with a field."""
        return self.problems.get(name)

    @property
    def donors(self) -> list[Option]:
        """All, then the known donors by name."""
        named = sorted((donor.name, donor.code) for donor in list_donors())
        return self._options("donor", {"": "All donors", **{code: name for name, code in named}})

    @property
    def groups(self) -> list[Option]:
        """All, then the groups."""
        return self._options("group", {"": "Any group", **{one.value: one.value for one in Group}})

    @property
    def aid_types(self) -> list[Option]:
        """All, then the types."""
        named = {one.value: one.value.capitalize() for one in AidType}
        return self._options("aid_type", {"": "All aid", **named})

    @property
    def measures(self) -> list[Option]:
        """The stages that a total can be asked for."""
        return self._options("measure", {one.value: one.value.capitalize() for one in Stage})

    @property
    def currencies(self) -> list[Option]:
        """The usual ones."""
        return self._options("currency", {code: code for code in _CURRENCIES})

    @property
    def policies(self) -> list[Option]:
        """How amounts are converted."""
        return self._options("fx", _POLICIES)

    def _options(self, name: str, labels: Mapping[str, str]) -> list[Option]:
        """The choices; what the address asks for beyond them stands among them, so that nothing is lost."""
        chosen = self.view.get(name)
        known = labels if chosen in labels else {**labels, chosen: chosen}
        return [Option(value, label, value == chosen) for value, label in known.items()]


def policy_words(text: str) -> str:
    """How amounts are converted, in words."""
    return {
        "effective": "at the rate of each effective date",
        "announcement": "at the rate of each announcement",
        "month_average": "at the average rate of each month",
    }.get(text, f"at the rates of {text}")

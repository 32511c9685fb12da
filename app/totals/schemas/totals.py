"""The wire of totals and donors."""

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from app.donors.domain import Donor, get_donor, list_donors
from app.fx.domain import EFFECTIVE, parse_policy
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.currencies import get_currency
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.money import format_minor
from app.pledges.domain import NO_CURRENCY, Stage, decimals_of
from app.pledges.domain.query import Filters
from app.pledges.schemas import PledgeFilterParams
from app.totals.domain import (
    MAX_DIMENSIONS,
    NATIVE,
    Dimension,
    ProvisionalRate,
    Row,
    Sum,
    Totals,
    TotalsQuery,
)
from app.totals.store import DonorActivity

# Where several currencies stand beside each other, these are not added up.
_AMOUNTS: Final = frozenset({"amount", "undated", "conditional", "conditional_undated"})
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)


class TotalsParams(PledgeFilterParams):
    """The query string of totals."""

    measure: str = Field("committed", description="pledged, committed, allocated or delivered.")
    by: str = Field(
        "donor",
        description="One to three of donor, group, aid_type, instrument, currency, month, quarter, year.",
    )
    currency: str = Field(
        "EUR", description="An ISO 4217 code; `native` keeps each amount in its own currency."
    )
    fx: str = Field(
        "effective",
        description="Which rate: effective, announcement, month_average, fixed:DATE or release:LABEL.",
    )
    prices: str | None = Field(None, description="The year in whose prices amounts are given.")
    explain: Literal["true", "false"] = Field(
        "false", description="Add the cells, the rates and what is left out."
    )
    cumulative: Literal["true", "false"] = Field(
        "false", description="Each period shows all up to its end."
    )
    firm: Literal["true", "false"] = Field(
        "false",
        description="`true`: without pledges that wait for a parliament; what they come to stands beside.",
    )
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_query(self) -> TotalsQuery:
        """The query, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        filters = self.to_filters()
        collector = Collector()
        measure = collector.read(
            "?measure", lambda text: read_choice(Stage, text), self.measure, Stage.COMMITTED
        )
        by = collector.find(read_dimensions, "?by", self.by) or ()
        currency = collector.read("?currency", read_currency, self.currency, NATIVE)
        policy = collector.read("?fx", parse_policy, self.fx, EFFECTIVE)
        prices = collector.find(read_year, "?prices", self.prices)
        if prices is not None and self.currency == NATIVE:
            collector.note(
                "?prices",
                "needs-currency",
                "Prices are those of one currency: name it in currency.",
            )
        if self.cumulative == "true" and by and not any(one.grain for one in by):
            collector.note(
                "?cumulative", "needs-period", "A running total needs month, quarter or year in by."
            )
        collector.finish()
        return TotalsQuery(
            measure=measure,
            by=by,
            currency=currency,
            policy=policy,
            prices=prices,
            cumulative=self.cumulative == "true",
            firm=self.firm == "true",
            filters=filters,
        )


class TotalOut(BaseModel):
    """A grand total. Amounts are null where several currencies stand beside each other."""

    amount: str | None
    pledges: int
    unvalued: int
    undated: str | None


class FirmTotalOut(TotalOut):
    """With ``firm=true``: what was left out of each figure; ``conditional`` is of ``amount``."""

    conditional: str | None
    conditional_pledges: int
    conditional_unvalued: int
    conditional_undated: str | None


class TotalsOut(BaseModel):
    """Rows hold the dimensions asked for, in that order, then ``amount``, ``pledges``, ``unvalued``, ``undated``.

    With ``firm=true`` they hold what was left out as well, as the total does.
    """

    data: list[dict[str, Any]]
    total: FirmTotalOut | TotalOut
    explanation: dict[str, Any] | None = Field(
        None, description="With `explain=true`: cells, rates, prices and what is left out."
    )
    next_cursor: None
    meta: dict[str, Any]


class DonorOut(BaseModel):
    """A donor."""

    code: str
    name: str
    kind: str
    groups: list[dict[str, Any]]
    pledges: int
    first_pledge_on: str | None
    last_pledge_on: str | None


class DonorsOut(BaseModel):
    """All donors."""

    data: list[DonorOut]
    next_cursor: None
    meta: dict[str, Any]


def read_dimensions(text: str) -> tuple[Dimension, ...]:
    """One to three dimensions, comma-separated, none twice, at most one of them of time.

    Raises:
        ValueRefusedError: ``unknown-value``, ``repeated-value``, ``too-many`` or ``one-period-only``.
    """
    by = tuple(read_choice(Dimension, part) for part in text.split(","))
    if len(set(by)) != len(by):
        raise ValueRefusedError("repeated-value", "Each dimension is named once.")
    if len(by) > MAX_DIMENSIONS:
        raise ValueRefusedError("too-many", f"At most {MAX_DIMENSIONS} dimensions.")
    if sum(1 for one in by if one.grain) > 1:
        raise ValueRefusedError("one-period-only", "A series has one of month, quarter and year.")
    return by


def read_currency(text: str) -> str:
    """A currency that totals are asked for in, or ``native``.

    Raises:
        ValueRefusedError: ``unknown-currency``.
    """
    return text if text == NATIVE else get_currency(text).code


def read_year(text: str) -> int:
    """A calendar year, ``2022``.

    Raises:
        ValueRefusedError: ``invalid-year``.
    """
    if not _YEAR.fullmatch(text):
        raise ValueRefusedError("invalid-year", "A year has four digits, such as 2022.")
    return int(text)


def totals_json(totals: Totals, snapshot: Snapshot) -> dict[str, Json]:
    """Totals as they are answered by the API and printed by the command line (DESIGN section 5)."""
    query = totals.query
    return {
        "data": [_row_json(row, query) for row in totals.rows],
        "total": _total_json(totals),
        "next_cursor": None,
        "meta": {
            "measure": query.measure.value,
            "by": [one.value for one in query.by],
            "cumulative": query.cumulative,
            "firm": query.firm,
            "currency": query.currency,
            "fx": None if query.is_native else str(query.policy),
            **_valuation_json(totals),
            "provisional_rates": rates_json(totals.provisional),
            **snapshot.meta(),
            "from": query.filters.first.isoformat() if query.filters.first else None,
            "to": query.filters.last.isoformat() if query.filters.last else None,
            "filters": _filters_json(query.filters),
        },
    }


def figures_json(figures: Sum, currency: str) -> dict[str, Json]:
    """The figures of a row or a total, in this order."""
    decimals = decimals_of(currency)
    return {
        "amount": format_minor(figures.amount, decimals),
        "pledges": figures.pledges,
        "unvalued": figures.unvalued,
        "undated": format_minor(figures.undated, decimals),
    }


def conditional_json(figures: Sum, currency: str) -> dict[str, Json]:
    """What a firm total leaves out of each of its figures, in the same order."""
    amount, pledges, unvalued, undated = figures_json(figures, currency).values()
    return {
        "conditional": amount,
        "conditional_pledges": pledges,
        "conditional_unvalued": unvalued,
        "conditional_undated": undated,
    }


def _valuation_json(totals: Totals) -> dict[str, Json]:
    """What else a figure has to say of its conversion: constant prices, and amounts that have no day for it."""
    query, index = totals.query, totals.index
    said: dict[str, Json] = {}
    if index is not None:
        said["prices"] = {
            "year": query.prices,
            "currency": index.currency,
            "source": index.source,
            "label": index.label,
            "import": index.import_id,
        }
    if query.needs_day:
        said["left_apart"] = [
            {
                "currency": code,
                "amount": format_minor(minor, decimals_of(code)),
                "reason": "undated",
            }
            for code, minor in sorted(totals.apart.items())
            if minor
        ]
    return said


def rates_json(provisional: tuple[ProvisionalRate, ...]) -> Json:
    """The rates that stand in, each with the day it stands in for and the day it is of."""
    return [
        {
            "currency": rate.currency,
            "on": rate.on.isoformat(),
            "rate_on": rate.rate_on.isoformat(),
        }
        for rate in provisional
    ]


def donors_json(activity: Iterable[DonorActivity], snapshot: Snapshot) -> dict[str, Any]:
    """The known donors, then the others that the ledger knows pledges of."""
    by_code = {one.donor: one for one in activity}
    known = {donor.code: donor for donor in list_donors()}
    others = [get_donor(code) for code in by_code if code not in known]
    donors = [*known.values(), *others]
    data = [donor_json(donor, by_code.get(donor.code)) for donor in donors]
    return {"data": data, "next_cursor": None, "meta": snapshot.meta()}


def donor_json(donor: Donor, activity: DonorActivity | None) -> dict[str, Json]:
    """A donor as it is answered; its shape is ``DonorOut``."""
    return {
        "code": donor.code,
        "name": donor.name,
        "kind": donor.kind.value,
        "groups": [
            {
                "group": one.group.value,
                "since": one.since.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in donor.memberships
        ],
        "pledges": activity.pledges if activity else 0,
        "first_pledge_on": activity.first_on.isoformat()
        if activity and activity.first_on
        else None,
        "last_pledge_on": activity.last_on.isoformat() if activity and activity.last_on else None,
    }


def _row_json(row: Row, query: TotalsQuery) -> Json:
    keys: dict[str, Json] = {
        one.value: part for one, part in zip(query.columns, row.key, strict=True)
    }
    shown = keys | figures_json(row.figures, row.currency)
    return shown | conditional_json(row.conditional, row.currency) if query.firm else shown


def _total_json(totals: Totals) -> Json:
    valued = sorted(code for code in totals.by_currency if code != NO_CURRENCY)

    def shown(figures: Sum, conditional: Sum, currency: str) -> dict[str, Json]:
        own = figures_json(figures, currency)
        return own | conditional_json(conditional, currency) if totals.query.firm else own

    total = shown(
        _add_up(totals.by_currency.values()),
        _add_up(totals.conditional.values()),
        valued[0] if valued else NO_CURRENCY,
    )
    if len(valued) > 1:
        total |= dict.fromkeys(_AMOUNTS & total.keys())
    if totals.query.is_native:
        total["by_currency"] = [
            {
                "currency": code,
                **shown(totals.by_currency[code], totals.conditional.get(code, Sum()), code),
            }
            for code in valued
        ]
    return total


def _add_up(sums: Iterable[Sum]) -> Sum:
    grand = Sum()
    for figures in sums:
        grand.add(figures)
    return grand


def _filters_json(filters: Filters) -> Json:
    return {name: value for name, value in filters.to_json().items() if name not in {"from", "to"}}

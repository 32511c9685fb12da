"""The wire of what made totals change."""

from typing import Any

from pydantic import BaseModel, Field

from app.fx.domain import EFFECTIVE, Policy, PolicyKind, parse_policy
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.money import format_minor
from app.pledges.domain import NO_CURRENCY, Stage, decimals_of
from app.pledges.schemas import PlaceFilterParams
from app.totals.domain import NATIVE, Changes, Difference, DifferenceRow, Dimension, TotalsQuery
from app.totals.schemas.totals import rates_json, read_currency


class ChangesParams(PlaceFilterParams):
    """The query string of changes. ``from`` and ``to`` are states of the ledger, not effective dates."""

    from_: str = Field(
        alias="from", description="The earlier state: a revision, or an instant with its zone."
    )
    to: str | None = Field(
        None,
        description="The later state: a revision, or an instant with its zone; by default now.",
    )
    measure: str = Field("committed", description="pledged, committed, allocated or delivered.")
    currency: str = Field(
        "EUR", description="An ISO 4217 code; `native` keeps each amount in its own currency."
    )
    fx: str = Field(
        "effective",
        description="Which rate, as known at the later state: effective, month_average, fixed:DATE or release:LABEL.",
    )

    def to_query(self) -> TotalsQuery:
        """The totals whose change is asked for, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        query = TotalsQuery(
            measure=collector.read(
                "?measure", lambda text: read_choice(Stage, text), self.measure, Stage.COMMITTED
            ),
            by=(Dimension.DONOR,),
            currency=collector.read("?currency", read_currency, self.currency, NATIVE),
            policy=collector.read("?fx", _read_policy, self.fx, EFFECTIVE),
            filters=self.read_places(collector),
        )
        collector.finish()
        return query


class ChangesOut(BaseModel):
    """Rows hold ``donor``, with ``currency=native`` then ``currency``, and the figures of ``total``.

    These are ``before``, the six parts, ``change`` (their sum) and ``after`` as decimal texts, then ``pledges_before``,
    ``pledges_after``, ``unvalued_before`` and ``unvalued_after``. ``entries`` says how many entries each part is of.
    """

    data: list[dict[str, Any]]
    total: dict[str, Any]
    entries: dict[str, int]
    next_cursor: None
    meta: dict[str, Any]


def _read_policy(text: str) -> Policy:
    """A policy that the sums of cells suffice for: between two states, they differ by nothing but facts.

    By announcement, an amount may take another day although nothing was posted.

    Raises:
        ValueRefusedError: ``unknown-value``, and as ``parse_policy``.
    """
    policy = parse_policy(text)
    if policy.kind is PolicyKind.ANNOUNCEMENT:
        raise ValueRefusedError(
            "unknown-value",
            "Changes are told at rates that do not depend on announcements, which may have changed too.",
            allowed=["effective", "month_average", "fixed:DATE", "release:LABEL"],
        )
    return policy


def changes_json(changes: Changes, earlier: Snapshot, later: Snapshot) -> dict[str, Json]:
    """Changes as they are answered by the API and printed by the command line."""
    query = changes.query
    return {
        "data": [_row_json(row, is_native=query.is_native) for row in changes.rows],
        "total": _total_json(changes),
        "entries": {cause.value: count for cause, count in changes.entries.items()},
        "next_cursor": None,
        "meta": {
            "measure": query.measure.value,
            "currency": query.currency,
            "fx": None if query.is_native else str(query.policy),
            "fx_as_of": None if query.is_native else "to",
            **_apart_json(changes),
            "provisional_rates": rates_json(changes.provisional),
            **later.meta(),
            "from": earlier.meta(),
            "to": later.meta(),
            "filters": query.filters.to_json(),
        },
    }


def _apart_json(changes: Changes) -> dict[str, Json]:
    """Amounts that have no day to be converted at, at both states."""
    if not changes.query.needs_day:
        return {}
    listed: list[Json] = [
        {
            "currency": code,
            "before": format_minor(before, decimals_of(code)),
            "after": format_minor(after, decimals_of(code)),
            "reason": "undated",
        }
        for code, (before, after) in changes.apart.items()
        if before or after
    ]
    return {"left_apart": listed}


def _row_json(row: DifferenceRow, *, is_native: bool) -> Json:
    keys: dict[str, Json] = {"donor": row.donor}
    if is_native:
        keys["currency"] = None if row.currency == NO_CURRENCY else row.currency
    return keys | _difference_json(row.figures, row.currency)


def _difference_json(figures: Difference, currency: str) -> dict[str, Json]:
    """The figures of a row or a total, in this order."""
    counts: dict[str, Json] = {
        "pledges_before": figures.before.pledges,
        "pledges_after": figures.after.pledges,
        "unvalued_before": figures.before.unvalued,
        "unvalued_after": figures.after.unvalued,
    }
    decimals = decimals_of(currency)
    amounts = _amounts(figures)
    return {name: format_minor(minor, decimals) for name, minor in amounts.items()} | counts


def _amounts(figures: Difference) -> dict[str, int]:
    return {
        "before": figures.before.amount,
        **{cause.value: minor for cause, minor in figures.parts.items()},
        "change": figures.amount,
        "after": figures.after.amount,
    }


def _total_json(changes: Changes) -> Json:
    """As the total of totals: with several currencies beside each other its amounts are null."""
    sums = changes.by_currency
    grand = Difference()
    for figures in sums.values():
        grand.add(figures)
    valued = sorted(code for code in sums if code != NO_CURRENCY)
    shown = _difference_json(grand, valued[0] if valued else NO_CURRENCY)
    if len(valued) > 1:
        shown |= dict.fromkeys(_amounts(grand))
    if changes.query.is_native:
        shown["by_currency"] = [
            {"currency": code, **_difference_json(sums[code], code)} for code in valued
        ]
    return shown

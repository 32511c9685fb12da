"""The wire of an explanation: the cells of a total, the rates and prices that it took, and what is left out."""

from datetime import date
from typing import Final

from app.fx.domain import Policy, PolicyKind, Rate
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.dates import format_span
from app.kernel.money import format_minor
from app.pledges.domain import NO_CURRENCY, decimals_of
from app.totals.domain import ExplainedCell, Explanation, Totals, TotalsQuery
from app.totals.schemas.totals import totals_json

_WHY: Final = {
    "frame": "An authority is a frame that may contain other pledges; ask for instrument=authority.",
    "unvalued": "These pledges have no published amount; unknown is not zero.",
    "undated": "Neither the amount nor its pledge has a date, so this policy finds no rate.",
    "no-period": "The date is missing or too coarse; the amount is in the total and in no period.",
}


def explained_json(totals: Totals, explanation: Explanation, snapshot: Snapshot) -> dict[str, Json]:
    """Totals as they are answered, with what stands behind them."""
    answer = totals_json(totals, snapshot)
    explained = {"explanation": explanation_json(totals, explanation)}
    return {"data": answer.pop("data"), "total": answer.pop("total"), **explained, **answer}


def explanation_json(totals: Totals, explanation: Explanation) -> dict[str, Json]:
    """What stands behind a total. Each figure of the total is the sum of those of ``cells``.

    ``rate_for`` of a cell is the ``for`` of the rate that it took, of its currency and of that of the total.
    """
    query = totals.query
    return {
        "cells": [_cell_json(cell, query) for cell in explanation.cells],
        "rates": [_rate_json(rate, explanation.base, query.policy) for rate in explanation.rates],
        "prices": [
            {"year": year, "index": f"{value:f}"} for year, value in explanation.prices.items()
        ],
        "left_out": _left_out_json(totals, explanation),
    }


def _cell_json(explained: ExplainedCell, query: TotalsQuery) -> Json:
    cell, moment = explained.cell, explained.moment
    own = decimals_of(cell.currency)
    decimals = own if query.is_native else decimals_of(query.currency)
    return {
        "donor": cell.donor,
        "aid_type": cell.aid_type,
        "instrument": cell.instrument,
        "on": format_span(cell.span),
        "currency": None if cell.currency == NO_CURRENCY else cell.currency,
        "native": format_minor(cell.amount, own),
        "rate_for": None if moment is None else _name_moment(moment, query.policy),
        "price_year": None if query.prices is None or not cell.amount else cell.valued_on.year,
        "amount": format_minor(explained.amount, decimals),
        "pledges": explained.pledges,
        "unvalued": explained.unvalued,
        "undated": format_minor(explained.undated, decimals),
    }


def _rate_json(rate: Rate, base: str, policy: Policy) -> Json:
    return {
        "currency": rate.currency,
        "for": _name_moment(rate.asked_for, policy),
        "on": rate.on.isoformat(),
        "base": base,
        "rate": f"{rate.value:f}",
        "source": rate.source,
        "provisional": rate.provisional,
    }


def _name_moment(day: date, policy: Policy) -> str:
    """The day, or the month where rates are averages of months."""
    text = day.isoformat()
    return text[:7] if policy.kind is PolicyKind.MONTH_AVERAGE else text


def _left_out_json(totals: Totals, explanation: Explanation) -> Json:
    figures = list(totals.by_currency.values())
    unvalued = sum(one.unvalued for one in figures)
    left: list[Json] = [
        {"reason": reason, "currency": code, "amount": format_minor(minor, decimals_of(code))}
        for reason, amounts in (("frame", explanation.frames), ("undated", totals.apart))
        for code, minor in sorted(amounts.items())
    ]
    if unvalued:
        left.append({"reason": "unvalued", "pledges": unvalued})
    if totals.query.grain:
        left += [
            {
                "reason": "no-period",
                "currency": code,
                "amount": format_minor(one.undated, decimals_of(code)),
            }
            for code, one in sorted(totals.by_currency.items())
            if one.undated
        ]
    return [{**one, "detail": _WHY[str(one["reason"])]} for one in left if isinstance(one, dict)]

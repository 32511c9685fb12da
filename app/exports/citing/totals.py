"""Totals as they are cited."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from typing_extensions import override

from app.db import ReadSession
from app.exports.citing.citable import Answer, Citable, State, describe_filters
from app.exports.words import filter_words
from app.kernel.canonical import Json
from app.totals import service as totals
from app.totals.domain import NATIVE
from app.totals.schemas import TotalsParams, totals_json

_FIGURES = ("amount", "pledges", "unvalued", "undated")


class CitableTotals(Citable[TotalsParams]):
    """``/v1/totals``."""

    of = "totals"
    params = TotalsParams
    aside = frozenset({"explain"})

    @override
    def check(self, params: TotalsParams, today: date) -> None:
        params.to_query()

    @override
    def answer(self, session: ReadSession, params: TotalsParams, state: State) -> Answer:
        found = totals.read_totals(session, params.to_query(), state.snapshot)
        return totals_json(found, state.snapshot)

    @override
    def figures(self, answer: Answer) -> list[Json]:
        keys = answer["meta"]["by"]
        rows: list[Json] = [[row[name] for name in (*keys, *_FIGURES)] for row in answer["data"]]
        return [rows, [answer["total"][name] for name in _FIGURES]]

    @override
    def title(self, params: TotalsParams, answer: Answer) -> str:
        query = params.to_query()
        split = {"By": ", ".join(query.by)} if len(answer["data"]) > 1 else {}
        words = describe_filters({**dict(filter_words(query.filters)), **split})
        return f"{query.measure.capitalize()} aid to Ukraine{words}"

    @override
    def value(self, answer: Answer) -> str:
        total, currency = answer["total"], answer["meta"]["currency"]
        if currency != NATIVE:
            return f"{currency} {total['amount']}"
        told = (f"{one['currency']} {one['amount']}" for one in total["by_currency"])
        return " + ".join(told) or "0"

    @override
    def amounts(self, answer: Answer) -> Mapping[str, Decimal]:
        return amounts_of(answer, "amount")

    @override
    def path(self, params: TotalsParams) -> str:
        return "/v1/totals"


def amounts_of(answer: Answer, name: str) -> dict[str, Decimal]:
    """A member of the total by currency, of an answer whose ``meta`` says in which it is."""
    total, currency = answer["total"], answer["meta"]["currency"]
    if currency != NATIVE:
        return {currency: Decimal(total[name])}
    return {one["currency"]: Decimal(one[name]) for one in total["by_currency"]}

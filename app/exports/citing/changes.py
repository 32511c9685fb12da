"""What made a total change between two states of the ledger, as it is cited."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from typing_extensions import override

from app.db import ReadSession
from app.exports.citing.citable import Answer, Citable, State, describe_filters
from app.exports.citing.totals import amounts_of
from app.exports.words import filter_words
from app.kernel.canonical import Json
from app.pledges.domain import Cause
from app.totals import service as totals
from app.totals.domain import NATIVE
from app.totals.schemas import ChangesParams, changes_json

_FIGURES: Final = (
    "before",
    *(cause.value for cause in Cause),
    "change",
    "after",
    "pledges_before",
    "pledges_after",
    "unvalued_before",
    "unvalued_after",
)


class CitableChanges(Citable[ChangesParams]):
    """``/v1/changes``: the earlier state is a part of the question, the later one its moment."""

    of = "changes"
    params = ChangesParams
    moment = "to"

    @override
    def since(self, params: ChangesParams) -> str:
        return params.from_

    @override
    def check(self, params: ChangesParams, today: date) -> None:
        params.to_query()

    @override
    def answer(self, session: ReadSession, params: ChangesParams, state: State) -> Answer:
        earlier = state.since or state.snapshot
        found = totals.read_changes(session, params.to_query(), earlier, state.snapshot)
        return changes_json(found, earlier, state.snapshot)

    @override
    def figures(self, answer: Answer) -> list[Json]:
        native = answer["meta"]["currency"] == NATIVE
        names = ("donor", *(("currency",) if native else ()), *_FIGURES)
        rows: list[Json] = [[row[name] for name in names] for row in answer["data"]]
        return [rows, [answer["total"][name] for name in _FIGURES]]

    @override
    def title(self, params: ChangesParams, answer: Answer) -> str:
        query, meta = params.to_query(), answer["meta"]
        words = describe_filters(dict(filter_words(query.filters)))
        first, last = meta["from"]["revision"], meta["to"]["revision"]
        return f"Change of {query.measure} aid to Ukraine from revision {first} to revision {last}{words}"

    @override
    def value(self, answer: Answer) -> str:
        total, currency = answer["total"], answer["meta"]["currency"]
        rows = total["by_currency"] if currency == NATIVE else [{"currency": currency, **total}]
        told = (
            f"{one['currency']} {one['change']}, from {one['before']} to {one['after']}"
            for one in rows
        )
        return "; ".join(told) or "0"

    @override
    def amounts(self, answer: Answer) -> Mapping[str, Decimal]:
        return amounts_of(answer, "change")

    @override
    def path(self, params: ChangesParams) -> str:
        return "/v1/changes"

"""What parliaments have still to decide, as it is cited."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from typing_extensions import override

from app.db import ReadSession
from app.exports.citing.citable import Answer, Citable, State, describe_filters
from app.kernel.canonical import Json
from app.legislation import service as legislation
from app.legislation.domain import Column
from app.legislation.schemas import PendingParams, figures_json

_FIGURES: Final = (*(column.value for column in Column), "requests", "unvalued")
# Kinds of amount are never added to each other, so each is named.
NAMES: Final[Mapping[Column, str]] = {
    Column.AMOUNT: "",
    Column.AUTHORITY: " of authority",
    Column.ENVELOPE: " as a frame",
    Column.IN_KIND: " in kind",
    Column.GUARANTEE: " guaranteed",
    Column.OUT_OF_SCOPE: " outside the scope",
}


class CitablePending(Citable[PendingParams]):
    """``/v1/legislative-requests/pending``. A day that nobody named is that of the moment: now it is today."""

    of = "pending"
    params = PendingParams

    @override
    def follows_today(self, params: PendingParams) -> bool:
        return params.on is None

    @override
    def check(self, params: PendingParams, today: date) -> None:
        params.to_query(today)

    @override
    def answer(self, session: ReadSession, params: PendingParams, state: State) -> Answer:
        query = params.to_query(state.today, state.snapshot.day)
        return figures_json(legislation.read_pending(session, query, state.snapshot))

    @override
    def figures(self, answer: Answer) -> list[Json]:
        announced, sums = answer["announced"], ("currency", *_FIGURES)
        rows = ("currency", *answer["meta"]["by"], "standing", *_FIGURES)
        return [
            _listed(answer["data"], rows),
            _listed(announced["data"], rows),
            _listed(answer["total"]["by_currency"], sums),
            _listed(answer["awaiting_signature"]["by_currency"], sums),
            _listed(announced["total"]["by_currency"], sums),
        ]

    @override
    def title(self, params: PendingParams, answer: Answer) -> str:
        meta = answer["meta"]
        known = {"Known on": params.known_on} if params.known_on else {}
        split = {"By": ", ".join(meta["by"])} if len(answer["data"]) > 1 else {}
        words = describe_filters({**_filter_words(meta), **known, **split})
        return f"Aid to Ukraine pending before parliaments on {meta['on']}{words}"

    @override
    def value(self, answer: Answer) -> str:
        told = [describe_columns(one) for one in answer["total"]["by_currency"]]
        return " + ".join(filter(None, told)) or "nothing"

    @override
    def amounts(self, answer: Answer) -> Mapping[str, Decimal]:
        rows = answer["total"]["by_currency"]
        return {one["currency"]: Decimal(one["amount"]) for one in rows}

    @override
    def path(self, params: PendingParams) -> str:
        return "/v1/legislative-requests/pending"


def describe_columns(sums: Mapping[str, Any]) -> str:
    """``USD 100.00 + USD 20.00 of authority``: what is not zero; empty where all is."""
    return " + ".join(
        f"{sums['currency']} {sums[column.value]}{name}"
        for column, name in NAMES.items()
        if Decimal(sums[column.value])
    )


def _listed(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[Json]:
    """The members of each row; of what is converted, none names its currency."""
    return [[row.get(name) for name in names] for row in rows]


def _filter_words(meta: Mapping[str, Any]) -> dict[str, str]:
    names = ("donor", "component", "state", "kind")
    return {name.capitalize(): ", ".join(meta[name]) for name in names if meta[name]}

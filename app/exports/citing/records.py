"""One pledge and one legislative request as they are cited: their amounts, and how far these have got."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from typing_extensions import override

from app.db import ReadSession
from app.donors.domain import get_donor
from app.exports.citing.citable import Answer, Citable, State
from app.exports.citing.pending import describe_columns
from app.exports.citing.tokens import Question
from app.kernel.canonical import Json
from app.kernel.money import format_minor
from app.legislation import service as legislation
from app.legislation.domain import Column, LegislativeRequest
from app.legislation.domain.pending import column_of
from app.legislation.errors import LegislativeRequestNotFoundError
from app.legislation.schemas import OneParams, request_json
from app.pledges import service as pledges
from app.pledges.schemas import pledge_json

_OF_PLEDGE: Final = ("amount", "currency", "bound", "status")
_OF_REQUEST: Final = ("state", "flags", "currency", "withdrawn")
_OF_LINE: Final = (
    "key",
    "parent",
    "component",
    "amount",
    "bound",
    "amount_kind",
    "beneficiary",
    "pending",
    "enacted",
    "dead",
)


class PledgeParams(BaseModel):
    """Which pledge, by its id: a reference may be another's in another ledger."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    as_of: str | None = None


class RequestParams(OneParams):
    """Which legislative request, and on which day."""

    id: UUID


class CitablePledge(Citable[PledgeParams]):
    """``/v1/pledges/{id}``: in its own currency, what was promised and what stands at each stage."""

    of = "pledge"
    params = PledgeParams

    @override
    def check(self, params: PledgeParams, today: date) -> None:
        """All that there is is the id."""

    @override
    def answer(self, session: ReadSession, params: PledgeParams, state: State) -> Answer:
        shown = pledge_json(pledges.get_pledge(session, params.id, state.snapshot))
        return {
            "total": {name: shown[name] for name in _OF_PLEDGE},
            "data": [
                {"stage": stage, "amount": amount} for stage, amount in shown["stages"].items()
            ],
            "meta": {**state.snapshot.meta(), **_names(shown)},
        }

    @override
    def figures(self, answer: Answer) -> list[Json]:
        rows: list[Json] = [[row["stage"], row["amount"]] for row in answer["data"]]
        return [rows, [answer["total"][name] for name in _OF_PLEDGE]]

    @override
    def title(self, params: PledgeParams, answer: Answer) -> str:
        return f"Pledge {_describe(answer)}"

    @override
    def value(self, answer: Answer) -> str:
        total = answer["total"]
        if total["amount"] is None:
            return f"no amount published, {total['status']}"
        bound = "" if total["bound"] == "exact" else f"{total['bound'].replace('_', ' ')} "
        return f"{bound}{total['currency']} {total['amount']}, {total['status']}"

    @override
    def amounts(self, answer: Answer) -> Mapping[str, Decimal] | None:
        total = answer["total"]
        return None if total["amount"] is None else {total["currency"]: Decimal(total["amount"])}

    @override
    def path(self, params: PledgeParams) -> str:
        return f"/v1/pledges/{params.id}"

    @override
    def query(self, question: Question) -> Mapping[str, str]:
        return {}


class CitableRequest(Citable[RequestParams]):
    """``/v1/legislative-requests/{id}``: its state, what it asks for, and what became of each line."""

    of = "legislative_request"
    params = RequestParams

    @override
    def check(self, params: RequestParams, today: date) -> None:
        params.read_days(today)

    @override
    def answer(self, session: ReadSession, params: RequestParams, state: State) -> Answer:
        on, known_on = params.read_days(state.today)
        stored = legislation.get_request(session, params.id, state.snapshot)
        if not stored.dossier.is_public(known_on):
            raise LegislativeRequestNotFoundError
        shown = request_json(stored, on, known_on)
        return {
            "total": {**{name: shown[name] for name in _OF_REQUEST}, **_asked(stored.request)},
            "data": [{name: line[name] for name in _OF_LINE} for line in shown["lines"]],
            "meta": {**state.snapshot.meta(), **_names(shown), "on": params.on},
        }

    @override
    def figures(self, answer: Answer) -> list[Json]:
        names = (*_OF_REQUEST, *(column.value for column in Column))
        rows: list[Json] = [[row[name] for name in _OF_LINE] for row in answer["data"]]
        return [rows, [answer["total"][name] for name in names]]

    @override
    def title(self, params: RequestParams, answer: Answer) -> str:
        on = f", on {params.on}" if params.on else ""
        return f"Legislative request {_describe(answer)}{on}"

    @override
    def value(self, answer: Answer) -> str:
        total = answer["total"]
        asked = describe_columns(total) or "no amount published"
        state = "recorded in error" if total["withdrawn"] else total["state"] or "not requested yet"
        return f"{asked}, {state.replace('_', ' ')}"

    @override
    def amounts(self, answer: Answer) -> Mapping[str, Decimal]:
        total = answer["total"]
        return {total["currency"]: Decimal(total["amount"])}

    @override
    def path(self, params: RequestParams) -> str:
        return f"/v1/legislative-requests/{params.id}"

    @override
    def query(self, question: Question) -> Mapping[str, str]:
        return {name: value for name, value in question.query.items() if name != "id"}


def _asked(request: LegislativeRequest) -> dict[str, str]:
    """What it asks for, each kind of amount by itself, whatever became of it."""
    sums: Counter[Column] = Counter()
    for line in request.leaves:
        sums[column_of(line)] += line.amount or 0
    return {column.value: format_minor(sums[column], request.decimals) for column in Column}


def _names(shown: Mapping[str, Any]) -> dict[str, str]:
    return {name: shown[name] for name in ("reference", "donor", "title")}


def _describe(answer: Answer) -> str:
    """``DKM3 of Denmark: Donation package``."""
    meta = answer["meta"]
    return f"{meta['reference']} of {get_donor(meta['donor']).name}: {meta['title']}"

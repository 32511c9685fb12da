"""A cited figure: what it was then, what it is now, and how to cite it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import ValidationError

from app.db import ReadSession
from app.exports.citing.errors import CitationDiffersError
from app.exports.citing.tokens import TOTALS, Question, digest, write_token
from app.exports.words import filter_words
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError
from app.totals import service as totals
from app.totals.domain import NATIVE
from app.totals.schemas import TotalsParams, totals_json

PREFIX: Final = "/v1/cite/"
# Of the parameters of totals, what the answer does not depend on, and what the moment is.
_ASIDE: Final = frozenset({"explain", "as_of", "of"})
_KNOWN: Final = (
    frozenset(field.alias or name for name, field in TotalsParams.model_fields.items()) - _ASIDE
)
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation.

    Attributes:
        token: the end of its address.
        title: what was asked, in words.
        then: the answer that is cited; ``now``: the answer of today.
    """

    token: str
    question: Question
    title: str
    then: Answer
    now: Answer

    @property
    def address(self) -> str:
        """The permanent address, without its host."""
        return PREFIX + self.token

    @property
    def difference(self) -> str | None:
        """What was added since; ``None`` where one of the two is of several currencies."""
        then, now = self.then["total"]["amount"], self.now["total"]["amount"]
        return None if then is None or now is None else f"{Decimal(now) - Decimal(then):f}"

    @property
    def value(self) -> str:
        """The figure that is cited, with its currency."""
        return describe_value(self.then)

    @property
    def moment(self) -> str:
        """Which state of the ledger is cited: ``revision 1482, as of 2026-11-22T10:00:00Z``."""
        meta = self.then["meta"]
        return f"revision {meta['revision']}, as of {meta['as_of'] or 'an empty ledger'}"

    @property
    def day(self) -> date | None:
        """The day of that state; ``None`` for an empty ledger."""
        as_of = self.then["meta"]["as_of"]
        return date.fromisoformat(as_of[:10]) if as_of else None

    def links(self) -> dict[str, str]:
        """Where more stands."""
        query = urlencode(self.question.query)
        return {
            "bibtex": f"{self.address}.bib",
            "csl": f"{self.address}.csl.json",
            "then": f"/v1/totals?{query}&{urlencode({'as_of': self.question.at})}",
            "now": f"/v1/totals?{query}",
        }


def question_of(params: TotalsParams, at: str) -> Question:
    """The question with every parameter that its answer depends on, also those that have their usual value."""
    given = params.model_dump(by_alias=True, exclude_none=True, exclude=set(_ASIDE))
    return Question(TOTALS, at, given)


def params_of(question: Question) -> TotalsParams:
    """The parameters of a question that was read from a token.

    Raises:
        NotFoundError: they are none of ours.
    """
    try:
        if not question.query.keys() <= _KNOWN:
            raise NotFoundError("There is no such citation.")
        return TotalsParams.model_validate({**question.query, "as_of": question.at})
    except ValidationError:
        raise NotFoundError("There is no such citation.") from None


def cite(
    session: ReadSession,
    question: Question,
    then: Snapshot,
    now: Snapshot,
    *,
    expected: str | None = None,
) -> Cited:
    """The citation of a figure.

    Args:
        session: reads the ledger.
        question: what was asked.
        then: the state at its moment.
        now: the last state.
        expected: the digest of the figure that was cited; ``None`` where it is cited for the first time.

    Raises:
        CitationDiffersError: the figure is another one.
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as ``totals.read_totals``.
    """
    query = params_of(question).to_query()
    answer: Answer = totals_json(totals.read_totals(session, query, then), then)
    found = digest(question, answer)
    if expected is not None and found != expected:
        raise CitationDiffersError
    split = [("By", ", ".join(query.by))] if len(answer["data"]) > 1 else []
    filters = [*filter_words(query.filters), *split]
    words = "; ".join(f"{name}: {value}" for name, value in filters)
    return Cited(
        token=write_token(question, found),
        question=question,
        title=f"{query.measure.capitalize()} aid to Ukraine" + (f" ({words})" if words else ""),
        then=answer,
        now=totals_json(totals.read_totals(session, query, now), now),
    )


def describe_value(answer: Answer) -> str:
    """``EUR 134466093.00``; of amounts in several currencies each."""
    total, currency = answer["total"], answer["meta"]["currency"]
    if currency != NATIVE:
        return f"{currency} {total['amount']}"
    return " + ".join(f"{one['currency']} {one['amount']}" for one in total["by_currency"]) or "0"

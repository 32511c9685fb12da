"""A citation: what a figure was then, what it is now, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.db import ReadSession
from app.exports.citing.changes import CitableChanges
from app.exports.citing.citable import Answer, Citable, State
from app.exports.citing.errors import CitationDiffersError
from app.exports.citing.pending import CitablePending
from app.exports.citing.records import CitablePledge, CitableRequest
from app.exports.citing.tokens import Question, digest, unknown, write_token
from app.exports.citing.totals import CitableTotals
from app.kernel.errors import NotFoundError

PREFIX: Final = "/v1/cite/"
TOTALS: Final = CitableTotals()
CHANGES: Final = CitableChanges()
PENDING: Final = CitablePending()
PLEDGE: Final = CitablePledge()
REQUEST: Final = CitableRequest()
_KINDS: Final[Mapping[str, Citable[Any]]] = {
    kind.of: kind for kind in (TOTALS, CHANGES, PENDING, PLEDGE, REQUEST)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A citation.

    Attributes:
        token: the end of its address.
        title: what was asked, in words.
        value: the figure that is cited, with its currency.
        difference: what was added since; ``None`` where it would be of several currencies, or of an unknown amount.
        then: the answer that is cited; ``now``: the answer of today.
        then_path: where the first stands in full; ``now_path``: the second.
    """

    token: str
    question: Question
    title: str
    value: str
    difference: str | None
    then: Answer
    now: Answer
    then_path: str
    now_path: str

    @property
    def address(self) -> str:
        """The permanent address, without its host."""
        return PREFIX + self.token

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
        return {
            "bibtex": f"{self.address}.bib",
            "csl": f"{self.address}.csl.json",
            "then": self.then_path,
            "now": self.now_path,
        }


def kind_of(question: Question) -> Citable[Any]:
    """The kind of figure that a question from a token is about.

    Raises:
        NotFoundError: it is none of ours.
    """
    if question.of not in _KINDS:
        raise unknown()
    return _KINDS[question.of]


def cite(
    session: ReadSession,
    question: Question,
    then: State,
    now: State,
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
        NotFoundError: what is cited for the first time is not there.
        NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as the address of the figure.
    """
    kind = kind_of(question)
    params = kind.read(question)
    try:
        answer = kind.answer(session, params, then)
    except NotFoundError:
        if expected is None:
            raise
        raise CitationDiffersError from None
    found = digest(question, kind.figures(answer))
    if expected is not None and found != expected:
        raise CitationDiffersError
    later = kind.answer(session, params, now)
    return Cited(
        token=write_token(question, found),
        question=question,
        title=kind.title(params, answer),
        value=kind.value(answer),
        difference=_difference(kind.amounts(answer), kind.amounts(later)),
        then=answer,
        now=later,
        then_path=kind.address(question, params, at=question.at),
        now_path=kind.address(question, params),
    )


def _difference(
    then: Mapping[str, Decimal] | None, now: Mapping[str, Decimal] | None
) -> str | None:
    """What was added, where both are known and together of one currency at most."""
    if then is None or now is None or len({*then, *now}) > 1:
        return None
    return f"{sum(now.values()) - sum(then.values()):f}"

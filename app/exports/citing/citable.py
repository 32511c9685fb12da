"""What every kind of figure that can be cited says of itself, so that one mechanism cites them all."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from app.db import ReadSession
from app.exports.citing.tokens import Question, unknown
from app.journal.domain import Snapshot
from app.kernel.canonical import Json

Answer = Mapping[str, Any]
"""What was found: the rows in ``data``, what they come to in ``total``, and in ``meta`` the state of the ledger."""
P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class State:
    """What a question is put to.

    Attributes:
        snapshot: the state of the ledger.
        today: no day behind it can be asked about.
        since: the state that this one is compared with; ``None`` where nothing is compared.
    """

    snapshot: Snapshot
    today: date
    since: Snapshot | None = None


class Citable(ABC, Generic[P]):
    """One kind of figure, as the address of its own answers it.

    Attributes:
        of: its name in tokens, which never changes.
        params: what it is asked with.
        moment: the parameter that names the state of the ledger.
        aside: parameters that the answer does not depend on.
    """

    of: ClassVar[str]
    params: type[P]
    moment: ClassVar[str] = "as_of"
    aside: ClassVar[frozenset[str]] = frozenset()

    def ask(self, params: P, at: str) -> Question:
        """The question with every parameter that its answer depends on, also those that have their usual value."""
        asked = {*self.params.model_fields} - self.aside - {self.moment}
        given = params.model_dump(mode="json", by_alias=True, exclude_none=True, include=asked)
        return Question(self.of, at, given)

    def read(self, question: Question) -> P:
        """The parameters of a question that was read from a token.

        Raises:
            NotFoundError: they are none of ours.
        """
        names = {field.alias or name for name, field in self.params.model_fields.items()}
        if not question.query.keys() <= names - self.aside - {self.moment}:
            raise unknown()
        try:
            return self.params.model_validate({**question.query, self.moment: question.at})
        except ValidationError:
            raise unknown() from None

    def since(self, params: P) -> str | None:  # noqa: ARG002 -- of most kinds no parameter decides
        """The earlier state that it is compared with, as it was given."""
        return None

    def follows_today(self, params: P) -> bool:  # noqa: ARG002 -- of most kinds no parameter decides
        """Whether the answer is about today, so that it moves without a revision."""
        return False

    @abstractmethod
    def check(self, params: P, today: date) -> None:
        """Read the parameters.

        Raises:
            InvalidError: everything that cannot be read.
        """

    @abstractmethod
    def answer(self, session: ReadSession, params: P, state: State) -> Answer:
        """The answer of a state.

        Raises:
            NotFoundError: what is asked about is not there.
            NoExchangeRateError, UnknownReleaseError, NoPriceIndexError: as the address of its own.
        """

    @abstractmethod
    def figures(self, answer: Answer) -> list[Json]:
        """What of an answer is digested: nothing that a later release may add to it."""

    @abstractmethod
    def title(self, params: P, answer: Answer) -> str:
        """What was asked, in words."""

    @abstractmethod
    def value(self, answer: Answer) -> str:
        """The figure with its currency."""

    @abstractmethod
    def amounts(self, answer: Answer) -> Mapping[str, Decimal] | None:
        """The figure whose growth is told, by currency: none is zero; ``None`` where it is unknown."""

    @abstractmethod
    def path(self, params: P) -> str:
        """The address of its own, without a query."""

    def query(self, question: Question) -> Mapping[str, str]:
        """The query of the address of its own."""
        return question.query

    def address(self, question: Question, params: P, *, at: str | None = None) -> str:
        """Where the same stands, as of a moment or now."""
        named = {} if at is None else {self.moment: at}
        query = urlencode({**self.query(question), **named})
        return f"{self.path(params)}?{query}" if query else self.path(params)


def describe_filters(words: Mapping[str, str]) -> str:
    """`` (Donor: DK; By: month)``, or nothing."""
    told = "; ".join(f"{name}: {value}" for name, value in words.items())
    return f" ({told})" if told else ""

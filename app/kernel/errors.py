"""The five kinds of refusal, and the finding that says which part of an input was at fault.

No HTTP status stands here; ``app.problems`` alone maps kinds and codes to statuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an input, named by place and code and never by echoing the value.

    Attributes:
        pointer: RFC 6901 JSON pointer into the body, or ``?name`` for a query parameter.
        code: stable machine-readable code, such as ``zero-amount``.
        detail: one sentence for people.
        facts: further members of the answer, such as ``did_you_mean``.
    """

    pointer: str
    code: str
    detail: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def under(self, prefix: str) -> "Finding":
        """The same finding for a value that sits deeper in a document, below ``prefix``."""
        return Finding(prefix + self.pointer, self.code, self.detail, self.facts)


class AppError(Exception):
    """A refusal that we foresaw. Subclass one of the five kinds below, not this."""

    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class NotFoundError(AppError):
    """What was asked for does not exist, or not for this caller."""

    code = "not-found"
    title = "Not found"


class ConflictError(AppError):
    """The state of the ledger does not allow it, though the input is well formed."""

    code = "conflict"
    title = "Conflict with the current state"


class NotAllowedError(AppError):
    """The caller is known and may not do this."""

    code = "insufficient-role"
    title = "Not allowed"


class UnavailableError(AppError):
    """We cannot answer now; the same call may go through later."""

    code = "unavailable"
    title = "Temporarily unavailable"


class InvalidError(AppError):
    """The input was understood and is not acceptable; ``findings`` say where and why."""

    code = "validation-failed"
    title = "The input was not accepted"

    def __init__(self, findings: Sequence[Finding], detail: str | None = None) -> None:
        super().__init__(detail or _summary(findings))
        self.findings = tuple(findings)


def _summary(findings: Sequence[Finding]) -> str:
    if len(findings) == 1:
        return findings[0].detail
    return f"{len(findings)} parts of the input were not accepted."


def invalid(pointer: str, code: str, detail: str, **facts: object) -> InvalidError:
    """An ``InvalidError`` about a single place."""
    return InvalidError([Finding(pointer, code, detail, facts)])


class ValueRefusedError(ValueError):
    """A single value could not be read; the caller knows the place and turns this into a finding."""

    def __init__(self, code: str, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.facts = facts

    def at(self, pointer: str) -> Finding:
        """This refusal as a finding about ``pointer``."""
        return Finding(pointer, self.code, self.detail, self.facts)

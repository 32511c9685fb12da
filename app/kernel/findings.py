"""Collects findings while a document is read, so that its author sees all of them at once."""

from collections.abc import Callable
from typing import TypeVar

from app.kernel.errors import Finding, InvalidError, ValueRefusedError

T = TypeVar("T")
V = TypeVar("V")


class Collector:
    """Reads values one by one, remembers what was refused, and raises once at the end."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def read(self, pointer: str, parse: Callable[[V], T], value: V, default: T) -> T:
        """``parse(value)``, or ``default`` with a finding noted where the value is refused."""
        try:
            return parse(value)
        except ValueRefusedError as refused:
            self.findings.append(refused.at(pointer))
            return default

    def find(self, parse: Callable[[V], T], pointer: str, value: V | None) -> T | None:
        """``None`` for an absent value, otherwise as ``read`` with ``None`` as the default."""
        if value is None:
            return None
        try:
            return parse(value)
        except ValueRefusedError as refused:
            self.findings.append(refused.at(pointer))
            return None

    def note(self, pointer: str, code: str, detail: str, **facts: object) -> None:
        """Remember one finding."""
        self.findings.append(Finding(pointer, code, detail, facts))

    def finish(self) -> None:
        """Raise what was collected.

        Raises:
            InvalidError: at least one value was refused.
        """
        if self.findings:
            raise InvalidError(self.findings)

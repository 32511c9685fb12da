"""The two ways in which a check can fail."""

from typing import ClassVar


class VerificationError(Exception):
    """A check failed; ``exit_code`` is what the command ends with."""

    exit_code: ClassVar[int]
    word: ClassVar[str]


class MismatchError(VerificationError):
    """What was read contradicts what was signed, claimed or printed.

    Attributes:
        revision: the first bad entry, where the fault lies in entries; else ``None``.
        last: where one cannot say which of several entries is bad, the last of them; else ``revision``.
    """

    exit_code = 1
    word = "Mismatch"

    def __init__(self, what: str, revision: int | None = None, last: int | None = None) -> None:
        super().__init__(what)
        self.revision = revision
        self.last = revision if last is None else last


class MalformedError(VerificationError):
    """A file is not of its format, so that nothing can be said about what it holds."""

    exit_code = 2
    word = "Malformed"

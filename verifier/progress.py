"""Progress on standard error, for people only: a line that is written over itself."""

import sys
from types import TracebackType
from typing import Self, TextIO


class ProgressLine:
    """Says how far a check has got, where standard error is a terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = False

    def show(self, what: str, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""
        if self._stream.isatty():
            self._shown = True
            self._stream.write(f"\r{what}: {done:,} of {total:,}\x1b[K")
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

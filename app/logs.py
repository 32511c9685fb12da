"""JSON logs: one line per event, with the request it belongs to, and never with a key in it."""

import logging
import re
import sys
from contextvars import ContextVar
from typing import Final

from pythonjsonlogger.json import JsonFormatter

request_id: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
_SECRETS: Final = re.compile(r"(aidl_[a-z2-7]{0,10})[A-Za-z0-9_]*|(://[^:/@\s]+:)[^@\s]+(@)")


class _Redacted(JsonFormatter):
    """Writes a record as JSON, with API keys and database passwords blanked out."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return _SECRETS.sub(r"\1\2***\3", super().format(record))


def configure(level: str) -> None:
    """Send every log record of the process to standard error as a JSON line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Redacted(
            "{levelname}{name}{message}{request_id}",
            style="{",
            timestamp=True,
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Our own access log names the route; uvicorn's prints query strings.
    logging.getLogger("uvicorn.access").disabled = True

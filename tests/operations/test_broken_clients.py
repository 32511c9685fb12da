"""A client that breaks off has no effect and makes no noise; a slow one is served like any other."""

import json
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests import processes
from tests.audit import audit
from tests.client import PLEDGE

BODY: Final = json.dumps(dict(PLEDGE)).encode()
RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


def head(key: str, length: int) -> bytes:
    """A request up to its body, which is announced to have this length."""
    lines = [
        "POST /v1/pledges HTTP/1.1", "Host: ledger", f"Authorization: Bearer {key}",
        "Content-Type: application/json", f"Content-Length: {length}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def break_off(port: int, sent: bytes, *, reset: bool) -> None:
    """Send this much, then close the connection, politely or with a reset."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(sent)
        time.sleep(0.2)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_client_that_breaks_off_has_no_effect_and_leaves_no_traceback(
    fresh_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url)
    whole = head(key, len(BODY)) + BODY
    with processes.serving(url, tmp_path / "log") as server:
        for reset in (False, True):
            break_off(server.port, b"", reset=reset)
            break_off(server.port, whole[:60], reset=reset)
            break_off(server.port, whole[: -len(BODY)], reset=reset)
            break_off(server.port, whole[:-1], reset=reset)
            # Announced longer than it is: a proxy that was cut off looks like this.
            break_off(server.port, head(key, len(BODY) + 1) + BODY, reset=reset)
        assert server.stop() == 0
    log = server.log.read_text()
    assert "Traceback" not in log
    events = [json.loads(line) for line in log.splitlines()]
    statuses = [event["status"] for event in events if event.get("route") == "/v1/pledges"]
    assert statuses == [499] * 6
    audit(url, [])


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_client_that_sends_byte_by_byte_is_served(
    fresh_database_url: Callable[[bool], str], tmp_path: Path
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url)
    with (
        processes.serving(url, tmp_path / "log") as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection,
    ):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in head(key, len(BODY)) + BODY:
            connection.sendall(bytes([byte]))
        assert connection.recv(12) == b"HTTP/1.1 201"
        assert server.stop() == 0

"""The log is JSON lines that can be matched with answers, and holds nothing that must not be kept.

The canaries are planted wherever a caller or an operator can put a secret: in the key, in the query, in a body, in the
database's address. None of them may come out, neither in good days nor while the database is down.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import pytest

from app.access.domain import Role
from tests import processes
from tests.client import PLEDGE

CANARY: Final = "canary7k2q"
# What another service would have issued, mistyped or pasted into the wrong place.
FOREIGN_SECRETS: Final = (f"Bearer {CANARY}", f"Token {CANARY}", f"Digest username={CANARY}")


def read_log(server: processes.Server) -> list[dict[str, Any]]:
    """Every line that the server wrote, and each must be a JSON object."""
    events = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert all({"timestamp", "level", "logger", "event"} <= event.keys() for event in events)
    return events


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_answer_has_its_line_and_no_secret_is_in_any(
    fresh_database_url: Any, tmp_path: Path
) -> None:
    url = fresh_database_url(False)
    key = processes.make_key(url, Role.ADMIN)
    with processes.serving(url, tmp_path / "log") as server, server.client() as client:
        bearer = {"Authorization": f"Bearer {key}"}
        basic = {"Authorization": "Basic " + b64encode(f"{key}:{CANARY}".encode()).decode()}
        mistyped = {"Authorization": f"Bearer {key[:-1]}{'0' if key[-1] != '0' else '1'}"}
        answers = [
            client.post("/v1/pledges", json={**PLEDGE, "title": CANARY}, headers=bearer),
            client.post("/v1/pledges", json={**PLEDGE, "amount": CANARY}, headers=bearer),
            client.post("/v1/pledges", content=CANARY.encode(), headers=bearer),
            client.get("/v1/pledges", params={"q": CANARY}, headers=basic),
            client.get("/v1/pledges", params={CANARY: key}),
            client.get(f"/v1/pledges/{CANARY}"),
            client.get(f"/{CANARY}/{key}"),
            client.get("/v1/totals", headers=mistyped),
            client.get("/v1/totals", headers={"X-Request-ID": "mine-12345678"}),
            client.get("/v1/totals", headers={"X-Request-ID": f"{CANARY} {{}}"}),
            client.get("/v1/totals", headers={"Cookie": CANARY, "User-Agent": CANARY}),
            client.post("/v1/api-keys", json={"name": CANARY, "role": "reader"}, headers=bearer),
            *(client.get("/v1/totals", headers={"Authorization": one}) for one in FOREIGN_SECRETS),
        ]
        made = answers[11].json()["key"]
        client.get("/v1/totals", headers={"Authorization": f"Bearer {made}"})
        assert server.stop() == 0
    log = server.log.read_text()
    for secret in (CANARY, key, key.split("_")[2], made.split("_")[2], "uthorization"):
        assert secret not in log
    lines = {
        event["request_id"]: event for event in read_log(server) if event["event"] == "request"
    }
    for answer in answers:
        line = lines[answer.headers["X-Request-ID"]]
        assert line["status"] == answer.status_code
        assert line["method"] == answer.request.method
        assert line["milliseconds"] >= 0
    assert lines["mine-12345678"]["route"] == "/v1/totals"
    assert "Traceback" not in log


def test_the_password_of_the_database_is_not_logged_while_it_is_down(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://somebody:{CANARY}@127.0.0.1:{processes.free_port()}/nowhere"
    with processes.serving(url, tmp_path / "log") as server, server.client() as client:
        assert client.get("/readyz").status_code == 503
        assert client.get("/v1/totals").status_code == 503
        assert server.stop() == 0
    assert CANARY not in server.log.read_text()
    assert {"not-ready", "database-unavailable"} <= {event["event"] for event in read_log(server)}


def test_the_command_line_does_not_print_the_password_of_the_database(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://somebody:{CANARY}@127.0.0.1:{processes.free_port()}/nowhere"
    failed = processes.run("init", url)
    assert failed.returncode == 69
    assert CANARY not in failed.stdout + failed.stderr
    assert "Traceback" not in failed.stderr

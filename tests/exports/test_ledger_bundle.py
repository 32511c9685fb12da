"""Promise: `/v1/log/bundle` hands out the ledger up to a checkpoint: sound, and the same for ever."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.access.domain import Role
from app.exports.api import answers
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.transparency.build import KEY, signer
from verifier.check import Report, verify_bundle
from verifier.note import VerifierKey

FOREVER = "max-age=31536000, immutable"


@pytest.fixture
def signed(app: FastAPI, api: Api, clock: StoppedClock, tmp_path: Path) -> FastAPI:
    """A ledger that was signed at 2 entries and at 3, and has a fourth since."""
    for number in range(1, 5):
        api.record_pledge(title=f"Package {number}")
        if number in {2, 3}:
            signer(app.state.database, clock, tmp_path).sign()
    return app


def fetch(client: TestClient, query: str = "", **headers: str) -> Response:
    return client.get(f"/v1/log/bundle{query}", headers=headers)


def verified(answer: Response, folder: Path) -> Report:
    (folder / "ledger.zip").write_bytes(answer.content)
    return verify_bundle(folder / "ledger.zip", VerifierKey.parse(KEY.verifier.text))


@pytest.mark.parametrize("spooled", [10, 2**20])
def test_the_newest_checkpoint_has_its_bundle(
    signed: FastAPI,
    client: TestClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spooled: int,
) -> None:
    monkeypatch.setattr(answers, "_IN_MEMORY", spooled)
    answer = fetch(client)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="aid-ledger-r3.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["cache-control"] == "no-cache"
    assert verified(answer, tmp_path).checkpoint.size == 3
    again = fetch(client, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_older_checkpoint_has_its_own_for_ever(
    signed: FastAPI, api: Api, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    before = fetch(client, "?size=2")
    assert before.headers["cache-control"] == f"public, {FOREVER}"
    assert verified(before, tmp_path).checkpoint.size == 2
    signer(signed.state.database, clock, tmp_path).sign()
    assert fetch(client, "?size=2").content == before.content
    assert verified(fetch(client), tmp_path).checkpoint.size == 4


def test_where_reads_need_a_key_only_the_caller_may_keep_it(
    signed: FastAPI, client: TestClient, clock: StoppedClock
) -> None:
    signed.state.settings = replace(signed.state.settings, public_read=False)
    assert fetch(client).status_code == 401
    key = make_key(signed.state.database, clock, Role.READER)
    answer = fetch(client, "?size=3", Authorization=f"Bearer {key}")
    assert answer.headers["cache-control"] == f"private, {FOREVER}"


def test_what_was_never_signed_has_none(client: TestClient) -> None:
    answer = fetch(client)
    assert (answer.status_code, answer.json()["code"]) == (404, "no-checkpoint")


def test_a_size_that_was_never_signed_is_refused(signed: FastAPI, client: TestClient) -> None:
    answer = fetch(client, "?size=4")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "no-such-checkpoint")
    assert answer.json()["errors"][0]["newest"] == 3


def test_corrected_and_loaded_rates_and_the_laws_own_are_worked_out_offline_too(
    app: FastAPI, api: Api, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    def load(source: str, quote: str, rate: str) -> None:
        body = {
            "source": source,
            "label": "by hand",
            "rates": [{"on": "2023-11-14", "quote": quote, "rate": rate}],
        }
        assert client.post("/v1/fx/rates", json=body, headers=admin).status_code == 201

    admin = {"Authorization": f"Bearer {make_key(app.state.database, clock, Role.ADMIN)}"}
    load("ECB", "USD", "1.25")
    for currency, announced_on in (
        ("USD", "2023-11-14"),
        ("HRK", "2023-01-10"),
        ("DKK", "2023-11-14"),
    ):
        api.record_pledge(currency=currency, announced_on=announced_on, amount="753450.00")
    signer(app.state.database, clock, tmp_path).sign()
    before = fetch(client)
    assert verified(before, tmp_path).checkpoint.size == 3
    assert _line(before, "rates.csv") == "currency,day,rate"
    load("NBU", "UAH", "38.9")
    api.record_pledge(currency="UAH", amount="389.00")
    signer(app.state.database, clock, tmp_path).sign()
    after = fetch(client)
    assert verified(after, tmp_path).checkpoint.size == 4
    assert _line(after, "rates.csv") == "currency,day,rate,source"
    assert fetch(client, "?size=3").content == before.content
    # 753450 / 1.25 + 753450 / 7.53450 + 753450 / 7.4597 + 389 / 38.9 = 602760 + 100000 + 101002.72 + 10
    total = client.get("/v1/totals?measure=pledged&as_of=4").json()["total"]
    assert total["amount"] == "803772.72"


def _line(bundle: Response, member: str) -> str:
    """The first line of a file of the bundle."""
    with ZipFile(BytesIO(bundle.content)) as packed:
        return packed.read(member).decode().splitlines()[0]


def test_a_bundle_names_what_has_no_date_and_the_verifier_works_it_out_too(
    app: FastAPI, api: Api, client: TestClient, clock: StoppedClock, tmp_path: Path
) -> None:
    api.record_pledge(donor="US", currency="USD", amount="100.00", announced_on=None)
    pledge = api.record_pledge(donor="US", currency="USD", amount="500.00")
    api.record_movement(pledge, "delivered", amount="100.00", on=None)
    signer(app.state.database, clock, tmp_path).sign()
    answer = fetch(client)
    verified(answer, tmp_path)
    with ZipFile(BytesIO(answer.content)) as packed:
        claims = json.loads(packed.read("totals.json"))
    euro = {one["meta"]["measure"]: one for one in claims if one["meta"]["currency"] == "EUR"}
    # At 1.0724, of 14 November 2023: the announcement's.
    assert (euro["pledged"]["total"]["amount"], euro["delivered"]["total"]["amount"]) == (
        "466.24",
        "93.25",
    )
    assert euro["pledged"]["meta"]["left_apart"] == [
        {"currency": "USD", "amount": "100.00", "reason": "undated"}
    ]

"""Promise: with what the endpoints answer, a stranger can check the log, asking for nothing else."""

import json
from dataclasses import replace

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import text
from starlette.testclient import TestClient

from app.transparency.domain import text64
from app.transparency.domain.checkpoints import SignedCheckpoint
from app.transparency.domain.keys import VerifierKey
from app.transparency.domain.proofs import EntryProof
from app.transparency.domain.tiles import Tile
from app.transparency.domain.verify import check_consistency
from app.transparency.signer import Signer
from tests.client import Api
from tests.clock import StoppedClock
from tests.transparency import naive
from tests.transparency.build import KEY, append
from tests.transparency.conftest import SignedLog

TEXT = "text/plain; charset=utf-8"
FOREVER = "public, max-age=31536000, immutable"


def get(client: TestClient, path: str, **headers: str) -> Response:
    answer = client.get(f"/v1/log/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def test_a_stranger_follows_a_pledge_to_the_root(api: Api, signer: Signer) -> None:
    pledge = api.record_pledge(title="Donation package 14")
    api.record_pledge(title="Another")
    signer.sign()
    revision = api.get("/v1/entries")["data"][0]["revision"]
    key = VerifierKey.parse(get(api.client, "key").text.removesuffix("\n"))
    payload = get(api.client, f"entries/{revision}").content
    proof = EntryProof.parse(get(api.client, f"entries/{revision}/proof").content)
    assert proof.check(naive.leaf(payload), [key]).note == get(api.client, "checkpoint").text
    assert json.loads(payload)["stream_id"] == pledge["id"]
    assert b"Donation package 14" in payload


def test_the_checkpoint_is_served_verbatim(log: SignedLog) -> None:
    answer = get(log.client, "checkpoint")
    assert answer.text == log.newest.note
    assert answer.headers["content-type"] == TEXT
    assert answer.headers["cache-control"] == "max-age=5"
    again = log.client.get("/v1/log/checkpoint", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(log.client, "key").text == f"{KEY.verifier.text}\n"


def test_every_format_is_served_whatever_is_accepted(log: SignedLog) -> None:
    for accept in ("text/plain", "application/octet-stream", "*/*", "application/json"):
        for path in ("checkpoint", "tile/0/000", "entries/1", "entries/1/proof", "key"):
            get(log.client, path, Accept=accept)


def test_an_entry_is_served_as_it_was_hashed(
    log: SignedLog,
) -> None:
    feed = log.client.get("/v1/entries", params={"limit": 3}).json()["data"]
    for entry in feed:
        answer = get(log.client, f"entries/{entry['revision']}")
        assert naive.leaf(answer.content).hex() == entry["leaf_hash"]
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == FOREVER
    # What no checkpoint covers is not promised for ever.
    assert get(log.client, "entries/601").headers["cache-control"] == "no-cache"


def test_a_proof_leads_to_the_newest_checkpoint_or_to_the_one_asked_for(log: SignedLog) -> None:
    for revision in (1, 256, 257, 300):
        leaf = naive.leaf(get(log.client, f"entries/{revision}").content)
        answer = get(log.client, f"entries/{revision}/proof")
        assert answer.headers["content-type"] == TEXT
        assert answer.headers["cache-control"] == "no-cache"
        assert EntryProof.parse(answer.content).check(leaf, [KEY.verifier]) == log.newest
        for size in (300, 512, 600):
            older = get(log.client, f"entries/{revision}/proof?size={size}")
            found = EntryProof.parse(older.content).check(leaf, [KEY.verifier])
            assert found.checkpoint.size == size
            assert older.headers["cache-control"] == FOREVER


def read_consistency(body: str) -> tuple[int, list[bytes], str]:
    head, _, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    return int(first.removeprefix("old ")), [text64.decode(line, size=32) for line in lines], note


@pytest.mark.parametrize("size", [300, 512, 600, None])
def test_checkpoints_continue_each_other(log: SignedLog, size: int | None) -> None:
    bundles = (
        get(log.client, "tile/entries/000").content,
        get(log.client, "tile/entries/001").content,
    )
    leaves = [naive.leaf(entry) for bundle in bundles for entry in read_bundle(bundle)]
    for old in (1, 2, 255, 256, 257, 300):
        query = f"consistency?from={old}" + (f"&to={size}" if size else "")
        found, hashes, note = read_consistency(get(log.client, query).text)
        newer = SignedCheckpoint.open(note.encode(), [KEY.verifier]).checkpoint
        assert (found, newer.size) == (old, size or 600)
        check_consistency(old, newer.size, naive.mth(leaves[:old]), newer.root, hashes)


def test_the_whole_log_can_be_rebuilt_from_its_tiles(log: SignedLog) -> None:
    leaves: list[bytes] = []
    for path in ("000", "001", "002.p/88"):
        bundle = get(log.client, f"tile/entries/{path}")
        entries = read_bundle(bundle.content)
        tile = get(log.client, f"tile/0/{path}")
        assert tile.content == b"".join(map(naive.leaf, entries))
        for answer in (bundle, tile):
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["cache-control"] == FOREVER
        leaves += map(naive.leaf, entries)
    assert len(leaves) == log.newest.checkpoint.size
    assert naive.mth(leaves) == log.newest.checkpoint.root
    upper = naive.mth(leaves[:256]) + naive.mth(leaves[256:512])
    assert get(log.client, "tile/1/000.p/2").content == upper
    assert get(log.client, "tile/1/000.p/1").content == upper[:32]
    assert (
        get(log.client, "tile/0/001.p/44").content
        == get(log.client, "tile/0/001").content[: 44 * 32]
    )


def read_bundle(content: bytes) -> list[bytes]:
    entries = []
    while content:
        end = 2 + int.from_bytes(content[:2])
        entries.append(content[2:end])
        content = content[end:]
    return entries


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002", "tile/0/002.p/89", "tile/0/003", "tile/1/000", "tile/1/000.p/3", "tile/2/000.p/1",
        "tile/entries/002", "tile/entries/002.p/89", "tile/63/000", "tile/64/000", "tile/00/000", "tile/0/0",
        "tile/0/000.p/256", "tile/0/000.p/0", "tile/0/x000/000", "tile/entries/000/", "tile/0/x999/x999/x999/999",
        "tile/0/" + "x999/" * 6 + "999", "tile/-1/000", "tile/entries/%2e%2e/0/000", "entries/602", "nothing",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(log: SignedLog, path: str) -> None:
    answer = log.client.get(f"/v1/log/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


REFUSED = {
    # B133: index at or behind the size, size behind the log, negative
    "entries/601/proof": "not-in-log",
    "entries/301/proof?size=300": "not-in-log",
    "entries/999999999999999999/proof": "not-in-log",
    "entries/1/proof?size=601": "no-such-checkpoint",
    "entries/1/proof?size=299": "no-such-checkpoint",
    "entries/1/proof?size=0": "greater_than_equal",
    "entries/1/proof?size=-1": "greater_than_equal",
    "entries/1/proof?size=4611686018427387904": "less_than",
    "entries/-1/proof": "string_pattern_mismatch",
    "entries/0/proof": "string_pattern_mismatch",
    "entries/01/proof": "string_pattern_mismatch",
    "entries/1_0/proof": "string_pattern_mismatch",
    "entries/+1/proof": "string_pattern_mismatch",
    "entries/9999999999999999999": "string_pattern_mismatch",
    "entries/0": "string_pattern_mismatch",
    "entries/1.0": "string_pattern_mismatch",
    "consistency?from=601": "not-in-log",
    "consistency?from=400&to=300": "not-in-log",
    "consistency?from=1&to=601": "no-such-checkpoint",
    "consistency?from=1&to=2": "no-such-checkpoint",
    # B134: from nothing, nothing is proved
    "consistency?from=0": "greater_than_equal",
    "consistency?from=0&to=0": "greater_than_equal",
    "consistency?from=0&to=600": "greater_than_equal",
    "consistency?from=-1": "greater_than_equal",
    "consistency": "missing",
    "consistency?to=300": "missing",
    "consistency?from=1&from=2": "repeated-parameter",
    "consistency?from=1e3": "invalid-integer",
    "consistency?old=1": "unknown-parameter",
    "checkpoint?size=1": "unknown-parameter",
}


@pytest.mark.parametrize("path", REFUSED)
def test_what_makes_no_sense_is_refused(log: SignedLog, path: str) -> None:
    answer = log.client.get(f"/v1/log/{path}")
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["type"] == "/problems/validation-failed"
    assert REFUSED[path] in {error["code"] for error in body["errors"]}


def test_before_the_first_signature_there_is_no_checkpoint(api: Api) -> None:
    api.record_pledge()
    for path in ("checkpoint", "key"):
        answer = api.client.get(f"/v1/log/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no-checkpoint")
    assert api.client.get("/v1/log/tile/0/000.p/1").status_code == 404
    assert api.client.get("/v1/log/entries/1").status_code == 200
    for path in ("entries/1/proof", "consistency?from=1"):
        assert api.client.get(f"/v1/log/{path}").status_code == 422


def test_a_damaged_tree_is_said_and_not_served(
    app: FastAPI, client: TestClient, clock: StoppedClock, signer: Signer
) -> None:
    append(app.state.database, clock, 4)
    signer.sign()
    with app.state.database.transaction() as session:
        session.execute(text("DELETE FROM log_node"))
    for path in ("entries/1/proof", "consistency?from=3"):
        answer = client.get(f"/v1/log/{path}")
        assert (answer.status_code, answer.json()["code"]) == (503, "log-damaged")
        assert "Retry-After" in answer.headers
    assert get(client, "tile/0/000.p/4").status_code == 200


def test_where_reads_need_a_key_the_log_needs_one_too(
    app: FastAPI, api: Api, signer: Signer
) -> None:
    api.record_pledge()
    signer.sign()
    app.state.settings = replace(app.state.settings, public_read=False)
    paths = (
        "checkpoint",
        "key",
        "entries/1",
        "entries/1/proof",
        "tile/0/000.p/1",
        "consistency?from=1",
    )
    for path in paths:
        assert api.client.get(f"/v1/log/{path}").status_code == 401
        assert api.client.get(f"/v1/log/{path}", headers=api.headers).status_code == 200
    answer = api.client.get("/v1/log/tile/0/000.p/1", headers=api.headers)
    assert answer.headers["cache-control"] == FOREVER.replace("public", "private")


def test_head_answers_as_get_without_the_body(log: SignedLog) -> None:
    answer = log.client.head("/v1/log/checkpoint")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == TEXT


def test_a_tile_of_the_log_is_named_as_the_domain_names_it(log: SignedLog) -> None:
    tile = Tile(0, 2, 88)
    assert len(get(log.client, f"tile/0/{tile.path}").content) == 88 * 32

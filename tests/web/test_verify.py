"""Promise: the page on the log shows what was signed and leads any entry up to it, and says no more."""

import base64
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.client import Api
from tests.transparency.build import KEY, signer
from tests.web.page import visit


def sign(api: Api, folder: Path) -> None:
    app: Any = api.client.app
    signer(app.state.database, app.state.clock, folder).sign()


def test_before_anything_is_signed_the_page_says_so(api: Api) -> None:
    api.record_pledge()
    page = visit(api.client, "/verify?entry=1")
    assert page.status == 200
    assert "Nothing has been signed yet. The ledger has 1 entry" in page.said
    assert "Not covered yet: nothing has been signed." in page.said


def test_the_steps_lead_from_the_leaf_to_the_signed_root(api: Api, tmp_path: Path) -> None:
    """Worked out again from what the page shows, as RFC 6962 section 2.1 says."""
    for _ in range(7):
        api.record_pledge()
    sign(api, tmp_path)
    for revision in range(1, 8):
        page = visit(api.client, f"/verify?entry={revision}")
        assert "Proved: it stands in the signed log, unchanged." in page.said
        content = api.client.get(f"/v1/log/entries/{revision}").content
        value = sha256(b"\0" + content).digest()
        assert base64.b64encode(value).decode() in page.text
        steps = re.findall(r"With <code>(\S+)</code> to its (left|right)", page.text)
        assert steps
        for sibling, side in steps:
            other = base64.b64decode(sibling)
            pair = other + value if side == "left" else value + other
            value = sha256(b"\1" + pair).digest()
        note = api.client.get("/v1/log/checkpoint").text
        assert base64.b64encode(value).decode() == note.split("\n")[2]
        assert f"/v1/log/entries/{revision}/proof" in page.links


def test_the_checkpoint_is_shown_with_its_key(api: Api, tmp_path: Path) -> None:
    api.record_pledge()
    before = visit(api.client, "/verify")
    sign(api, tmp_path)
    # Signing makes no revision, and yet the page is another.
    after = visit(api.client, "/verify", **{"If-None-Match": before.headers["ETag"]})
    assert after.status == 200
    assert KEY.verifier.text in after.said
    assert KEY.name in after.said
    assert api.client.get("/v1/log/checkpoint").text.split("\n")[2] in after.said
    assert "aidledger verify --bundle ledger.zip" in after.said


def test_an_entry_behind_the_checkpoint_is_not_called_proved(api: Api, tmp_path: Path) -> None:
    api.record_pledge()
    sign(api, tmp_path)
    api.record_pledge()
    page = visit(api.client, "/verify?entry=2")
    assert "Not covered yet: the newest checkpoint ends at entry 1." in page.said
    assert "1 entry recorded since" in page.said
    assert "Proved" not in page.said


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.0", "2", "9" * 19, "\u0661", "<script>"])
def test_what_is_no_entry_is_refused_beside_the_field(api: Api, text: str) -> None:
    api.record_pledge()
    page = visit(api.client, f"/verify?entry={text}")
    assert page.status == 400
    [wrong] = [one for one in page.all("input") if one.get("aria-invalid") == "true"]
    assert wrong["name"] == "entry"
    assert "<script>" not in page.text
    assert visit(api.client, "/verify?nothing=1").status == 400

"""Promise: at the desk one sees what a form would do before it is recorded, records it once, and loses nothing."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.access.domain import Role
from app.web.navigation import desk_links
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.web.desk import FROM_HERE, Browser, filled_in
from tests.web.page import BROWSER, Page

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
PLEDGE = {
    "donor": "DK", "title": "Donation package 13", "aid_type": "military", "amount": "1000.00",
    "currency": "DKK", "announced_on": "2023-11-14", "sources/1/url": "https://www.fmn.dk/en/",
}  # fmt: skip
NEW = "/pledges/new"


@pytest.fixture
def browser(app: FastAPI, clock: StoppedClock) -> Browser:
    """A contributor is signed in."""
    browser = Browser(app)
    browser.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    return browser


def plain(page: Page) -> str:
    return page.said.replace("\u202f", " ")


def fill(browser: Browser, fields: dict[str, str] = PLEDGE, path: str = NEW) -> Page:
    """The preview of a form that was just opened."""
    return browser.press(browser.open(path), path, "preview", fields)


def wrong_fields(page: Page) -> dict[str, str]:
    """The fields that something is wrong with, each with the element that says what."""
    fields = [one for tag in ("input", "select", "textarea") for one in page.all(tag)]
    return {
        str(one["name"]): str(one["aria-describedby"]).rpartition(" ")[2]
        for one in fields
        if one.get("aria-invalid") == "true"
    }


def test_a_pledge_is_previewed_recorded_and_shown(browser: Browser, api: Api) -> None:
    preview = fill(browser)
    assert preview.status == 200
    # 1000 kroner at 7.4597 of 14 November 2023 (the reference rate of the European Central Bank) are 134.05 euro.
    assert "Pledged – 1 000.00 DKK 0.00 EUR 134.05 EUR +134.05 EUR +1 pledge" in plain(preview)
    assert api.get("/v1/pledges")["data"] == []
    sent = browser.send(preview, NEW, "record")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/pledges/DK-2023-0001?recorded=1")
    page = browser.open(sent.headers["Location"])
    assert "Recorded. It is entry 1 of the ledger" in page.said
    assert "Donation package 13" in browser.open("/").said
    # Sent again, by a second click or by reloading, it leads to the same and records nothing.
    again = browser.send(preview, NEW, "record")
    assert again.headers["Location"] == sent.headers["Location"]
    assert len(api.get("/v1/pledges")["data"]) == 1


def test_what_is_wrong_stands_beside_its_field_and_in_a_summary(browser: Browser) -> None:
    page = fill(browser, {**PLEDGE, "amount": "0.00", "donor": "QQ", "sources/1/url": "file:///a"})
    assert page.status == 422
    assert set(wrong_fields(page)) == {"amount", "donor", "sources/1/url"}
    ids = [attributes.get("id") for _, attributes in page.elements]
    assert all(described in ids for described in wrong_fields(page).values())
    [summary] = [one for _, one in page.elements if one.get("role") == "alert"]
    assert (summary["tabindex"], "autofocus" in summary) == ("-1", True)
    assert "#field-donor" in page.links
    assert 'value="record"' not in page.text
    assert filled_in(page)["title"] == PLEDGE["title"]


def test_similar_pledges_are_shown_before_a_new_one_is_recorded(browser: Browser, api: Api) -> None:
    api.record_pledge(reference="DKM13", title="Package 13", amount="1010.00")
    page = fill(browser)
    assert "May this be recorded already?" in page.said
    assert "/pledges/DKM13" in page.links


def test_hostile_words_are_words(browser: Browser) -> None:
    for step in ("preview", "record"):
        fields = {**dict.fromkeys(PLEDGE, HOSTILE), "notes": f"\n{HOSTILE}", HOSTILE: HOSTILE}
        page = browser.press(browser.open(NEW), NEW, step, fields)
        assert page.status == 422
        assert "<script>alert" not in page.text
        assert page.all("img") == []


def test_a_correction_is_based_on_the_version_that_was_shown(browser: Browser, api: Api) -> None:
    recorded = api.record_pledge(reference="DK-1")
    path = "/pledges/DK-1/amend"
    opened = browser.open(path)
    assert filled_in(opened)["amount"] == "1000.00"
    changed = {"amount": "1500.00", "reason": "The ministry corrected it."}
    preview = browser.press(opened, path, "preview", changed)
    assert "Pledged 1 000.00 DKK 1 500.00 DKK" in plain(preview)
    api.amend_pledge(recorded, title="Meanwhile")
    conflict = browser.press(preview, path, "record")
    assert conflict.status == 409
    assert "Somebody else was quicker" in conflict.said
    assert "Title Meanwhile Donation package" in conflict.said
    assert "Amount 1000.00 1500.00" in conflict.said
    onward = browser.press(conflict, path, "rebase", {"title": "Meanwhile"})
    assert onward.status == 200
    sent = browser.send(onward, path, "record")
    assert sent.status_code == 303
    assert "“The ministry corrected it.”" in browser.open(sent.headers["Location"]).text


def test_a_draft_of_a_correction_says_what_it_would_change(browser: Browser, api: Api) -> None:
    api.record_pledge(reference="DK-1")
    path = "/pledges/DK-1/amend"
    saved = browser.send(browser.open(path), path, "save", {"amount": "1500.00"})
    page = browser.open(saved.headers["Location"])
    assert "Amount 1000.00 1500.00" in page.said
    assert filled_in(page)["version"] == "1"


def test_a_draft_keeps_the_version_that_it_is_based_on(browser: Browser, api: Api) -> None:
    recorded = api.record_pledge(reference="DK-1")
    path = "/pledges/DK-1/amend"
    changed = {"amount": "1500.00", "reason": "Corrected."}
    kept = browser.press(browser.open(path), path, "preview", changed)
    address = f"{path}?draft={filled_in(kept)['form_id']}"
    api.amend_pledge(recorded, title="Meanwhile")
    page = browser.open(address)
    assert "Somebody else was quicker" in page.said
    assert "Title Meanwhile Donation package" in page.said
    assert filled_in(page)["version"] == "1"
    assert 'value="record"' not in page.text
    assert browser.press(page, path, "record").status == 409
    onward = browser.press(page, path, "rebase", {"title": "Meanwhile"})
    assert browser.send(onward, path, "record").status_code == 303
    assert api.get("/v1/pledges/DK-1")["amount"] == "1500.00"


def test_what_a_package_consists_of_is_written_item_by_item(browser: Browser, api: Api) -> None:
    first = {
        "items/0/description": "Leopard 2A4", "items/0/quantity": "14",
        "items/0/value": "90.00", "items/0/currency": "EUR",
    }  # fmt: skip
    page = browser.press(browser.open(NEW), NEW, "add:items", {**PLEDGE, **first})
    assert filled_in(page)["title"] == PLEDGE["title"]
    wrong = browser.press(
        page, NEW, "preview", {"items/1/description": "Shells", "items/1/quantity": "many"}
    )
    assert set(wrong_fields(wrong)) == {"items/1/quantity"}
    preview = browser.press(wrong, NEW, "preview", {"items/1/quantity": "1000"})
    assert "items 2" in preview.said
    assert browser.send(preview, NEW, "record").status_code == 303
    items = api.get("/v1/pledges/DK-2023-0001")["items"]
    assert [(one["description"], one["quantity"]) for one in items] == [
        ("Leopard 2A4", "14"),
        ("Shells", "1000"),
    ]
    path = "/pledges/DK-2023-0001/amend"
    opened = browser.open(path)
    assert filled_in(opened)["items/0/value"] == "90.00"
    fewer = browser.press(opened, path, "remove:items/0", {"reason": "Never sent."})
    preview = browser.press(fewer, path, "preview")
    assert browser.send(preview, path, "record").status_code == 303
    assert [one["description"] for one in api.get("/v1/pledges/DK-2023-0001")["items"]] == [
        "Shells"
    ]


def test_more_items_than_a_form_can_hold_stay_as_they_are(browser: Browser, api: Api) -> None:
    many = [{"description": f"Item {one}", "quantity": "1"} for one in range(101)]
    api.record_pledge(reference="DK-1", items=many)
    path = "/pledges/DK-1/amend"
    opened = browser.open(path)
    assert "101 are on record: too many for a form" in opened.said
    preview = browser.press(opened, path, "preview", {"title": "Other", "reason": "Its name."})
    assert browser.send(preview, path, "record").status_code == 303
    assert len(api.get("/v1/pledges/DK-1")["items"]) == 101


def test_a_movement_and_a_withdrawal(browser: Browser, api: Api) -> None:
    api.record_pledge(reference="DK-1")
    links = browser.open("/pledges/DK-1").links
    path = "/pledges/DK-1/movements/new"
    assert {path, "/pledges/DK-1/amend", "/pledges/DK-1/withdraw"} <= set(links)
    preview = fill(browser, {"stage": "committed", "amount": "400.00"}, path)
    assert "Committed 0.00 DKK 400.00 DKK" in plain(preview)
    sent = browser.send(preview, path, "record")
    page = browser.open(sent.headers["Location"])
    [taking] = [link for link in page.links if link.endswith("/withdraw") and "/movements/" in link]
    taken = browser.send(fill(browser, {"reason": "Typed twice."}, taking), taking, "record")
    assert taken.status_code == 303
    whole = "/pledges/DK-1/withdraw"
    gone = browser.send(fill(browser, {"reason": "Recorded twice."}, whole), whole, "record")
    assert gone.status_code == 303
    assert api.get("/v1/pledges/DK-1")["status"] == "withdrawn"


def test_pages_lead_to_the_forms_that_are_about_them(browser: Browser, api: Api) -> None:
    api.record_pledge(reference="DK-1")
    assert "/pledges/new?donor=DK" in browser.open("/donors/DK").links
    amend = "/pledges/DK-1/amend"
    assert amend in browser.open("/pledges/DK-1").links
    for path in ("/pledges/DK-1?as_of=1", "/pledges/new", amend, "/pledges/none"):
        assert amend not in browser.open(path).links
    assert "/legislation/US-LR-1/actions/new" in [
        one.path for one in desk_links("/legislation/US-LR-1")
    ]


def test_a_request_and_what_happened_to_it(browser: Browser, api: Api) -> None:
    fields = {
        "donor": "US", "title": "Supplemental", "kind": "supplemental", "currency": "USD",
        "requested_on": "2023-10-20", "lines/0/component": "military", "lines/0/amount": "61.40",
        "vehicles/0/identifier": "H.R. 815",
    }  # fmt: skip
    path = "/legislation/new"
    preview = fill(browser, fields, path)
    assert "new bill" in preview.said
    assert browser.send(preview, path, "record").status_code == 303
    action = "/legislation/US-LR-0001/actions/new"
    preview = fill(browser, {"on": "2023-11-07", "state": "in_committee"}, action)
    assert browser.send(preview, action, "record").status_code == 303
    assert api.get("/v1/legislative-requests/US-LR-0001")["state"] == "in_committee"
    refused = fill(
        browser, {"on": "2023-11-08", "state": "in_committee", "vote/yes": "many"}, action
    )
    assert "vote/yes" in wrong_fields(refused)


def test_a_draft_survives_and_is_its_holders_own(
    app: FastAPI, browser: Browser, clock: StoppedClock
) -> None:
    saved = browser.send(browser.open(NEW), NEW, "save", {**PLEDGE, "amount": "not yet"})
    kept = saved.headers["Location"]
    assert (saved.status_code, kept.startswith("/pledges/new?draft=")) == (303, True)
    assert filled_in(browser.open(kept))["amount"] == "not yet"
    assert kept in browser.open("/desk").links
    other = Browser(app)
    other.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    assert other.open(kept).status == 404
    assert kept not in other.open("/desk").links
    draft = {"form_id": kept.rpartition("=")[2]}
    token = filled_in(other.open(NEW))["form_token"]
    other.client.post("/desk/discard", data={**draft, "form_token": token}, headers=FROM_HERE)
    assert kept in browser.open("/desk").links
    mine = filled_in(browser.open(NEW))["form_token"]
    browser.client.post("/desk/discard", data={**draft, "form_token": mine}, headers=FROM_HERE)
    assert kept not in browser.open("/desk").links


def test_only_a_form_of_this_session_is_taken(
    app: FastAPI, browser: Browser, clock: StoppedClock, api: Api
) -> None:
    page = fill(browser)
    fields = {**filled_in(page), "step": "record"}
    other = Browser(app)
    other.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    elsewhere = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    attempts: list[Any] = [
        other.client.post(NEW, data=fields, headers=FROM_HERE),
        browser.client.post(NEW, data=fields, headers=elsewhere),
        browser.client.post(NEW, data=fields, headers=BROWSER),
        browser.client.post(NEW, data={**fields, "form_token": ""}, headers=FROM_HERE),
    ]
    assert [one.status_code for one in attempts] == [403] * 4
    assert api.get("/v1/pledges")["data"] == []


def test_who_may_not_write_is_sent_away(app: FastAPI, clock: StoppedClock) -> None:
    stranger = Browser(app)
    away = stranger.open("/pledges/new?donor=DK")
    assert away.status == 303
    assert away.headers["Location"] == "/sign-in?next=%2Fpledges%2Fnew%3Fdonor%3DDK"
    assert stranger.client.post(NEW, data={"a": "b"}, headers=FROM_HERE).status_code == 403
    reader = Browser(app)
    reader.sign_in(make_key(app.state.database, clock, Role.READER))
    assert reader.open("/desk").status == 403
    assert reader.open(NEW).status == 403
    assert "/pledges/new" not in reader.open("/").links


def test_what_is_not_there_has_no_form(browser: Browser) -> None:
    for path in (
        "/pledges/none/amend",
        "/pledges/QQ-1/withdraw",
        "/legislation/US-LR-9/actions/new",
    ):
        assert browser.open(path).status == 404
    assert browser.open(f"{NEW}?draft=x").status == 404

"""Promise: a bill has a page that says what it is, carries and became, and forms to write that down."""

from typing import Any

import pytest
from fastapi import FastAPI

from app.access.domain import Role
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.web.desk import Browser, filled_in
from tests.web.legislation import PATH, post, record_request
from tests.web.page import BROWSER, Page, visit
from tests.web.test_forms import HOSTILE

VEHICLES = "/v1/vehicles"
NEW = "/legislation/vehicles/new"
BILL = {"jurisdiction": "US", "identifier": "H.R. 815", "session": "118", "title": "A bill"}


@pytest.fixture
def browser(app: FastAPI, clock: StoppedClock) -> Browser:
    """A contributor is signed in."""
    browser = Browser(app)
    browser.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    return browser


def plain(page: Page) -> str:
    return page.said.replace("\u202f", " ")


def record(browser: Browser, path: str, fields: dict[str, str]) -> Page:
    """The page that a form leads to, previewed and recorded."""
    preview = browser.press(browser.open(path), path, "preview", fields)
    assert preview.status == 200, preview.said
    sent = browser.send(preview, path, "record")
    assert sent.status_code == 303, sent.text
    again = browser.send(preview, path, "record")
    assert again.headers["Location"] == sent.headers["Location"]
    return browser.open(sent.headers["Location"])


def record_bill(api: Api, **fields: Any) -> str:
    """A bill, and the address of its page."""
    return f"/legislation/vehicles/{post(api, VEHICLES, {**BILL, **fields})['id']}"


def test_a_bill_is_recorded_and_shown(browser: Browser, api: Api) -> None:
    page = record(
        browser,
        NEW,
        {
            **BILL, "introduced_on": "2023-02-02", "url": "https://www.congress.gov/bill/118th/815",
            "external_ids/0/scheme": "congress.gov", "external_ids/0/id": "118/hr/815",
            "actions/0/on": "2023-02-02", "actions/0/state": "in_committee", "actions/0/body": "House",
        },
    )  # fmt: skip
    assert page.title == "A bill"
    assert "Name H.R. 815 Parliament of United States" in page.said
    assert "At congress.gov 118/hr/815" in page.said
    assert "2 February 2023 House in committee in committee" in page.said
    assert "No request hangs on it." in page.said
    [vehicle] = api.get(VEHICLES)["data"]
    assert f"{VEHICLES}/{vehicle['id']}" in page.links
    twice = browser.press(browser.open(NEW), NEW, "preview", BILL)
    assert twice.status == 422
    assert "is recorded; change that one" in twice.said


def test_a_bill_is_attached_to_a_request_and_moves_it(browser: Browser, api: Api) -> None:
    """The request asks for 90 million of money; when the bill is law nothing of it is pending."""
    record_request(api)
    bill = record_bill(api)
    page = browser.open(bill)
    assert [one["value"] for one in page.all("option")] == ["US-1"]
    onward = browser.client.get(f"{bill}/attach?request=US-1")
    form = "/legislation/US-1/vehicles/new"
    assert onward.headers["Location"] == f"{form}?vehicle={bill.rpartition('/')[2]}"
    opened = browser.open(onward.headers["Location"])
    assert filled_in(opened)["vehicle/identifier"] == "H.R. 815"
    why = {"reason": "The text was put into it.", "vehicle/became_vehicle_on": "2024-02-13"}
    preview = browser.press(opened, form, "preview", why)
    attached = browser.open(browser.send(preview, form, "record").headers["Location"])
    assert bill in attached.links
    actions = f"{bill}/actions/new"
    law = {
        "actions/0/on": "2024-04-23", "actions/0/state": "passed", "actions/0/body": "Senate",
        "actions/0/vote/yes": "79", "actions/0/vote/no": "18",
        "actions/1/on": "2024-04-24", "actions/1/state": "enacted",
    }  # fmt: skip
    foreseen = browser.press(browser.open(actions), actions, "preview", law)
    assert "state of US-1 submitted → enacted" in foreseen.said
    assert "US-1 money 90 000 000.00 USD 0.00 USD" in plain(foreseen)
    moved = record(browser, actions, law)
    assert "US-1 Supplemental enacted United States, primary, 13 February 2024" in moved.said
    assert "23 April 2024 Senate passed 79 to 18 passed" in moved.said
    assert api.get(f"{PATH}/US-1")["state"] == "enacted"
    early = browser.open(f"{bill}?on=2024-04-23")
    assert "What it is passed" in early.said
    assert "After that day" in early.said


def test_a_bill_is_corrected_and_its_history_tells_both_values(browser: Browser, api: Api) -> None:
    bill = record_bill(api)
    path = f"{bill}/amend"
    opened = browser.open(path)
    preview = browser.press(
        opened, path, "preview", {"title": "Mine", "reason": "Its title changed."}
    )
    vehicle = f"{VEHICLES}/{bill.rpartition('/')[2]}"
    api.patch(vehicle, {"title": "Theirs", "reason": "Meanwhile."}, **{"If-Match": '"1"'})
    conflict = browser.press(preview, path, "record")
    assert conflict.status == 409
    assert "Title Theirs Mine" in conflict.said
    sent = browser.send(browser.press(conflict, path, "rebase"), path, "record")
    page = browser.open(sent.headers["Location"])
    assert "<del>Theirs</del> → <ins>Mine</ins>" in page.text
    assert "“Its title changed.”" in page.said
    assert "/verify?entry=3" in page.links


def test_an_action_of_a_bill_is_taken_back(browser: Browser, api: Api) -> None:
    bill = record_bill(api, actions=[{"on": "2023-02-02", "state": "in_committee"}])
    [taking] = [one for one in browser.open(bill).links if one.endswith("/withdraw")]
    assert "no state yet" in record(browser, taking, {"reason": "Another bill."}).said


def test_a_list_grows_and_shrinks_without_a_script(browser: Browser, api: Api) -> None:
    bill = record_bill(api)
    path = f"{bill}/actions/new"
    first = {"actions/0/on": "2024-01-01", "actions/0/text": "One"}
    page = browser.press(browser.open(path), path, "add:actions", first)
    assert page.status == 200
    [focused] = [one for one in page.all("input") if "autofocus" in one]
    assert focused["name"] == "actions/1/on"
    page = browser.press(
        page, path, "add:actions", {"actions/1/on": "2024-01-02", "actions/1/text": "Two"}
    )
    page = browser.press(
        page, path, "remove:actions/0", {"actions/2/on": "2024-01-03", "actions/2/text": "Three"}
    )
    held = filled_in(page)
    assert [text for name, text in held.items() if name.endswith("/text")] == ["Two", "Three"]
    assert "Remove action 2" in page.said
    page = browser.press(page, path, "remove:actions/1")
    assert "Remove action" not in page.said
    sent = browser.send(browser.press(page, path, "preview"), path, "record")
    shown = browser.open(sent.headers["Location"])
    assert "Three" in shown.said
    assert "Two" not in shown.said.partition("History")[0]


@pytest.mark.parametrize(
    "step", ["add:x", "add:", "remove:actions", "remove:actions/x", "remove:a/../1"]
)
def test_a_button_that_no_page_has_changes_nothing(browser: Browser, api: Api, step: str) -> None:
    path = f"{record_bill(api)}/actions/new"
    page = browser.press(browser.open(path), path, step, {"actions/0/text": "One"})
    assert page.status == 200
    assert filled_in(page)["actions/0/text"] == "One"


def test_hostile_words_are_words(browser: Browser, api: Api) -> None:
    bill = record_bill(
        api, title=HOSTILE, notes=HOSTILE, title_original=HOSTILE, law_citation=HOSTILE,
        external_ids=[{"scheme": HOSTILE, "id": HOSTILE}],
        actions=[{"on": "2024-01-01", "text": HOSTILE, "body": HOSTILE}],
        sources=[{"url": "https://example.org/", "title": HOSTILE}],
    )  # fmt: skip
    request = record_request(api, title=HOSTILE)
    links = [
        {
            "identifier": "H.R. 815",
            "session": "118",
            "division": HOSTILE,
            "became_vehicle_on": "2024",
        }
    ]
    change = {"reason": HOSTILE, "vehicles": links}
    assert api.patch(f"{PATH}/{request['id']}", change, **{"If-Match": '"1"'}).status_code == 200
    for path in (
        bill,
        f"{bill}/amend",
        "/legislation/US-1",
        "/legislation/US-1/amend",
        "/legislation/US-1/enact",
    ):
        page = browser.open(path)
        assert page.status == 200
        assert "<script>alert" not in page.text
        assert page.all("img") == []
    for path in (
        f"{bill}/amend",
        "/legislation/US-1/amend",
        "/legislation/US-1/lines/arms/claims",
        NEW,
    ):
        opened = browser.open(path)
        page = browser.press(
            opened,
            path,
            "preview",
            dict.fromkeys(filled_in(opened).keys() - {"form_token", "form_id", "version"}, HOSTILE),
        )
        assert page.status in {200, 422}
        assert "<script>alert" not in page.text
        assert page.all("img") == []


def test_a_bill_is_found_by_its_name(api: Api) -> None:
    bill = record_bill(api)
    answer = api.client.get(
        "/legislation/vehicles/US/118/H.R. 815?on=2024", headers=BROWSER, follow_redirects=False
    )
    assert answer.headers["Location"] == f"{bill}?on=2024"
    nameless = record_bill(api, jurisdiction="DE", session=None, identifier="20/6063")
    answer = api.client.get(
        "/legislation/vehicles/DE//20/6063", headers=BROWSER, follow_redirects=False
    )
    assert answer.headers["Location"] == nameless


def test_the_page_of_a_bill_runs_nothing_and_links_to_what_is_there(api: Api) -> None:
    bill = record_bill(api)
    links = [{"identifier": "H.R. 815", "session": "118"}]
    record_request(api, vehicles=links)
    assert bill in visit(api.client, "/legislation/US-1").links
    assert bill in visit(api.client, "/changes").links or bill in visit(api.client, "/").links
    page = visit(api.client, bill)
    assert [one for one in page.all("script") if "src" not in one] == page.all("style") == []
    for link in page.links:
        if link.startswith("/") and not link.startswith("/verify?"):
            assert api.client.get(link, headers=BROWSER).status_code == 200, link


def test_a_bill_that_is_not_there_has_no_page(browser: Browser, api: Api) -> None:
    nobody = "/legislation/vehicles/00000000-0000-4000-8000-000000000000"
    for path in (
        nobody,
        f"{nobody}/amend",
        "/legislation/vehicles/x",
        "/legislation/vehicles/US/1/x",
        "/legislation/vehicles/x/amend",
    ):
        assert browser.open(path).status == 404, path
    assert browser.open(f"{record_bill(api)}/attach").status == 404
    assert visit(api.client, f"{record_bill(api, identifier='S. 1')}?on=soon").status == 400

"""Promise: all that becomes of a request can be written down with a browser alone, and shows first what it would do."""

import pytest
from fastapi import FastAPI

from app.access.domain import Role
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.web.desk import Browser, filled_in
from tests.web.legislation import LINES, PATH, act, post, record_request
from tests.web.page import Page

US = "/legislation/US-1"


@pytest.fixture
def browser(app: FastAPI, clock: StoppedClock) -> Browser:
    """A contributor is signed in."""
    browser = Browser(app)
    browser.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    return browser


def plain(page: Page) -> str:
    return page.said.replace("\u202f", " ")


def fill(browser: Browser, path: str, fields: dict[str, str]) -> Page:
    """The preview of a form that was just opened."""
    return browser.press(browser.open(path), path, "preview", fields)


def record(browser: Browser, path: str, fields: dict[str, str]) -> Page:
    """The page that a form leads to, previewed and recorded."""
    preview = fill(browser, path, fields)
    assert preview.status == 200, preview.said
    sent = browser.send(preview, path, "record")
    assert sent.status_code == 303, sent.text
    again = browser.send(preview, path, "record")
    assert again.headers["Location"] == sent.headers["Location"]
    return browser.open(sent.headers["Location"])


def test_the_page_of_a_request_leads_to_its_forms(browser: Browser, api: Api) -> None:
    record_request(api)
    links = browser.open(US).links
    forms = ("amend", "withdraw", "enact", "funding/new", "vehicles/new", "actions/new")
    assert {f"{US}/{one}" for one in forms} <= set(links)
    assert f"{US}/lines/arms/claims" in links
    for link in links:
        if link.startswith(f"{US}/"):
            assert browser.open(link).status == 200, link
    assert f"{US}/amend" not in browser.open(f"{US}?as_of=1").links


def test_a_request_is_corrected_with_a_reason(browser: Browser, api: Api) -> None:
    """Of 60 + 30 million of money 30 become 40, and the sources that disagree on the 60 stay."""
    before = record_request(api)
    path = f"{US}/amend"
    opened = browser.open(path)
    assert filled_in(opened)["lines/2/amount"] == "30000000.00"
    changed = {
        "reason": "The annex was misread.",
        "lines/2/amount": "40000000.00",
        "notes": "Annex 2",
    }
    preview = browser.press(opened, path, "preview", changed)
    assert "US-1 money 90 000 000.00 USD 100 000 000.00 USD United States" in plain(preview)
    page = browser.open(browser.send(preview, path, "record").headers["Location"])
    assert "“The annex was misread.”" in page.said
    after = api.get(f"{PATH}/US-1")
    assert (after["version"], after["notes"]) == (before["version"] + 1, "Annex 2")
    told = [one for one in after["lines"] if not one["residual"]]
    assert [one["amount"] for one in told] == [
        "90000000.00",
        "60000000.00",
        "40000000.00",
        "5000000.00",
    ]
    assert [one["claims"] for one in told] == [
        one["claims"] for one in before["lines"] if not one["residual"]
    ]


def test_what_is_wrong_with_a_correction_stands_beside_its_field(
    browser: Browser, api: Api
) -> None:
    record_request(api)
    wrong = {"reason": " ", "lines/1/amount": "1.00", "lines/3/parent": "nothing", "kind": ""}
    page = fill(browser, f"{US}/amend", wrong)
    assert page.status == 422
    invalid = [
        one["name"]
        for tag in ("input", "select", "textarea")
        for one in page.all(tag)
        if one.get("aria-invalid")
    ]
    assert {"reason", "kind"} <= set(invalid)
    page = fill(browser, f"{US}/amend", {**wrong, "reason": "So.", "kind": "supplemental"})
    assert "The amount is that of the preferred claim" in page.said
    invalid = [one["name"] for one in page.all("input") if one.get("aria-invalid")]
    assert invalid == ["lines/1/amount", "lines/3/parent"]


def test_a_correction_of_a_version_that_has_moved_on_shows_what_differs(
    browser: Browser, api: Api
) -> None:
    request = record_request(api)
    path = f"{US}/amend"
    preview = fill(browser, path, {"title": "Mine", "reason": "Better."})
    changed = {"reason": "Meanwhile.", "title": "Theirs"}
    api.patch(f"{PATH}/{request['id']}", changed, **{"If-Match": '"1"'})
    conflict = browser.press(preview, path, "record")
    assert conflict.status == 409
    assert "Title Theirs Mine" in conflict.said
    assert 'value="record"' not in conflict.text
    assert api.get(f"{PATH}/US-1")["title"] == "Theirs"
    onward = browser.press(conflict, path, "rebase")
    assert onward.status == 200
    assert browser.send(onward, path, "record").status_code == 303
    assert api.get(f"{PATH}/US-1")["title"] == "Mine"


def test_a_draft_keeps_the_version_that_it_is_based_on(browser: Browser, api: Api) -> None:
    request = record_request(api)
    path = f"{US}/amend"
    kept = browser.send(browser.open(path), path, "save", {"title": "Mine", "reason": "Better."})
    address = kept.headers["Location"]
    assert "Somebody else was quicker" not in browser.open(address).said
    api.patch(
        f"{PATH}/{request['id']}",
        {"reason": "Meanwhile.", "title": "Theirs"},
        **{"If-Match": '"1"'},
    )
    page = browser.open(address)
    assert "Somebody else was quicker" in page.said
    assert "Title Theirs Mine" in page.said
    assert filled_in(page)["version"] == "1"
    assert browser.press(page, path, "record").status == 409
    assert api.get(f"{PATH}/US-1")["title"] == "Theirs"


def test_another_source_is_kept_and_one_of_them_counts(browser: Browser, api: Api) -> None:
    """Stocks were asked for with 5 million; a letter says 6, and is believed."""
    record_request(api)
    path = f"{US}/lines/stocks/claims"
    opened = filled_in(browser.open(path))
    assert (opened["claims/0/amount"], opened["claims/0/preferred"]) == ("5000000.00", "true")
    both = {
        "reason": "A letter of the ministry.", "claims/1/amount": "6000000.00", "claims/1/preferred": "true",
        "claims/1/source/url": "https://example.org/letter", "claims/1/reason": "It is later.",
    }  # fmt: skip
    refused = fill(browser, path, both)
    assert refused.status == 422
    assert "Exactly one claim is the preferred one." in refused.said
    no_reason = fill(browser, path, {**both, "claims/0/preferred": "", "claims/1/reason": ""})
    [wrong] = [one["name"] for one in no_reason.all("input") if one.get("aria-invalid")]
    assert wrong == "claims/1/reason"
    page = record(browser, path, {**both, "claims/0/preferred": ""})
    assert "6 000 000 USD counted" in plain(page)
    [line] = [one for one in api.get(f"{PATH}/US-1")["lines"] if one["key"] == "stocks"]
    assert [one["amount"] for one in line["claims"]] == ["5000000.00", "6000000.00"]
    assert line["amount"] == "6000000.00"


def test_a_law_ends_what_is_pending_and_pays_for_pledges(browser: Browser, api: Api) -> None:
    """Of 60 million for arms 40 are granted, the budget's 30 as asked; 15 of the 40 pay for a pledge."""
    request = record_request(api)
    act(api, request, "2024-04-23", "passed")
    api.record_pledge(reference="US-P", donor="US", currency="USD")
    path = f"{US}/enact"
    opened = filled_in(browser.open(path))
    rows = [(opened[f"lines/{one}/line"], opened[f"lines/{one}/amount"]) for one in range(3)]
    assert rows == [("arms", "60000000.00"), ("budget", "30000000.00"), ("stocks", "5000000.00")]
    law = {"on": "2024-04-24", "law": "P.L. 118-50", "lines/0/amount": "40000000.00"}
    preview = fill(browser, path, law)
    said = plain(preview)
    assert "US-1 money 90 000 000.00 USD 0.00 USD" in said
    assert "US-1 authority 5 000 000.00 USD 0.00 USD" in said
    assert "state passed → enacted" in said
    page = record(browser, path, law)
    assert "P.L. 118-50, 24 April 2024" in page.said
    assert (
        "amend Arms reduced 60 000 000 USD 40 000 000 USD 40 000 000 USD 40 000 000 USD"
        in plain(page)
    )
    funding = f"{US}/funding/new"
    unknown = fill(
        browser, funding, {"enacted_line": "E1", "pledge": "US-NONE", "amount": "15000000.00"}
    )
    assert [one["name"] for one in unknown.all("input") if one.get("aria-invalid")] == ["pledge"]
    paid = record(
        browser, funding, {"enacted_line": "E1", "pledge": "US-P", "amount": "15000000.00"}
    )
    assert "40 000 000 USD 25 000 000 USD" in plain(paid)
    more = fill(browser, funding, {"enacted_line": "E1", "pledge": "US-P", "amount": "25000000.01"})
    assert "Of this enacted line 25000000.00 USD are left for pledges." in more.said
    [link] = [one for one in paid.links if "/funding/" in one and one.endswith("/withdraw")]
    [whole] = [one for one in paid.links if "/enactments/" in one]
    # Submitted, and passed; what the law itself brought about is taken back with the law.
    assert (
        len(
            [
                one
                for one in paid.links
                if one.startswith(f"{US}/actions/") and one.endswith("/withdraw")
            ]
        )
        == 2
    )
    kept = fill(browser, whole, {"reason": "Not signed."})
    assert "Withdraw the links to the pledges that are paid from it first." in kept.said
    taken = {"reason": "Rescinded by a later law.", "rescinded": "26000000.00"}
    beyond = fill(browser, f"{US}/enacted/E1/amend", taken)
    assert "Of this enacted line" in beyond.said
    left = record(browser, f"{US}/enacted/E1/amend", {**taken, "rescinded": "10000000.00"})
    assert "40 000 000 USD 30 000 000 USD 15 000 000 USD" in plain(left)
    record(browser, link, {"reason": "Another line pays."})
    back = record(browser, whole, {"reason": "Not signed."})
    assert "passed" in back.said
    assert api.get(f"{PATH}/US-1")["state"] == "passed"


def test_what_was_recorded_in_error_is_taken_back(browser: Browser, api: Api) -> None:
    request = record_request(api)
    act(api, request, "2023-11-07", "in_committee")
    page = browser.open(US)
    taking = [one for one in page.links if "/actions/" in one and one.endswith("/withdraw")]
    after = record(browser, taking[-1], {"reason": "Another bill."})
    assert api.get(f"{PATH}/US-1")["state"] == "submitted"
    assert (
        len([one for one in after.links if "/actions/" in one and one.endswith("/withdraw")]) == 1
    )
    gone = record(browser, f"{US}/withdraw", {"reason": "Recorded twice."})
    assert "was withdrawn; it counts nowhere" in gone.said


def test_an_action_says_who_acted_and_where_that_is_read(browser: Browser, api: Api) -> None:
    record_request(api)
    fields = {
        "on": "2023-11-07", "body": "Senate", "text": "Referred",
        "source_url": "https://example.org/record", "vote/yes": "49",
    }  # fmt: skip
    page = record(browser, f"{US}/actions/new", fields)
    assert "7 November 2023 Senate Referred example.org" in page.said


def test_a_form_on_a_part_that_is_not_there_is_not_found(browser: Browser, api: Api) -> None:
    record_request(
        api,
        lines=[*LINES, {"key": "rest", "parent": "all", "component": "other", "amount": "1.00"}],
    )
    for path in (
        "enacted/E1/amend",
        "lines/none/claims",
        "lines/all.unallocated/claims",
        "actions/1/withdraw",
        "enactments/x/withdraw",
    ):
        assert browser.open(f"{US}/{path}").status == 404, path
    post(api, f"{PATH}/{api.get(f'{PATH}/US-1')['id']}/withdrawal", {"reason": "Twice."})
    assert fill(browser, f"{US}/amend", {"reason": "So.", "title": "Other"}).status == 422

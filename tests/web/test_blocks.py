"""Promise: every figure of a page stands alone too, as a picture, as tables and in a frame, and says just the same."""

import csv
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI

from app.access.domain import Role
from tests.client import Api
from tests.clock import StoppedClock
from tests.conftest import make_key
from tests.web.desk import Browser
from tests.web.legislation import PATH, act, post, record_request
from tests.web.page import BROWSER, Page, visit

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)</script>\"'&"
# Every figure there is, with what it is about.
BLOCKS = {
    "growth": "measure=pledged",
    "donors": "measure=pledged",
    "donor-stages": "donor=DE",
    "donor-kinds": "donor=DE&measure=pledged",
    "board": "on=2023-11-01",
    "request-course": "request=US-2",
    "request-enacted": "request=US-2",
    "changes": "from=0&measure=pledged",
    "rates": "currency=USD&from=2024",
    "pledge-stages": "pledge=DE-1",
}
PAGES = (
    "/?measure=pledged",
    "/donors?measure=pledged&sort=donor",
    "/donors/DE?measure=pledged",
    "/legislation?on=2023-11-01&currency=USD",
    "/legislation/US-2",
    "/changes?from=0&measure=pledged",
    "/rates?currency=USD&from=2024",
    "/pledges/DE-1",
    "/pledges?donor=DE&sort=reference",
)


@pytest.fixture
def ledger(api: Api) -> Api:
    """Euros: Germany pledges 2 500 000.25 and 1 000 000 of it is delivered, France 750 000; two American requests."""
    first = api.record_pledge(
        reference="DE-1", title=HOSTILE, donor="DE", currency="EUR", amount="2500000.25", announced_on="2023-01-05"
    )  # fmt: skip
    api.record_movement(first, "delivered", amount="1000000.00", on="2024-02-01")
    api.record_pledge(
        reference="FR-1", donor="FR", currency="EUR", amount="750000.00", announced_on="2023-02-05"
    )
    record_request(api)
    law = record_request(api, reference="US-2", title=HOSTILE)
    enacted = [
        {"key": "law", "line": "arms", "component": "military", "amount": "40000000.00"},
        {"key": "more", "component": "humanitarian", "label": "Relief", "amount": "7000000.00"},
    ]
    act(api, law, "2024-04-23", "passed")
    body = {"on": "2024-04-24", "law": "P.L. 118-50", "lines": enacted}
    post(api, f"{PATH}/{law['id']}/enactments", body)
    return api


@pytest.fixture
def desk(app: FastAPI, clock: StoppedClock) -> Browser:
    """Somebody who may write is signed in."""
    browser = Browser(app)
    browser.sign_in(make_key(app.state.database, clock, Role.CONTRIBUTOR))
    return browser


def rows(api: Api, path: str) -> list[dict[str, str]]:
    """The rows of a CSV file, by the names of its columns."""
    answer = api.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def document(api: Api, path: str) -> Any:
    answer = api.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def said(page: Page) -> str:
    assert page.status == 200, page.said
    return page.said.replace("\u202f", " ")


def twins(page: Page, *ends: str) -> list[str]:
    return [one for one in page.links if one.partition("?")[0].endswith(ends)]


def test_every_figure_is_a_picture_with_its_own_words_and_colours(ledger: Api) -> None:
    for name, query in BLOCKS.items():
        answer = ledger.client.get(f"/figures/{name}.svg?{query}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml"), name
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "script" not in policy
        root = ET.fromstring(answer.text)
        assert [one.tag for one in root[:3]] == [f"{SVG}title", f"{SVG}desc", f"{SVG}style"]
        assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
        assert all(one.text for one in root[:3])
        assert "var(" not in answer.text
        assert not list(root.iter(f"{SVG}script"))
        words = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        assert "Source: Aid Ledger, as of" in words
        assert re.search(r"[Rr]evisions? ", words), name


def test_every_figure_can_be_framed_and_holds_no_form_and_no_key(ledger: Api) -> None:
    for name, query in BLOCKS.items():
        page = visit(ledger.client, f"/embed/{name}?{query}")
        assert page.status == 200, name
        assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert not page.all("form") + page.all("input") + page.all("style")
        assert "<script>alert" not in page.text
        assert [one["class"].split()[-1] for one in page.all("svg")] == ["wide", "narrow"]  # type: ignore[union-attr]
        words = said(page)
        assert "Show as table" in words
        assert "Source: Aid Ledger." in words
        assert re.search(r"[Rr]evisions? \d", words), name
        [whole] = page.links
        assert ledger.client.get(whole, headers=BROWSER).status_code == 200, whole


def test_whoever_is_signed_in_sees_the_same_frame_as_all(ledger: Api, desk: Browser) -> None:
    page = desk.open("/embed/growth?measure=pledged")
    assert page.text == visit(ledger.client, "/embed/growth?measure=pledged").text
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("suffix", [".svg", ".csv", ".json"])
def test_a_figure_that_has_not_changed_is_not_sent_again(ledger: Api, suffix: str) -> None:
    path = f"/figures/donors{suffix}"
    first = ledger.client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    held = {"If-None-Match": first.headers["ETag"]}
    assert ledger.client.get(path, headers=held).status_code == 304
    ledger.record_pledge()
    assert ledger.client.get(path, headers=held).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/figures/nothing.svg", 404),
        ("/figures/nothing.csv", 404),
        ("/embed/nothing", 404),
        ("/figures/donor-stages.svg", 422),
        ("/figures/donor-stages.svg?donor=QQ", 404),
        ("/figures/donor-stages.svg?donor=DE,FR", 404),
        ("/figures/pledge-stages.svg?pledge=none", 404),
        ("/figures/request-course.svg?request=none", 404),
        ("/figures/request-course.svg?request=US-1&on=soon", 422),
        ("/figures/request-enacted.svg?request=US-1", 404),
        ("/figures/board.svg?on=2020-01-01", 404),
        ("/figures/board.svg?most=0", 422),
        ("/figures/donors.svg?most=many", 422),
        ("/figures/donors.svg?sort=colour", 422),
        ("/figures/growth.svg?most=3", 422),
        ("/figures/changes.svg?from=99", 422),
        ("/figures/rates.svg?currency=XXX", 422),
        ("/figures/growth.svg?from=1900&to=1901", 404),
    ],
)
def test_what_there_is_not_is_a_problem_and_never_a_fault(
    ledger: Api, path: str, status: int
) -> None:
    answer = ledger.client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_picture_is_given_to_those_who_ask_for_pictures_only(ledger: Api) -> None:
    answer = ledger.client.get("/figures/donors.svg", headers={"Accept": "image/svg+xml"})
    assert answer.status_code == 200


def test_the_table_of_donors_is_what_the_page_shows_in_its_order(ledger: Api) -> None:
    page = visit(ledger.client, "/donors?measure=pledged&sort=donor")
    words = said(page)
    assert "France 0.75 0.00 0.00 0.00 – 1 5 February 2023" in words
    assert "Germany 2.50 1.00 1.00 1.00 100 % 1 5 January 2023" in words
    [path] = twins(page, ".csv")
    assert [list(row.values()) for row in rows(ledger, path)] == [
        ["FR", "750000.00", "0.00", "0.00", "0.00", "–", "1", "2023-02-05"],
        ["DE", "2500000.25", "1000000.00", "1000000.00", "1000000.00", "100\u202f%", "1", "2023-01-05"],
    ]  # fmt: skip
    [path] = twins(page, ".json")
    answer = document(ledger, path)
    assert answer["total"]["pledged"] == "3250000.25"
    assert answer["meta"]["revision"] == 7


def test_the_overview_names_how_many_donors_its_table_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/?measure=pledged&currency=USD&as_of=4")
    [path] = twins(page, "/figures/donors.csv")
    assert path == ("/figures/donors.csv?measure=pledged&currency=USD&fx=effective&as_of=4&most=12")
    assert [row["donor"] for row in rows(ledger, "/figures/donors.csv?measure=pledged&most=1")] == ["DE"]  # fmt: skip
    part = document(ledger, "/figures/donors.json?measure=pledged&most=1")
    assert part["total"]["pledged"] == "3250000.25"
    assert part["meta"]["notes"] == ["The total holds 1 other donor as well."]


def test_the_stages_and_kinds_of_a_donor_are_what_its_page_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/donors/DE?measure=pledged")
    words = said(page)
    assert "Pledged 2.50 m EUR" in words
    assert "Military 2.50 m EUR, 100 %" in words
    [path] = twins(page, "/figures/donor-stages.csv")
    assert [tuple(row.values()) for row in rows(ledger, path)] == [
        ("pledged", "2500000.25"),
        ("committed", "1000000.00"),
        ("allocated", "1000000.00"),
        ("delivered", "1000000.00"),
    ]
    [path] = [one for one in twins(page, "/v1/totals") if "aid_type" in one]
    [kind] = document(ledger, path)["data"]
    assert (kind["aid_type"], kind["amount"]) == ("military", "2500000.25")
    [path] = [one for one in twins(page, "/v1/totals") if "month" in one]
    assert document(ledger, path)["total"]["amount"] == "2500000.25"


def test_the_board_and_its_twins_take_the_same_filters(ledger: Api) -> None:
    """On 1 November 2023 both requests ask for 90 million of money and 5 of authority, for 12 days."""
    query = "on=2023-11-01&currency=USD&donor=US&kind=supplemental"
    page = visit(ledger.client, f"/legislation?{query}")
    assert "Money asked for 180.00 m USD" in said(page)
    assert "/legislation/US-1?on=2023-11-01" in page.links
    files = twins(page, "/pending", ".csv", ".xlsx", ".svg")
    asked = {one.partition("?")[0]: one.partition("?")[2] for one in files if "/cite/" not in one}
    filters = "donor=US&kind=supplemental&on=2023-11-01&currency=USD"
    assert asked == {
        "/v1/reports/legislation.xlsx": filters,
        "/v1/legislative-requests/pending.csv": f"{filters}&by=state,request,donor",
        "/v1/legislative-requests/pending": f"{filters}&by=state,request,donor",
        "/figures/board.svg": filters,
    }
    answer = document(ledger, f"/v1/legislative-requests/pending?{filters}&by=state,request,donor")
    assert answer["total"]["amount"] == "180000000.00"
    assert {row["request"] for row in answer["data"]} == {"US-1", "US-2"}
    cards = rows(ledger, f"/figures/board.csv?{filters}")
    assert [row["request"] for row in cards] == ["US-1", "US-2"]
    assert (cards[0]["amount"], cards[0]["days_pending"], cards[0]["state"]) == (
        "90000000.00 USD; 5000000.00 USD of authority",
        "12",
        "Submitted",
    )
    known = visit(ledger.client, "/legislation?on=2023-11-01&as_of=4")
    assert "/legislation/US-1?as_of=4&on=2023-11-01" in known.links


def test_the_overview_leads_to_the_board_that_it_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/?currency=USD&donor=US&as_of=4")
    assert "/legislation?as_of=4&currency=USD&donor=US" in page.links
    assert "/legislation/US-1?as_of=4" in page.links
    [path] = twins(page, "/v1/legislative-requests/pending.csv")
    assert path.endswith("?donor=US&currency=USD&as_of=4&by=state,request,donor")


def test_the_figures_of_a_request_are_what_its_page_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/legislation/US-2")
    assert "Arms 40 m of 60 m" in said(page)
    [path] = twins(page, "/figures/request-enacted.csv")
    lines = {row["line"]: (row["enacted"], row["requested"]) for row in rows(ledger, path)}
    assert lines["Arms"] == ("40000000.00", "60000000.00")
    assert lines["Relief"] == ("7000000.00", "0.00")
    [path] = twins(page, "/figures/request-course.csv")
    assert [tuple(row.values()) for row in rows(ledger, path)] == [
        ("2023-10-20", "submitted"),
        ("2024-04-23", "passed"),
        ("2024-04-24", "enacted"),
    ]
    past = visit(ledger.client, "/legislation/US-2?on=2023-11-01")
    [path] = twins(past, "/figures/request-course.csv")
    assert len(rows(ledger, path)) == 1
    # What a later law added is in no picture of an earlier day.
    assert "Nothing of it has been decided by this day." in said(past)


def test_the_parts_of_a_change_are_what_the_page_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/changes?from=1&measure=pledged")
    assert "New pledges that were recorded +750 000.00 1" in said(page)
    [path] = twins(page, "/figures/changes.csv")
    assert "from=1&to=7" in path
    parts = {row["cause"]: (row["amount"], row["entries"]) for row in rows(ledger, path)}
    assert parts["new"] == ("750000.00", "1")
    [path] = twins(page, "/v1/changes")
    assert document(ledger, path)["total"]["change"] == "750000.00"


def test_the_stages_of_a_pledge_are_what_its_page_shows(ledger: Api) -> None:
    page = visit(ledger.client, "/pledges/DE-1?as_of=1")
    [path] = twins(page, "/figures/pledge-stages.csv")
    assert [row["amount"] for row in rows(ledger, path)] == ["2500000.25", "0.00", "0.00", "0.00"]
    assert "/v1/pledges/DE-1?as_of=1" in page.links
    [path] = twins(visit(ledger.client, "/pledges/DE-1"), "/figures/pledge-stages.csv")
    assert rows(ledger, path)[3]["amount"] == "1000000.00"


def test_the_rates_of_a_table_are_those_of_the_page(ledger: Api) -> None:
    page = visit(ledger.client, "/rates?currency=USD&from=2024-03&to=2024-03")
    [drawn] = rows(ledger, "/figures/rates.csv?currency=USD&from=2024-03&to=2024-03")
    [path] = twins(page, "/v1/fx/rates.csv")
    last = rows(ledger, path)[-1]
    assert drawn["rate"] == last["rate"]
    assert f"2024-03 {last['rate']}" in said(page)


def test_the_list_of_pledges_and_its_twins_hold_the_same(ledger: Api) -> None:
    page = visit(ledger.client, "/pledges?group=EU&sort=reference")
    assert [one for one in page.links if one.startswith("/pledges/")] == ["/pledges/DE-1", "/pledges/FR-1"]  # fmt: skip
    [path] = twins(page, "/v1/pledges.csv")
    assert [row["reference"] for row in rows(ledger, path)] == ["DE-1", "FR-1"]


def test_programs_find_the_files_of_a_page_without_reading_it(ledger: Api) -> None:
    for path in PAGES:
        page = visit(ledger.client, path)
        named = [
            one for one in page.all("link")
            if one["rel"] == "alternate" and one["type"] in {"text/csv", "application/json", "image/svg+xml"}
        ]  # fmt: skip
        assert named, path
        for one in named:
            address, kind = str(one["href"]), str(one["type"])
            assert f'<{address}>; rel="alternate"; type="{kind}"' in page.headers["Link"]
            answer = ledger.client.get(address)
            assert answer.status_code == 200, address
            assert answer.headers["Content-Type"].startswith(kind)


def test_what_is_offered_to_be_framed_and_cited_is_there(ledger: Api) -> None:
    for path in PAGES[:-1]:
        page = visit(ledger.client, path)
        codes = [one for one in page.all("code") if str(one.get("id", "")).startswith("copy-")]
        assert len({one["id"] for one in codes}) == len(codes) >= 3, path
        for one in codes:
            address = str(one["data-path"])
            assert ledger.client.get(address, headers=BROWSER).status_code == 200, address


def forms(page: Page) -> list[str]:
    ends = ("/amend", "/withdraw", "/new")
    return [one for one in page.links if one.startswith("/pledges/DK-1/") and one.endswith(ends)]


def test_a_pledge_that_was_withdrawn_offers_no_form(api: Api, desk: Browser) -> None:
    pledge = api.record_pledge(reference="DK-1")
    moved = api.record_movement(pledge, "delivered", on="2024-02-01")
    assert len(forms(desk.open("/pledges/DK-1"))) == 4
    path, held = f"/v1/pledges/{pledge['id']}", {"If-Match": f'"{moved["version"]}"'}
    answer = api.post(f"{path}/withdrawal", {"reason": "recorded twice"}, **held)
    assert answer.status_code == 200, answer.text
    after = desk.open("/pledges/DK-1")
    assert "was withdrawn" in said(after)
    assert forms(after) == []
    refused = api.patch(path, {"reason": "x", "title": "y"}, **{"If-Match": answer.headers["ETag"]})
    assert refused.status_code == 409


def test_pledges_of_the_same_money_are_linked_from_both(api: Api) -> None:
    api.record_pledge(reference="DK-1")
    api.record_pledge(reference="DK-10")
    api.record_pledge(reference="EU-1", donor="EU", overlaps=["DK-1"])
    api.record_pledge(reference="EU-2", donor="EU", notes='quotes "DK-1" only')
    assert "May hold the same money as EU-1 " in said(visit(api.client, "/pledges/DK-1"))
    assert "May hold the same money as DK-1 " in said(visit(api.client, "/pledges/EU-1"))
    assert "same money" not in said(visit(api.client, "/pledges/DK-10"))
    assert "/pledges/EU-1?as_of=3" in visit(api.client, "/pledges/DK-1?as_of=3").links
    assert "same money" not in said(visit(api.client, "/pledges/DK-1?as_of=2"))


def test_a_page_that_fails_offers_a_search_and_asks_no_database(api: Api) -> None:
    app: Any = api.client.app

    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError(f"{name}: the database is gone")

    database = app.state.database
    app.state.database = Gone()
    try:
        page = visit(api.client, "/pledges")
    finally:
        app.state.database = database
    assert page.status == 500
    assert [one["action"] for one in page.all("form")] == ["/pledges", "/pledges"]
    assert [one["name"] for one in page.all("input")] == ["q", "q"]

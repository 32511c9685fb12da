"""Promise: the board says what is pending, how long and how much; a request's page says what became of each line."""

from io import BytesIO
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from openpyxl import load_workbook

from tests.client import Api
from tests.web.legislation import PATH, act, post, record_request
from tests.web.page import Page, visit


def said(page: Page) -> str:
    """Its words, with plain blanks between digits."""
    assert page.status == 200, page.said
    return page.said.replace("\u202f", " ")


def test_the_board_adds_up_each_kind_of_amount_by_itself(api: Api) -> None:
    """On 1 November 2023 two requests: 90 + 10 million of money, and 5 million of authority."""
    record_request(api)
    small = record_request(
        api,
        reference="US-2",
        donor="CA",
        title="Small one",
        requested_on="2023-10-25",
        lines=[{"key": "a", "component": "military", "amount": "10000000.00"}],
    )
    act(api, small, "2023-10-30", "in_committee")
    words = said(visit(api.client, "/legislation?on=2023-11-01&currency=USD"))
    assert "Money asked for 100.00 m USD" in words
    assert "Authority 5.00 m USD" in words
    assert "Submitted 1 90.00 m USD 5.00 m USD of authority US-1" in words
    assert "Committee 1 10.00 m USD US-2" in words
    assert "submitted, pending 12 days last action 12 d ago" in words
    assert "in committee, pending 7 days last action 2 d ago" in words
    one = said(visit(api.client, "/legislation?on=2023-11-01&currency=USD&donor=CA"))
    assert "Money asked for 10.00 m USD" in one
    assert "US-1" not in one
    none = said(visit(api.client, "/legislation?on=2023-11-01&kind=fund_law"))
    assert "Nothing was pending on this day." in none


def test_the_workbook_and_the_tables_are_of_what_the_board_shows(api: Api) -> None:
    record_request(api)
    record_request(api, reference="US-2", kind="annual_budget")
    record_request(api, reference="CA-1", donor="CA", currency="CAD")
    asked = {
        "donor": "US",
        "kind": "supplemental",
        "on": "2023-11-01",
        "currency": "USD",
        "as_of": "3",
    }
    found = visit(api.client, f"/legislation?{urlencode(asked)}").links
    twins = [urlsplit(one) for one in found if one.startswith(("/v1/reports/", f"{PATH}/pending"))]
    # The tables go by request, as the board does.
    split = {**asked, "by": "state,request,donor"}
    assert [dict(parse_qsl(one.query)) for one in twins] == [asked, split, split]
    assert twins[0].path == "/v1/reports/legislation.xlsx"
    [file, _, answer] = [api.client.get(f"{one.path}?{one.query}") for one in twins]
    book = load_workbook(BytesIO(file.content), data_only=True)
    [(tab, cell)] = book.defined_names["Pending_money_USD"].destinations
    assert book[tab][cell.replace("$", "")].value == 90_000_000
    assert answer.json()["total"]["amount"] == "90000000.00"


def test_what_waits_too_long_says_so_in_words(api: Api) -> None:
    """Submitted on 20 October: dormant after 30 days. Asked for a period that ended on 31 December: overdue by 31."""
    record_request(api, period="2023-11-01/2023-12-31")
    page = visit(api.client, "/legislation?on=2024-01-31")
    assert "overdue 31 d" in said(page)
    assert "dormant: no action for 103 d" in said(page)
    assert "1 request, 1 overdue, 1 dormant" in said(page)
    assert "What to look at" in [text for _, text in page.headings]
    early = said(visit(api.client, "/legislation?on=2023-12-11"))
    assert "due in 20 d" in early
    calm = said(visit(api.client, "/legislation?on=2023-10-25"))
    assert "dormant" not in calm


def test_sources_that_disagree_are_an_alert_and_both_are_shown(api: Api) -> None:
    record_request(api)
    assert "USD 66000000.00 for Arms; USD 60000000.00 is counted" in said(
        visit(api.client, "/legislation?on=2023-11-01")
    )
    words = said(visit(api.client, "/legislation/US-1"))
    assert "60 000 000 USD counted · The paper example.org, official “it is law”" in words
    assert "66 000 000 USD · The letter example.org, other" in words


def test_a_request_that_is_decided_moves_from_the_board_to_the_table(api: Api) -> None:
    request = record_request(api)
    act(api, request, "2024-04-24", "enacted")
    before = said(visit(api.client, "/legislation?on=2024-04-23"))
    assert "No request was decided by this day." in before
    after = said(visit(api.client, "/legislation?on=2024-04-24"))
    assert "Nothing was pending on this day." in after
    # 20 October 2023 to 24 April 2024
    assert "24 April 2024, 187 days 90.00 m USD 5.00 m USD of authority 90.00 m USD" in after


def test_announced_requests_stand_apart(api: Api) -> None:
    record_request(api, requested_on=None, announced_on="2023-10-01")
    words = said(visit(api.client, "/legislation?on=2023-11-01&currency=USD"))
    assert "Money asked for 0.00 USD" in words
    assert "Announced, not asked for yet 90.00 m USD, 5.00 m USD of authority" in words


def test_the_page_of_a_request_tells_its_course_and_its_votes(api: Api) -> None:
    request = record_request(api)
    act(
        api,
        request,
        "2023-12-06",
        "floor",
        body="Senate",
        text="Debate limit refused",
        vote={"yes": 49, "no": 51, "roll": 332},
    )
    page = visit(api.client, "/legislation/US-1")
    words = said(page)
    assert "6 December 2023 Senate Debate limit refused 49 to 51, roll call 332 floor" in words
    drawn = next(one for one in page.all("svg") if one["class"] == "chart timeline wide")
    assert drawn["role"] == "img"
    assert "It was submitted on 20 October 2023, floor on 6 December 2023." in words
    past = said(visit(api.client, "/legislation/US-1?on=2023-11-01"))
    assert "After that day On What happened" in past


def test_what_is_law_is_shown_against_what_was_asked_for(api: Api) -> None:
    """Of 60 million for arms 40 are granted, and 7 are added that nobody asked for."""
    request = record_request(api)
    enacted = [
        {"key": "law-arms", "line": "arms", "component": "military", "amount": "40000000.00"},
        {"key": "law-more", "component": "humanitarian", "label": "Relief", "amount": "7000000.00"},
    ]
    act(api, request, "2024-04-23", "passed")
    body = {"on": "2024-04-24", "law": "P.L. 118-50", "lines": enacted}
    post(api, f"{PATH}/{request['id']}/enactments", body)
    words = said(visit(api.client, "/legislation/US-1"))
    assert "Arms 40 m of 60 m" in words
    assert "Relief 7 m, added" in words
    assert "enacted 40 000 000 USD" in words


def test_what_hangs_on_a_request_is_linked_both_ways(api: Api) -> None:
    request = record_request(api)
    pledge = api.record_pledge(reference="US-P", donor="US", currency="USD")
    dependency = {
        "pledge": pledge["reference"],
        "kind": "conditional_on",
        "on_fail": "cancel",
        "due_on": "2024-12-31",
    }
    post(api, f"{PATH}/{request['id']}/dependencies", dependency)
    page = visit(api.client, "/legislation/US-1")
    assert "/pledges/US-P" in page.links
    assert "waiting US-P conditional on, due 31 December 2024, otherwise cancel" in said(page)


def test_the_history_of_a_request_tells_old_and_new_values(api: Api) -> None:
    request = record_request(api)
    answer = api.patch(
        f"{PATH}/{request['id']}",
        {"title": "Second title", "reason": "misread"},
        **{"If-Match": f'"{request["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    page = visit(api.client, "/legislation/US-1")
    assert "<del>Supplemental</del> → <ins>Second title</ins>" in page.text
    assert "/verify?entry=2" in page.links


@pytest.mark.parametrize(
    ("path", "field", "told"),
    [
        ("/legislation?on=soon", "on", ""),
        ("/legislation?on=2999-01-01", "on", ""),
        ("/legislation?kind=song", "kind", ""),
        ("/legislation?currency=DKK", "currency", "in these currencies"),
        ("/legislation?donor=QQ", "donor", "ISO 3166-1"),
        ("/legislation?as_of=99", "as_of", "has not reached"),
        ("/legislation/US-1?on=soon", "on", ""),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    api: Api, path: str, field: str, told: str
) -> None:
    page = visit(api.client, path)
    assert page.status == 400
    fields = page.all("input") + page.all("select")
    assert [one["name"] for one in fields if one.get("aria-invalid") == "true"] == [field]
    assert told in page.said

"""Promise: the pages of a pledge and of a donor show all that the ledger knows of them."""

from tests.client import Api
from tests.web.legislation import PATH, act, post, record_request
from tests.web.page import Page, visit


def said(page: Page) -> str:
    """Its words, with plain blanks between digits."""
    assert page.status == 200, page.said
    return page.said.replace("\u202f", " ")


def test_a_pledge_says_what_it_depends_on_and_what_became_of_that(api: Api) -> None:
    request = record_request(api)
    pledge = api.record_pledge(reference="US-P", donor="US", currency="USD")
    body = {"pledge": "US-P", "kind": "conditional_on", "on_fail": "cancel"}
    post(api, f"{PATH}/{request['id']}/dependencies", body)
    page = visit(api.client, f"/pledges/{pledge['id']}")
    assert "/legislation/US-1" in page.links
    assert "Depends on US-1 waiting conditional on, otherwise cancel" in said(page)
    act(api, request, "2024-04-24", "enacted")
    assert "Depends on US-1 met" in said(visit(api.client, "/pledges/US-P"))


def test_a_movement_that_was_an_error_is_struck_and_says_so(api: Api) -> None:
    pledge = api.record_pledge(reference="DK-1")
    moved = api.record_movement(pledge, "delivered", amount="100.00", on="2024-02-01")
    [movement] = moved["movements"]
    answer = api.post(
        f"/v1/pledges/{pledge['id']}/movements/{movement['id']}/withdrawal",
        {"reason": "it was another pledge"},
        **{"If-Match": f'"{moved["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    page = visit(api.client, "/pledges/DK-1")
    assert [one for one in page.all("tr") if one.get("class") == "void"]
    assert "delivered recorded in error" in said(page)
    assert "“it was another pledge”" in said(page)


def test_a_long_history_is_folded_and_whole(api: Api) -> None:
    pledge = api.record_pledge(reference="DK-1")
    for number in range(20):
        pledge = api.amend_pledge(pledge, title=f"Title {number}")
    page = visit(api.client, "/pledges/DK-1")
    assert "9 earlier entries" in said(page)
    assert [f"/verify?entry={number}" in page.links for number in range(1, 22)] == [True] * 21


def test_a_donor_shows_its_requests_its_kinds_and_what_changed_last(api: Api) -> None:
    """Of 4 000 dollars 3 000 are military: three quarters."""
    record_request(api)
    arms = api.record_pledge(donor="US", currency="USD", amount="3000.00", title="Arms")
    api.record_pledge(donor="US", currency="USD", amount="1000.00", aid_type="humanitarian")
    api.record_pledge(donor="DK", title="Of another donor")
    api.amend_pledge(arms, title="Arms and more")
    page = visit(api.client, "/donors/US?measure=pledged&currency=USD")
    words = said(page)
    assert "Military 3 000.00 USD, 75 %" in words
    assert "Humanitarian 1 000.00 USD, 25 %" in words
    assert "/legislation/US-1" in page.links
    assert "<del>Arms</del> → <ins>Arms and more</ins>" in page.text
    assert "Of another donor" not in words


def test_the_overview_shows_a_few_cards_of_a_column_and_how_many_more_there_are(api: Api) -> None:
    for number in range(6):
        record_request(api, reference=f"US-{number}", requested_on=f"2023-10-{10 + number}")
    page = visit(api.client, "/")
    # Those that have waited longest stand first; below them stand the latest changes.
    shown = [link for link in page.links if link.startswith("/legislation/")]
    assert shown[:4] == [f"/legislation/US-{number}" for number in range(4)]
    assert shown[4] == "/legislation/US-5"
    assert "and 2 more of Submitted" in said(page)

"""The feed of pledges: the newest first, one id for ever, every page of one revision, and no title breaks the XML."""

from typing import Any
from xml.etree import ElementTree as ET

from starlette.testclient import TestClient

from tests.client import Api

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client: TestClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    return ET.fromstring(answer.content)


def entries(feed: ET.Element) -> list[dict[str, Any]]:
    return [
        {
            "id": entry.findtext(f"{ATOM}id"),
            "title": entry.findtext(f"{ATOM}title"),
            "terms": [one.get("term") for one in entry.findall(f"{ATOM}category")],
            "content": entry.findtext(f"{ATOM}content"),
        }
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_what_the_ledger_was_told_last_comes_first_and_keeps_its_id(
    api: Api, client: TestClient
) -> None:
    first = api.record_pledge(title="Package 1", status="committed")
    api.record_pledge(donor="NO", currency="NOK", title="Package 2")
    before = entries(read(client, "/v1/pledges.atom"))
    assert [one["title"] for one in before] == [
        "NO-2023-0001: Norway, NOK 1000.00, pledged",
        "DK-2023-0001: Denmark, DKK 1000.00, committed",
    ]
    assert before[1]["terms"] == ["DK", "military", "in_kind", "committed", "new"]
    api.amend_pledge(first, amount=None)
    after = entries(read(client, "/v1/pledges.atom"))
    assert after[0]["title"] == "DK-2023-0001: Denmark, amount unknown, committed"
    assert after[0]["terms"][-1] == "changed"
    assert after[0]["id"] == before[1]["id"] == f"tag:aidledger.local,2026:pledges/{first['id']}"
    assert after[1] == before[0]


def test_links_lead_through_all_pages_of_one_revision(api: Api, client: TestClient) -> None:
    for number in range(5):
        api.record_pledge(title=f"Package {number}")
    whole = client.get("/v1/pledges.atom?as_of=5").content
    address: str | None = "/v1/pledges.atom?limit=2"
    found: list[Any] = []
    while address:
        page = read(client, address)
        found += entries(page)
        links = {one.get("rel"): one.get("href") for one in page.findall(f"{ATOM}link")}
        address = links.get("next")
        api.record_pledge(title="Meanwhile")
    assert found == entries(ET.fromstring(whole))
    assert client.get("/v1/pledges.atom?as_of=5").content == whole


def test_a_title_stays_text(api: Api, client: TestClient) -> None:
    title = "<script>&amp; ]]> &#8238;"
    api.record_pledge(title=title)
    [entry] = entries(read(client, "/v1/pledges.atom?donor=DK"))
    assert entry["content"].splitlines()[0] == title


def test_accept_gives_the_feed(api: Api, client: TestClient) -> None:
    api.record_pledge()
    by_header = client.get("/v1/pledges", headers={"Accept": "application/atom+xml"})
    assert by_header.content == client.get("/v1/pledges.atom").content

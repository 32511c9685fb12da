"""Promise: what stands around the figures is there: rates, groups, method, terms, feeds, embedding and citing."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from tests.client import Api
from tests.web.page import BROWSER, visit


def test_a_rate_is_what_its_source_published(api: Api) -> None:
    """The European Central Bank's euro reference rate of 14 November 2023: 1.0724 dollars."""
    page = visit(api.client, "/rates?currency=USD&from=2023-11-14&to=2023-11-14")
    assert "1 rate: 1.0724 on 14 November 2023" in page.said
    assert len(re.findall(r'<path class="line"', page.text)) == 2
    assert "euro reference rates of the European Central Bank" in page.said


def test_a_currency_without_rates_says_so(api: Api) -> None:
    page = visit(api.client, "/rates?currency=UAH")
    assert page.status == 200
    assert "No rate of this currency is known in this time." in page.said


@pytest.mark.parametrize(
    ("query", "field"),
    [("currency=QQQ", "currency"), ("from=x", "from"), ("to=2021", "to"), ("as_of=99", "as_of")],
)
def test_what_rates_cannot_be_read_is_said_beside_the_field(
    api: Api, query: str, field: str
) -> None:
    page = visit(api.client, f"/rates?{query}")
    assert page.status == 400
    wrong = [one for one in page.all("input") + page.all("select") if "aria-invalid" in one]
    assert [one["name"] for one in wrong] == [field]


@pytest.mark.parametrize("path", ["/method", "/about", "/groups"])
def test_pages_without_filters_take_none(api: Api, path: str) -> None:
    assert visit(api.client, path).status == 200
    assert visit(api.client, f"{path}?donor=DK").status == 400


def test_groups_know_who_came_and_went(api: Api) -> None:
    """NATO: Finland from 4 April 2023, Sweden from 7 March 2024. The United Kingdom left the EU on 31 January 2020."""
    page = visit(api.client, "/groups")
    assert "Finland since 4 April 2023" in page.said
    assert "Sweden since 7 March 2024" in page.said
    assert "United Kingdom 1 January 1973 to 31 January 2020" in page.said
    assert "/?group=NB8" in page.links


def test_the_method_names_every_policy_and_what_is_left_out(api: Api) -> None:
    page = visit(api.client, "/method")
    for word in (
        "effective",
        "announcement",
        "month_average",
        "fixed:",
        "release:",
        "half to even",
    ):
        assert word in page.said
    for word in (
        "Unvalued",
        "Undated",
        "Frames",
        "Pending",
        "stages are never added to each other",
    ):
        assert word in page.said


def test_about_says_the_versions_and_the_feeds(api: Api) -> None:
    api.record_pledge()
    page = visit(api.client, "/about")
    version = api.client.get("/").json()["version"]
    assert version in page.said
    assert "Aid Ledger, revision 1, as of" in page.said
    feeds = [one for one in page.links if one.endswith((".atom", ".ics", ".ndjson"))]
    assert "/v1/legislative-requests/changes.atom" in feeds
    for one in feeds:
        assert api.client.get(one).status_code == 200


def test_an_embedded_chart_may_stand_anywhere_and_holds_no_forms(api: Api) -> None:
    api.record_pledge(donor="DK")
    overview = visit(api.client, "/?measure=pledged&donor=DK")
    frames = re.findall(
        r"&lt;iframe src=&#34;([^&]*(?:&amp;amp;|&amp;|[^&])*?)&#34;", overview.text
    )
    assert [one.partition("?")[0] for one in frames] == ["/embed/growth", "/embed/donors"]
    address = frames[0].replace("&amp;", "&")
    page = visit(api.client, address)
    assert page.status == 200
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "unsafe" not in policy
    assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert page.title == "Aid to Ukraine, Denmark"
    assert page.all("form") == page.all("nav") == []
    assert all(one.get("target") == "_blank" for one in page.all("a"))
    refused = visit(api.client, "/embed/growth?measure=x")
    assert refused.status == 400
    assert "frame-ancestors *" in refused.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in overview.headers["Content-Security-Policy"]


def test_a_citation_leads_back_to_the_same_figures(api: Api) -> None:
    api.record_pledge(donor="DK", currency="EUR", amount="1000000.00")
    page = visit(api.client, "/?measure=pledged")
    [address] = {
        str(one["data-path"]) for one in page.all("code") if "as_of=" in str(one.get("data-path"))
    }
    assert address == "/?as_of=1&measure=pledged"
    assert "@misc{aidledger-r1," in page.text
    api.record_pledge(donor="DK", currency="EUR", amount="5000000.00")
    again = visit(api.client, address)
    assert "announced in 1 pledge" in again.said


def test_machines_find_their_way(api: Api) -> None:
    page = visit(api.client, "/")
    assert '</openapi.json>; rel="service-desc"' in page.headers["Link"]
    alternates = [one for one in page.all("link") if one["rel"] == "alternate"]
    assert alternates
    for one in alternates:
        answer = api.client.get(str(one["href"]))
        assert answer.headers["Content-Type"].startswith(str(one["type"]))
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text)
    data = json.loads(block)
    assert (data["@context"], data["@type"]) == ("https://schema.org/", "Dataset")
    for one in data["distribution"]:
        answer = api.client.get(one["contentUrl"])
        assert answer.headers["Content-Type"].startswith(one["encodingFormat"])


def test_the_sitemap_lists_pages_that_are_there(api: Api) -> None:
    answer = api.client.get("/sitemap.xml")
    name_space = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    tree = ET.fromstring(answer.content)
    found = [str(one.text) for one in tree.findall("map:url/map:loc", name_space)]
    assert "http://testserver/verify" in found
    assert "http://testserver/donors/DK" in found
    for address in found[:12]:
        assert api.client.get(address, headers=BROWSER).status_code == 200
    assert "Sitemap: http://testserver/sitemap.xml" in api.client.get("/robots.txt").text


def test_a_page_that_is_not_there_offers_a_search(api: Api) -> None:
    page = visit(api.client, "/nothing")
    assert page.status == 404
    assert [one for one in page.all("input") if one.get("id") == "sought"]

"""Promise: pages answer whoever looks at them, say what they rest on, link to what exists, and run nothing foreign."""

import gzip
import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.client import Api
from tests.web.legislation import record_request
from tests.web.page import BROWSER, Page, visit

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
PAGES = (
    "/",
    "/donors",
    "/donors/DK",
    "/pledges",
    "/pledges/DK-1",
    "/legislation",
    "/legislation/US-1",
    "/changes",
    "/docs",
    "/verify",
    "/verify?entry=1",
    "/downloads",
    "/method",
    "/about",
    "/groups",
    "/rates",
    "/embed/growth?measure=pledged",
)


@pytest.fixture
def recorded(api: Api) -> Api:
    """Two pledges; one has hostile words wherever words can stand."""
    api.record_pledge(
        reference="DK-1",
        title=HOSTILE,
        notes=HOSTILE,
        sources=[{"url": "https://example.org/a?b=1&c='2'", "title": HOSTILE, "kind": "official"}],
        items=[{"description": HOSTILE, "quantity": "3", "unit": "pieces"}],
    )
    delivered = api.record_pledge(reference="NO-1", donor="NO", currency="NOK", amount="3000000.00")
    api.record_movement(delivered, "delivered", amount="1000000.00", on="2024-02-01", note=HOSTILE)
    record_request(api, title=HOSTILE, notes=HOSTILE, requesting_office=HOSTILE)
    return api


def pages(api: Api) -> list[Page]:
    return [visit(api.client, path) for path in PAGES]


def test_every_page_answers_with_one_heading_and_a_title(recorded: Api) -> None:
    for page in pages(recorded):
        assert page.status == 200
        assert [level for level, _ in page.headings].count("h1") == 1
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.all("html") == [{"lang": "en"}]


def test_no_page_holds_a_script_or_a_style_of_its_own(recorded: Api) -> None:
    for page in pages(recorded):
        inline = [one for one in page.all("script") if "src" not in one]
        # A block of data is nothing that runs.
        assert all(one["type"] == "application/ld+json" for one in inline)
        assert page.all("style") == []
        for _, attributes in page.elements:
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_hostile_words_are_words(recorded: Api) -> None:
    page = visit(recorded.client, "/pledges/DK-1")
    assert page.title == HOSTILE
    assert "<script>alert" not in page.text
    assert page.all("img") == []
    request = visit(recorded.client, "/legislation/US-1")
    assert request.title == HOSTILE
    assert request.all("img") == []
    for path in PAGES:
        assert "<script>alert" not in visit(recorded.client, path).text
    hostile = visit(recorded.client, "/pledges?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in hostile.text


def test_the_policy_lets_nothing_run_that_is_not_ours(recorded: Api) -> None:
    page = visit(recorded.client, "/")
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    docs = visit(recorded.client, "/docs").headers["Content-Security-Policy"]
    assert "script-src 'self';" in docs


def test_nothing_is_loaded_from_another_host(recorded: Api) -> None:
    for page in pages(recorded):
        assert all(address.startswith("/static/") for address in page.loaded)
        assert all(str(one["href"]).startswith("/") for one in page.all("link"))


def test_all_links_lead_somewhere(recorded: Api) -> None:
    seen: set[str] = set()
    for page in pages(recorded):
        for link in page.links:
            path = link.partition("#")[0]
            if not path or path in seen or path.startswith("https://"):
                continue
            seen.add(path)
            # Made beside this page; until then nothing is there.
            if path.startswith("/verify?"):
                continue
            status = recorded.client.get(path, headers=BROWSER).status_code
            # The signed log is empty where nobody has signed.
            assert status == 200 or path == "/v1/log/bundle", (path, status)
    assert len(seen) > 40


def test_sources_are_followed_to_web_addresses_only(recorded: Api) -> None:
    page = visit(recorded.client, "/pledges/DK-1")
    [source] = [one for one in page.all("a") if str(one.get("href", "")).startswith("https://")]
    assert source["href"] == "https://example.org/a?b=1&c='2'"
    assert source["rel"] == "noopener noreferrer nofollow"


def test_programs_that_ask_at_the_root_get_links(client: TestClient) -> None:
    assert client.get("/").json()["links"]["totals"].startswith("/v1/totals")
    assert client.get("/", headers={"Accept": "application/json"}).json()["name"] == "Aid Ledger"


def test_an_empty_ledger_has_pages_too(client: TestClient) -> None:
    page = visit(client, "/")
    assert page.status == 200
    assert "Nothing is recorded yet." in page.said
    assert visit(client, "/donors").status == 200
    assert "No pledge is like this." in visit(client, "/pledges").said


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("from=xx", "from", "A date is 2023-11-14"),
        ("from=2024&to=2023", "to", "The range ends before it begins."),
        ("donor=QQ", "donor", "ISO 3166-1"),
        ("group=XX", "group", "no such group"),
        ("measure=promised", "measure", ""),
        ("currency=native", "currency", "choose a currency"),
        ("currency=eur", "currency", ""),
        ("fx=tomorrow", "fx", "no such policy"),
        ("as_of=soon", "as_of", "A moment is a revision"),
        ("as_of=99", "as_of", "has not reached"),
        ("aid_type=music", "aid_type", ""),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    client: TestClient, query: str, field: str, said: str
) -> None:
    page = visit(client, f"/?{query}")
    assert page.status == 400
    fields = page.all("input") + page.all("select")
    [wrong] = [one for one in fields if one.get("aria-invalid") == "true"]
    assert (wrong["name"], wrong["aria-describedby"]) == (field, f"problem-{field}")
    assert said in page.said


@pytest.mark.parametrize(
    "path",
    [
        "/?nothing=1",
        "/?from=2023&from=2024",
        "/?sort=colour",
        "/pledges?sort=amount",
        "/pledges?unvalued=perhaps",
        "/pledges/DK-1?from=2023",
        "/donors?cursor=1",
        "/donors/DK?donor=NO",
        "/pledges?cursor=nonsense",
        "/legislation?from=2023",
        "/changes?as_of=1",
        "/legislation?on=2023&kind=song",
        "/legislation/US-1?on=soon",
        "/?fx=fixed:1990-01-01",
        "/?fx=release:none",
    ],
)
def test_an_address_that_says_something_else_is_not_guessed_at(recorded: Api, path: str) -> None:
    page = visit(recorded.client, path)
    assert page.status == 400
    assert [one for one in page.elements if one[1].get("role") == "alert"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/donors/QQ",
        "/donors/UA",
        "/pledges/none",
        "/legislation/none",
        "/static/0/x.css",
    ],
)
def test_what_is_not_there_is_said_in_words_to_browsers(client: TestClient, path: str) -> None:
    page = visit(client, path)
    assert page.status == 404
    assert "/pledges" in page.links
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src")
    document = client.get(path).json()
    assert document["status"] == 404


def test_the_api_keeps_its_problem_documents(client: TestClient) -> None:
    answer = client.get("/v1/nothing", headers={"Accept": "text/html, */*"})
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_other_methods_are_refused_in_words(client: TestClient) -> None:
    answer = client.post("/pledges", headers={"Accept": "text/html"})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "<h1>Method not allowed</h1>" in answer.text


def test_a_page_that_has_not_changed_is_not_sent_again(recorded: Api) -> None:
    first = visit(recorded.client, "/")
    assert first.headers["Cache-Control"] == "no-cache"
    again = visit(recorded.client, "/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.text) == (304, "")
    recorded.record_pledge(reference="DK-2")
    changed = visit(recorded.client, "/", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status == 200
    assert "DK-2" in changed.said


def test_files_are_kept_for_ever_and_compressed(client: TestClient) -> None:
    page = visit(client, "/")
    for address in page.loaded:
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
    plain = client.get(page.loaded[-1], headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers


def test_the_overview_weighs_little(recorded: Api) -> None:
    """At most 60 kB over the wire with everything, in fewer than 8 requests."""
    page = visit(recorded.client, "/")
    packed = [len(gzip.compress(recorded.client.get(one).content)) for one in page.loaded]
    assert 1 + len(packed) < 8
    assert len(gzip.compress(page.text.encode())) + sum(packed) < 60_000


def test_the_key_figures_are_what_was_recorded(api: Api) -> None:
    """2.5 and 0.75 million pledged, of which 1 million is delivered and so committed: 40 % of 2.5."""
    first = api.record_pledge(
        donor="DE",
        currency="EUR",
        amount="2500000.00",
        status="committed",
        announced_on="2023-01-05",
    )
    api.record_pledge(donor="FR", currency="EUR", amount="750000.00", announced_on="2023-02-05")
    api.record_movement(first, "delivered", amount="1000000.00", on="2024-02-01")
    said = visit(api.client, "/").said.replace("\u202f", " ")
    assert "Pledged 3.2 m EUR announced in 2 pledges" in said  # 3.25, half to even
    assert "Committed 2.5 m EUR legally bound in 1 pledge" in said
    assert "Delivered 1.0 m EUR 40 % of committed" in said


def test_the_donors_are_sorted_as_asked(recorded: Api) -> None:
    def order(query: str) -> list[str]:
        links = visit(recorded.client, f"/donors?{query}").links
        return [link[8:10] for link in links if re.match(r"/donors/\w\w", link)]

    assert order("measure=pledged") == ["NO", "DK"]
    assert order("sort=pledged") == ["DK", "NO"]
    assert order("sort=-donor") == ["NO", "DK"]


def test_a_long_list_is_walked_page_by_page(api: Api) -> None:
    for number in range(60):
        api.record_pledge(reference=f"DK-{number:02d}")
    seen: list[str] = []
    path: str | None = "/pledges?sort=reference"
    while path:
        page = visit(api.client, path)
        assert page.status == 200
        seen += [link[9:] for link in page.links if link.startswith("/pledges/")]
        path = next((str(one["href"]) for one in page.all("a") if one.get("rel") == "next"), None)
        api.record_pledge()  # what comes in meanwhile is not in this walk
    assert seen == [f"DK-{number:02d}" for number in range(60)]


def test_the_past_is_shown_as_it_was(recorded: Api) -> None:
    assert 'class="tag pledged"' in visit(recorded.client, "/pledges/NO-1?as_of=2").text
    assert 'class="tag delivered"' in visit(recorded.client, "/pledges/NO-1").text


def test_a_history_tells_old_and_new_values(api: Api) -> None:
    pledge = api.record_pledge(reference="DK-1")
    api.amend_pledge(pledge, amount="1500.00")
    text = visit(api.client, "/pledges/DK-1").text
    assert "<del>1\u202f000.00 DKK</del> → <ins>1\u202f500.00 DKK</ins>" in text
    assert "“it was so”" in text


def test_where_reading_takes_a_key_pages_take_one_too(api: Api) -> None:
    app: Any = api.client.app
    app.state.settings = type(app.state.settings)(
        database_url=app.state.settings.database_url, public_read=False
    )
    refused = visit(api.client, "/")
    assert refused.status == 401
    assert "Basic" in refused.headers["WWW-Authenticate"]
    assert visit(api.client, "/", **api.headers).status == 200


def test_a_chart_stands_alone_as_a_picture(recorded: Api) -> None:
    answer = recorded.client.get("/figures/growth.svg?measure=pledged")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.text.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert recorded.client.get("/figures/growth.svg?measure=x").status_code == 422


def test_robots_are_kept_from_endless_addresses(client: TestClient) -> None:
    assert "Disallow: /v1/" in client.get("/robots.txt").text


def test_the_figure_of_a_page_can_be_cited(api: Api) -> None:
    api.record_pledge(donor="DK", amount="100.00", currency="EUR", status="committed")
    [address] = [one for one in visit(api.client, "/donors/DK").links if "/v1/cite" in one]
    cited = api.client.get(address).json()
    assert (cited["then"]["total"]["amount"], cited["then"]["revision"]) == ("100.00", 1)
    assert cited["question"]["donor"] == "DK"


@pytest.mark.parametrize(
    ("page", "of"),
    [
        ("/pledges/DK-1", "pledge"),
        ("/legislation", "pending"),
        ("/legislation/US-LR-1?on=2023-10-31", "legislative_request"),
        ("/changes?from=0&measure=pledged", "changes"),
    ],
)
def test_whatever_a_page_shows_can_be_cited(api: Api, page: str, of: str) -> None:
    api.record_pledge(reference="DK-1")
    line = {"component": "military", "amount": "61.40"}
    asked = {"reference": "US-LR-1", "donor": "US", "title": "Supplemental", "kind": "supplemental",
             "currency": "USD", "requested_on": "2023-10-20", "lines": [line]}  # fmt: skip
    assert api.post("/v1/legislative-requests", asked).status_code == 201
    [address] = [one for one in visit(api.client, page).links if "/v1/cite" in one]
    cited = api.client.get(address).json()
    assert (cited["of"], cited["then"]["revision"]) == (of, 2)
    assert cited["question"].get("on") == ("2023-10-31" if "on=" in page else None)

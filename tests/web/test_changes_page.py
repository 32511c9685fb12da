"""Promise: what moved a total is split by cause without a remainder, and the entries behind it are shown."""

from datetime import date

import pytest

from app.web.views.difference import read_moments
from app.web.views.filters import View
from tests.client import Api
from tests.web.legislation import post
from tests.web.page import Page, visit


def said(page: Page) -> str:
    """Its words, with plain blanks between digits."""
    assert page.status == 200, page.said
    return page.said.replace("\u202f", " ")


@pytest.fixture
def moved(api: Api) -> Api:
    """Euros: 1 000 000 at revision 1, then 250 000 new, 100 000 more, 400 000 cancelled."""
    first = api.record_pledge(
        reference="DE-1", donor="DE", currency="EUR", amount="1000000.00", status="committed"
    )
    api.record_pledge(
        reference="FR-1", donor="FR", currency="EUR", amount="250000.00", status="committed"
    )
    amended = api.amend_pledge(first, amount="1100000.00")
    post(
        api,
        f"/v1/pledges/{amended['id']}/movements",
        {"stage": "cancelled", "amount": "400000.00", "on": "2024-02-01"},
    )
    return api


def test_the_parts_add_up_to_the_change(moved: Api) -> None:
    words = said(visit(moved.client, "/changes?from=1"))
    assert "Before 1.00 m EUR revision 1," in words
    assert "Change \u221250 000.00 EUR 3 changes in 3 entries" in words
    assert "After 950 000.00 EUR revision 4," in words
    assert "New pledges that were recorded +250 000.00 1" in words
    assert (
        "Restated amendments of an amount, its currency or the stage it began at +100 000.00 1"
        in words
    )
    assert "Cancelled movements that took back what was not delivered \u2212400 000.00 1" in words
    assert "Germany – +100 000.00 – – \u2212400 000.00 – \u2212300 000.00" in words
    assert "France +250 000.00 – – – – – +250 000.00" in words
    assert "Total +250 000.00 +100 000.00 – – \u2212400 000.00 – \u221250 000.00" in words


def test_the_chart_says_the_same_in_words(moved: Api) -> None:
    page = visit(moved.client, "/changes?from=1")
    assert [one["class"] for one in page.all("svg")] == ["chart bridge wide", "chart bridge narrow"]
    assert (
        "new +250 000.00, restated +100 000.00, cancelled \u2212400 000.00; together \u221250 000.00."
        in said(page)
    )


def test_the_entries_are_shown_with_old_and_new_values(moved: Api) -> None:
    page = visit(moved.client, "/changes?from=1&to=3")
    assert (
        "<del>1\u202f000\u202f000.00 EUR</del> → <ins>1\u202f100\u202f000.00 EUR</ins>" in page.text
    )
    assert "cancelled" not in {text for _, text in page.headings}
    assert "/verify?entry=3" in page.links
    assert "/verify?entry=4" not in page.links
    french = visit(moved.client, "/changes?from=0&donor=FR")
    assert "/pledges/FR-1" in french.links
    assert "/pledges/DE-1" not in french.links


def test_a_young_ledger_is_shown_from_its_beginning(moved: Api) -> None:
    """Nothing is older than 30 days, and there are fewer than 100 revisions."""
    page = visit(moved.client, "/changes")
    assert "revisions 0 to 4" in said(page)
    assert "/changes?from=0&to=4" in page.links
    assert "/v1/changes.csv?from=0&to=4&measure=committed&currency=EUR&fx=effective" in page.links


def test_many_entries_are_walked_page_by_page(api: Api) -> None:
    for number in range(70):
        api.record_pledge(reference=f"DK-{number:02d}")
    seen: list[str] = []
    path: str | None = "/changes?from=5"
    while path:
        page = visit(api.client, path.partition("#")[0])
        seen += [link[9:] for link in page.links if link.startswith("/pledges/")]
        path = next((link for link in page.links if "before=" in link), None)
    assert seen == [f"DK-{number:02d}" for number in reversed(range(5, 70))]


def test_where_nothing_moved_there_is_nothing_to_draw(moved: Api) -> None:
    page = visit(moved.client, "/changes?from=4")
    assert "No amount moved between the two." in said(page)
    assert page.all("svg") == []


def test_days_are_whole_days() -> None:
    """From a day is from its start, to a day is to its end; of today that is now; what is no day is left as it is."""
    today = date(2026, 11, 29)

    def read(first: str, last: str) -> tuple[str | None, str | None]:
        return read_moments(View("/changes", {"from": first, "to": last}), today)

    assert read("2026-11-01", "2026-11-10") == ("2026-11-01T00:00:00Z", "2026-11-11T00:00:00Z")
    assert read("2023", "2026-11-29") == ("2023", None)
    assert read("2026-11-01T10:00:00Z", "2026-12-01") == (
        "2026-11-01T10:00:00Z",
        "2026-12-01T00:00:00Z",
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("to=2999-01-01", "to"),
        ("from=4&to=2", "to"),
        ("from=2023-02-30", "from"),
        ("from=9", "from"),
        ("fx=announcement", "fx"),
        ("measure=promised", "measure"),
        ("currency=native", "currency"),
        ("donor=QQ", "donor"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(moved: Api, query: str, field: str) -> None:
    page = visit(moved.client, f"/changes?{query}")
    assert page.status == 400
    fields = page.all("input") + page.all("select")
    assert [one["name"] for one in fields if one.get("aria-invalid") == "true"] == [field]


def test_a_walk_that_cannot_be_read_is_said_above_the_fields(moved: Api) -> None:
    page = visit(moved.client, "/changes?before=x")
    assert page.status == 400
    assert "`before` is a revision, such as 1482." in page.said

"""Promise: every file of the page exists, holds what the filters say, and is about as large as was said before."""

import csv
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from reports import REPORTS
from tests.client import Api
from tests.transparency.build import signer
from tests.web.page import Page, visit

# An estimate that is further off than this is of no use before a click.
WRONG_BY = 4


def files(page: Page) -> list[str]:
    return [str(one["href"]) for one in page.all("a") if "download" in one]


@pytest.fixture
def filled(api: Api) -> Api:
    for number in range(1, 41):
        donor = ("DK", "DE")[number % 2]
        api.record_pledge(
            donor=donor,
            currency="EUR",
            amount=f"{number}000.00",
            announced_on=f"2023-{1 + number % 12:02d}-03",
        )
    return api  # fmt: skip


def test_every_file_is_there(filled: Api, tmp_path: Path) -> None:
    app: Any = filled.client.app
    signer(app.state.database, app.state.clock, tmp_path).sign()
    for query in ("", "?donor=DK&from=2023&to=2023&measure=pledged&currency=USD", "?currency=NOK"):
        found = files(visit(filled.client, f"/downloads{query}"))
        assert len(found) > 12
        for address in found:
            answer = filled.client.get(address)
            assert answer.status_code == 200, (address, answer.text[:300])


def test_every_workbook_without_further_questions_is_offered(filled: Api) -> None:
    found = " ".join(files(visit(filled.client, "/downloads?donor=DK")))
    for name in REPORTS:
        if filled.client.get(f"/v1/reports/{name}.xlsx").status_code == 200:
            assert f"/v1/reports/{name}.xlsx" in found


def test_addresses_carry_the_filters(filled: Api) -> None:
    page = visit(filled.client, "/downloads?donor=DK&from=2023-03&aid_type=military&as_of=30")
    [pledges] = [one for one in files(page) if one.startswith("/v1/pledges.csv")]
    assert parse_qs(urlsplit(pledges).query) == {
        "donor": ["DK"], "from": ["2023-03"], "aid_type": ["military"], "as_of": ["30"],
    }  # fmt: skip
    rows = list(csv.DictReader(filled.client.get(pledges).text.splitlines()))
    assert {one["donor"] for one in rows} == {"DK"}
    assert 0 < len(rows) < 16


def test_rows_and_sizes_are_told_before_the_click(filled: Api) -> None:
    page = visit(filled.client, "/downloads?measure=pledged")
    assert "with every stage, date and source · 40 rows" in page.said
    assert "unvalued and undated beside it · 2 rows" in page.said
    said = re.findall(
        r'href="([^"]+)" download><span class="unseen">[^<]*about ([\d.]+) kB', page.text
    )
    assert len(said) > 8
    for address, kilobytes in said:
        real = len(filled.client.get(address.replace("&amp;", "&")).content)
        assert real / WRONG_BY - 1000 <= float(kilobytes) * 1000 <= real * WRONG_BY + 1000, address


def test_without_a_signature_there_is_no_bundle_to_click(filled: Api) -> None:
    page = visit(filled.client, "/downloads")
    assert "/v1/log/bundle" not in files(page)
    assert "Nothing has been signed yet." in page.said


def test_snippets_name_the_table_of_the_view(filled: Api) -> None:
    page = visit(filled.client, "/downloads?measure=delivered")
    snippets = [one for one in page.all("code") if "data-path" in one]
    assert len(snippets) == 5
    assert all("measure=delivered" in str(one["data-path"]) for one in snippets)
    for word in ("Csv.Document", "IMPORTDATA", "pd.read_csv", "readr::read_csv", "curl -OJ"):
        assert word in page.said


def test_a_filter_cannot_break_out_of_a_snippet(filled: Api) -> None:
    """Quotes are no part of any value that is taken; where one is given, nothing is shown."""
    page = visit(filled.client, "/downloads?as_of='%3Brm+-rf+~%3B\"")
    assert page.status == 400
    assert "curl" not in page.said

"""Promise: the legislation workbook shows the published figures of real requests, on the days that they are known of.

The golden figures are those of the notes on the facts: letters of the White House, the Congressional Research Service,
and the action lists of congress.gov; days are counted from the request, never from the bill.
"""

import io
from collections import defaultdict
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from starlette.testclient import TestClient

from app.db import Database
from app.legislation import service as legislation
from tests.client import Api
from tests.clock import StoppedClock
from tests.legislation.seed import read_seed, to_command

BILLION: Final = 10**9


@pytest.fixture
def facts(app: Any, clock: StoppedClock) -> None:
    """The real requests."""
    database: Database = app.state.database
    with database.transaction() as session:
        legislation.record(
            session, [to_command(raw) for raw in read_seed()], actor="desk", clock=clock
        )


def book(client: TestClient, **query: str) -> Workbook:
    answer = client.get("/v1/reports/legislation.xlsx", params=query)
    assert answer.status_code == 200, answer.text
    assert 'filename="aid-ledger-legislation-r' in answer.headers["content-disposition"]
    return load_workbook(io.BytesIO(answer.content), data_only=True)


def rows(workbook: Workbook, tab: str) -> list[dict[str, Any]]:
    """The rows of a sheet's native table, by header."""
    [table] = workbook[tab].tables.values()
    head, *body = workbook[tab][table.ref]
    names = [cell.value for cell in head]
    return [dict(zip(names, [cell.value for cell in row], strict=True)) for row in body]


def of_request(workbook: Workbook, tab: str, reference: str) -> list[dict[str, Any]]:
    return [row for row in rows(workbook, tab) if row["Request"] == reference]


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(
    ("on", "money", "authority", "out_of_scope"),
    [
        ("2022-03-05", 10.0, 0, 0),
        ("2022-05-01", 28.0, 5.0, 0),
        ("2022-09-15", 11.7, 0, 2.0),
        ("2022-12-01", 37.7, 0, 0),
        ("2023-08-31", 24.068, 0, 0),
        ("2023-10-25", 61.4, 0, 0),
        ("2024-04-23", 61.4, 0, 0),
    ],
)
def test_american_requests_are_pending_as_published(
    client: TestClient, on: str, money: float, authority: float, out_of_scope: float
) -> None:
    workbook = book(client, donor="US", on=on)
    sums: defaultdict[str, int] = defaultdict(int)
    for row in rows(workbook, "Pending"):
        for kind in ("Money", "Authority", "Out of scope"):
            sums[kind] += row[kind]
    expected = [money, authority, out_of_scope]
    assert [sums[kind] for kind in ("Money", "Authority", "Out of scope")] == [
        round(one * BILLION) for one in expected
    ]
    *_, total = workbook["Pending"].iter_rows(values_only=True)
    assert total[0] == "All pending, USD"
    assert [total[5], total[6], total[10]] == [round(one * BILLION) for one in expected]


@pytest.mark.usefixtures("facts")
def test_days_are_counted_from_the_request(client: TestClient) -> None:
    workbook = book(client, donor="US", on="2024-04-25")
    assert workbook["Pending"]["A8"].value == "Nothing was pending on 2024-04-25."
    decided = {row["Request"]: row["Days to decision"] for row in rows(workbook, "By state")}
    assert decided == {
        "US-2022-03": 13,
        "US-2022-04": 23,
        "US-2022-09": 28,
        "US-2022-11": 44,
        "US-2023-08": 71,
        "US-2023-10": 187,
    }


@pytest.mark.usefixtures("facts")
def test_the_state_and_its_ages_are_those_of_the_day(client: TestClient) -> None:
    [row] = of_request(book(client, on="2023-12-31"), "By state", "US-2023-10")
    # Sent on 20 October, on the floor since 9 November; cloture failed on 6 December.
    assert (row["State"], row["Flags"], row["Days pending"]) == ("Floor", "Blocked", 72)
    assert (row["Days in state"], row["Days silent"], row["Dormant"]) == (52, 25, "Yes")
    [row] = of_request(book(client, on="2024-04-23"), "By state", "US-2023-10")
    assert (row["State"], row["Days pending"]) == ("Passed", 186)
    assert (row["Money"], row["Ended on"]) == (61.4 * BILLION, None)


@pytest.mark.usefixtures("facts")
def test_the_timeline_has_bodies_votes_and_sources_and_tells_what_is_ahead(
    client: TestClient,
) -> None:
    steps = of_request(book(client, on="2024-02-20"), "Timeline", "US-2023-10")
    votes = [(step["Yes"], step["No"]) for step in steps if step["Body"] == "Senate"]
    # Cloture failed on 6 December and 7 February, and was invoked on the 8th; passed on the 13th; agreed on 23 April.
    known = [(49, 51), (49, 50), (67, 32), (70, 29), (79, 18)]
    assert [one for one in votes if one in known] == known
    ahead = [step["Counts from"].date().isoformat() for step in steps if step["Ahead"] == "Yes"]
    assert min(ahead) > "2024-02-20"
    assert all(step["State"] is None for step in steps if step["Ahead"] == "Yes")
    assert all(step["Source address"].startswith("https://") for step in steps)


@pytest.mark.usefixtures("facts")
def test_what_was_asked_is_pending_enacted_or_dead_and_all_lines_are_there(
    client: TestClient,
) -> None:
    workbook = book(client, on="2023-12-31")
    for row in rows(workbook, "Asked and enacted"):
        assert row["Asked"] == pytest.approx(row["Pending"] + row["Enacted"] + row["Dead"], abs=0)
    asked = of_request(workbook, "Asked and enacted", "US-2022-04")
    # 33.0 billion: 28.0 of money and 5.0 of authority, all of it law since 21 May 2022.
    assert sum(row["Asked"] for row in asked) == 33 * BILLION
    assert sum(row["Enacted"] for row in asked) == 33 * BILLION
    assert {row["Counts as"] for row in asked} == {"Money", "Authority"}
    facts = {raw["id"]: len(raw["lines"]) for raw in read_seed()}
    lines = of_request(workbook, "Lines", "US-2023-08")
    assert len(lines) == facts["US-2023-08"]
    assert sum(line["Amount"] for line in lines) == 24_068_000_000


def test_claims_stand_beside_each_other_and_enacted_lines_beyond_the_request(
    api: Api, client: TestClient
) -> None:
    source = {"url": "https://example.org/act", "title": "=HYPERLINK(1)", "kind": "official"}
    claims = [
        {"amount": "33.00", "preferred": True, "source": source, "reason": "The letter itself."},
        {"amount": "35.00", "preferred": False, "reason": "-A later count."},
    ]
    body = {
        "donor": "US",
        "title": "+Supplemental",
        "kind": "supplemental",
        "currency": "USD",
        "requested_on": "2022-04-28",
        "reference": "US-X",
        "lines": [
            {"key": "a", "component": "military", "claims": claims},
            {"key": "b", "component": "humanitarian", "amount": "3.00"},
            {"key": "c", "component": "financial", "amount": "8.00"},
        ],
    }
    made = api.post("/v1/legislative-requests", body)
    assert made.status_code == 201, made.text
    law = {
        "on": "2022-05-21",
        "law": "P.L. 117-128",
        "closes": False,
        "lines": [
            {"line": "a", "amount": "40.00"},
            {"line": "b", "amount": "1.00", "rest_pends": True},
            {"line": "c", "amount": "0.00"},
            {"component": "military", "amount": "2.50", "label": "Added"},
        ],
    }
    answer = api.post(f"/v1/legislative-requests/{made.json()['id']}/enactments", law)
    assert answer.status_code == 201, answer.text
    workbook = book(client, on="2022-06-01")
    lines = rows(workbook, "Lines")
    assert [
        (line["Line"], line["Amount"], line["Claim"], line["Preferred"], line["Enacted"])
        for line in lines
    ] == [
        ("a", 33, 33, "Yes", 33),
        ("a", None, 35, "No", None),
        ("b", 3, None, None, 1),
        ("c", 8, None, None, 0),
        # What the legislature added stands behind what it was asked for.
        (lines[-1]["Line"], 2.5, None, None, None),
    ]
    assert [line["Added"] for line in lines] == ["No", "No", "No", "No", "Yes"]
    assert [line["Beyond the request"] for line in lines] == [7, None, 0, 0, 2.5]
    assert lines[-1]["Source"] == "P.L. 117-128"
    assert lines[0]["Source"] == "=HYPERLINK(1)"
    assert lines[1]["Reason"] == "-A later count."
    names = ("Component", "Asked", "Pending", "Enacted", "Dead", "Beyond the request")
    asked = [tuple(row[name] for name in names) for row in rows(workbook, "Asked and enacted")]
    # 40.00 for 33.00 asked are 7.00 beyond, and 2.50 were added; of 3.00 a rest of 2.00 pends, and 8.00 were denied.
    assert asked == [
        ("Military", 33, 0, 33, 0, 9.5),
        ("Humanitarian", 3, 2, 1, 0, 0),
        ("Financial", 8, 0, 0, 8, 0),
    ]
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}


@pytest.mark.usefixtures("facts")
def test_amounts_are_converted_where_that_is_asked_for(client: TestClient) -> None:
    workbook = book(client, on="2023-10-25", donor="US", currency="EUR")
    *_, total = workbook["Pending"].iter_rows(values_only=True)
    # 20 October 2023: 1 EUR = 1.0591 USD. 61.4 billion USD are 57,973,751,298.27 EUR, each line rounded by itself.
    assert total[0] == "All pending, EUR"
    assert total[5] == pytest.approx(57_973_751_298.27, abs=0.03)
    assert {row["Currency"] for row in rows(workbook, "By state")} == {"USD"}
    words = [cell.value for row in workbook["Cover"].iter_rows() for cell in row if cell.value]
    assert "Donor" in words
    assert any(
        str(one).startswith("On the sheets of what is pending each line is converted")
        for one in words
    )


def test_an_empty_ledger_gives_a_workbook_that_says_so(client: TestClient) -> None:
    workbook = book(client, on="2023-10-25")
    assert workbook.sheetnames == [
        "Cover",
        "Pending",
        "By state",
        "Ages",
        "Timeline",
        "Asked and enacted",
        "Pending lines",
        "Lines",
        "Checks",
        "Notes",
    ]
    assert workbook["By state"]["A7"].value == "No request was known on 2023-10-25."

"""Files out: the CSV twins say what the JSON says, and the workbook opens with the ledger's own totals."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.client import Api

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_csv(client: TestClient, path: str, **headers: str) -> list[dict[str, str]]:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_csv_of_totals_has_the_rows_of_the_json(api: Api, client: TestClient) -> None:
    api.record_pledge(donor="DE", currency="EUR", amount="10.00", status="committed")
    api.record_pledge(donor="NO", currency="NOK", amount="20.00", status="committed")
    rows = api.get("/v1/totals", by="donor,aid_type", currency="native")["data"]
    twins = read_csv(client, "/v1/totals.csv?by=donor,aid_type&currency=native")
    assert [(row["donor"], row["currency"], row["amount"]) for row in twins] == [
        (row["donor"], row["currency"], row["amount"]) for row in rows
    ]
    assert twins[0]["measure"] == "committed"


def test_accept_and_suffix_give_the_same_bytes(api: Api, client: TestClient) -> None:
    api.record_pledge()
    for path in ("/v1/totals", "/v1/pledges"):
        by_suffix = client.get(path + ".csv")
        by_header = client.get(path, headers={"Accept": "text/csv"})
        assert by_header.content == by_suffix.content
        assert "attachment" in by_header.headers["content-disposition"]


@pytest.mark.parametrize(
    "accept", ["application/xml", "image/png", "text/csv;q=0, application/xml"]
)
def test_a_representation_that_we_do_not_have_is_not_acceptable(
    client: TestClient, accept: str
) -> None:
    answer = client.get("/v1/totals", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.json()["type"] == "/problems/not-acceptable"


@pytest.mark.parametrize(
    "accept",
    ["*/*", "application/json", "text/html,application/xml;q=0.9,*/*;q=0.8", "application/*", ""],
)
def test_everybody_else_gets_json(client: TestClient, accept: str) -> None:
    answer = client.get("/v1/totals", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "|calc", "\uff1d1"])
def test_text_that_looks_like_a_formula_stays_text(
    api: Api, client: TestClient, title: str
) -> None:
    api.record_pledge(title=title)
    [row] = read_csv(client, "/v1/pledges.csv")
    assert row["title"] == "'" + title
    workbook = load_workbook(io.BytesIO(client.get("/v1/reports/summary.xlsx").content))
    cells = [cell for sheet in workbook for line in sheet.iter_rows() for cell in line]
    shown = [cell for cell in cells if cell.value == title]
    assert [(cell.parent.title, cell.data_type) for cell in shown] == [("Pledges", "s")]


def test_the_csv_of_pledges_is_whole_whatever_the_page_size(api: Api, client: TestClient) -> None:
    for number in range(7):
        api.record_pledge(title=f"Package {number}")
    rows = read_csv(client, "/v1/pledges.csv?limit=2&sort=reference")
    assert [row["reference"] for row in rows] == [f"DK-2023-{number:04d}" for number in range(1, 8)]
    assert rows[0]["pledged"] == "1000.00"


def test_a_negative_flow_stays_a_number(api: Api, client: TestClient) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.00")
    api.record_movement(pledge, "cancelled", amount="30.00", on="2024-01-05")
    rows = read_csv(client, "/v1/totals.csv?measure=pledged&by=year")
    assert [(row["year"], row["amount"]) for row in rows] == [
        ("2023", "100.00"),
        ("2024", "-30.00"),
    ]


def test_the_summary_shows_the_totals_of_the_ledger(api: Api, client: TestClient) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.25")
    api.record_movement(pledge, "committed", amount="40.10", on="2023-12-01")
    api.record_pledge(donor="DK", amount="7458.00", announced_on="2023-11-14", status="committed")
    answer = client.get("/v1/reports/summary.xlsx")
    assert answer.headers["content-type"] == XLSX
    workbook = load_workbook(io.BytesIO(answer.content), data_only=True)
    sheet = workbook["By donor"]
    found = {
        str(row[1]): [Decimal(str(value)) for value in row if isinstance(value, int | float)]
        for row in sheet.iter_rows(values_only=True)
    }
    committed = {row["donor"]: Decimal(row["amount"]) for row in api.get("/v1/totals")["data"]}
    assert committed["DE"] in found["DE"]
    assert Decimal("100.25") in found["DE"]
    assert committed["DK"] in found["DK"]


def test_the_summary_names_what_has_no_date_to_be_converted_at(
    api: Api, client: TestClient
) -> None:
    api.record_pledge(donor="US", currency="USD", amount="100.00", announced_on=None)
    workbook = load_workbook(io.BytesIO(client.get("/v1/reports/summary.xlsx").content))
    cover = [str(cell) for row in workbook["Cover"].iter_rows(values_only=True) for cell in row]
    assert any("USD 100.00 pledged without any date" in text for text in cover)
    rows = list(workbook["Pledges"].iter_rows(values_only=True))
    [header] = [row for row in rows if "Pledged, EUR" in row]
    [line] = [row for row in rows if row[2] == "US"]
    assert line[header.index("Pledged, EUR")] is None
    assert line[header.index("Amount")] == 100


def test_the_summary_of_an_empty_ledger_opens(client: TestClient, app: object) -> None:
    answer = client.get("/v1/reports/summary.xlsx")
    assert answer.status_code == 200
    assert "Cover" in load_workbook(io.BytesIO(answer.content)).sheetnames


def test_a_report_in_another_currency_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/reports/summary.xlsx?currency=native")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "?currency"


def test_the_csv_of_pending_amounts_names_day_and_currency(api: Api, client: TestClient) -> None:
    line = {
        "component": "military",
        "amount": "5.00",
        "amount_kind": "cash",
        "beneficiary": "recipient",
    }
    answer = api.post(
        "/v1/legislative-requests",
        {
            "donor": "US",
            "title": "A request",
            "kind": "supplemental",
            "currency": "USD",
            "requested_on": "2024-02-01",
            "lines": [line],
        },
    )
    assert answer.status_code == 201, answer.text
    [row] = read_csv(client, "/v1/legislative-requests/pending.csv?on=2024-02-02&by=donor")
    assert (row["on"], row["donor"], row["currency"], row["amount"]) == (
        "2024-02-02", "US", "USD", "5.00",
    )  # fmt: skip


def test_the_address_itself_says_where_to_go_on(client: TestClient) -> None:
    links = client.get("/").json()["links"]
    # An empty ledger has nothing to sign yet.
    assert client.get(links.pop("log_checkpoint")).json()["code"] == "no-checkpoint"
    for link in links.values():
        assert client.get(link).status_code == 200


@pytest.mark.parametrize(("query", "counted"), [("", "No"), ("?instrument=authority", "Yes")])
def test_a_frame_is_in_the_totals_only_where_it_is_asked_for_by_name(
    api: Api, client: TestClient, query: str, counted: str
) -> None:
    api.record_pledge(instrument="authority", title="A frame that holds other pledges")
    content = client.get(f"/v1/reports/summary.xlsx{query}").content
    rows = list(load_workbook(io.BytesIO(content))["Pledges"].iter_rows(values_only=True))
    header = next(row for row in rows if "In totals" in row)
    frame = next(row for row in rows if "A frame that holds other pledges" in row)
    assert frame[header.index("In totals")] == counted

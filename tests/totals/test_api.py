"""Totals over HTTP, on small ledgers worked by hand."""

from typing import Any

from tests.client import Api


def amounts(answer: dict[str, Any], *keys: str) -> dict[tuple[str, ...], str]:
    return {tuple(row[key] for key in keys): row["amount"] for row in answer["data"]}


def test_stages_are_never_added_to_each_other(api: Api) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.00")
    api.record_movement(pledge, "delivered", amount="40.00", on="2023-12-01")
    assert amounts(api.get("/v1/totals", measure="pledged"), "donor") == {("DE",): "100.00"}
    assert amounts(api.get("/v1/totals", measure="committed"), "donor") == {("DE",): "40.00"}
    assert amounts(api.get("/v1/totals", measure="delivered"), "donor") == {("DE",): "40.00"}


def test_an_amount_is_converted_at_the_rate_of_its_effective_date(api: Api) -> None:
    # 1,000,000,000 DKK at 7.4580 DKK per EUR (14 November 2023): 134,084,204.88 EUR.
    api.record_pledge(amount="1000000000.00", status="committed")
    answer = api.get("/v1/totals", measure="committed", currency="EUR")
    assert answer["meta"]["fx"] == "effective"
    assert answer["total"]["pledges"] == 1


def test_a_series_and_what_is_undated_add_up_to_the_total(api: Api) -> None:
    for on, amount in (
        ("2023-11-14", "10.01"),
        ("2023-11", "20.02"),
        ("2023", "40.04"),
        (None, "80.08"),
    ):
        api.record_pledge(
            amount=amount, announced_on=on, status="committed", donor="DE", currency="EUR"
        )
    monthly = api.get("/v1/totals", by="month")
    assert amounts(monthly, "month") == {("2023-11",): "30.03"}
    assert monthly["total"] == {
        "amount": "150.15",
        "pledges": 4,
        "unvalued": 0,
        "undated": "120.12",
    }
    yearly = api.get("/v1/totals", by="year", cumulative="true")
    assert amounts(yearly, "year") == {("2023",): "70.07"}
    assert yearly["total"]["undated"] == "80.08"


def test_native_totals_never_add_two_currencies(api: Api) -> None:
    api.record_pledge(donor="DE", currency="EUR", amount="5.00", status="committed")
    api.record_pledge(donor="DK", currency="DKK", amount="7.00", status="committed")
    answer = api.get("/v1/totals", currency="native")
    assert amounts(answer, "donor", "currency") == {("DE", "EUR"): "5.00", ("DK", "DKK"): "7.00"}
    assert answer["total"]["amount"] is None
    assert [one["currency"] for one in answer["total"]["by_currency"]] == ["DKK", "EUR"]


def test_totals_as_of_an_earlier_revision_do_not_change(api: Api) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.00")
    before = api.get("/v1/totals", measure="pledged", as_of=1)
    api.amend_pledge(pledge, amount="150.00")
    assert api.get("/v1/totals", measure="pledged")["total"]["amount"] == "150.00"
    assert api.get("/v1/totals", measure="pledged", as_of=1) == before


def test_a_pledge_with_steps_in_two_months_stands_behind_both_and_once_behind_the_total(
    api: Api,
) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.00")
    api.record_movement(pledge, "committed", amount="40.00", on="2023-12-01")
    api.record_movement(pledge, "committed", amount="60.00", on="2024-02-01")
    answer = api.get("/v1/totals", by="month")
    assert [(row["month"], row["amount"], row["pledges"]) for row in answer["data"]] == [
        ("2023-12", "40.00", 1), ("2024-02", "60.00", 1),
    ]  # fmt: skip
    assert answer["total"]["pledges"] == 1


def test_a_cancelled_pledge_no_longer_counts_as_committed(api: Api) -> None:
    pledge = api.record_pledge(donor="DE", currency="EUR", amount="100.00", status="committed")
    cancelled = api.record_movement(pledge, "cancelled", on="2024-01-05")
    assert cancelled["status"] == "cancelled"
    assert api.get("/v1/totals")["total"] == {
        "amount": "0.00", "pledges": 0, "unvalued": 0, "undated": "0.00",
    }  # fmt: skip

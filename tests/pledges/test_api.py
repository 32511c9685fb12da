"""Pledges over HTTP: recorded, read back, amended, moved, withdrawn; and every past version stays readable."""

from tests.client import Api


def test_a_recorded_pledge_reads_back_as_it_was_sent(api: Api) -> None:
    pledge = api.record_pledge(
        title="=1+1", sources=[{"url": "https://www.fmn.dk/a", "kind": "official"}]
    )
    again = api.get(f"/v1/pledges/{pledge['id']}")
    assert again == pledge
    assert again["title"] == "=1+1"
    assert again["amount"] == "1000.00"
    assert again["reference"] == "DK-2023-0001"
    assert again["sources"] == [{"url": "https://www.fmn.dk/a", "title": None, "kind": "official"}]


def test_delivering_part_of_a_pledge_commits_and_allocates_that_part(api: Api) -> None:
    pledge = api.record_pledge(amount="100.00")
    moved = api.record_movement(pledge, "delivered", amount="40.00", on="2023-12-01")
    assert moved["stages"] == {
        "pledged": "100.00", "committed": "40.00", "allocated": "40.00", "delivered": "40.00",
    }  # fmt: skip
    assert moved["status"] == "delivered"
    assert moved["version"] == 2


def test_a_past_version_stays_readable(api: Api) -> None:
    pledge = api.record_pledge()
    amended = api.amend_pledge(pledge, amount="1500.00")
    assert amended["amount"] == "1500.00"
    assert api.get(f"/v1/pledges/{pledge['id']}", as_of=1) == pledge
    assert api.get(f"/v1/pledges/{pledge['id']}")["amount"] == "1500.00"


def test_the_history_tells_every_change_with_its_reason(api: Api) -> None:
    pledge = api.record_pledge()
    api.amend_pledge(pledge, amount="1500.00", aid_type="financial")
    history = api.get(f"/v1/pledges/{pledge['id']}/history")["data"]
    assert [item["kind"] for item in history] == ["pledge.recorded", "pledge.amended"]
    assert history[1]["reason"] == "it was so"
    assert history[1]["actor"] == "contributor of the tests"
    assert {
        change["field"]: (change["before"], change["after"]) for change in history[1]["changes"]
    } == {
        "aid_type": ("military", "financial"),
        "amount": ("1000.00", "1500.00"),
        "pledged": ("1000.00", "1500.00"),
    }

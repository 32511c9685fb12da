"""The donors' list: names, groups with dates, and what the ledger holds of each."""

from tests.client import Api


def test_a_donor_shows_its_groups_and_its_first_and_last_pledge(api: Api) -> None:
    api.record_pledge(announced_on="2022-03")
    api.record_pledge(announced_on="2024-06-16")
    donors = {donor["code"]: donor for donor in api.get("/v1/donors")["data"]}
    assert len(donors) == 44
    denmark = donors["DK"]
    assert (denmark["name"], denmark["pledges"]) == ("Denmark", 2)
    assert (denmark["first_pledge_on"], denmark["last_pledge_on"]) == ("2022-03-01", "2024-06-16")
    assert [group["group"] for group in denmark["groups"]] == ["EU", "NATO", "NB8"]
    assert donors["SE"]["pledges"] == 0


def test_a_donor_outside_the_list_is_shown_once_it_has_a_pledge(api: Api) -> None:
    api.record_pledge(donor="BR")
    assert "BR" in {donor["code"] for donor in api.get("/v1/donors")["data"]}

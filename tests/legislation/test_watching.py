"""Alerts and feeds over HTTP: the house's list form, validators, and the same bytes for the same moment."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from icalendar import Calendar
from starlette.testclient import TestClient

from app.db import Database
from app.journal import service as journal
from app.legislation import service
from app.legislation.domain.alerts import AlertQuery, Ceased, Rule
from app.legislation.service.alerts import list_alerts
from app.legislation.service.feeds import list_news
from tests.client import Api
from tests.clock import StoppedClock
from tests.legislation.seed import read_seed, to_command
from tests.legislation.test_alerts import SILENCES
from tests.legislation.test_api import PATH, act, errors, record

ALERTS = f"{PATH}/alerts"
CALENDAR = f"{PATH}/calendar.ics"
CHANGES = f"{PATH}/changes.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
BILL = {"jurisdiction": "US", "session": "118", "identifier": "H.R. 815"}


def ride(api: Api, *actions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A bill that carries requests, with what happened to it."""
    answer = api.post("/v1/vehicles", {**BILL, "actions": list(actions), **fields})
    assert answer.status_code == 201, answer.text
    vehicle: dict[str, Any] = answer.json()
    return vehicle


def entries(client: TestClient, address: str = CHANGES, **parameters: Any) -> list[ET.Element]:
    answer = client.get(address, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/atom+xml"
    return list(ET.fromstring(answer.content).findall(f"{ATOM}entry"))


def titles(found: list[ET.Element]) -> list[str | None]:
    return [one.findtext(f"{ATOM}title") for one in found]


def events(client: TestClient, **parameters: Any) -> list[Any]:
    answer = client.get(CALENDAR, params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_alerts_are_listed_as_the_house_lists(api: Api) -> None:
    request = record(api)
    listed = api.get(ALERTS, on="2023-12-01", donor="US", rule="no_action", state="submitted")
    [alert] = listed["data"]
    cause = alert.pop("cause")
    assert cause["action_id"] == cause["state_action_id"] == request["actions"][0]["id"]
    assert alert == {
        "id": alert["id"],
        "rule": "no_action",
        "severity": "warning",
        "request_id": request["id"],
        "reference": "US-2023-10",
        "donor": "US",
        "title": "National security supplemental",
        "state": "submitted",
        "sentence": "No substantive action for more than 30 days while it is submitted; the last was on"
        " 2023-10-20.",
        "began_on": "2023-11-20",
        "ceased_on": None,
    }
    meta = listed["meta"]
    assert listed["next_cursor"] is None
    assert (meta["on"], meta["known_on"], meta["ceased"]) == ("2023-12-01", None, "false")
    assert (meta["donor"], meta["rule"], meta["state"]) == (["US"], ["no_action"], ["submitted"])
    assert meta["revision"] == 2
    for other in (
        {"donor": "DK"},
        {"rule": "session_ends"},
        {"state": "floor"},
        {"ceased": "true"},
    ):
        assert api.get(ALERTS, on="2023-12-01", **other)["data"] == []


def test_an_alert_keeps_its_id_and_ceases_with_the_next_action(api: Api) -> None:
    request = record(api)
    [before] = api.get(ALERTS, on="2023-12-01")["data"]
    act(api, request, "2023-12-06", "floor")
    assert api.get(ALERTS, on="2023-12-10")["data"] == []
    [after] = api.get(ALERTS, on="2023-12-10", ceased="any")["data"]
    assert (after["id"], after["ceased_on"]) == (before["id"], "2023-12-06")
    # A day before the action: it has not happened yet.
    [then] = api.get(ALERTS, on="2023-12-05")["data"]
    assert (then["id"], then["ceased_on"]) == (before["id"], None)


def test_a_session_that_ends_and_a_pledge_that_is_due_are_told(api: Api) -> None:
    pledge = api.record_pledge()
    ride(api, session_ends_on="2025-01-03")
    request = record(api)
    answer = api.post(
        f"{PATH}/{request['id']}/dependencies", {"pledge": pledge["id"], "due_on": "2025-01-31"}
    )
    assert answer.status_code == 201, answer.text
    told = api.get(ALERTS, on="2025-01-05", rule="session_ends,dependent_due")["data"]
    assert [(one["rule"], one["began_on"], one["severity"]) for one in told] == [
        ("dependent_due", "2025-01-01", "urgent"),
        ("session_ends", "2024-12-04", "urgent"),
    ]
    assert told[0]["cause"]["pledge_id"] == pledge["id"]


def test_the_pages_of_alerts_are_the_whole_list(api: Api, client: TestClient) -> None:
    for number in range(3):
        record(api, reference=f"US-{number}", vehicles=[])
    whole = api.get(ALERTS, on="2024-01-01")["data"]
    assert [one["began_on"] for one in whole] == ["2023-11-20"] * 3
    walked: list[dict[str, Any]] = []
    page = api.get(ALERTS, on="2024-01-01", limit=1)
    record(api, reference="US-LATER", vehicles=[])  # a walk does not see what came since
    while True:
        walked += page["data"]
        if page["next_cursor"] is None:
            break
        page = api.get(ALERTS, on="2024-01-01", limit=1, cursor=page["next_cursor"])
    assert walked == whole
    first = client.get(ALERTS, params={"on": "2024-01-01", "limit": 1})
    assert 'rel="next"' in first.headers["Link"]


def test_questions_that_cannot_be_are_refused_with_their_place(client: TestClient) -> None:
    asked = [
        (ALERTS, {"rule": "mood"}, ("?rule", "unknown-value")),
        (ALERTS, {"state": "dead"}, ("?state", "unknown-value")),
        (ALERTS, {"on": "2199-01-01"}, ("?on", "date-in-future")),
        (ALERTS, {"ceased": "maybe"}, ("?ceased", "literal_error")),
        (CALENDAR, {"donor": "Atlantis"}, ("?donor", "unknown-donor")),
        (CALENDAR, {"on": "soon"}, ("?on", "invalid-date")),
        (CHANGES, {"known_on": "2199-01-01"}, ("?known_on", "date-in-future")),
        (CHANGES, {"on": "2023-01-01"}, ("?on", "unknown-parameter")),
    ]
    for path, parameters, expected in asked:
        answer = client.get(path, params=parameters)
        assert answer.status_code == 422
        assert errors(answer) == [expected]
    for path in (ALERTS, CHANGES):
        assert client.get(path, params={"cursor": "x"}).status_code == 400


def test_what_a_caller_holds_is_not_sent_again(api: Api, client: TestClient) -> None:
    request = record(api)
    for path in (ALERTS, CALENDAR, CHANGES):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        act(api, request, "2023-12-06", None)
        moved = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert moved.status_code == 200


def test_the_next_day_is_another_answer(api: Api, client: TestClient, clock: StoppedClock) -> None:
    record(api)
    for path in (ALERTS, CALENDAR):
        first = client.get(path)
        clock.advance(timedelta(days=1))
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200


def test_a_moment_gives_the_same_bytes_whatever_is_recorded_later(
    api: Api, client: TestClient, clock: StoppedClock
) -> None:
    vehicle = ride(api, {"on": "2024-02-13", "state": "reconciling"}, session_ends_on="2026-12-15")
    request = record(api, period="2026-12-31")
    act(api, request, "2026-12-24", None, text="Hearing")
    revision = api.get(PATH)["meta"]["revision"]
    paths = [f"{path}?as_of={revision}" for path in (ALERTS, CALENDAR, CHANGES)]
    paths += [
        f"{CHANGES}?as_of={revision}&limit=1",
        f"{ALERTS}?as_of={revision}&ceased=any&limit=1",
    ]
    before = [client.get(path) for path in paths]
    clock.advance(timedelta(days=40))
    api.post(
        f"/v1/vehicles/{vehicle['id']}/actions",
        {"actions": [{"on": "2024-04-24", "state": "enacted"}]},
    )
    api.post(f"{PATH}/{request['id']}/withdrawal", {"reason": "Recorded twice."})
    record(api, reference="US-LATER")
    after = [client.get(path) for path in paths]
    assert [one.status_code for one in before] == [200] * len(paths)
    assert [one.content for one in after] == [one.content for one in before]
    assert [one.headers["ETag"] for one in after] == [one.headers["ETag"] for one in before]


def test_the_calendar_shows_steps_and_ends_ahead(api: Api, client: TestClient) -> None:
    ride(api, {"on": "2026-12-09", "text": "Vote is set"}, session_ends_on="2027-01-03")
    request = record(api, period="2026-10-01/2026-12-31")
    act(api, request, "2026-12-24", None, text="Hearing")
    told = events(client)
    assert [(one.decoded("dtstart"), str(one["SUMMARY"])) for one in told] == [
        (date(2026, 12, 9), "US-2023-10: Vote is set"),
        (date(2026, 12, 24), "US-2023-10: Hearing"),
        (date(2026, 12, 31), "US-2023-10: the period that is asked for ends"),
        (date(2027, 1, 3), "US-2023-10: the session ends (US/118/H.R. 815)"),
    ]
    # The bill with its action was recorded first, the request second, the hearing last, all in one instant.
    assert {str(one.decoded("dtstamp")) for one in told} == {"2026-11-22 10:00:00+00:00"}
    assert len({str(one["UID"]) for one in told}) == 4
    assert events(client, donor="DK") == []
    assert len(events(client, on="2026-01-01")) == 4


def test_an_event_is_stamped_with_the_entry_that_said_so_and_keeps_its_uid(
    api: Api, client: TestClient, clock: StoppedClock
) -> None:
    request = record(api)
    clock.advance(timedelta(minutes=1))
    acted = act(api, request, "2026-12-24", None, text="Hearing")
    [before] = events(client)
    clock.advance(timedelta(minutes=1))
    answer = api.patch(
        f"{PATH}/{request['id']}",
        {"title": "Other", "period": "2026-12-31", "reason": "Read again."},
        **{"If-Match": f'"{acted["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    after, period = events(client)
    assert after["UID"] == before["UID"]
    assert (
        str(before.decoded("dtstamp"))
        == str(after.decoded("dtstamp"))
        == "2026-11-22 10:01:00+00:00"
    )
    assert str(period.decoded("dtstamp")) == "2026-11-22 10:02:00+00:00"


def test_the_feed_tells_what_became_of_requests_in_the_order_of_the_ledger(
    api: Api, client: TestClient, clock: StoppedClock
) -> None:
    record(api, reference="US-1", vehicles=[])
    clock.advance(timedelta(minutes=1))
    ride(api, {"on": "2024-02-13", "state": "reconciling", "body": "Senate", "text": "Passed"})
    clock.advance(timedelta(minutes=1))
    request = record(api, reference="US-2")
    clock.advance(timedelta(minutes=1))
    # Long ago in the world, and news to the ledger.
    blocked = {"name": "blocked", "change": "set"}
    act(api, request, "2023-12-06", "floor", flag=blocked, vote={"yes": 49, "no": 51})
    told = entries(client)
    assert titles(told) == [
        "US-2: submitted → floor, blocked",
        "US-2: floor → reconciling",
        "US-2: submitted",
        "US-1: submitted",
    ]
    assert [one.findtext(f"{ATOM}updated") for one in told] == [
        "2026-11-22T10:03:00Z",
        # What the bill had done was news of the request when the request was hung on it.
        "2026-11-22T10:02:00Z",
        "2026-11-22T10:02:00Z",
        "2026-11-22T10:00:00Z",
    ]
    assert told[0].findtext(f"{ATOM}content") == (
        "National security supplemental\n2023-12-06: It happened (49 to 51)"
    )
    terms = [one.attrib["term"] for one in told[0].findall(f"{ATOM}category")]
    assert terms == ["US", "floor", "blocked"]
    ids = [one.findtext(f"{ATOM}id") for one in told]
    assert len(set(ids)) == 4
    assert titles(entries(client, donor="DK")) == []


def test_what_was_recorded_in_error_is_news_under_the_same_id(
    api: Api, client: TestClient, clock: StoppedClock
) -> None:
    request = record(api, vehicles=[])
    acted = act(api, request, "2024-04-24", "enacted")
    [newest, _] = entries(client)
    clock.advance(timedelta(minutes=1))
    withdrawal = f"{PATH}/{request['id']}/actions/{acted['actions'][1]['id']}/withdrawal"
    assert api.post(withdrawal, {"reason": "Another bill."}).status_code == 200
    [taken_back, _] = entries(client)
    assert taken_back.findtext(f"{ATOM}id") == newest.findtext(f"{ATOM}id")
    assert taken_back.findtext(f"{ATOM}updated") == "2026-11-22T10:01:00Z"
    assert titles([taken_back]) == ["US-2023-10: recorded in error: enacted on 2024-04-24"]
    api.post(f"{PATH}/{request['id']}/withdrawal", {"reason": "Recorded twice."})
    assert titles(entries(client)) == ["US-2023-10: recorded in error"]


def test_the_pages_of_the_feed_are_the_whole_feed(api: Api, client: TestClient) -> None:
    request = record(api)
    for on, state in (
        ("2023-11-09", "floor"),
        ("2024-02-13", "reconciling"),
        ("2024-04-23", "passed"),
    ):
        act(api, request, on, state)
    whole = titles(entries(client))
    assert len(whole) == 4
    walked: list[str | None] = []
    address: str | None = f"{CHANGES}?limit=3"
    while address is not None:
        answer = client.get(address)
        page = ET.fromstring(answer.content)
        walked += titles(page.findall(f"{ATOM}entry"))
        links = {one.attrib["rel"]: one.attrib["href"] for one in page.findall(f"{ATOM}link")}
        assert links["self"] == address
        if address == f"{CHANGES}?limit=3":
            act(api, request, "2024-04-24", "enacted")  # a walk does not see what came since
        address = links.get("next")
    assert walked == whole


def test_clients_that_ask_for_a_feed_by_its_media_type_get_it(client: TestClient) -> None:
    for path, media_type in ((CALENDAR, "text/calendar"), (CHANGES, "application/atom+xml")):
        direct = client.get(path, headers={"Accept": media_type})
        by_type = client.get(path.rpartition(".")[0], headers={"Accept": media_type})
        assert (direct.status_code, by_type.status_code) == (200, 200)
        assert by_type.headers["Content-Type"] == direct.headers["Content-Type"]


def test_the_real_history_is_told_by_alerts_and_by_the_feed(
    database: Database, clock: StoppedClock
) -> None:
    facts = read_seed()
    with database.transaction() as session:
        service.record(session, [to_command(raw) for raw in facts], actor="tests", clock=clock)
    with database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        query = AlertQuery(
            on=clock.today(), known_on=None, rules=(Rule.NO_ACTION,), ceased=Ceased.ANY
        )
        told = list_alerts(session, query, snapshot)
        listed = list_news(session, snapshot)
    for reference, expected in SILENCES.items():
        mine = [one for one in reversed(told) if one.request.reference == reference]
        assert [
            (str(one.began), str(one.ceased) if one.ceased else None) for one in mine
        ] == expected
    october = [one for one in reversed(listed) if one.request.reference == "US-2023-10"]
    # Section 8 of the notes: floor and blocked, cleared, reconciling, passed, enacted on these days.
    assert [(str(one.action.on.first), one.state, *one.flags) for one in october if one.action] == [
        ("2023-10-20", "submitted"),
        ("2023-11-09", "floor"),
        ("2023-12-06", "floor", "blocked"),
        ("2024-02-08", "floor"),
        ("2024-02-12", "floor", "text_replaced"),
        ("2024-02-13", "reconciling", "text_replaced"),
        ("2024-04-23", "reconciling", "text_replaced", "folded"),
        ("2024-04-23", "passed", "text_replaced", "folded"),
        ("2024-04-24", "enacted", "text_replaced", "folded"),
    ]


def test_a_step_whose_date_is_amended_with_its_request_is_told_anew(
    api: Api, client: TestClient, clock: StoppedClock
) -> None:
    request = record(api, vehicles=[])
    clock.advance(timedelta(minutes=1))
    answer = api.patch(
        f"{PATH}/{request['id']}",
        {"requested_on": "2023-10-19", "reason": "The letter is of the day before."},
        **{"If-Match": '"1"'},
    )
    assert answer.status_code == 200, answer.text
    [told] = entries(client)
    assert told.findtext(f"{ATOM}updated") == "2026-11-22T10:01:00Z"
    assert "2023-10-19" in str(told.findtext(f"{ATOM}content"))


def test_a_bill_taken_from_its_request_says_nothing_more_of_it(
    api: Api, client: TestClient
) -> None:
    vehicle = ride(api, {"on": "2024-02-13", "state": "reconciling"}, session_ends_on="2027-01-03")
    request = record(api)
    assert len(entries(client)) == 2
    assert len(events(client)) == 1
    answer = api.patch(
        f"{PATH}/{request['id']}",
        {"vehicles": [], "reason": "Another bill."},
        **{"If-Match": f'"{request["version"]}"'},
    )
    assert answer.status_code == 200, answer.text
    assert vehicle["id"] not in client.get(ALERTS, params={"ceased": "any"}).text
    assert titles(entries(client)) == ["US-2023-10: submitted"]
    assert events(client) == []

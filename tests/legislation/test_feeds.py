"""Promise: whatever a title holds, the calendar is RFC 5545, the feed is XML, and both read back as they were meant."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.kernel.dates import parse_span
from app.legislation.domain import Dossier, LegislativeRequest
from app.legislation.domain.ahead import Occasion, ahead
from app.legislation.domain.news import News
from app.legislation.domain.telling import Told
from app.legislation.schemas.atom import Addresses, tag, write_feed
from app.legislation.schemas.calendar import write_calendar
from tests.legislation.build import action, after, recorded
from tests.legislation.test_alerts import riding, waiting

TOLD = Told(7, datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC))
ADDRESSES = Addresses(
    origin="ledger.example.org/log",
    requests="/v1/legislative-requests",
    self_="/v1/legislative-requests/changes.atom",
    following=None,
    scope="",
)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = 'A;B,C:D\\n "E" <F> & ]]>\r\nBEGIN:VEVENT\r\nSUMMARY:G\x00\x0b\x1b\ufffe 🇺🇦 ' + "é" * 100


def properties(text: bytes) -> list[tuple[str, str]]:
    """A calendar read by the letter of RFC 5545: unfold (3.1), split, unescape text (3.3.11)."""
    unfolded = text.decode().replace("\r\n ", "").replace("\r\n\t", "")
    pairs = [line.split(":", 1) for line in unfolded.split("\r\n") if line]

    def unescape(value: str) -> str:
        return re.sub(r"\\(.)", lambda one: "\n" if one[1] in "nN" else one[1], value)

    return [(name, unescape(value)) for name, value in pairs]


def calendar_of(request: LegislativeRequest, on: str = "2026-11-22") -> bytes:
    return write_calendar((one, TOLD) for one in ahead([Dossier(request)], date.fromisoformat(on)))


def feed_of(request: LegislativeRequest) -> ET.Element:
    [step] = request.standing_actions
    item = News(request=request, action=step, state=step.state, told=TOLD)
    return ET.fromstring(write_feed([item], ADDRESSES, TOLD.recorded_at))


def test_a_step_ahead_is_an_event_of_its_day_and_of_no_hour() -> None:
    request = after(
        recorded(reference="US-1", title="Supplemental"),
        action(
            "2026-12-24", body="Senate", text="Hearing", source_url="https://www.senate.gov/a;b,c"
        ),
    )
    told = properties(calendar_of(request))
    [uid] = [value for name, value in told if name == "UID"]
    assert told == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Aid Ledger//Legislative requests//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", "Aid Ledger: legislative requests"),
        ("X-WR-CALNAME", "Aid Ledger: legislative requests"),
        ("BEGIN", "VEVENT"),
        ("SUMMARY", "US-1: Senate: Hearing"),
        ("DTSTART;VALUE=DATE", "20261224"),
        ("DTEND;VALUE=DATE", "20261225"),
        ("DTSTAMP", "20261122T100000Z"),
        ("UID", uid),
        ("CATEGORIES", "US,step"),
        ("DESCRIPTION", "Supplemental\nUS, supplemental"),
        ("TRANSP", "TRANSPARENT"),
        ("URL", "https://www.senate.gov/a;b,c"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_only_what_lies_ahead_is_in_the_calendar() -> None:
    request = after(
        recorded(period="2026-12-31"),
        action("2026-11-22", text="Today"),
        action("2026-11-23", text="Tomorrow"),
        action("2026-12", text="Some day in December"),
        action("2027", text="Too vague for a calendar"),
    )
    request = waiting(request, due_on="2026-12-15")
    told = ahead([Dossier(request)], date(2026, 11, 22))
    assert [(one.occasion, str(one.days.first), str(one.days.last)) for one in told] == [
        (Occasion.STEP, "2026-11-23", "2026-11-23"),
        (Occasion.STEP, "2026-12-01", "2026-12-31"),
        (Occasion.DEPENDENT_DUE, "2026-12-15", "2026-12-15"),
        (Occasion.PERIOD_ENDS, "2026-12-31", "2026-12-31"),
    ]
    over = after(request, action("2026-11-01", "enacted"))
    assert {one.occasion for one in ahead([Dossier(over)], date(2026, 11, 22))} == {Occasion.STEP}


def test_a_session_is_ahead_while_its_vehicle_lives_and_carries_the_request() -> None:
    def sessions(*actions: object, **link: object) -> list[str]:
        request, vehicle = riding("2025-01-03", *actions, **link)
        told = ahead([Dossier(request, {vehicle.id: vehicle})], date(2024, 12, 1))
        return [str(one.days.first) for one in told if one.occasion is Occasion.SESSION_ENDS]

    assert sessions() == ["2025-01-03"]
    assert sessions(action("2024-11-01", "rejected")) == []
    assert sessions(ceased_on="2024-11-01") == []


def test_an_occasion_keeps_its_id_when_its_date_or_its_request_is_amended() -> None:
    def only(request: LegislativeRequest) -> str:
        [one] = ahead([Dossier(request)], date(2026, 11, 22))
        return str(one.id)

    request = recorded(period="2026-12-31")
    amended = replace(request, title="Other", period=parse_span("2027-01-31"))
    assert only(request) == only(amended)
    assert only(request) != only(recorded(period="2026-12-31"))


def test_a_hostile_title_makes_no_event_of_its_own_and_no_long_line() -> None:
    request = after(recorded(title="T"), action("2026-12-24", text="Hearing"))
    steps = tuple(replace(one, text=HOSTILE) for one in request.actions)
    written = calendar_of(replace(request, title=HOSTILE, actions=steps))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert written.replace(b"\r\n", b"").count(b"\n") == 0
    assert written.replace(b"\r\n", b"").count(b"\r") == 0
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", written)
    assert [value for name, value in properties(written) if name == "BEGIN"] == [
        "VCALENDAR",
        "VEVENT",
    ]
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert 'A;B,C:D\\n "E" <F> & ]]>' in str(event["SUMMARY"])


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_any_title_makes_a_calendar_and_a_feed_that_can_be_read(title: str) -> None:
    request = replace(recorded(), title=title)
    assert len(feed_of(request).findall(f"{ATOM}entry")) == 1
    request = after(request, action("2026-12-24", text="Hearing"))
    written = calendar_of(request)
    assert len(Calendar.from_ical(written).walk("VEVENT")) == 1
    assert [value for name, value in properties(written) if name == "BEGIN"] == [
        "VCALENDAR",
        "VEVENT",
    ]


def test_a_hostile_title_is_text_in_the_feed_and_what_xml_cannot_hold_is_replaced() -> None:
    feed = feed_of(replace(recorded(), title=HOSTILE))
    [content] = feed.iter(f"{ATOM}content")
    assert content.attrib == {"type": "text"}
    assert list(content) == []
    said = "".join(content.itertext())
    assert said.startswith('A;B,C:D\\n "E" <F> & ]]>\n')
    assert "SUMMARY:G���� 🇺🇦 éé" in said


def test_a_feed_has_what_rfc_4287_asks_for() -> None:
    request = recorded(reference="US-1", title="Supplemental")
    feed = feed_of(request)
    [entry] = feed.findall(f"{ATOM}entry")
    for element in (feed, entry):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Aid Ledger"
    assert feed.findtext(f"{ATOM}id") == (
        "tag:ledger.example.org,2026:legislative-requests/changes"
    )
    [step] = request.actions
    assert entry.findtext(f"{ATOM}id") == (
        f"tag:ledger.example.org,2026:legislative-requests/{request.id}/{step.id}"
    )
    assert entry.findtext(f"{ATOM}updated") == "2026-11-22T10:00:00.123456Z"
    assert entry.findtext(f"{ATOM}title") == "US-1: submitted"
    links = {one.attrib["rel"]: one.attrib["href"] for one in feed.findall(f"{ATOM}link")}
    assert links == {"self": ADDRESSES.self_, "alternate": ADDRESSES.requests}


def test_a_tag_has_an_authority_whatever_the_ledger_calls_itself() -> None:
    assert tag("Ledger.Example.org:8443/log", "x").startswith("tag:ledger.example.org,2026:")
    assert tag("what?/log", "x").startswith("tag:aidledger.local,2026:")

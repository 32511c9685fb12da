"""Our own CSV and JSON of actions, told with the Danish and Norwegian facts that no machine source has."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from app.kernel.dates import parse_span
from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import Effect, Reading
from app.parliaments.domain.own import COLUMNS, SCHEMA
from app.parliaments.readers.files import SourceFile
from app.parliaments.readers.reports import read_reports

NAMED = {"jurisdiction": "DK", "session": "2022-23", "identifier": "Aktstykke 222"}


def csv_file(*rows: dict[str, str]) -> SourceFile:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return SourceFile("actions.csv", stream.getvalue().encode())


def json_file(*rows: dict[str, Any], **document: Any) -> SourceFile:
    whole = {"schema": SCHEMA, "vehicle": NAMED, "actions": list(rows), **document}
    return SourceFile("actions.json", json.dumps(whole).encode())


RELEASE = {
    "on": "2023-08-18", "body": "Finansudvalget", "text": "Tiltrådt", "language": "da",
    "scheme": "folketing_oda", "code": "21",
}  # fmt: skip


def effects(reading: Reading) -> list[Effect]:
    assert reading.findings == ()
    return [one.effect for one in reading.actions]


def codes(*rows: dict[str, str]) -> list[tuple[str, str]]:
    return [(one.code, str(one.place)) for one in read_reports([csv_file(*rows)]).findings]


def test_a_code_of_the_folketing_leads_to_its_state() -> None:
    reading = read_reports([csv_file(RELEASE)])
    action = reading.actions[0]
    assert effects(reading) == [Effect(State.ENACTED)]
    assert (action.on, action.language, action.body) == (
        parse_span("2023-08-18"), "da", "Finansudvalget",
    )  # fmt: skip
    assert (action.scheme, action.codes) == ("folketing_oda", ("21",))
    assert reading.vehicle is None


def test_the_json_names_its_vehicle() -> None:
    reading = read_reports([json_file(RELEASE)])
    assert reading.findings == ()
    assert reading.vehicle is not None
    assert reading.vehicle.name == "DK/2022-23/Aktstykke 222"
    assert reading.actions[0].key == read_reports([csv_file(RELEASE)]).actions[0].key


def test_a_state_can_be_stated_without_a_code_and_a_date_can_be_a_month() -> None:
    reading = read_reports(
        [
            csv_file(
                {"on": "2023-06", "text": "Vedtatt enstemmig", "state": "enacted"},
                {
                    "on": "2023-02-16",
                    "text": "Avtale",
                    "flag": "politically_agreed",
                    "change": "set",
                },
            )
        ]
    )
    # In the order of the world, whatever that of the file.
    assert effects(reading) == [
        Effect(None, Flag.POLITICALLY_AGREED, FlagChange.SET),
        Effect(State.ENACTED),
    ]


def test_votes_come_with_their_numbers() -> None:
    row = {
        "on": "2023-12-21", "body": "National Assembly", "text": "Budget adopted", "session": "21/410", "roll": "12",
        "yes": "237", "no": "9", "other": "13 abstained", "passed": "yes", "question": "Budget for 2024",
    }  # fmt: skip
    action = read_reports([csv_file(row)]).actions[0]
    assert action.vote is not None
    assert (action.vote.yes, action.vote.no, action.vote.other) == (237, 9, "13 abstained")
    assert action.vote.passed is True
    assert action.key == ("vote", "National Assembly", "21/410", "12")


def test_a_vote_without_a_number_is_known_by_its_day_and_words() -> None:
    row = {"on": "2023-12-21", "text": "Budget adopted", "yes": "237", "no": "9"}
    assert read_reports([csv_file(row)]).actions[0].key == ("text", "2023-12-21", "budget adopted")


def test_a_step_of_the_calendar_lies_ahead_until_its_day() -> None:
    row = {
        "on": "2026-12-10",
        "text": "Planlagt behandling",
        "scheme": "storting",
        "code": "PLBEHS",
    }
    action = read_reports([csv_file(row)]).actions[0]
    assert action.is_ahead_of(date(2026, 12, 9))
    assert not action.is_ahead_of(date(2026, 12, 10))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"on": ""}, "missing-value"),
        ({"text": ""}, "missing-value"),
        ({"on": "18.08.2023"}, "invalid-date"),
        ({"time": "24:00"}, "invalid-time"),
        ({"language": "Danish"}, "unknown-value"),
        ({"scheme": "knesset"}, "unknown-value"),
        ({"scheme": ""}, "missing-value"),
        ({"code": "99"}, "unknown-code"),
        ({"state": "adopted"}, "unknown-value"),
        ({"state": "rejected"}, "state-and-code-differ"),
        ({"scheme": "storting", "code": "BEHANDLET"}, "ambiguous-code"),
        ({"scheme": "open_states", "code": "passage"}, "ambiguous-code"),
        ({"flag": "blocked"}, "flag-without-change"),
        ({"yes": "most"}, "not-a-number"),
        ({"passed": "true"}, "unknown-value"),
        ({"substantive": "maybe"}, "unknown-value"),
        ({"source_url": "file:///etc/passwd"}, "invalid-url"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_line(changes: dict[str, str], code: str) -> None:
    first = {"on": "2023-08-01", "text": "Fremsat"}
    assert codes(first, {**RELEASE, **changes}) == [(code, "actions.csv: line 3")]


def test_an_ambiguous_code_is_settled_by_the_state_beside_it() -> None:
    row = {**RELEASE, "scheme": "storting", "code": "BEHANDLET", "state": "rejected"}
    assert effects(read_reports([csv_file(row)])) == [Effect(State.REJECTED)]


def test_the_same_action_twice_is_a_slip() -> None:
    assert codes(RELEASE, {**RELEASE, "text": "TILTRÅDT"}) == [
        ("repeated-action", "actions.csv: line 3")
    ]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("on,text\n2023-08-18,Tiltrådt\n", "unknown-layout", "line 1"),
        (",".join(COLUMNS) + "\n2023-08-18,\n", "wrong-length", "line 2"),
        (",".join(COLUMNS) + '\n"2023-08-18"x,\n', "not-csv", "line 2"),
    ],
)
def test_a_table_of_another_shape_is_refused(content: str, code: str, place: str) -> None:
    reading = read_reports([SourceFile("a.csv", content.encode())])
    assert [(one.code, one.place.where) for one in reading.findings] == [(code, place)]


@pytest.mark.parametrize(
    ("document", "code", "place"),
    [
        ({"vehicle": None}, "no-vehicle", "/vehicle"),
        ({"vehicle": {**NAMED, "identifier": None}}, "no-vehicle", "/vehicle"),
        ({"vehicle": {**NAMED, "x": 1}}, "no-vehicle", "/vehicle"),
        ({"vehicle": {**NAMED, "title": "D\x00K"}}, "forbidden-character", "/vehicle/title"),
        ({"actions": {}}, "unknown-layout", "/actions"),
        ({"actions": [1]}, "unknown-member", "/actions/0"),
        ({"actions": [{"on": "2023", "words": "x"}]}, "unknown-member", "/actions/0"),
        ({"actions": [{"on": "2023"}]}, "missing-value", "/actions/0"),
    ],
)  # fmt: skip
def test_a_document_of_another_shape_is_refused(
    document: dict[str, Any], code: str, place: str
) -> None:
    reading = read_reports([json_file(**document)])
    assert [(one.code, one.place.where) for one in reading.findings] == [(code, place)]


def test_json_values_stand_for_cells() -> None:
    row = {**RELEASE, "yes": 12, "no": 3, "passed": True, "substantive": False}
    action = read_reports([json_file(row)]).actions[0]
    assert action.vote is not None
    assert (action.vote.yes, action.vote.no, action.vote.passed) == (12, 3, True)
    assert not action.substantive


@pytest.mark.parametrize("session", [{}, {"session": None}])
def test_a_text_that_is_numbered_without_a_session_is_named_without_one(
    session: dict[str, str | None],
) -> None:
    vehicle = {"jurisdiction": "DE", "identifier": "20/6063", **session}
    document = {"schema": "aid-ledger/actions/1", "vehicle": vehicle, "actions": []}
    reading = read_reports([SourceFile("own.json", json.dumps(document).encode())])
    assert reading.findings == ()
    assert reading.vehicle is not None
    assert reading.vehicle.name == "DE//20/6063"

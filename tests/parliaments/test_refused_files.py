"""A file that is malformed, cut off, hostile or about something else: a finding that names the place, never a crash."""

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.parliaments.domain.own import COLUMNS
from app.parliaments.readers.files import MAX_BYTES, MAX_ROWS, SourceFile
from app.parliaments.readers.reports import read_reports
from app.parliaments.readers.xml import MAX_ELEMENTS
from tests.parliaments import build

XML = build.bill_status("3.0.0").content
OWN_CSV = ",".join(COLUMNS).encode() + b"\n2023-08-18,,,Fremsat,da" + b"," * 14 + b"\n"


def findings(*files: SourceFile) -> list[tuple[str, str]]:
    """Codes and places of what is wrong."""
    return [(one.code, str(one.place)) for one in read_reports(files).findings]


def a_file(content: bytes | str, name: str = "f") -> SourceFile:
    return SourceFile(name, content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "empty-file", "f"),
        (b" \n ", "empty-file", "f"),
        (b"<billStatus>\xff</billStatus>", "wrong-encoding", "f: byte 13"),
        (b"PK\x03\x04 a workbook", "unknown-layout", "f"),
        (b"<html><body>Not found</body></html>", "unknown-layout", "f: line 1"),
        (b"<billStatus>\n<version>9.0</version><bill/></billStatus>", "unknown-layout", "f: line 2"),
        (b"<billStatus>\n<bill>\n</billStatus>", "not-xml", "f: line 3"),
        (b"{", "not-json", "f: line 1"),
        (b"[]", "unknown-layout", "f"),
        (b"{}", "unknown-layout", "f"),
        (b'{"actions": [], "actions": []}', "repeated-member", "f"),
        (b'{"actions": [NaN]}', "not-json", "f"),
        (b'{"actions": ' + b"[" * 100_000, "too-deep", "f"),
        ("<billStatus/>".encode("utf-16"), "wrong-encoding", "f: byte 1"),
        ("on,text\nFor tidligt på".encode("latin-1"), "wrong-encoding", "f: byte 22"),
        (b"<billStatus>\n<bill>&nbsp;</bill></billStatus>", "not-xml", "f: line 2"),
        (b"<billStatus>\n\x00</billStatus>", "not-xml", "f: line 2"),
        (b'{"bill_id": "hr815-206", "actions": []}', "out-of-range", "f: /bill_id"),
        (b'{"actions": [], "pagination": {"count": ' + b"9" * 5_000 + b"}}", "not-json", "f"),
        (b'{"actions": []}', "no-vehicle", "f"),
        (b'{"bill_id": "815", "actions": []}', "no-vehicle", "f: /bill_id"),
        (b'{"bill_id": "hr815-118", "actions": {}}', "unknown-layout", "f: /actions"),
        (b'{"bill_id": "xx815-118", "actions": []}', "unknown-bill-type", "f: /bill_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_why(content: bytes, code: str, place: str) -> None:
    assert findings(a_file(content)) == [(code, place)]


def test_a_file_over_the_limit_is_not_parsed() -> None:
    assert findings(a_file(b"<" * (MAX_BYTES + 1))) == [("too-large", "f")]


def test_a_truncated_file_names_the_line_where_it_ends() -> None:
    cut = XML[: XML.index(b"Presented to President")]
    code, place = findings(a_file(cut))[0]
    assert code == "not-xml"
    assert place == f"f: line {len(cut.splitlines())}"


DOCTYPES = (
    '<!DOCTYPE billStatus [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE billStatus SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE billStatus [<!ENTITY % x SYSTEM "http://192.0.2.1/x.dtd">%x;]>',
)


def test_what_stands_there_is_beside_the_sentence_and_never_in_it() -> None:
    for text, found in (
        ("<billStatus><version>canary</version><bill/></billStatus>", "canary"),
        ('{"bill_id": "canary815-118", "actions": []}', "canary"),
        ('{"canary": 1, "canary": 2}', "canary"),
        (build.bill_status("3.0.0", [build.row("2022-05-21", "x", build.LIBRARY, "canary")]).content, "canary"),
    ):  # fmt: skip
        [finding] = read_reports([a_file(text)]).findings
        assert finding.found == found
        assert found not in finding.detail
        assert f"Found: '{found}'." in str(finding)
        assert "canary" not in str(finding.to_problem())


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_type_is_refused_before_anything_is_expanded(doctype: str) -> None:
    text = XML.decode().replace("<billStatus>", f"{doctype}\n<billStatus>", 1)
    assert findings(a_file(text)) == [("doctype", "f: line 2")]


def test_xml_as_deep_as_a_well_is_refused() -> None:
    assert findings(a_file("<a>\n" * 40))[0][0] == "too-deep"


def test_xml_of_more_elements_than_any_bill_has_is_refused() -> None:
    assert findings(a_file("<a>" + "<b/>" * MAX_ELEMENTS + "</a>")) == [("too-large", "f: line 1")]


@pytest.mark.parametrize(
    "text",
    [
        "x" + " " * 3_900 + "y",
        "(" * 3_900,
        "<a" * 1_900,
        "Pursuant to " + "the Senate amendment " * 180,
        "Second cloture motion on " * 150,
        "Committee on " + "x. reported " * 300,
        "1" * 3_900,
    ],
    ids=["blanks", "brackets", "links", "amendments", "cloture", "reports", "digits"],
)
def test_a_text_made_to_take_long_takes_no_longer(text: str) -> None:
    rows = [build.row("2022-05-16", f"{text}{index}") for index in range(100)]
    start = time.process_time()
    assert len(read_reports([build.bill_status("3.0.0", rows)]).actions) == 100
    assert time.process_time() - start < 2


def with_row(**changes: Any) -> SourceFile:
    """The small bill's API page with one row changed."""
    rows = [dict(row) for row in build.ROWS]
    rows[6] = {**rows[6], **changes}
    return build.api_page(rows)


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"actionDate": "2022-02-30"}, "invalid-date", "/actions/6/actionDate"),
        ({"actionDate": None}, "missing-value", "/actions/6/actionDate"),
        ({"actionTime": "25:00:00"}, "invalid-time", "/actions/6/actionTime"),
        ({"text": " "}, "missing-value", "/actions/6/text"),
        ({"text": "a\x00b"}, "forbidden-character", "/actions/6/text"),
        ({"text": "a\ud800b"}, "forbidden-character", "/actions/6/text"),
        ({"text": "x" * 5_000}, "too-long", "/actions/6/text"),
        ({"actionCode": "17001", "sourceSystem": build.LIBRARY}, "unknown-code", "/actions/6"),
        ({"recordedVotes": [{"rollNumber": "many"}]}, "not-a-number", "/actions/6/recordedVotes/0"),
        ({"recordedVotes": [{"rollNumber": 7, "date": "2022-05-11"}]}, "invalid-time", "/actions/6/recordedVotes/0"),
        ({"recordedVotes": [{"rollNumber": 7, "date": "0001-01-01T00:00:00+10:00"}]}, "date-out-of-range",
         "/actions/6/recordedVotes/0"),
        ({"recordedVotes": [{"rollNumber": True}]}, "not-a-text", "/actions/6/recordedVotes/0"),
        ({"text": ["a"]}, "not-a-text", "/actions/6/text"),
        ({"text": {"a": "b"}}, "not-a-text", "/actions/6/text"),
        ({"actionTime": 1.5}, "not-a-text", "/actions/6/actionTime"),
        ({"recordedVotes": [{"rollNumber": 7, "url": "javascript:x"}]}, "invalid-url", "/actions/6/recordedVotes/0"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_others_are_still_looked_at(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    found = findings(build.api_bill(), with_row(**changes))
    assert found == [(code, f"actions.json: {pointer}")]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00"])
def test_an_instant_at_the_end_of_all_days_is_out_of_range(at: str) -> None:
    file = build.congress_data(actions=[{"acted_at": at, "text": "x"}])
    assert findings(file) == [("date-out-of-range", "data.json: /actions/0")]


OWN_ACTIONS = {
    "schema": "aid-ledger/actions/1",
    "vehicle": {"jurisdiction": "DK", "session": "2022-23", "identifier": "L 1"},
    "actions": [{"on": "2023-08-18", "text": "Fremsat"}] * (MAX_ROWS + 1),
}


@pytest.mark.parametrize(
    ("file", "place"),
    [
        (a_file(",".join(COLUMNS) + ("\n2023-08-18,,,x,da" + "," * 14) * (MAX_ROWS + 1)), "f"),
        (build.json_file("own.json", OWN_ACTIONS), "own.json: /actions"),
        (build.congress_data(actions=[{}] * (MAX_ROWS + 1)), "data.json: /actions"),
        (build.api_page([build.ROWS[0]] * (MAX_ROWS + 1)), "actions.json"),
        (build.bill_status("3.0.0", [build.ROWS[0]] * (MAX_ROWS + 1)), "bill.xml: line 9"),
    ],
    ids=["our CSV", "our JSON", "data.json", "the API", "BILLSTATUS"],
)
def test_a_list_that_no_bill_has_is_refused_before_it_is_read(file: SourceFile, place: str) -> None:
    start = time.process_time()
    assert findings(file) == [("too-large", place)]
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "file", [build.bill_status("3.0.0"), build.congress_data(), a_file(OWN_CSV)]
)
def test_a_byte_order_mark_is_no_harm(file: SourceFile) -> None:
    marked = SourceFile(file.name, b"\xef\xbb\xbf" + file.content)
    assert read_reports([marked]) == read_reports([file])


def test_two_bad_rows_are_told_at_once() -> None:
    text = XML.decode().replace("2022-05-16", "16 May").replace("22:08:29<", "late<")
    codes = [code for code, _ in findings(a_file(text))]
    assert sorted(codes) == ["invalid-date", "invalid-time", "invalid-time"]


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([build.api_page(build.ROWS[:7], count=14, offset=7)], "pages-missing"),
        (
            [
                build.api_page(build.ROWS[:7], count=14, offset=7),
                build.api_page(build.ROWS[:7], count=14, offset=7, name="again.json"),
                build.api_page(build.ROWS[7:], count=14, name="rest.json"),
            ],
            "pages-repeated",
        ),
    ],
)
def test_pages_that_do_not_make_up_the_list_are_a_finding(
    pages: list[SourceFile], code: str
) -> None:
    assert [found for found, _ in findings(build.api_bill(), *pages)] == [code]


def test_answers_about_two_bills_are_not_mixed() -> None:
    other = build.json_file("other.json", {"bill": {"congress": 117, "type": "HR", "number": "1"}})
    assert findings(build.api_bill(), other) == [("other-vehicle", "other.json")]


def test_only_answers_of_the_api_may_be_several() -> None:
    assert findings(build.congress_data(), build.api_page()) == [("unknown-layout", "data.json")]
    assert findings(build.bill_status("3.0.0"), build.api_page())[0][0] == "not-json"


def test_a_number_stands_for_the_code_of_a_source_system_as_well_as_a_text() -> None:
    assert findings(build.api_bill(), with_row(sourceSystem={"code": "0", "name": "Senate"})) == []


NAMES = (
    "bill", "actions", "bill_id", "schema", "vehicle", "pagination", "count", "next", "request", "titles", "title",
    "congress", "type", "number", "laws", "actionDate", "text", "actionCode", "sourceSystem", "code", "recordedVotes",
    "acted_at", "enacted_as",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_json_at_all_makes_a_reader_fall(document: Any) -> None:
    reading = read_reports([a_file(json.dumps(document))])
    assert reading.findings or reading.vehicle


@pytest.mark.parametrize("whole", [XML, OWN_CSV, build.congress_data().content])
@given(share=st.floats(0, 1), junk=st.binary(max_size=6))
def test_no_damage_to_a_file_makes_a_reader_fall(whole: bytes, share: float, junk: bytes) -> None:
    at = int(share * len(whole))
    damaged = whole[:at] + junk + whole[at + len(junk) :]
    for finding in read_reports([a_file(damaged)]).findings:
        assert finding.code
        assert finding.place.file == "f"

"""A query string says what it says: nothing in it is ignored, guessed or taken for something else."""

import base64
import json
from typing import Any, Final

import pytest

from app.kernel.page import Cursor, filters_digest
from tests.client import Api
from tests.inputs.ledger import (
    BEFORE_THE_DATABASE,
    Call,
    Case,
    Ledger,
    case_id,
    listing,
    read_problem,
    refused,
    stopped,
)
from tests.inputs.routes import Operation, reads
from tests.inputs.rows import queries

TOTALS: Final = "/v1/totals"
ENTRIES: Final = "/v1/entries"
AS_OF: Final = [one for one in reads() if "as_of" in one.parameters]


def reading(operation: Operation, query: str) -> Call:
    return Call(path=operation.address, query=query)


def moment(operation: Operation, text: str) -> Call:
    needed = "donor=DK&" if operation.path.startswith("/v1/reports/donor") else ""
    return reading(operation, f"{needed}as_of={text}")


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("operation", reads(), ids=str)
def test_a_parameter_that_does_not_exist_is_refused(ledger: Ledger, operation: Operation) -> None:
    call = reading(operation, "surprise=canary")
    answer = ledger.check(refused(call, "unknown-parameter", "?surprise"))
    assert answer.json()["errors"][0]["known"] == sorted(operation.parameters)


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("operation", reads(), ids=str)
def test_a_key_has_no_place_in_the_query_string(ledger: Ledger, operation: Operation) -> None:
    call = reading(operation, f"api_key={ledger.keys['admin']}")
    ledger.check(refused(call, "unknown-parameter", "?api_key"))


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("operation", reads(), ids=str)
def test_a_parameter_that_stands_twice_is_refused(ledger: Ledger, operation: Operation) -> None:
    cases = [
        refused(reading(operation, f"{name}=1&{name}=1"), "repeated-parameter", f"?{name}")
        for name in operation.parameters
    ]
    if cases:
        ledger.check(*cases)


@pytest.mark.parametrize("operation", AS_OF, ids=str)
def test_a_moment_that_is_not_reached_yet_is_refused(ledger: Ledger, operation: Operation) -> None:
    ledger.check(
        *(
            refused(moment(operation, text), "as-of-in-future", "?as_of")
            for text in ("999999", "2026-11-22T10:00:01Z", "2199-12-31T00:00:00Z")
        )
    )


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("operation", AS_OF, ids=str)
def test_a_moment_that_is_none_is_refused(ledger: Ledger, operation: Operation) -> None:
    texts = (
        "2026-01-01T00:00:00", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01%2000:00:00Z",
        "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00%2B25:00",
        "0001-01-01T00:00:00%2B12:00", "9999-12-31T23:59:59-12:00", "-1", "1.0", "1e3", "%D9%A3",
        "9" * 19, "9" * 5_000, "now", "", "%00",
    )  # fmt: skip
    ledger.check(*(refused(moment(operation, text), "invalid-as-of", "?as_of") for text in texts))


@pytest.mark.parametrize(
    "text", ["0", "1", "007", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00%2B01:00",
             "2020-01-01T00:00:00Z", "2026-11-22T09:59:59.999999Z"]
)  # fmt: skip
def test_a_moment_of_the_past_is_read(ledger: Ledger, text: str) -> None:
    for path in ("/v1/pledges", TOTALS, "/v1/donors"):
        assert ledger.send(Call(path=path, query=f"as_of={text}")).status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        *queries("unknown-value", "by=", "by=donor,", "by=,", "by=Donor", "by=donor;year",
                 "by=stage", "by=donor%20", "measure=cancelled", "measure=Pledged", "measure=",
                 "fx=today", "fx=", "fx=Effective", "fx=fixed", "fx=release:", "fx=release:R%207",
                 "fx=effective:2022", path=TOTALS),
        *queries("unknown-currency", "currency=eur", "currency=", "currency=BTC", "currency=XXX",
                 path=TOTALS),
        *queries("invalid-date", "fx=fixed:", "fx=fixed:2022-13-01", "fx=fixed:2022", path=TOTALS),
        *queries("unknown-release", "fx=release:canary", path=TOTALS),
        *queries("invalid-year", "prices=", "prices=22", "prices=2022-01", path=TOTALS),
        *queries("no-price-index", "prices=2022", path=TOTALS),
        *queries("needs-currency", "prices=2022&currency=native", path=TOTALS),
        *queries("repeated-value", "by=donor,donor", "by=year,donor,year", path=TOTALS),
        *queries("too-many", "by=donor,group,aid_type,instrument", path=TOTALS),
        *queries("one-period-only", "by=month,year", "by=quarter,month,donor", path=TOTALS),
        *queries("literal_error", "cumulative=1", "cumulative=True", "explain=1", path=TOTALS),
        *queries("needs-period", "cumulative=true", "cumulative=true&by=donor", path=TOTALS),
        *queries("unknown-parameter", "limit=5", "cursor=x", "sort=donor", path=TOTALS),
    ],
    ids=case_id,
)  # fmt: skip
def test_totals_are_asked_for_in_their_own_words(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


@pytest.mark.parametrize(
    "query", ["by=donor", "by=month&cumulative=true", "by=group,year,currency", "currency=native",
              "currency=USD", "currency=JPY", "measure=delivered&by=quarter", "fx=effective",
              "fx=announcement", "fx=month_average", "fx=fixed:2023-06-15", "explain=true",
              "fx=announcement&explain=true&by=month&cumulative=true", "currency=native&explain=true"]
)  # fmt: skip
def test_totals_answer_to_every_combination_that_means_something(
    ledger: Ledger, query: str
) -> None:
    assert ledger.send(Call(path=TOTALS, query=query)).status_code == 200


@BEFORE_THE_DATABASE
@pytest.mark.parametrize("path", ["/v1/pledges", TOTALS])
@pytest.mark.parametrize(
    ("query", "code", "name"),
    [
        ("donor=", "unknown-donor", "donor"),
        ("donor=DK,", "unknown-donor", "donor"),
        ("donor=dk", "unknown-donor", "donor"),
        ("donor=Denmark", "unknown-donor", "donor"),
        ("donor=UA", "donor-is-recipient", "donor"),
        ("group=eu", "unknown-group", "group"),
        ("group=BRICS", "unknown-group", "group"),
        ("aid_type=arms", "unknown-value", "aid_type"),
        ("instrument=GRANT", "unknown-value", "instrument"),
        ("status=open", "unknown-value", "status"),
        ("from=2023-02-30", "invalid-date", "from"),
        ("from=14.11.2023", "invalid-date", "from"),
        ("to=", "invalid-date", "to"),
        ("from=1899", "date-out-of-range", "from"),
        ("to=9999", "date-out-of-range", "to"),
        ("from=2024&to=2023", "date-order", "to"),
        ("q=", "blank", "q"),
        ("q=%20", "blank", "q"),
        ("q=%00", "forbidden-character", "q"),
        ("q=%E2%80%AE", "forbidden-character", "q"),
        ("q=" + "x" * 201, "too-long", "q"),
        ("unvalued=1", "literal_error", "unvalued"),
        ("unvalued=", "literal_error", "unvalued"),
        ("undated=TRUE", "literal_error", "undated"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(
    ledger: Ledger, path: str, query: str, code: str, name: str
) -> None:
    ledger.check(refused(listing(query, path), code, f"?{name}"))


@pytest.mark.parametrize("text", ["%25", "_", "%27", "%27%20OR%201=1--", "%5C", "%ff", "%25%27"])
def test_a_search_takes_its_text_to_the_letter(ledger: Ledger, text: str) -> None:
    answer = ledger.send(listing(f"q={text}"))
    assert (answer.status_code, answer.json()["data"]) == (200, [])


@pytest.mark.parametrize("path", ["/v1/pledges", ENTRIES])
@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("0", "greater_than_equal"), ("-1", "greater_than_equal"), ("501", "less_than_equal"),
        ("9" * 20, "less_than_equal"), ("9" * 21, "invalid-integer"), ("", "invalid-integer"),
        ("1e3", "invalid-integer"), ("5.0", "invalid-integer"), ("1_0", "invalid-integer"),
        ("%2B5", "invalid-integer"), ("%205", "invalid-integer"), ("0x5", "invalid-integer"),
        ("%D9%A5", "invalid-integer"), ("ten", "invalid-integer"), ("null", "invalid-integer"),
    ],
)  # fmt: skip
def test_a_limit_is_a_whole_number_from_1_to_500(
    ledger: Ledger, path: str, limit: str, code: str
) -> None:
    ledger.check(refused(listing(f"limit={limit}", path), code, "?limit"))


@pytest.mark.parametrize("limit", ["1", "007", "500"])
def test_a_limit_in_plain_digits_is_taken(ledger: Ledger, limit: str) -> None:
    assert ledger.send(listing(f"limit={limit}")).status_code == 200


@pytest.mark.parametrize(
    "case",
    [
        *queries("greater_than_equal", "after=-1", path=ENTRIES),
        *queries("less_than", f"after={2**62 + 7}", path=ENTRIES),
        *queries("invalid-integer", "after=", "after=x", "after=1.0", "after=1_0", path=ENTRIES),
        *queries("unknown-parameter", "until=1", "cursor=x", path=ENTRIES),
        *queries("string_too_short", "cursor="),
        *queries("unknown-value", "sort=amount", "sort=--reference", "sort=-", "sort=+donor"),
    ],
    ids=case_id,
)
def test_pages_and_orders_are_asked_for_in_their_own_words(ledger: Ledger, case: Case) -> None:
    ledger.check(case)


def encoded(document: Any) -> str:
    """A cursor that holds this document."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@BEFORE_THE_DATABASE
@pytest.mark.parametrize(
    "document",
    [
        None, 7, "canary", {}, [], [1], [1, [], "d"], [1, [], "d", 1, 1], [-1, [], "d", 1],
        [1.5, [], "d", 1], [True, [], "d", 1], ["1", [], "d", 1], [1, "canary", "d", 1],
        [1, [None], "d", 1], [1, [[]], "d", 1], [1, [], 7, 1], [1, [], "d", -1], [2**70, [], "d", 1],
    ],
)  # fmt: skip
def test_a_cursor_of_another_shape_is_refused(ledger: Ledger, document: Any) -> None:
    answer = ledger.check(stopped(listing(f"cursor={encoded(document)}"), 400, "invalid-cursor"))
    assert answer.json()["reason"] == "malformed"


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        ("-announced_on", ("canary", "DE-2023-0001")),
        ("-announced_on", ("2023-01-01",)),
        ("-announced_on", (5, "DE-2023-0001")),
        ("-announced_on", ("2023-01-01", "DE-2023-0001", "more")),
        ("revision", ("canary", "DE-2023-0001")),
        ("reference", ("\x00", "DE-2023-0001")),
        ("reference", (1, 2)),
        ("donor", ("DE", 2)),
    ],
)
def test_a_cursor_that_was_made_by_hand_does_no_harm(
    ledger: Ledger, sort: str, after: tuple[str | int, ...]
) -> None:
    digest = filters_digest({"sort": sort, "as_of": None})
    cursor = Cursor(1, after, digest, int(ledger.clock.now().timestamp())).encode()
    answer = ledger.send(listing(f"sort={sort}&cursor={cursor}"))
    assert (answer.status_code, read_problem(answer)["code"]) == (400, "invalid-cursor")


def test_a_walk_shows_one_revision_whatever_is_recorded_meanwhile(api: Api) -> None:
    for number in range(3):
        api.record_pledge(title=f"Pledge {number}")
    first = api.get("/v1/pledges", limit=2, sort="reference")
    api.record_pledge(title="Later", reference="AAA")
    second = api.get("/v1/pledges", limit=2, sort="reference", cursor=first["next_cursor"])
    seen = [one["title"] for page in (first, second) for one in page["data"]]
    assert seen == ["Pledge 0", "Pledge 1", "Pledge 2"]
    assert (second["next_cursor"], second["meta"]["revision"]) == (None, 3)

"""The shared corpus of bad inputs, row by row, as calls and their answers.

The rows' ids are those of `bad_inputs.csv`. Values that the file only describes are chosen here.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from tests.inputs.ledger import (
    Call,
    Case,
    accepted,
    amendment,
    listing,
    movement,
    pledge,
    refused,
    stopped,
    text_body,
)
from tests.inputs.uploads import UPLOADS

LONG: Final = "canary" * 2_000
WITHDRAWAL: Final = {"reason": "canary: it never was"}


def amounts(code: str, *values: object) -> list[Case]:
    """Pledges with amounts that are refused."""
    return [refused(pledge(amount=value), code, "/amount") for value in values]


def days(code: str, *values: object) -> list[Case]:
    """Pledges with dates that are refused."""
    return [refused(pledge(announced_on=value), code, "/announced_on") for value in values]


def donors(code: str, *values: object) -> list[Case]:
    """Pledges with donors that are refused."""
    return [refused(pledge(donor=value), code, "/donor") for value in values]


def titles(code: str, *values: str) -> list[Case]:
    """Pledges with titles that are refused."""
    return [refused(pledge(title=value), code, "/title") for value in values]


def bodies(status: int, kind: str, *values: bytes) -> list[Case]:
    """Bodies that are refused before anybody looks at their members."""
    return [stopped(text_body(value), status, kind) for value in values]


def queries(code: str, *values: str, path: str = "/v1/pledges") -> list[Case]:
    """Query strings that are refused."""
    return [refused(listing(value, path), code) for value in values]


def keyed(authorization: str | bytes) -> Call:
    """A read with these credentials."""
    return Call(headers={"Authorization": authorization}, role=None)


def replayed(key: str | bytes) -> Call:
    """Recording a pledge with this idempotency key."""
    one = pledge()
    return Call(method="POST", path=one.path, body=one.body, headers={"Idempotency-Key": key})


_LONG_KEY: Final = "k" * 256
_INJECTIONS: Final = ("' OR 1=1--", "'; DROP TABLE entry;--", "%' ESCAPE '")
_FORMULAS: Final = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc",
    "\uff1d1", "\uff0b1", "\uff0d1", "\uff201",  # the full-width signs
    '=HYPERLINK("http://example.com")', "=cmd|' /C calc'!A0",
)  # fmt: skip
_ONE: Final = b'{"donor":"DK","title":"canary","aid_type":"military"'

ROWS: Final[Mapping[str, Sequence[Case]]] = {
    "B001": [*amounts("amount-not-string", -1), *amounts("negative-amount", "-1.00")],
    "B002": amounts("zero-amount", "0", "0.00"),
    "B003": amounts("amount-not-string", 100.1, 5),
    "B005": [
        refused(text_body(_ONE + b',"currency":"DKK","amount":1e400}'), "amount-not-string")
    ],
    "B006": amounts("invalid-amount", "NaN", "sNaN", "Infinity"),
    "B008": amounts("invalid-amount", "1_000", " 100 ", "+5", "007"),
    "B012": amounts("amount-too-large", "1000000000000000", "1000000000000.01"),
    "B013": [
        *amounts("amount-not-string", True, [1], {}),
        *amounts("invalid-amount", ""),
    ],
    "B014": [refused(pledge(currency=...), "currency-required", "/currency")],
    "B016": days("invalid-date", "2024-02-30", "2023-02-29", "2024-13-01", "0000-01-01"),
    "B017": days("date-out-of-range", "1899-12-31", "1066-10-14", "0001"),
    "B020": [
        *days("string_type", 0, 1700000000, True),
        *days("invalid-date", "1700000000"),
    ],
    "B021": days("invalid-date", "２０２４-０１-０１"),
    "B022": [
        *days("date-order", "2023-11-14/2023-11-01"),
        refused(movement(stage="delivered", on="2023-06-14"), "date-order", "/on"),
        *queries("date-order", "from=2024&to=2023"),
    ],
    "B023": [
        *queries("invalid-as-of", "as_of=2024-01-01T00:00:00"),
        *queries("invalid-as-of", "as_of=2024-01-01T00:00:00", path="/v1/totals"),
    ],
    "B024": donors("unknown-donor", "ZZ", "XX", "A1"),
    "B025": donors("unknown-donor", "us", "Us", " US"),
    "B026": donors("unknown-donor", "Germany", "Deutschland"),
    "B028": donors("donor-is-recipient", "UA", "Ukraine"),
    "B030": [stopped(Call(path="/v1/donors/../admin"), 404, "not-found")],
    "B031": [
        *(
            refused(
                pledge(donor=donor, currency=code, amount="1000", announced_on="2002-03-01"),
                "currency-not-valid-on-date",
                "/currency",
            )
            for donor, code in (("DE", "DEM"), ("FR", "FRF"), ("IT", "ITL"))
        ),
        *(
            accepted(pledge(donor=donor, currency=code, amount="1000", announced_on="2001-12-31"))
            for donor, code in (("DE", "DEM"), ("FR", "FRF"), ("IT", "ITL"))
        ),
    ],
    "B032": [
        refused(pledge(currency=code), "unknown-currency", "/currency")
        for code in ("BTC", "ETH", "USDT")
    ],
    "B033": [
        refused(pledge(currency=code), "unknown-currency", "/currency") for code in ("XXX", "XTS")
    ],
    "B036": titles("forbidden-character", "canary\x00b"),
    "B037": bodies(400, "malformed-json", _ONE[:-9] + b'"a\nb"}', b'{"title":"canary\x01"}'),
    "B038": titles(
        "forbidden-character",
        *(f"canary{chr(one)}" for one in range(0x202A, 0x202F)),
        *(f"canary{chr(one)}" for one in range(0x2066, 0x206A)),
        *(f"canary{one}" for one in "\ufeff\x01\x0b\x7f\x85\x9f"),
    ),
    "B039": titles("forbidden-character", "canary\ud800"),
    "B040": bodies(
        400, "invalid-encoding", b'{"title":"canary\xff"}', b'{"title":"canary\xc0\xaf"}'
    ),
    "B043": [accepted(pledge(title=text)) for text in _FORMULAS],
    "B045": [accepted(pledge(title="<img src=x onerror=alert(1)>"))],
    "B046": [
        refused(pledge(sources=[{"url": url}]), "invalid-url", "/sources/0/url")
        for url in (
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "http://169.254.169.254/",
            "https://user:pass@example.com/",
        )
    ],
    "B048": bodies(400, "duplicate-key", b'{"amount":"1","amount":"2"}'),
    "B049": [
        refused(pledge(**{name: "canary"}), "extra_forbidden", f"/{name}")
        for name in ("version", "revision", "actor", "recorded_at", "approved", "id")
    ],
    "B050": bodies(
        400, "malformed-json", b"[" * 17 + b"]" * 17, b'{"a":' * 17 + b"1" + b"}" * 17,
        b"[" * 100_000,
    ),
    "B051": bodies(
        400, "malformed-json",
        *(b'{"amount":' + b"7" * digits + b"}" for digits in (41, 5_000, 1_000_000)),
    ),
    "B053": bodies(
        400, "malformed-json", b'{"title":"canary"}x', b"{'title':'canary'}",
        b'{"title":"canary"/* or */}', b'{"title":"canary",}', b"", b" ",
    ),
    "B054": [
        refused(text_body(raw), "model_attributes_type", "")
        for raw in (b"[]", b'"canary"', b"null", b"1", b"true")
    ],
    "B058": [
        stopped(text_body(b"{}", **{"Content-Encoding": "gzip"}), 415, "unsupported-media-type")
    ],
    "B060": [
        stopped(amendment(None, title="canary"), 428, "precondition-required"),
        *(
            stopped(Call(method="POST", path=path, body=WITHDRAWAL), 428, "precondition-required")
            for path in (
                "/v1/pledges/{open}/withdrawal",
                "/v1/pledges/{moved}/movements/{movement}/withdrawal",
            )
        ),
    ],
    "B061": [stopped(amendment('"1"', title="canary"), 412, "precondition-failed")],
    "B062": [
        *(
            stopped(amendment(tag, title="canary"), 400, "malformed-header")
            for tag in ("abc", '"2', '2"', "2", '"2", "3"', "")
        ),
        stopped(amendment('W/"2"', title="canary"), 412, "precondition-failed"),
    ],
    "B063": [stopped(amendment("*", title="canary"), 400, "malformed-header")],
    "B065": [
        stopped(replayed(key), 400, "malformed-header")
        for key in ("", _LONG_KEY, "two words", "a\x01b", b"\xe9t\xe9")
    ],
    "B073": [
        stopped(Call(path=path), 404, "not-found")
        for path in (
            "/v1/pledges/..%2f..%2fetc%2fpasswd",
            "/v1/pledges/%2e%2e",
            "/v1/pledges/%2e%2e/history",
            "//v1/pledges",
            "/v1//pledges",
            "/v1/pledges//history",
            "/v1/pledges/",
            "/v1/pledges/%00",
            "/v1/pledges/%00/history",
            "/v1/pledges/DK-2023-0001%00",
            "/v1/pledges/%ff",
            "/v1/pledges/a%5cb",
            "/v1\\pledges",
        )
    ],
    "B081": queries("unknown-parameter", "limti=5", "limit=5&Limit=5", "=canary"),
    "B082": queries("repeated-parameter", "limit=1&limit=2", "donor=DE&donor=DE"),
    "B083": [
        *queries("greater_than_equal", "limit=-1", "limit=0"),
        *queries("invalid-integer", "limit=1e3", "limit=1_0", "limit=5.0", "limit=%2B5", "limit="),
        *queries("less_than_equal", "limit=501", "limit=" + "9" * 20),
        *queries("invalid-integer", "limit=" + "9" * 5_000),
    ],
    "B084": [
        stopped(Call(path=path, headers={"Accept": "application/xml"}), 406, "not-acceptable")
        for path in ("/v1/pledges", "/v1/totals", "/v1/entries", "/v1/donors")
    ],
    "B087": [
        stopped(listing(f"cursor={text}"), 400, "invalid-cursor")
        for text in ("a" * 1_025, "canary!", "%00", "Y2FuYXJ5", "W10", "bnVsbA", "%C3%A9t%C3%A9")
    ],
    "B114": [
        stopped(
            Call(method="POST", path="/v1/pledges/{withdrawn}/withdrawal", body=WITHDRAWAL,
                 headers={"If-Match": '"2"'}),
            409, "illegal-transition",
        ),
        stopped(movement("withdrawn"), 409, "illegal-transition"),
    ],
    "B116": [
        stopped(Call(method="DELETE", path=path), 405, "method-not-allowed")
        for path in ("/v1/pledges/{open}", "/v1/entries", "/v1/pledges")
    ],
    "B120": [
        *(accepted(pledge(title=text, notes=text)) for text in _INJECTIONS),
        *(
            refused(pledge(**{name: text}), code, f"/{name}")
            for text in _INJECTIONS
            for name, code in (
                ("donor", "unknown-donor"),
                ("aid_type", "unknown-value"),
                ("currency", "unknown-currency"),
                ("amount", "invalid-amount"),
                ("announced_on", "invalid-date"),
                ("reference", "invalid-reference"),
            )
        ),
    ],
    "B121": [
        *queries("unknown-value", "sort=(select%201)", "sort=reference;", "sort="),
        *queries("unknown-parameter", "fields=password", "order=;"),
        *queries("unknown-value", "by=(select%201)", "by=;", path="/v1/totals"),
    ],
    "B124": [
        stopped(keyed(text), 401, "invalid-token")
        for text in (
            "Bearer",
            "Bearer ",
            "Basic",
            "Basic Y2FuYXJ5",
            "Basic !!!",
            "Token canary",
            "Bearer canary_aaaaaaaaaa_bbbb_cccc",
            "Bearer aidl_aaaaaaaaaa_" + "b" * 32 + "_000000",
            "Bearer " + "c" * 10_240,
            b"Bearer \xff",
        )
    ],
    "B126": [
        stopped(
            Call(method="POST", path="/v1/pledges", body=pledge().body, role="reader"),
            403, "insufficient-role",
        ),
        stopped(Call(path="/v1/api-keys", role="contributor"), 403, "insufficient-role"),
    ],
    "B127": queries("unknown-parameter", "api_key=aidl_aaaaaaaaaa_canary", "key=canary"),
    # Nothing is signed in this ledger; tests/transparency/test_api.py tries a log of 600 entries.
    "B133": [
        *queries("no-such-checkpoint", "", "size=1", path="/v1/log/entries/1/proof"),
        *queries("greater_than_equal", "size=-1", path="/v1/log/entries/1/proof"),
        *queries("string_pattern_mismatch", "", path="/v1/log/entries/-1/proof"),
    ],
    "B134": queries("greater_than_equal", "from=0", "from=0&to=1", path="/v1/log/consistency"),
}  # fmt: skip

# What needs more than one call, or looks at more than the answer, has a test of its own.
OWN_TEST: Final[Mapping[str, str]] = {
    "B015": "test_b015_sums_beyond_53_bits_are_exact",
    "B035": "test_b035_what_has_no_rate_is_recorded_and_not_converted",
    "B057": "test_b057_a_caller_that_hangs_up_leaves_nothing",
    "B066": "test_b066_a_used_idempotency_key_is_not_taken_for_another_call",
    "B070": "test_b070_head_is_get_without_the_body",
    "B078": "test_b078_forwarded_headers_of_strangers_are_ignored",
    "B085": "test_b085_no_value_breaks_out_of_a_header",
    "B088": "test_b088_a_cursor_lives_for_a_day",
    "B089": "test_b089_a_cursor_belongs_to_its_filters",
    **dict.fromkeys(UPLOADS, "test_a_file_gets_the_answer_of_its_row"),
    "B109": "test_b109_a_file_that_comes_again_gets_the_answer_of_its_first_import",
    "B125": "test_b125_all_wrong_keys_get_one_answer",
}

_DRAFTS: Final = "the ledger has no drafts and no approvals: what is recorded is public"
_SERVER: Final = "the server or the proxy in front of it answers before the application is asked"

NOT_HERE: Final[Mapping[str, str]] = {
    "B064": "DESIGN section 5: Idempotency-Key is optional on POST, and honoured where it is sent",
    "B074": _SERVER,
    "B077": _SERVER,
    "B079": _SERVER,
    "B112": _DRAFTS,
    "B115": "an entry has no address to change it at; a pledge is amended, which adds an entry",
    "B118": "a change that is based on an old version is B061: 412, since DESIGN has If-Match",
    "B119": _DRAFTS,
    "B128": "timing is measured beside the room of the keys, not through HTTP",
    "B129": "limits on the rate of calls are not part of the application yet",
    "B130": "there is no OIDC; callers have API keys",
}  # fmt: skip

# Rows that we perform and answer in words of our own.
OTHER_WORDS: Final[Mapping[str, str]] = {
    "B049": "any stage may be given as the status, so members that nobody may give are tried",
    "B088": "every cursor problem is invalid-cursor; that it expired is its `reason`",
    "B120": "the row names no type; what no field can hold is validation-failed",
    "B126": "callers have roles, not scopes: insufficient-role, and `required` names the role",
}

# Rows whose status we do not follow.
OTHER_STATUS: Final[Mapping[str, str]] = {
    "B093": "one type has one status: what is too large is 413, by whatever measure",
}

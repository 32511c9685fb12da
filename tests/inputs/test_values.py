"""Every field takes exactly what it says: what is nearly right is refused at its place, never bent into shape."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from tests.client import Api
from tests.inputs.ledger import (
    Call,
    Case,
    Ledger,
    accepted,
    amendment,
    case_id,
    movement,
    pledge,
    refused,
)
from tests.inputs.rows import amounts, days, donors, titles

WITHDRAWAL: Final = "/v1/pledges/{open}/withdrawal"
SOURCE: Final = {"url": "https://www.fmn.dk/a"}


def in_currency(code: str, amount: str) -> Call:
    return pledge(currency=code, amount=amount)


def source(**fields: Any) -> Call:
    return pledge(sources=[{**SOURCE, **fields}])


def key(**fields: Any) -> Call:
    given = {"name": "Desk", "role": "reader", **fields}
    body = {name: value for name, value in given.items() if value is not ...}
    return Call(method="POST", path="/v1/api-keys", body=body, role="admin")


def withdrawal(reason: object) -> Call:
    headers = {"If-Match": '"2"'}
    return Call(method="POST", path=WITHDRAWAL, body={"reason": reason}, headers=headers)


# Every field that holds a sentence of the caller's own, with its longest length.
TEXTS: Final[Mapping[str, tuple[Callable[[Any], Call], str, int]]] = {
    "title": (lambda text: pledge(title=text), "/title", 500),
    "notes": (lambda text: pledge(notes=text), "/notes", 4_000),
    "source title": (lambda text: source(title=text), "/sources/0/title", 500),
    "movement note": (lambda text: movement(note=text), "/note", 4_000),
    "amended title": (lambda text: amendment(title=text), "/title", 500),
    "amended notes": (lambda text: amendment(notes=text), "/notes", 4_000),
    "amendment reason": (lambda text: amendment(reason=text, bound="about"), "/reason", 2_000),
    "withdrawal reason": (withdrawal, "/reason", 2_000),
    "key name": (lambda text: key(name=text), "/name", 100),
}
UNSAFE: Final = {
    "NUL": "\x00", "escape": "\x1b", "delete": "\x7f", "C1": "\x9f", "override": "\u202e",
    "isolate": "\u2066", "byte order mark": "\ufeff", "lone surrogate": "\udfff",
    "non-character": "\uffff",
}  # fmt: skip

BAD_AMOUNTS: Final = [
    *amounts("invalid-amount", "1e3", "1E-2", "1.", ".5", "1,000.00", "1.000,00", "0x10", "1 000",
             "٣٠٠", "\u22125.00", "--5", "-", "12.50 DKK", "1" * 32, "1." + "1" * 31),
    *amounts("negative-amount", "-0.00", "-007"),
    *amounts("zero-amount", "0.0"),
    *amounts("amount-not-string", 0, -0.5, 1e300, False),
    *amounts("too-many-decimals", "1.001", "1.000"),
    *amounts("amount-too-large", "1000000000000.01", "9" * 31),
    *(
        refused(in_currency(code, amount), "too-many-decimals", "/amount")
        for code, amount in (("JPY", "500.0"), ("KRW", "1.00"), ("EUR", "0.001"), ("KWD", "1.2345"))
    ),
    refused(in_currency("JPY", "1000000000001"), "amount-too-large", "/amount"),
    refused(movement(amount="0.001"), "too-many-decimals", "/amount"),
    refused(movement(amount=1), "amount-not-string", "/amount"),
    refused(amendment(amount="1e9"), "invalid-amount", "/amount"),
]  # fmt: skip
BAD_DATES: Final = [
    *days("invalid-date", "14.11.2023", "11/14/2023", "2023-1-1", "2023/11/14/1", "20231114",
          "2023-W46", "2023-318", "2023-11-14T00:00:00Z", "2024-05-14 ", " 2024", "", "2024-05-01/",
          "/2024", "2024-05/..", "2024-Q4", "today", "-2023", "2023-00", "2023-11-31", "9999999"),
    *days("date-order", "2023/2022", "2023-11-14/2023-11-13"),
    *days("date-out-of-range", "2200", "1899-12-31/2023-01-01", "9999-12-31"),
    *days("date-in-future", "2026-11-24", "2026-12", "2027", "2026-11-24/2026-12-31"),
    *days("string_type", 2023, 20231114.0, ["2023"], {"on": "2023"}),
    *days("string_too_long", "2" * 101),
    refused(movement(on="2023-02-30"), "invalid-date", "/on"),
    refused(movement(on="2027-01-01"), "date-in-future", "/on"),
    refused(amendment(announced_on="2023-13"), "invalid-date", "/announced_on"),
]  # fmt: skip
BAD_WORDS: Final = [
    *donors("unknown-donor", "", "USA", "D K", "DK\n", "РФ", "SU", "YU", "AN"),
    *donors("string_type", None, 208, ["DK"]),
    *donors("string_too_long", "D" * 101),
    *(
        refused(pledge(currency=code), "unknown-currency", "/currency")
        for code in ("dkk", "Eur", " EUR", "€", "978", "EURO", "", "XAU", "XDR", "ZZZ")
    ),
    *(
        refused(pledge(**{field: word}), "unknown-value", f"/{field}")
        for field, word in (
            ("aid_type", "Military"), ("aid_type", "arms"), ("aid_type", ""),
            ("instrument", "gift"), ("bound", "max"), ("verification", "yes"),
            ("status", "cancelled"), ("status", "withdrawn"), ("status", "COMMITTED"),
        )
    ),
    refused(movement(stage="pledged"), "unknown-value", "/stage"),
    refused(movement(stage="withdrawn"), "unknown-value", "/stage"),
    refused(source(kind="blog"), "unknown-value", "/sources/0/kind"),
    refused(amendment(status="cancelled"), "unknown-value", "/status"),
    refused(key(role="owner"), "unknown-value", "/role"),
    *(
        refused(pledge(reference=text), "invalid-reference", "/reference")
        for text in ("", "-a", "a b", "a/b", "é", "a" * 65, "../x", "a\n")
    ),
    refused(pledge(overlaps=["DKM3", "a b"]), "invalid-reference", "/overlaps/1"),
    refused(pledge(overlaps=["a"] * 21), "too-many", "/overlaps"),
    refused(pledge(items=[{"description": "Tank"}] * 601), "too-many", "/items"),
    refused(pledge(items=[{"description": " "}]), "blank", "/items/0/description"),
    refused(pledge(items=[{"description": "Tank", "quantity": 5}]), "amount-not-string", "/items/0/quantity"),
    refused(pledge(items=[{"description": "Tank", "colour": "green"}]), "extra_forbidden", "/items/0/colour"),
]  # fmt: skip
BAD_SOURCES: Final = [
    *(
        refused(source(url=url), "invalid-url", "/sources/0/url")
        for url in (
            "www.fmn.dk", "//www.fmn.dk/a", "ftp://www.fmn.dk/a", "https://", "https:///a",
            "https://localhost/", "http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/",
            "https://user@www.fmn.dk/", "https://www.fmn.dk:99999/", "https://www.fmn.dk/a b",
            'https://www.fmn.dk/"', "https://www.fmn.dk/\\a", "https://www.fmn.dk/<a>",
            "HTTPS://user:pass@www.fmn.dk/", "https://printer.local/", "vbscript:x",
        )
    ),
    refused(source(url=""), "blank", "/sources/0/url"),
    refused(source(url="https://www.fmn.dk/" + "a" * 2_000), "too-long", "/sources/0/url"),
    refused(source(url=None), "string_type", "/sources/0/url"),
    refused(source(url="https://www.fmn.dk/\x00"), "forbidden-character", "/sources/0/url"),
    refused(pledge(sources=[SOURCE] * 21), "too-many", "/sources"),
    refused(pledge(sources=SOURCE), "list_type", "/sources"),
    refused(pledge(sources=["https://www.fmn.dk/a"]), "model_attributes_type", "/sources/0"),
]  # fmt: skip
BAD_TEXTS: Final = [
    *(
        refused(make("canary" + mark), "forbidden-character", place)
        for make, place, _ in TEXTS.values()
        for mark in UNSAFE.values()
    ),
    *(refused(make(" \n"), "blank", place) for make, place, _ in TEXTS.values()),
    *(refused(make("x" * (most + 1)), "too-long", place) for make, place, most in TEXTS.values()),
    *(refused(make(7), "string_type", place) for make, place, _ in TEXTS.values()),
    *titles("string_too_long", "x" * 4_001),
]
MISSING: Final = [
    *(
        refused(pledge(**{name: ...}), "missing", f"/{name}")
        for name in ("donor", "title", "aid_type")
    ),
    refused(pledge(amount="1.00", currency=None), "currency-required", "/currency"),
    refused(pledge(title=None), "string_type", "/title"),
    refused(Call(method="POST", path=WITHDRAWAL, body={}), "missing", "/reason"),
    refused(amendment(), "nothing-changed", ""),
    refused(amendment(title="Open"), "nothing-changed", ""),
    *(
        refused(amendment(**{name: None}), "not-nullable", f"/{name}")
        for name in ("donor", "title", "aid_type", "bound", "status", "sources")
    ),
    refused(key(name=...), "missing", "/name"),
    refused(key(valid_days="90"), "int_type", "/valid_days"),
    refused(key(valid_days=0), "greater_than_equal", "/valid_days"),
    refused(key(valid_days=10**30), "less_than_equal", "/valid_days"),
]


@pytest.mark.parametrize(
    "case",
    [*BAD_AMOUNTS, *BAD_DATES, *BAD_WORDS, *BAD_SOURCES, *BAD_TEXTS, *MISSING],
    ids=case_id,
)
def test_a_value_that_is_not_quite_right_is_refused_at_its_place(
    ledger: Ledger, case: Case
) -> None:
    ledger.check(case)


@pytest.mark.parametrize(
    ("currency", "given", "stored"),
    [
        ("EUR", "0.01", "0.01"),
        ("EUR", "7", "7.00"),
        ("EUR", "7.5", "7.50"),
        ("EUR", "1000000000000.00", "1000000000000.00"),
        ("JPY", "500", "500"),
        ("KRW", "1000000000000", "1000000000000"),
        ("KWD", "1.234", "1.234"),
        ("DKK", "9007199254740.93", None),
        ("DKK", "90071992547.93", "90071992547.93"),
    ],
)
def test_an_amount_is_kept_to_the_last_unit_of_its_currency(
    ledger: Ledger, currency: str, given: str, stored: str | None
) -> None:
    if stored is None:
        ledger.check(refused(in_currency(currency, given), "amount-too-large", "/amount"))
        return
    answer = ledger.check(accepted(in_currency(currency, given)))
    assert answer.json()["amount"] == stored


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2023-11-14", "2023-11-14"),
        ("2023-11", "2023-11"),
        ("2023", "2023"),
        ("2024-02-29", "2024-02-29"),
        ("2023-11-01/2023-11-14", "2023-11-01/2023-11-14"),
        ("2023-11/2023-12", "2023-11-01/2023-12-31"),
        ("2023-11-01/2023-11-30", "2023-11"),
        ("2026", "2026"),
        # One day of grace: somewhere it is tomorrow already.
        ("2026-11-23", "2026-11-23"),
        (None, None),
    ],
)
def test_a_date_of_any_precision_is_kept_as_precise_as_it_was(
    ledger: Ledger, given: str | None, stored: str | None
) -> None:
    answer = ledger.check(accepted(pledge(announced_on=given)))
    assert answer.json()["announced_on"] == stored


@pytest.mark.parametrize(
    ("code", "on", "amount"),
    [
        ("DEM", "2001-12-31", "1000.00"),
        ("DEM", "2001", "1000.00"),
        ("HRK", "2022-03-18", "16000000.00"),
        ("HRK", "2023", "1.00"),
        ("BGN", "2025-12-31", "1.00"),
        ("HRK", None, "1.00"),
    ],
)
def test_a_withdrawn_currency_is_taken_while_it_was_legal_tender(
    ledger: Ledger, code: str, on: str | None, amount: str
) -> None:
    ledger.check(accepted(pledge(currency=code, announced_on=on, amount=amount)))


@pytest.mark.parametrize(
    ("code", "on"),
    [("DEM", "2002-03-01"), ("HRK", "2024"), ("HRK", "2023-01-15"), ("BGN", "2026-02-01")],
)
def test_a_withdrawn_currency_is_refused_afterwards(ledger: Ledger, code: str, on: str) -> None:
    call = pledge(currency=code, announced_on=on)
    ledger.check(refused(call, "currency-not-valid-on-date", "/currency"))


def test_a_currency_that_is_nearly_right_is_told_what_was_meant(ledger: Ledger) -> None:
    answer = ledger.check(refused(pledge(currency=" dkk"), "unknown-currency", "/currency"))
    assert answer.json()["errors"][0]["did_you_mean"] == "DKK"


def test_a_forbidden_character_is_named_by_its_code_point(ledger: Ledger) -> None:
    answer = ledger.check(refused(pledge(title="a\u202eb"), "forbidden-character", "/title"))
    assert answer.json()["errors"][0]["codepoint"] == "U+202E"


@pytest.mark.parametrize(
    "text",
    ["Łódź, Україна, 大韓民国, 🇺🇦", "a\tb\nc", "' OR 1=1--", "%_\\", "<b>&amp;</b>", "=1+1"],
)
def test_text_is_kept_to_the_letter(api: Api, text: str) -> None:
    made = api.record_pledge(title=text, notes=text, sources=[{**SOURCE, "title": text}])
    read = api.get(f"/v1/pledges/{made['id']}")
    assert (read["title"], read["notes"], read["sources"][0]["title"]) == (text, text, text)


def test_everything_that_is_wrong_is_told_at_once(ledger: Ledger) -> None:
    call = pledge(
        donor="ZZ", amount="1e3", announced_on="2023-02-30", aid_type="arms", title="\x00"
    )
    answer = ledger.send(call)
    found = {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert found == {
        ("/donor", "unknown-donor"),
        ("/amount", "invalid-amount"),
        ("/announced_on", "invalid-date"),
        ("/aid_type", "unknown-value"),
        ("/title", "forbidden-character"),
    }
    assert answer.json()["more_errors"] is False


def test_of_very_many_faults_the_first_hundred_are_told(ledger: Ledger) -> None:
    call = pledge()
    many = [{**call.body, "donor": "ZZ"}] * 101
    batch = Call(method="POST", path="/v1/pledges/batch", body={"pledges": many})
    answer = ledger.check(refused(batch, "unknown-donor", "/pledges/99/donor"))
    assert (len(answer.json()["errors"]), answer.json()["more_errors"]) == (100, True)

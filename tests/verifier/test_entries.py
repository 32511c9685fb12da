"""Promise: an entry that is not well formed, or not the next one, is refused by its revision."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.verifier.packing import entry, posting, spell
from verifier.entries import History
from verifier.errors import MismatchError

Document = dict[str, Any]


def read(*documents: Document | bytes) -> int:
    """Read entries one after the other; the last revision."""
    history = History()
    for document in documents:
        history.read(document if isinstance(document, bytes) else spell(document))
    return history.revision


def first_bad(*documents: Document | bytes) -> tuple[int | None, str]:
    with pytest.raises(MismatchError) as refused:
        read(*documents)
    assert refused.value.revision == refused.value.last
    return refused.value.revision, str(refused.value)


def test_entries_that_follow_one_another_are_read() -> None:
    first = entry(1, posting("100.00", "DKK", "2023-11-14"), posting("2000", "JPY", None))
    second = entry(2, stream_id=first["stream_id"], version=2, reason="Допомога")
    request = entry(3, stream_kind="legislative_request")
    assert read(first, second, request) == 3


def with_member(name: str, value: Any) -> Callable[[], Document]:
    return lambda: entry(2, **{name: value})


def with_posting(**members: Any) -> Callable[[], Document]:
    return lambda: entry(2, posting("1.00", "DKK", "2023-11-14", **members))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (with_member("revision", 3), "says that it is revision 3"),
        (with_member("revision", "2"), "not well formed"),
        (with_member("revision", True), "not well formed"),
        (with_member("format", 2), "its format"),
        (with_member("further", 2), "its members"),
        (with_member("version", 2), "is version 2"),
        (with_member("version", 0), "is version 0"),
        (with_member("stream_id", entry(1)["stream_id"]), "is version 1 of 00000000-.*, after version 1"),
        (with_member("stream_id", "pledge"), "not well formed"),
        (with_member("id", entry(1)["id"].upper().replace("-", "")), "id"),
        (with_member("recorded_at", "2026-11-22T10:00:00Z"), "recorded before the one before it"),
        (with_member("recorded_at", "2026-11-22T11:00:00+01:00"), "recorded_at"),
        (with_member("recorded_at", "2026-13-22T11:00:00Z"), "not well formed"),
        (with_member("actor", ""), "actor"),
        (with_member("actor", None), "actor"),
        (with_member("reason", 1), "reason"),
        (with_member("data", []), "data"),
        (with_member("data", {"amount": 1.5}), "whole number"),
        (with_member("postings", {}), "postings"),
        (with_member("postings", [[]]), "not well formed"),
        (with_member("postings", [None]), "not well formed"),
        (with_posting(stage="promised"), "stage"),
        (with_posting(first=None), "days"),
        (with_posting(first="2023-11-15"), "days"),
        (with_posting(first="2023-11-31", last="2023-11-31"), "not well formed"),
        (with_posting(first="20231114"), "days"),
        (with_posting(valued_on="soon"), "valuation day"),
        (with_posting(donor="Denmark"), "donor"),
        (with_posting(donor=7), "not well formed"),
        (with_posting(aid_type="Military!"), "kind of aid"),
        (with_posting(currency="kr"), "currency"),
        (with_posting(amount="1,00"), "amount"),
        (with_posting(amount="01.00"), "amount"),
        (with_posting(amount="-0.00"), "amount"),
        (with_posting(amount=1), "not well formed"),
        (with_posting(amount="1.0"), "decimals of DKK"),
        (with_posting(pledges=True), "not well formed"),
        (with_posting(unvalued="0"), "not well formed"),
        (with_posting(implied=0), "mark"),
    ],
)  # fmt: skip
def test_the_first_bad_entry_is_named(make: Callable[[], Document], what: str) -> None:
    before = entry(1, posting("1.00", "DKK", "2023-11-14"))
    revision, said = first_bad(before, make(), entry(3))
    assert revision == 2
    with pytest.raises(MismatchError, match=what):
        read(before, make())
    assert said


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format":NaN}',
        spell(entry(2)) + b" ",
        spell(entry(2)).replace(b'"actor":"desk"', b'"actor":"desk","actor":"desk"'),
        spell(entry(2)).replace(b'"version":1', b'"version":1.0'),
        spell(entry(2)).replace(b'"version":1', b'"version":1e0'),
        spell(entry(2)).replace(b"desk", b"d\\u0065sk"),
        spell(dict(reversed(entry(2).items()))).replace(b'{"actor"', b'{ "actor"'),
    ],
)
def test_bytes_that_are_not_the_one_spelling_are_refused(payload: bytes) -> None:
    revision, _ = first_bad(entry(1), payload)
    assert revision == 2


def test_what_a_parliament_is_asked_for_posts_nothing() -> None:
    asked = entry(2, posting("1.00", "USD", None), stream_kind="legislative_request")
    assert first_bad(entry(1), asked) == (
        2,
        "The entry is not well formed: postings of what is no pledge.",
    )

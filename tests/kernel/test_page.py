"""Promise: a cursor leads on in the walk that it was given for, for a day, and nowhere else."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.page import Cursor, InvalidCursorError, filters_digest

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DIGEST = filters_digest({"donor": ["DK"], "sort": "-announced_on"})
CURSOR = Cursor(1_482, ("2023-11-14", "DK-2023-0007"), DIGEST, int(NOW.timestamp()))


def refusal(text: str, *, digest: str = DIGEST, now: datetime = NOW) -> object:
    with pytest.raises(InvalidCursorError) as refused:
        Cursor.decode(text, digest=digest, now=now)
    return refused.value.facts["reason"]


def encoded(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@given(
    st.integers(0, 2**62 - 1),
    st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(0, 2**62 - 1)),
)
def test_a_cursor_reads_back_as_it_was_given(revision: int, after: list[str | int]) -> None:
    cursor = Cursor(revision, tuple(after), DIGEST, int(NOW.timestamp()))
    text = cursor.encode()
    if len(text) > 1_024:
        assert refusal(text) == "malformed"
    else:
        assert Cursor.decode(text, digest=DIGEST, now=NOW) == cursor


def test_a_cursor_needs_no_escaping_in_an_address() -> None:
    alphabet = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert set(CURSOR.encode()) <= alphabet


@pytest.mark.parametrize(
    "other",
    [
        {"donor": ["NO"], "sort": "-announced_on"},
        {"donor": ["DK"], "sort": "announced_on"},
        {"sort": "-announced_on"},
        {"donor": ["DK", "NO"], "sort": "-announced_on"},
    ],
)
def test_a_cursor_does_not_lead_into_another_query(other: dict[str, Any]) -> None:
    assert refusal(CURSOR.encode(), digest=filters_digest(other)) == "other-query"


def test_filters_are_the_same_in_any_order() -> None:
    assert filters_digest({"a": 1, "b": [2]}) == filters_digest({"b": [2], "a": 1})
    assert filters_digest({"a": 1}) != filters_digest({"a": "1"})


def test_a_cursor_is_good_for_a_day() -> None:
    day = timedelta(hours=24)
    assert Cursor.decode(CURSOR.encode(), digest=DIGEST, now=NOW + day) == CURSOR
    assert refusal(CURSOR.encode(), now=NOW + day + timedelta(seconds=1)) == "expired"


@pytest.mark.parametrize(
    "document",
    [None, 1, "text", [], {}, [1, [], DIGEST], [1, [], DIGEST, 0, 0],
     {"a": 1, "b": 2, "c": 3, "d": 4}, ["1", [], DIGEST, 0], [-1, [], DIGEST, 0],
     [1.5, [], DIGEST, 0], [True, [], DIGEST, 0], [2**62, [], DIGEST, 0],
     [10**100, [], DIGEST, 0], [1, "after", DIGEST, 0], [1, [None], DIGEST, 0],
     [1, [[1]], DIGEST, 0], [1, [-1], DIGEST, 0], [1, [False], DIGEST, 0], [1, [], 5, 0],
     [1, [], DIGEST, None], [1, [], DIGEST, -1], [1, [], DIGEST, 1e400]],
)  # fmt: skip
def test_a_cursor_of_another_shape_is_refused(document: Any) -> None:
    assert refusal(encoded(document)) == "malformed"


@pytest.mark.parametrize(
    "text",
    ["", "=", "a", "%", "ж", "\ud800", "A" * 1_025, "[" * 100, encoded("x")[:-1] + "!",
     base64.urlsafe_b64encode(b"\xff\xfe").decode(), base64.urlsafe_b64encode(b"[" * 700).decode()],
    ids=range(11),
)  # fmt: skip
def test_a_text_that_is_no_cursor_is_refused(text: str) -> None:
    assert refusal(text) == "malformed"


@given(st.integers(0, len(CURSOR.encode()) - 1), st.characters())
def test_a_cursor_with_one_letter_changed_is_refused_or_is_another_cursor(
    place: int, letter: str
) -> None:
    text = CURSOR.encode()
    tampered = text[:place] + letter + text[place + 1 :]
    try:
        cursor = Cursor.decode(tampered, digest=DIGEST, now=NOW)
    except InvalidCursorError:
        return
    assert cursor.digest == DIGEST


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        Cursor.decode(text, digest=DIGEST, now=NOW)

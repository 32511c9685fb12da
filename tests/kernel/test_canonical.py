"""Promise: our canonical bytes are those of RFC 8785, as the PyPI package rfc8785 makes them."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.canonical import Json, canonical_bytes

# Keys are ASCII and numbers are integers: we make no others, and the docstring says so.
KEYS = st.text(st.characters(min_codepoint=0, max_codepoint=127), max_size=8)
SAFE_INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DOCUMENTS: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | SAFE_INTEGERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)


@given(DOCUMENTS)
def test_the_bytes_are_those_of_rfc_8785(document: Json) -> None:
    # The package wants mutable containers of its own types; a round trip through JSON makes them.
    assert canonical_bytes(document) == rfc8785.dumps(json.loads(json.dumps(document)))


@given(DOCUMENTS)
def test_reading_and_writing_again_gives_the_same_bytes(document: Json) -> None:
    first = canonical_bytes(document)
    assert json.loads(first) == document
    assert canonical_bytes(json.loads(first)) == first


def test_an_example_by_hand() -> None:
    document: Json = {"b": [1, None, True], "a": 'é "\\/\u0007\n\u007f', "A": {}, "": -0}
    assert canonical_bytes(document) == (
        b'{"":0,"A":{},"a":"\xc3\xa9 \\"\\\\/\\u0007\\n\x7f","b":[1,null,true]}'
    )


def test_order_of_insertion_makes_no_difference() -> None:
    assert canonical_bytes({"a": 1, "b": 2}) == canonical_bytes({"b": 2, "a": 1})


def test_what_is_not_text_has_no_bytes() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical_bytes("\ud800")

"""Promise: the bytes of answers are those that Python's own ``json`` makes, now and in every release to come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wire import to_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
# Sums of minor units go beyond 64 bits. Fractions are texts, so there are no floating point numbers.
BODIES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**38), 10**38) | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=30,
)


@given(BODIES)
def test_the_bytes_are_those_of_the_standard_library(body: object) -> None:
    plain = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    assert to_json(body) == plain.encode()


@pytest.mark.parametrize("unprintable", ["\ud800", {"\udfff": 1}])
def test_what_is_no_text_is_refused(unprintable: object) -> None:
    with pytest.raises(ValueError, match="surrogates"):
        to_json(unprintable)

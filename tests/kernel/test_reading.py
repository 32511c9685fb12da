"""Promise: whoever sends a bad document is told all that is wrong with it, each with its place."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID, uuid4

import pytest

from app.kernel.choices import read_choice
from app.kernel.errors import (
    Finding,
    InvalidError,
    NotFoundError,
    ValueRefusedError,
    invalid,
)
from app.kernel.findings import Collector
from app.kernel.ids import new_id, parse_id
from app.kernel.sources import Source, SourceKind, read_sources

RawSources = list[Mapping[str, str | None]]


class Colour(StrEnum):
    BLUE = "blue"
    YELLOW = "yellow"


def refuse(_value: object) -> None:
    raise ValueRefusedError("bad", "It is bad.", hint="less")


def test_a_word_is_one_of_a_few_exactly() -> None:
    assert read_choice(Colour, "blue") is Colour.BLUE
    for word in ("Blue", "blue ", "", "green"):
        with pytest.raises(ValueRefusedError) as refused:
            read_choice(Colour, word)
        assert refused.value.code == "unknown-value"
        assert refused.value.facts == {"allowed": ["blue", "yellow"]}


def test_all_findings_are_raised_together() -> None:
    collector = Collector()
    assert collector.read("/a", refuse, "x", None) is None
    assert collector.read("/b", int, "5", 0) == 5
    assert collector.find(refuse, "/c", "x") is None
    assert collector.find(refuse, "/absent", None) is None
    collector.note("/d", "odd", "It is odd.", more=1)
    with pytest.raises(InvalidError) as refused:
        collector.finish()
    assert refused.value.findings == (
        Finding("/a", "bad", "It is bad.", {"hint": "less"}),
        Finding("/c", "bad", "It is bad.", {"hint": "less"}),
        Finding("/d", "odd", "It is odd.", {"more": 1}),
    )
    assert refused.value.detail == "3 parts of the input were not accepted."


def test_nothing_is_raised_where_nothing_was_found() -> None:
    Collector().finish()


def test_a_single_finding_speaks_for_the_whole() -> None:
    assert invalid("/a", "bad", "It is bad.").detail == "It is bad."


def test_a_finding_moves_with_the_document_that_it_is_about() -> None:
    finding = Finding("/amount", "bad", "It is bad.", {"left": "1.00"}).under("/pledges/3")
    assert finding == Finding("/pledges/3/amount", "bad", "It is bad.", {"left": "1.00"})


def test_an_identifier_is_read_in_its_one_form() -> None:
    one = uuid4()
    assert parse_id(str(one), "pledge") == one
    assert new_id() != new_id()
    assert new_id().version == 4


@pytest.mark.parametrize(
    "text",
    ["", "1", "DK-2023-0007", "6F9619FF-8B86-D011-B42D-00C04FC964FF",
     "6f9619ff8b86d011b42d00c04fc964ff", "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
     "urn:uuid:6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff ",
     "ж" * 36],
)  # fmt: skip
def test_an_identifier_of_another_form_names_nothing(text: str) -> None:
    with pytest.raises(NotFoundError):
        parse_id(text, "pledge")


def test_an_identifier_of_any_version_may_be_asked_for() -> None:
    text = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    assert parse_id(text, "pledge") == UUID(text)


def test_sources_are_read_in_order_and_read_back_as_stored() -> None:
    collector = Collector()
    given: RawSources = [
        {"url": "https://www.fmn.dk/a", "title": "News", "kind": "official"},
        {"url": "https://www.reuters.com/b"},
    ]
    sources = read_sources(collector, "/sources", given)
    collector.finish()
    assert sources == (
        Source("https://www.fmn.dk/a", "News", SourceKind.OFFICIAL),
        Source("https://www.reuters.com/b", None, SourceKind.OTHER),
    )
    stored = {"url": "https://www.fmn.dk/a", "title": "News", "kind": "official"}
    assert sources[0].to_json() == stored
    assert Source.from_json(stored) == sources[0]


def test_each_bad_part_of_a_source_is_named_by_its_place() -> None:
    collector = Collector()
    read_sources(
        collector,
        "/sources",
        [
            {"url": "https://www.fmn.dk/a"},
            {"url": "javascript:alert(1)", "title": " ", "kind": "blog"},
            {"url": None, "title": "a\x00b"},
        ],
    )
    assert [(one.pointer, one.code) for one in collector.findings] == [
        ("/sources/1/url", "invalid-url"),
        ("/sources/1/title", "blank"),
        ("/sources/1/kind", "unknown-value"),
        ("/sources/2/url", "blank"),
        ("/sources/2/title", "forbidden-character"),
    ]


def test_a_record_has_at_most_twenty_sources() -> None:
    collector = Collector()
    page: Mapping[str, str | None] = {"url": "https://www.fmn.dk/a"}
    assert len(read_sources(collector, "/sources", 20 * [page])) == 20
    assert collector.findings == []
    assert read_sources(collector, "/sources", 21 * [page]) == ()
    assert [(one.pointer, one.code) for one in collector.findings] == [("/sources", "too-many")]

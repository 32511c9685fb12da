"""The wordings of Congress: each pattern fits the real text that it was made from, and nothing before it does."""

import pytest

from app.parliaments.domain.codes import MappingError
from app.parliaments.domain.patterns import (
    COLUMNS,
    ActionKind,
    Wording,
    congress_wordings,
    find_wording,
    read_wordings,
)
from app.parliaments.domain.wording import normalise


@pytest.mark.parametrize("wording", congress_wordings(), ids=lambda one: one.example[:60])
def test_a_pattern_is_the_first_that_fits_its_example(wording: Wording) -> None:
    assert find_wording(wording.example) is wording
    assert wording.evidence


@pytest.mark.parametrize(
    "text",
    [
        "The Clerk was authorized to correct section numbers.",
        "Motion to reconsider entered.",
        "Whoever signed by President.",
        "Cosponsor withdrawn.",
    ],
)
def test_a_text_that_fits_no_pattern_means_nothing(text: str) -> None:
    assert find_wording(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # Each speaks of a failed or invoked cloture, and is about something else.
        (
            "Motion by Senator Schumer to reconsider the vote by which cloture was not invoked entered in Senate.",
            ActionKind.MOTION,
        ),
        (
            "S.Amdt.1844 SA 1844 fell when cloture invoked on the motion to concur in the House amendment.",
            ActionKind.AMENDMENT,
        ),
        ("SA 1846 fell when SA 1845 fell.", ActionKind.AMENDMENT),
    ],
)
def test_a_mention_of_cloture_moves_no_flag(text: str, kind: ActionKind) -> None:
    wording = find_wording(text)
    assert wording is not None
    assert wording.kind is kind
    assert wording.meaning.flag is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Passed/agreed to in House: On passage Passed by voice vote.(text: CR H58-60)",
            "On passage Passed by voice vote. (text: CR H58-60)",
        ),
        (
            "Resolving differences -- Senate actions: Senate agreed to the House amendment.",
            "Senate agreed to the  House amendment.",
        ),
        (
            "Referred to the Subcommittee on Health. (Action By: Committee on Veterans' Affairs)",
            "Referred to the Subcommittee on Health.",
        ),
        (
            'Presented <a href="https://x.example/">to</a> President.',
            "presented to president.",
        ),
    ],
)
def test_two_rows_of_one_happening_have_the_same_words(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_votes_in_parentheses_are_no_reference() -> None:
    assert "(roll no. 65)" in normalise("Agreed to by the Yeas and Nays: 361 - 69 (Roll no. 65).")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("tale,x,,,,,,x,seen", "'tale' is not a valid ActionKind"),
        ("motion,(,,,,,,x,seen", "missing )"),
        ("motion,x,,floor,,,,x,", "no evidence"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused_with_its_line(row: str, complaint: str) -> None:
    with pytest.raises(MappingError, match="line 2") as refused:
        read_wordings(f"{','.join(COLUMNS)}\n{row}\n")
    assert complaint in str(refused.value)

"""The code tables: every row leads to a state that there is and says how we know; a table that does not is refused."""

import pytest

from app.kernel.errors import ValueRefusedError
from app.legislation.domain import Flag, State
from app.parliaments.domain.codes import COLUMNS, MappingError, Rule, Scheme, code_table, read_table

HEAD = ",".join(COLUMNS)


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows, ""])


@pytest.mark.parametrize("scheme", Scheme)
def test_every_row_has_its_evidence(scheme: Scheme) -> None:
    codes = code_table(scheme).codes
    assert codes
    assert all(len(one.evidence) > 10 for one in codes)


def test_the_tables_hold_what_was_collected() -> None:
    # Counted in the collection that they were made from; congress.gov has grown by its published list of codes.
    assert {scheme.value: len(code_table(scheme).codes) for scheme in Scheme} == {
        "congress_gov": 68,
        "govtrack": 33,
        "legiscan": 13,
        "open_states": 26,
        "folketing_oda": 56,
        "bundestag_dip": 33,
        "storting": 21,
        "eu": 8,
    }


@pytest.mark.parametrize(
    ("scheme", "code", "states", "flag"),
    [
        (Scheme.CONGRESS_GOV, "36000", (State.ENACTED,), None),
        (Scheme.CONGRESS_GOV, "17000", (State.PASSED_ONE, State.RECONCILING, State.PASSED), None),
        (Scheme.CONGRESS_GOV, "72500", (), None),
        (Scheme.GOVTRACK, "PROV_KILL:CLOTUREFAILED", (), Flag.BLOCKED),
        (Scheme.LEGISCAN, "11", (State.COMMITTEE_REPORTED,), Flag.ADVERSE_REPORT),
        (Scheme.OPEN_STATES, "amendment-passage", (), None),
        (Scheme.OPEN_STATES, "substitution", (), Flag.TEXT_REPLACED),
        (Scheme.FOLKETING_ODA, "21", (State.ENACTED,), None),
        (Scheme.FOLKETING_ODA, "66", (State.FLOOR,), Flag.BLOCKED),
        (
            Scheme.BUNDESTAG_DIP,
            "Zusammengeführt mit... (siehe Vorgangsablauf)",
            (State.FOLDED,),
            None,
        ),
        (Scheme.STORTING, "VEDTAK", (State.ENACTED,), None),
        (Scheme.EU, "european_council_conclusions", (), Flag.POLITICALLY_AGREED),
    ],
)
def test_a_code_means_what_its_parliament_means(
    scheme: Scheme, code: str, states: tuple[State, ...], flag: Flag | None
) -> None:
    meaning = code_table(scheme).get(code).meaning
    assert (meaning.states, meaning.flag) == (states, flag)


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        (Scheme.CONGRESS_GOV, "99999"),
        (Scheme.CONGRESS_GOV, "75001"),
        (Scheme.FOLKETING_ODA, "99"),
        (Scheme.BUNDESTAG_DIP, "Überwiesen "),
        (Scheme.OPEN_STATES, "amendment"),
    ],
)
def test_an_unknown_code_is_named_with_its_scheme_and_never_guessed(
    scheme: Scheme, code: str
) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        code_table(scheme).get(code)
    assert refused.value.code == "unknown-code"
    assert refused.value.facts["found"] == code
    assert scheme.value in refused.value.detail


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("1,x,adopted,,,,,,seen", "'adopted' is not a valid State"),
        ("1,x,floor,by luck,,,,,seen", "'by luck' is not a valid Rule"),
        ("1,x,floor,,,stuck,set,,seen", "'stuck' is not a valid Flag"),
        ("1,x,floor passed,,,,,,seen", "several states, and no rule to choose among them"),
        ("1,x,floor,,,blocked,,,seen", "a flag is set or cleared"),
        ("1,x,floor,,,,,,", "no evidence"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_line(row: str, complaint: str) -> None:
    with pytest.raises(MappingError, match=r"storting\.csv, line 2") as refused:
        read_table(Scheme.STORTING, table(row))
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("first", "second"), [("7", "7"), ("70..80", "75"), ("75", "70..80"), ("ab*", "abc")]
)
def test_a_code_stands_once(first: str, second: str) -> None:
    rows = (f"{first},x,floor,,,,,,seen", f"{second},x,floor,,,,,,seen")
    with pytest.raises(MappingError, match=r"line 3: .* is there already"):
        read_table(Scheme.EU, table(*rows))


def test_a_table_with_other_columns_is_refused() -> None:
    with pytest.raises(MappingError, match="other columns"):
        read_table(Scheme.EU, "code,state\n1,floor\n")


def test_where_a_code_can_mean_several_states_only_the_reporter_can_say_for_other_parliaments() -> (
    None
):
    for scheme in set(Scheme) - {Scheme.CONGRESS_GOV}:
        rules = {
            one.meaning.rule for one in code_table(scheme).codes if len(one.meaning.states) > 1
        }
        assert rules <= {Rule.STATED}

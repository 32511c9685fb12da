"""Promise: a donor is who the code says, groups follow the calendar, and nothing is folded."""

from datetime import date

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.donors.domain import (
    Donor,
    DonorKind,
    Group,
    find_donor,
    get_donor,
    get_group,
    group_names,
    list_donors,
    members,
)
from app.kernel.errors import ValueRefusedError

TODAY = date(2026, 11, 22)
INVASION = date(2022, 2, 24)
COUNTRIES = {country.alpha_2: country for country in pycountry.countries}

# From the public lists of members, as they stood on 1 January 2026.
EU_27 = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
}
OUTSIDE_NATO = {"AT", "CY", "IE", "MT"}  # of the 27
NATO_32 = (EU_27 - OUTSIDE_NATO) | {"AL", "CA", "GB", "IS", "ME", "MK", "NO", "TR", "US"}
G7 = {"CA", "DE", "FR", "GB", "IT", "JP", "US"}
NB8 = {"DK", "EE", "FI", "IS", "LT", "LV", "NO", "SE"}


def refusal(code: str) -> ValueRefusedError:
    with pytest.raises(ValueRefusedError) as refused:
        get_donor(code)
    return refused.value


# ------------------------------------------------------------------------------------- who may give


def test_every_country_of_iso_3166_may_give_but_the_recipient() -> None:
    assert {code for code in COUNTRIES if get_donor_or_none(code)} == set(COUNTRIES) - {"UA"}


def get_donor_or_none(code: str) -> Donor | None:
    try:
        return get_donor(code)
    except ValueRefusedError:
        return None


@pytest.mark.parametrize("code", sorted(set(COUNTRIES) - {"UA"}))
def test_a_country_has_the_name_and_spelling_of_the_standard(code: str) -> None:
    country = COUNTRIES[code]
    name = getattr(country, "common_name", country.name)
    assert get_donor(code).name == name
    assert find_donor(name) == find_donor(country.alpha_3) == get_donor(code)


def test_forty_four_donors_are_known_and_three_of_them_are_institutions() -> None:
    kinds = [donor.kind for donor in list_donors()]
    assert kinds == [DonorKind.COUNTRY] * 41 + [DonorKind.INSTITUTION] * 3
    assert [donor.code for donor in list_donors()][-3:] == ["EIB", "EPF", "EU"]


def test_ukraine_receives_and_cannot_give() -> None:
    assert refusal("UA").code == "donor-is-recipient"


@pytest.mark.parametrize("text", ["ua", " UA", "Ukraine", "UKR", "Ukrain"])
def test_whatever_means_ukraine_is_refused_as_the_recipient(text: str) -> None:
    assert refusal(text).code == "donor-is-recipient"


def test_israel_is_an_ordinary_country() -> None:
    assert get_donor("IL").name == "Israel"


def test_namibia_is_a_country_and_not_a_missing_value() -> None:
    assert get_donor("NA").name == "Namibia"


@pytest.mark.parametrize("code", ["ZZ", "XX", "A1", "XK", "SU", "YU", "CS", "DD", "AN", "TP", ""])
def test_a_code_that_is_not_in_use_is_unknown_and_nothing_is_guessed(code: str) -> None:
    assert (refusal(code).code, refusal(code).facts) == ("unknown-donor", {})


def test_every_withdrawn_country_code_is_unknown() -> None:
    gone = {country.alpha_2 for country in pycountry.historic_countries} - set(COUNTRIES)
    assert {refusal(code).code for code in gone} == {"unknown-donor"}


# ------------------------------------------------------------------------------------- did you mean


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("us", "US"),
        ("Us", "US"),
        (" US", "US"),
        ("USA", "US"),
        ("United States of America", "US"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("germany ", "DE"),
        ("Deutschland", "DE"),
        ("Germny", "DE"),  # one letter missing
        ("Danmark", "DK"),
        ("UK", "GB"),  # what people write; the code of ISO 3166 is GB
        ("EL", "GR"),  # what the EU writes; the code of ISO 3166 is GR
        ("Turkey", "TR"),
        ("FInland", "FI"),  # as it stands in the Kiel workbook
        ("Korea", "KR"),
        ("EU (Commission and Council)", "EU"),  # as it stands in the Kiel workbook
        ("eu", "EU"),
        ("European Peace Facility", "EPF"),
        ("Côte d'Ivoire", "CI"),
    ],
)
def test_a_near_miss_is_refused_with_the_code_that_was_meant(text: str, meant: str) -> None:
    assert refusal(text).code == "unknown-donor"
    assert refusal(text).facts == {"did_you_mean": meant}


def test_a_known_spelling_comes_before_a_similar_name() -> None:
    assert refusal("Austria").facts == {"did_you_mean": "AT"}
    assert refusal("Australia").facts == {"did_you_mean": "AU"}
    assert refusal("Niger").facts == {"did_you_mean": "NE"}


@pytest.mark.parametrize("text", ["XXX", "somebody else entirely", "Germany " * 10_000, "\x00"])
def test_what_resembles_nothing_is_refused_without_a_guess(text: str) -> None:
    assert (refusal(text).code, refusal(text).facts) == ("unknown-donor", {})


@given(st.text())
def test_a_text_is_either_exactly_a_code_or_refused(text: str) -> None:
    donor = get_donor_or_none(text)
    assert donor is None or donor.code == text


def test_the_refusal_never_repeats_what_was_written() -> None:
    assert "Deutschland" not in refusal("Deutschland").detail


# ---------------------------------------------------------------------------------------- spellings


@pytest.mark.parametrize("donor", list_donors(), ids=lambda donor: donor.code)
def test_every_spelling_of_a_donor_leads_to_that_donor_alone(donor: Donor) -> None:
    for spelling in (donor.code, donor.name, *donor.aliases):
        assert find_donor(spelling) == donor
        assert find_donor(f" {spelling.upper()} ") == donor


@pytest.mark.parametrize("spelling", ["Ukraine", "UA", "Germny", ""])
def test_a_file_cannot_name_a_donor_that_is_unknown_misspelt_or_the_recipient(
    spelling: str,
) -> None:
    assert find_donor(spelling) is None


# ------------------------------------------------------------------------------------------- groups


def test_the_groups_are_eu_nato_g7_and_nb8() -> None:
    assert group_names() == ("EU", "NATO", "G7", "NB8")


@pytest.mark.parametrize(
    ("group", "codes"),
    [(Group.EU, EU_27), (Group.NATO, NATO_32), (Group.G7, G7), (Group.NB8, NB8)],
)
def test_the_members_of_today_are_those_of_the_public_lists(group: Group, codes: set[str]) -> None:
    assert members(group, TODAY) == tuple(sorted(codes))


def test_nato_had_thirty_members_when_the_invasion_began() -> None:
    assert set(members(Group.NATO, INVASION)) == NATO_32 - {"FI", "SE"}
    assert len(members(Group.NATO, INVASION)) == 30


@pytest.mark.parametrize(
    ("code", "group", "last_day_outside", "first_day_inside"),
    [
        ("FI", Group.NATO, date(2023, 4, 3), date(2023, 4, 4)),
        ("SE", Group.NATO, date(2024, 3, 6), date(2024, 3, 7)),
        ("HR", Group.EU, date(2013, 6, 30), date(2013, 7, 1)),
    ],
)
def test_a_country_belongs_to_a_group_from_the_day_it_joined(
    code: str, group: Group, last_day_outside: date, first_day_inside: date
) -> None:
    assert group not in get_donor(code).groups_on(last_day_outside)
    assert group in get_donor(code).groups_on(first_day_inside)


def test_the_united_kingdom_left_the_eu_at_the_end_of_january_2020() -> None:
    kingdom = get_donor("GB")
    assert kingdom.groups_on(date(2020, 1, 31)) == (Group.EU, Group.NATO, Group.G7)
    assert kingdom.groups_on(date(2020, 2, 1)) == (Group.NATO, Group.G7)
    assert "GB" not in members(Group.EU, INVASION)


def test_the_institution_eu_is_no_member_of_the_group_eu() -> None:
    assert get_donor("EU").kind is DonorKind.INSTITUTION
    assert get_donor("EU").groups_on(TODAY) == ()
    assert "EU" not in members(Group.EU, TODAY)


def test_a_group_is_read_by_its_exact_name() -> None:
    assert get_group("NB8") is Group.NB8


@pytest.mark.parametrize("name", ["nato", " EU", "G8", "BRICS", ""])
def test_an_unknown_group_is_refused_with_the_groups_that_there_are(name: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        get_group(name)
    assert refused.value.code == "unknown-group"
    assert refused.value.facts == {"allowed": ["EU", "NATO", "G7", "NB8"]}

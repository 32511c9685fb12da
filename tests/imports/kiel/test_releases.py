"""What a new release changed is told package by package, and the parts add up to what it does to each donor's total."""

from decimal import Decimal
from typing import Any

from app.imports.domain.releases import ReleaseChange, ReleaseDifference, differ

RECORD: dict[str, Any] = {
    "donor": "DK", "aid_type": "military", "instrument": "in_kind", "amount": "820.00", "currency": "DKK",
    "announced_on": "2022-08-11", "opening": "committed", "movements": [], "title": "Package", "notes": None,
    "sources": [], "bound": "exact", "verification": "secondary", "overlaps": [],
}  # fmt: skip


def compared(before: dict[str, Any] | None, after: dict[str, Any] | None) -> ReleaseDifference:
    full = [one if one is None else RECORD | one for one in (before, after)]
    return differ([("DKM3", full[0], full[1])])


def told(found: ReleaseDifference) -> dict[str, dict[str, dict[str, str]]]:
    """By donor and change, the effect on the donor's total."""
    return {
        donor: {
            change.value: {code: str(one) for code, one in sums.items()}
            for change, (_, sums) in changes.items()
        }
        for donor, changes in found.by_donor().items()
    }


def test_the_same_record_is_no_difference() -> None:
    assert compared({}, {}).packages == ()
    assert compared({}, {"items": []}).packages == ()


def test_new_and_gone_are_counted_with_their_amounts() -> None:
    assert told(compared(None, {})) == {"DK": {"new": {"DKK": "820.00"}}}
    assert told(compared({}, None)) == {"DK": {"gone": {"DKK": "-820.00"}}}


def test_a_value_that_appears_is_newly_disclosed() -> None:
    found = compared({"amount": None, "currency": None}, {})
    assert told(found) == {"DK": {"newly-disclosed": {"DKK": "820.00"}}}


def test_another_value_is_a_restatement_of_the_difference() -> None:
    assert told(compared({}, {"amount": "900.00"})) == {"DK": {"restated": {"DKK": "80.00"}}}
    assert told(compared({}, {"amount": None, "currency": None})) == {
        "DK": {"restated": {"DKK": "-820.00"}}
    }


def test_another_currency_takes_one_amount_away_and_puts_another_there() -> None:
    # DKM4 of the seventh release went from a share of a howitzer in euro to a residual in kroner.
    found = compared({"amount": "30666666.00", "currency": "EUR"}, {"amount": "974000000.00"})
    assert told(found) == {"DK": {"restated": {"DKK": "974000000.00", "EUR": "-30666666.00"}}}


def test_one_package_may_meet_several_things_at_once() -> None:
    found = compared({}, {"announced_on": "2022-09", "amount": "900.00", "title": "Other"})
    assert found.packages[0].changes == (
        ReleaseChange.RESTATED, ReleaseChange.MOVED_IN_DATE, ReleaseChange.REDESCRIBED,
    )  # fmt: skip
    assert told(found)["DK"] == {
        "restated": {"DKK": "80.00"},
        "moved-in-date": {},
        "redescribed": {},
    }


def test_a_package_of_another_donor_is_reclassified_for_both() -> None:
    found = compared({}, {"donor": "NO", "amount": "900.00"})
    assert told(found) == {
        "DK": {"reclassified": {"DKK": "-820.00"}},
        "NO": {"restated": {"DKK": "80.00"}, "reclassified": {"DKK": "820.00"}},
    }
    assert found.effect() == {"DK": {"DKK": Decimal("-820.00")}, "NO": {"DKK": Decimal("900.00")}}


def test_another_aid_type_or_stage_changes_no_total_of_the_donor() -> None:
    assert told(compared({}, {"aid_type": "financial"})) == {"DK": {"reclassified": {}}}
    assert told(compared({}, {"opening": "allocated"})) == {"DK": {"moved-in-stage": {}}}


def test_the_printed_form_says_how_much_when_and_where() -> None:
    found: Any = compared({}, {"amount": "900.00"}).to_json()
    assert found["donors"] == [
        {
            "donor": "DK",
            "effect": {"DKK": "80.00"},
            "changes": {"restated": {"packages": 1, "effect": {"DKK": "80.00"}}},
        }
    ]
    [package] = found["packages"]
    assert package["changes"] == ["restated"]
    assert package["after"]["amount"] == "900.00"

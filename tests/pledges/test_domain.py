"""Promise: a pledge counts once at every stage that it has reached, and for no more than was promised.

Every course and every figure here was worked by hand from the rules of the domain: a later stage
implies the earlier ones, a cancellation takes back what was not delivered, an amount is restated and
not added, and what is unknown is not zero.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.kernel.dates import UNDATED, Span, parse_span
from app.kernel.errors import Finding, InvalidError
from app.pledges.domain import (
    NO_DAY,
    AmendPledge,
    Change,
    Effect,
    RecordMovement,
    WithdrawMovement,
    WithdrawPledge,
    book,
    count_marks,
    decide,
    posting_record,
)
from app.pledges.errors import (
    IllegalTransitionError,
    MovementNotFoundError,
    PledgeNotFoundError,
    VersionMovedError,
)
from tests.pledges.paper import (
    REASON,
    TODAY,
    amending,
    count,
    money,
    moving,
    new_pledge,
    pledged,
    posted,
    stages,
    taking_back,
    told,
    total,
    withdrawing,
)

NOVEMBER, DECEMBER = parse_span("2023-11"), parse_span("2023-12")
YEAR, ALWAYS = parse_span("2023"), UNDATED


def finding(refused: pytest.ExceptionInfo[InvalidError]) -> tuple[str, str, dict[str, object]]:
    [one] = refused.value.findings
    return one.pointer, one.code, dict(one.facts)


# ------------------------------------------------------------------------------------------- stages


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("pledged", "100.00 0.00 0.00 0.00 pledged"),
        ("committed", "100.00 100.00 0.00 0.00 committed"),
        ("allocated", "100.00 100.00 100.00 0.00 allocated"),
        ("delivered", "100.00 100.00 100.00 100.00 delivered"),
    ],
)
def test_a_pledge_has_reached_its_opening_stage_and_all_below_it(
    status: str, expected: str
) -> None:
    assert stages(pledged(status=status)) == expected


def test_the_stages_below_the_opening_one_are_marked_as_implied() -> None:
    state = pledged(status="allocated")
    assert money(state, book(state)) == [
        "2023-11-14 allocated +100.00",
        "2023-11-14 committed +100.00 implied",
        "2023-11-14 pledged +100.00 implied",
    ]


def test_delivering_part_of_a_promise_commits_and_allocates_that_part_on_the_same_day() -> None:
    change = moving(pledged(), "delivered", "40.00", "2023-12-01")
    assert posted(change) == [
        "2023-12-01 allocated +40.00 implied",
        "2023-12-01 committed +40.00 implied",
        "2023-12-01 delivered +40.00",
    ]
    assert stages(change.pledge) == "100.00 40.00 40.00 40.00 delivered"


def test_a_delivery_first_uses_what_was_committed_before() -> None:
    state = told("2023-11-14 pledged 100", "2023-11-20 committed 60", "2023-12-01 delivered 40")
    assert stages(state) == "100.00 60.00 40.00 40.00 delivered"
    later = moving(state, "delivered", "40.00", "2023-12-10")
    assert posted(later) == [
        "2023-12-10 allocated +40.00 implied",
        "2023-12-10 committed +20.00 implied",
        "2023-12-10 delivered +40.00",
    ]


def test_a_backdated_commitment_takes_the_place_of_the_one_that_a_delivery_had_implied() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40")
    change = moving(state, "committed", "40.00", "2023-11-20")
    assert posted(change) == [
        "2023-11-20 committed +40.00",
        "2023-12-01 committed -40.00 implied",
    ]
    assert stages(change.pledge) == "100.00 40.00 40.00 40.00 delivered"


def test_a_backdated_commitment_takes_only_as_much_place_as_it_is_large() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40")
    change = moving(state, "committed", "30.00", "2023-11-20")
    assert posted(change) == [
        "2023-11-20 committed +30.00",
        "2023-12-01 committed -30.00 implied",
    ]


@pytest.mark.parametrize("on", ["2023-12-01", "-"])
def test_on_one_date_a_commitment_goes_before_the_delivery_whichever_was_recorded_first(
    on: str,
) -> None:
    one = told("2023-11-14 pledged 100", f"{on} committed 40", f"{on} delivered 40")
    other = told("2023-11-14 pledged 100", f"{on} delivered 40", f"{on} committed 40")
    assert stages(one) == stages(other) == "100.00 40.00 40.00 40.00 delivered"
    assert money(one, book(one)) == money(other, book(other))


def test_a_commitment_of_a_later_day_is_more_money() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40", "2023-12-02 committed 40")
    assert stages(state) == "100.00 80.00 40.00 40.00 delivered"


def test_what_moves_on_a_vague_date_moves_at_its_last_day() -> None:
    # December may mean the 31st: the delivery of the 15th is known to come first.
    state = told("2023-11-14 pledged 100", "2023-12 committed 40", "2023-12-15 delivered 40")
    assert stages(state) == "100.00 80.00 40.00 40.00 delivered"


def test_no_stage_takes_more_than_was_promised() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 60")
    with pytest.raises(InvalidError) as refused:
        moving(state, "committed", "40.01", "2023-12-02")
    assert finding(refused) == ("/amount", "exceeds-remaining", {"left": "40.00"})
    assert stages(moving(state, "committed", "40.00", "2023-12-02").pledge).startswith(
        "100.00 100.00"
    )


def test_a_backdated_movement_that_leaves_too_little_for_a_later_one_is_refused() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-10 committed 80")
    later = state.movements[0].id
    with pytest.raises(InvalidError) as refused:
        moving(state, "committed", "30.00", "2023-12-01")
    assert finding(refused) == (
        "/amount",
        "contradicts-movement",
        {"left": "70.00", "movement": str(later)},
    )


# ------------------------------------------------------------------------------------ cancellations


def test_a_cancellation_takes_back_what_was_not_delivered() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 60", "2023-12-05 delivered 40")
    change = moving(state, "cancelled", None, "2023-12-20")
    assert posted(change) == [
        "2023-12-20 committed -20.00 implied",
        "2023-12-20 pledged -60.00",
    ]
    assert stages(change.pledge) == "40.00 40.00 40.00 40.00 delivered"


def test_a_partial_cancellation_first_takes_back_what_has_got_least_far() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 60")
    assert stages(moving(state, "cancelled", "30.00", "2023-12-20").pledge) == (
        "70.00 60.00 0.00 0.00 committed"
    )
    assert stages(moving(state, "cancelled", "50.00", "2023-12-20").pledge) == (
        "50.00 50.00 0.00 0.00 committed"
    )


def test_what_was_delivered_cannot_be_cancelled() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40")
    with pytest.raises(InvalidError) as refused:
        moving(state, "cancelled", "60.01", "2023-12-20")
    assert finding(refused) == ("/amount", "exceeds-remaining", {"left": "60.00"})


def test_of_a_pledge_that_was_delivered_in_full_nothing_is_left_to_cancel() -> None:
    with pytest.raises(InvalidError) as refused:
        moving(pledged(status="delivered"), "cancelled", None, "2023-12-20")
    assert finding(refused) == ("/amount", "nothing-left", {"left": "0.00"})


def test_a_cancelled_pledge_stands_at_no_stage() -> None:
    state = told("2023-11-14 committed 100", "2023-12-20 cancelled ?")
    assert stages(state) == "0.00 0.00 0.00 0.00 cancelled"


def test_a_cancelled_pledge_moves_no_more() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 cancelled ?")
    for stage in ("committed", "delivered", "cancelled"):
        with pytest.raises(InvalidError) as refused:
            moving(state, stage, "1.00", "2023-12-02")
        assert finding(refused) == ("/amount", "nothing-left", {})


def test_a_delivery_before_the_cancellation_can_still_be_learnt_of() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-20 cancelled ?", "2023-12-01 delivered 30")
    assert stages(state) == "30.00 30.00 30.00 30.00 delivered"


# ------------------------------------------------------------------------------------ unknown amounts


def test_an_unvalued_pledge_has_a_stage_but_no_amount() -> None:
    state = pledged(amount=None, status="committed")
    assert stages(state) == "? ? 0.00 0.00 committed"
    assert money(state, book(state)) == []
    assert count(book(state), "committed", ALWAYS) == (1, 1)


def test_an_unvalued_pledge_moves_by_unknown_amounts_only() -> None:
    state = pledged(amount=None)
    assert stages(moving(state, "delivered", None, "2023-12-01").pledge) == "? ? ? ? delivered"
    with pytest.raises(InvalidError) as refused:
        moving(state, "delivered", "10.00", "2023-12-01")
    assert finding(refused) == ("/amount", "pledge-unvalued", {})


def test_a_pledge_without_a_currency_moves_by_unknown_amounts_only() -> None:
    state = pledged(amount=None, currency=None)
    assert stages(moving(state, "allocated", None, None).pledge) == "? ? ? 0 allocated"
    with pytest.raises(InvalidError) as refused:
        moving(state, "allocated", "10.00", None)
    assert finding(refused) == ("/amount", "pledge-unvalued", {})


def test_an_unknown_delivery_of_a_known_promise_is_unknown_and_not_zero() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered ?")
    assert stages(state) == "100.00 ? ? ? delivered"
    assert count(book(state), "pledged", ALWAYS) == (1, 0)
    assert count(book(state), "delivered", ALWAYS) == (1, 1)


def test_what_is_known_stands_beside_what_is_not() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered ?", "2023-12-10 delivered 30")
    assert stages(state) == "100.00 30.00 30.00 30.00 delivered"
    assert count(book(state), "delivered", ALWAYS) == (1, 1)


def test_an_unknown_delivery_implies_no_unknown_commitment_where_a_known_one_stands() -> None:
    state = told("2023-11-14 committed 100", "2023-12-01 delivered ?")
    assert stages(state) == "100.00 100.00 ? ? delivered"
    assert count(book(state), "committed", ALWAYS) == (1, 0)


def test_how_much_is_left_cannot_be_told_where_a_delivery_is_unknown() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered ?")
    with pytest.raises(InvalidError) as refused:
        moving(state, "cancelled", None, "2023-12-20")
    assert finding(refused) == ("/amount", "delivered-amount-unknown", {"left": "100.00"})
    assert stages(moving(state, "cancelled", "70.00", "2023-12-20").pledge) == (
        "30.00 ? ? ? delivered"
    )


def test_a_cancelled_unvalued_pledge_counts_no_longer() -> None:
    state = told("2023-11-14 committed ?", "2023-12-20 cancelled ?")
    assert stages(state) == "0.00 0.00 0.00 0.00 cancelled"
    for stage in ("pledged", "committed"):
        assert count(book(state), stage, YEAR) == (0, 0)
        assert count(book(state), stage, NOVEMBER) == (1, 1)


def test_of_an_unvalued_pledge_what_was_delivered_stays_delivered() -> None:
    state = told("2023-11-14 pledged ?", "2023-12-01 delivered ?", "2023-12-20 cancelled ?")
    assert stages(state) == "? ? ? ? delivered"


# ---------------------------------------------------------------------------- withdrawn and restated


def test_a_withdrawn_movement_takes_what_it_implied_with_it() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40", "2023-12-10 committed 50")
    change = taking_back(state, state.movements[0].id)
    assert posted(change) == [
        "2023-12-01 allocated -40.00 implied",
        "2023-12-01 committed -40.00 implied",
        "2023-12-01 delivered -40.00",
    ]
    assert stages(change.pledge) == "100.00 50.00 0.00 0.00 committed"
    assert [movement.withdrawn for movement in change.pledge.movements] == [True, False]


def test_a_delivery_implies_again_what_a_withdrawn_commitment_had_covered() -> None:
    state = told("2023-11-14 pledged 100", "2023-11-20 committed 40", "2023-12-01 delivered 40")
    change = taking_back(state, state.movements[0].id)
    assert posted(change) == [
        "2023-11-20 committed -40.00",
        "2023-12-01 committed +40.00 implied",
    ]


def test_a_movement_that_a_later_one_needs_cannot_be_withdrawn() -> None:
    # Without the delivery the cancellation takes back all, and nothing is left for the last movement.
    state = told(
        "2023-11-14 pledged 100",
        "2023-12-01 delivered 40",
        "2023-12-10 cancelled ?",
        "2023-12-20 delivered ?",
    )
    delivery, _, last = state.movements
    with pytest.raises(InvalidError) as refused:
        taking_back(state, delivery.id)
    assert finding(refused) == ("/amount", "contradicts-movement", {"movement": str(last.id)})


def test_a_movement_is_withdrawn_once() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 40")
    movement = state.movements[0].id
    after = taking_back(state, movement).pledge
    with pytest.raises(IllegalTransitionError) as refused:
        taking_back(after, movement)
    assert refused.value.facts == {"state": "withdrawn"}
    with pytest.raises(MovementNotFoundError):
        taking_back(after, uuid4())


def test_restating_an_amount_posts_the_difference_on_the_day_of_the_promise() -> None:
    up = amending(pledged(), amount="150.00")
    assert posted(up) == ["2023-11-14 pledged +50.00"]
    assert stages(up.pledge) == "150.00 0.00 0.00 0.00 pledged"
    down = amending(up.pledge, amount="80.00")
    assert posted(down) == ["2023-11-14 pledged -70.00"]
    assert stages(down.pledge) == "80.00 0.00 0.00 0.00 pledged"


def test_restating_moves_all_stages_that_the_opening_one_implied() -> None:
    assert posted(amending(pledged(status="committed"), amount="150.00")) == [
        "2023-11-14 committed +50.00",
        "2023-11-14 pledged +50.00 implied",
    ]


def test_restating_below_what_movements_have_reached_is_refused() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 30", "2023-12-10 committed 30")
    assert stages(amending(state, amount="60.00").pledge) == "60.00 60.00 0.00 0.00 committed"
    with pytest.raises(InvalidError) as refused:
        amending(state, amount="59.99")
    assert finding(refused) == (
        "/amount",
        "contradicts-movement",
        {"left": "29.99", "movement": str(state.movements[1].id)},
    )


def test_a_pledge_with_moved_amounts_cannot_become_unvalued() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 30")
    with pytest.raises(InvalidError) as refused:
        amending(state, amount=None)
    assert finding(refused) == (
        "/amount",
        "contradicts-movement",
        {"movement": str(state.movements[0].id)},
    )


def test_an_unvalued_pledge_becomes_valued_and_back() -> None:
    unvalued = pledged(amount=None, currency=None)
    valued = amending(unvalued, amount="100.00", currency="DKK")
    assert posted(valued) == ["2023-11-14 pledged +100.00"]
    assert count(book(valued.pledge), "pledged", ALWAYS) == (1, 0)
    again = amending(valued.pledge, amount=None)
    assert posted(again) == ["2023-11-14 pledged -100.00"]
    assert count(book(again.pledge), "pledged", ALWAYS) == (1, 1)


def test_the_currency_stays_once_amounts_have_moved_in_it() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 30")
    with pytest.raises(InvalidError) as refused:
        amending(state, currency="EUR")
    assert finding(refused) == ("/currency", "currency-in-use", {})
    withdrawn = taking_back(state, state.movements[0].id).pledge
    with pytest.raises(InvalidError):
        amending(withdrawn, currency="EUR")


def test_another_currency_takes_the_old_one_out_of_the_books() -> None:
    change = amending(pledged(), currency="JPY", amount="5000")
    cells = {posting.cell.currency: posting.effect for posting in change.postings}
    assert cells == {"DKK": Effect(-100_00, -1, 0), "JPY": Effect(5_000, 1, 0)}


def test_an_amount_is_restated_where_the_new_currency_has_fewer_decimals() -> None:
    with pytest.raises(InvalidError) as refused:
        amending(pledged(), currency="JPY")
    assert finding(refused) == ("/amount", "too-many-decimals", {"decimals": 0})


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("donor", "DK", "NO"),
        ("aid_type", "military", "humanitarian"),
        ("instrument", "in_kind", "authority"),
    ],
)
def test_a_reclassification_moves_everything_that_was_booked(
    field: str, old: str, new: str
) -> None:
    state = told(
        "2023-11-14 pledged 100",
        "2023-12-01 delivered 40",
        "2023-12-10 committed ?",
        "2023-12-20 cancelled 10",
    )
    changes: dict[str, Any] = {field: new}
    change = amending(state, **changes)
    blank: dict[str, Any] = {field: ""}
    moved = {
        value: {
            (posting.cell._replace(**blank), posting.implied): posting.effect
            for posting in change.postings
            if getattr(posting.cell, field) == value
        }
        for value in (old, new)
    }
    assert len(moved[old]) == len(book(state)) == 8
    assert moved[old] == {key: Effect().minus(effect) for key, effect in moved[new].items()}
    assert len(change.postings) == len(moved[old]) + len(moved[new])


def test_a_withdrawn_pledge_is_out_of_the_books() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 delivered 40", "2023-12-20 cancelled 10")
    change = withdrawing(state)
    reversed_effects = {(one.cell, one.implied): one.effect for one in change.postings}
    assert reversed_effects == {key: Effect().minus(one) for key, one in book(state).items()}
    assert book(change.pledge) == {}
    assert stages(change.pledge) == "0.00 0.00 0.00 0.00 withdrawn"


def test_a_withdrawn_pledge_changes_no_more() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 40")
    gone = withdrawing(state).pledge
    movement = state.movements[0].id
    attempts: list[Callable[[], Change]] = [
        lambda: moving(gone, "committed", "1.00", None),
        lambda: amending(gone, title="Another"),
        lambda: taking_back(gone, movement),
        lambda: withdrawing(gone),
    ]
    for attempt in attempts:
        with pytest.raises(IllegalTransitionError) as refused:
            attempt()
        assert refused.value.facts == {"state": "withdrawn"}


# -------------------------------------------------------------------------------------------- dates


def test_a_movement_does_not_lie_before_the_pledge() -> None:
    with pytest.raises(InvalidError) as refused:
        moving(pledged(), "committed", "40.00", "2023-11-13")
    assert finding(refused) == ("/on", "date-order", {})


@pytest.mark.parametrize("on", ["2023-11-14", "2023-11", "2023", "2023-11-01/2023-11-14", None])
def test_a_movement_that_may_be_of_the_day_of_the_pledge_is_taken(on: str | None) -> None:
    assert moving(pledged(), "committed", "40.00", on).pledge.version == 2


def test_a_pledge_is_not_moved_behind_its_movements() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 40", "2024-01-10 delivered 40")
    with pytest.raises(InvalidError) as refused:
        amending(state, announced_on="2023-12-15")
    assert finding(refused) == (
        "/announced_on",
        "date-order",
        {"movement": str(state.movements[0].id)},
    )
    withdrawn = taking_back(state, state.movements[0].id).pledge
    assert amending(withdrawn, announced_on="2023-12-15").pledge.version == 5
    for possible in ("2023-12-01", "2023-12", None):
        assert amending(state, announced_on=possible).pledge.version == 4


def test_an_undated_movement_of_an_undated_pledge_is_taken() -> None:
    state = told("- pledged 100", "- committed 40")
    assert money(state, book(state)) == ["- committed +40.00", "- pledged +100.00"]


def valued_on(change: Change) -> set[date]:
    return {posting.cell.valued_on for posting in change.postings}


@pytest.mark.parametrize(
    ("on", "day"),
    [
        ("2023-12-01", date(2023, 12, 1)),
        ("2023-12", date(2023, 12, 31)),
        ("2023", date(2023, 12, 31)),
        ("2023-12-01/2023-12-15", date(2023, 12, 15)),
        ("2026", TODAY),
        ("2026-11", TODAY),
    ],
)
def test_an_amount_is_valued_on_the_last_day_of_its_date_or_on_the_day_of_recording(
    on: str | None, day: date
) -> None:
    assert valued_on(moving(pledged(announced_on=None), "committed", "40.00", on)) == {day}


@pytest.mark.parametrize(
    ("announced_on", "day"),
    [
        ("2023-11-14", date(2023, 11, 14)),
        ("2023-11", date(2023, 11, 30)),
        ("2026", TODAY),
        (None, NO_DAY),
    ],
)
def test_an_undated_amount_is_valued_on_the_day_of_its_announcement_and_never_of_its_recording(
    announced_on: str | None, day: date
) -> None:
    state = pledged(announced_on=announced_on)
    change = moving(state, "committed", "40.00", None, today=date(2026, 12, 24))
    assert valued_on(change) == {day}


def test_an_announcement_that_is_learnt_of_moves_undated_amounts_to_its_day() -> None:
    state = moving(pledged(announced_on=None), "committed", "40.00", None).pledge
    change = amending(state, announced_on="2023-11-14")
    committed = {
        one.cell.valued_on: one.effect.amount
        for one in change.postings
        if one.cell.stage == "committed"
    }
    assert committed == {NO_DAY: -4000, date(2023, 11, 14): 4000}


def test_the_valuation_of_a_promise_stays_as_it_was_when_it_is_restated_later() -> None:
    state = pledged(announced_on=None)
    change = amending(state, amount="150.00", today=date(2027, 5, 1))
    assert valued_on(change) == {NO_DAY}


# ------------------------------------------------------------------------------------------- counts


def test_a_pledge_with_steps_on_two_days_counts_on_both_and_once_over_both() -> None:
    state = told("2023-11-14 pledged 100", "2023-11-20 committed 30", "2023-12-10 committed 30")
    assert count(book(state), "committed", NOVEMBER) == (1, 0)
    assert count(book(state), "committed", DECEMBER) == (1, 0)
    assert count(book(state), "committed", YEAR) == (1, 0)
    assert count(book(state), "committed", parse_span("2023-11-15/2023-11-19")) == (0, 0)


def test_a_range_finer_than_the_date_does_not_count_it() -> None:
    state = told("2023-11 pledged 100")
    assert count(book(state), "pledged", parse_span("2023-11-01/2023-11-29")) == (0, 0)
    assert count(book(state), "pledged", NOVEMBER) == (1, 0)


def test_an_undated_step_counts_over_all_of_time_only() -> None:
    state = told("- pledged 100")
    assert count(book(state), "pledged", Span(date(1900, 1, 1), date(2199, 12, 31))) == (0, 0)
    assert count(book(state), "pledged", ALWAYS) == (1, 0)


def test_what_came_and_went_counts_where_it_came_and_where_it_went_but_not_over_both() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-20 cancelled ?")
    assert count(book(state), "pledged", NOVEMBER) == (1, 0)
    assert count(book(state), "pledged", DECEMBER) == (1, 0)
    assert count(book(state), "pledged", YEAR) == (0, 0)
    assert total(book(state).values()).amount == 0


def test_what_came_and_went_on_one_day_counts_nowhere() -> None:
    state = told("2023-11-14 pledged 100", "2023-11-14 cancelled ?")
    assert count(book(state), "pledged", NOVEMBER) == (0, 0)
    assert book(state) == {}


def test_marks_by_hand() -> None:
    first, second = parse_span("2023-11-14"), parse_span("2023-12-01")
    month = parse_span("2023-11")
    assert list(count_marks([first])) == [(first, 1)]
    assert list(count_marks([second, first, month])) == [
        (first, 1),
        (second, 1),
        (parse_span("2023-11-14/2023-12-01"), -1),
    ]
    assert list(count_marks([first, first], ended=first)) == [(first, 1), (first, -1)]
    assert list(count_marks([])) == []


# ------------------------------------------------------------------------------------------ commands


def test_a_pledge_reads_back_with_what_it_was_given() -> None:
    change = decide(
        None,
        new_pledge(
            aid_type="financial",
            bound="up_to",
            verification="official",
            notes="Over five years.",
            overlaps=("EU-MFA-1",),
            sources=[{"url": "https://www.fmn.dk/a", "title": None, "kind": "official"}],
        ),
        TODAY,
    )
    record = change.data["pledge"]
    assert isinstance(record, dict)
    assert {name: value for name, value in record.items() if name != "id"} == {
        "version": 1,
        "reference": "DK-1",
        "donor": "DK",
        "title": "Donation package",
        "aid_type": "financial",
        "instrument": "grant",
        "amount": "100.00",
        "currency": "DKK",
        "bound": "up_to",
        "announced_on": "2023-11-14",
        "opening": "pledged",
        "verification": "official",
        "notes": "Over five years.",
        "overlaps": ["EU-MFA-1"],
        "sources": [{"url": "https://www.fmn.dk/a", "title": None, "kind": "official"}],
        "movements": [],
        "recorded_on": "2026-11-22",
        "withdrawn": False,
    }
    assert (change.kind, change.reason) == ("pledge.recorded", None)


@pytest.mark.parametrize(
    ("aid_type", "instrument"),
    [("military", "in_kind"), ("financial", "grant"), ("humanitarian", "grant")],
)
def test_the_instrument_is_the_usual_one_unless_somebody_says_otherwise(
    aid_type: str, instrument: str
) -> None:
    assert pledged(aid_type=aid_type).instrument.value == instrument
    assert pledged(aid_type=aid_type, instrument="loan").instrument.value == "loan"


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"donor": "Denmark"}, "/donor", "unknown-donor"),
        ({"donor": "UA"}, "/donor", "donor-is-recipient"),
        ({"title": ""}, "/title", "blank"),
        ({"title": "a\x00b"}, "/title", "forbidden-character"),
        ({"title": 501 * "a"}, "/title", "too-long"),
        ({"aid_type": "moral"}, "/aid_type", "unknown-value"),
        ({"instrument": "gift"}, "/instrument", "unknown-value"),
        ({"bound": "roughly"}, "/bound", "unknown-value"),
        ({"verification": "yes"}, "/verification", "unknown-value"),
        ({"status": "cancelled"}, "/status", "unknown-value"),
        ({"status": "withdrawn"}, "/status", "unknown-value"),
        ({"amount": "-1.00"}, "/amount", "negative-amount"),
        ({"amount": "0.00"}, "/amount", "zero-amount"),
        ({"amount": "1.001"}, "/amount", "too-many-decimals"),
        ({"amount": "1e3"}, "/amount", "invalid-amount"),
        ({"amount": "1000000000000.01"}, "/amount", "amount-too-large"),
        ({"currency": None}, "/currency", "currency-required"),
        ({"currency": "dkk"}, "/currency", "unknown-currency"),
        ({"currency": "HRK"}, "/currency", "currency-not-valid-on-date"),
        ({"announced_on": "14.11.2023"}, "/announced_on", "invalid-date"),
        ({"announced_on": "2026-11-24"}, "/announced_on", "date-in-future"),
        ({"announced_on": "1899"}, "/announced_on", "date-out-of-range"),
        ({"announced_on": "2023/2022"}, "/announced_on", "date-order"),
        ({"notes": " "}, "/notes", "blank"),
        ({"notes": 4_001 * "a"}, "/notes", "too-long"),
        ({"reference": "a b"}, "/reference", "invalid-reference"),
        ({"reference": "-a"}, "/reference", "invalid-reference"),
        ({"reference": 65 * "a"}, "/reference", "invalid-reference"),
        ({"reference": "Пакет"}, "/reference", "invalid-reference"),
        ({"overlaps": ("a", "b c")}, "/overlaps/1", "invalid-reference"),
        ({"overlaps": 21 * ("a",)}, "/overlaps", "too-many"),
        ({"sources": [{"url": "javascript:alert(1)"}]}, "/sources/0/url", "invalid-url"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_at_its_place(
    fields: dict[str, object], pointer: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        pledged(**fields)
    assert finding(refused)[:2] == (pointer, code)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        pledged(donor="XX", title=" ", amount="-1", announced_on="never", reference="a b")
    assert {(one.pointer, one.code) for one in refused.value.findings} == {
        ("/donor", "unknown-donor"),
        ("/title", "blank"),
        ("/amount", "negative-amount"),
        ("/announced_on", "invalid-date"),
        ("/reference", "invalid-reference"),
    }


@pytest.mark.parametrize(
    ("stage", "amount", "on", "pointer", "code"),
    [
        ("pledged", "1.00", None, "/stage", "unknown-value"),
        ("Delivered", "1.00", None, "/stage", "unknown-value"),
        ("committed", "0", None, "/amount", "zero-amount"),
        ("committed", "1,5", None, "/amount", "invalid-amount"),
        ("committed", "1.00", "2026-12", "/on", "date-in-future"),
        ("committed", "1.00", "soon", "/on", "invalid-date"),
    ],
)
def test_a_movement_that_cannot_be_read_is_refused_at_its_place(
    stage: str, amount: str, on: str | None, pointer: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        moving(pledged(), stage, amount, on)
    assert finding(refused)[:2] == (pointer, code)


def test_an_amendment_has_a_reason_and_changes_something() -> None:
    state = pledged()
    with pytest.raises(InvalidError) as refused:
        amending(state, title=state.title, amount="100.00", announced_on="2023-11-14/2023-11-14")
    assert finding(refused) == ("", "nothing-changed", {})
    command = AmendPledge(pledge_id=state.id, changes={"title": "Another"}, reason=" ")
    with pytest.raises(InvalidError) as refused:
        decide(state, command, TODAY)
    assert finding(refused) == ("/reason", "blank", {})


def test_an_amendment_says_what_was_and_what_is() -> None:
    change = amending(pledged(), amount="150.00", notes="It was more.")
    assert change.data == {
        "changes": {"amount": ["100.00", "150.00"], "notes": [None, "It was more."]}
    }
    assert (change.kind, change.reason) == ("pledge.amended", REASON)


def test_a_withdrawal_has_a_reason() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 40")
    movement = state.movements[0].id
    for command in (
        WithdrawPledge(pledge_id=state.id, reason=""),
        WithdrawMovement(pledge_id=state.id, movement_id=movement, reason="\n"),
    ):
        with pytest.raises(InvalidError) as refused:
            decide(state, command, TODAY)
        assert finding(refused) == ("/reason", "blank", {})


def test_a_change_of_another_version_than_the_expected_one_is_refused() -> None:
    state = told("2023-11-14 pledged 100", "2023-12-01 committed 40")
    for expected in (0, 1, 3):
        command = AmendPledge(
            pledge_id=state.id,
            changes={"title": "Another"},
            reason=REASON,
            expected_version=expected,
        )
        with pytest.raises(VersionMovedError) as refused:
            decide(state, command, TODAY)
        assert refused.value.facts == {"etag": '"2"', "version": 2}


def test_what_is_not_there_cannot_be_changed() -> None:
    for command in (
        AmendPledge(pledge_id=uuid4(), changes={"title": "A"}, reason=REASON),
        RecordMovement(pledge_id=uuid4(), movement_id=uuid4(), stage="committed"),
        WithdrawPledge(pledge_id=uuid4(), reason=REASON),
    ):
        with pytest.raises(PledgeNotFoundError):
            decide(None, command, TODAY)


def test_a_pledge_has_at_most_five_hundred_movements() -> None:
    state = told("2023-11-14 pledged 1000000", "2023-12-01 committed 1")
    full = replace(state, movements=500 * state.movements)
    with pytest.raises(InvalidError) as refused:
        moving(full, "committed", "1.00", "2023-12-01")
    assert finding(refused)[:2] == ("", "too-many")


def test_a_posting_as_it_is_hashed() -> None:
    change = moving(pledged(announced_on=None), "allocated", "40.00", None)
    assert [posting_record(posting) for posting in change.postings] == [
        ["allocated", None, None, None, "DK", "military", "in_kind", "DKK", "40.00", 1, 0,
         False],
        ["committed", None, None, None, "DK", "military", "in_kind", "DKK", "40.00", 1, 0,
         True],
    ]  # fmt: skip


def test_a_finding_of_a_course_has_a_sentence_for_people() -> None:
    with pytest.raises(InvalidError) as refused:
        moving(pledged(), "committed", "200.00", None)
    assert refused.value.findings == (
        Finding(
            "/amount",
            "exceeds-remaining",
            "More than what is left of the pledge at that date.",
            {"left": "100.00"},
        ),
    )

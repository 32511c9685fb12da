"""Promise: what a change would do to what is pending is told to the unit, for the request and for its donor."""

from datetime import date

from app.legislation.domain import Column, Dossier, LegislativeRequest, State, foresee
from tests.legislation.build import action, after, line, recorded

ON = date(2024, 5, 1)


def dossiers(*requests: LegislativeRequest) -> list[Dossier]:
    return [Dossier(request) for request in requests]


def test_a_new_request_adds_to_what_its_donor_asks_for() -> None:
    """100 are pending of another request in dollars; 30 in yen, and what another donor asks for, are not of these."""
    others = dossiers(
        recorded(),
        recorded(currency="JPY", lines=[line("30")]),
        recorded(donor="CA", reference="CA-1"),
    )
    then = recorded(
        lines=[line("60.00"), line("5.00", amount_kind="authority_ceiling"), line(None)]
    )
    moved, states = foresee([], dossiers(then), others, ON)
    assert [(one.column, one.currency, one.own, one.total) for one in moved] == [
        (Column.AMOUNT, "USD", (0, 60_00), (100_00, 160_00)),
        (Column.AUTHORITY, "USD", (0, 5_00), (0, 5_00)),
    ]
    assert [(one.before, one.after) for one in states] == [(None, State.SUBMITTED)]


def test_a_request_is_not_counted_twice_among_those_of_its_donor() -> None:
    now = recorded()
    then = after(now, action("2024-04-24", "rejected"))
    for others in (dossiers(now), dossiers(now, recorded()), []):
        [moved], [state] = foresee(dossiers(now), dossiers(then), others, ON)
        beside = 100_00 * (len(others) - 1) if others else 0
        assert (moved.own, moved.total) == ((100_00, 0), (100_00 + beside, beside))
        assert (state.before, state.after) == (State.SUBMITTED, State.REJECTED)


def test_what_is_announced_or_changes_nothing_moves_no_sum() -> None:
    announced = recorded(requested_on=None, announced_on="2023-10-20")
    moved, states = foresee([], dossiers(announced), [], ON)
    assert (moved, [one.after for one in states]) == ([], [State.ANNOUNCED])
    request = recorded()
    told = after(request, action("2024-04-24"))
    assert foresee(dossiers(request), dossiers(told), dossiers(request), ON) == ([], [])

"""Promise: what is pending on a day is what the published sources say was pending on that day."""

from collections import defaultdict
from datetime import date

import pytest

from app.journal.domain import Snapshot
from app.legislation.domain import (
    Column,
    Course,
    Dimension,
    Dossier,
    LegislativeRequest,
    PendingQuery,
    Standing,
    State,
    WithdrawAction,
    decide,
    pending,
    summarise,
)
from app.legislation.domain.pending import valued_on
from tests.legislation.build import TODAY, action, after, line, recorded
from tests.legislation.seed import read_seed, to_command

BILLION = 10**11  # in cents
SNAPSHOT = Snapshot(1, None, is_head=True)


@pytest.fixture(scope="module")
def facts() -> dict[str, LegislativeRequest]:
    """The real requests, by reference."""
    requests = [decide(None, to_command(raw), TODAY).request for raw in read_seed()]
    return {request.reference: request for request in requests}


def dossiers(requests: list[LegislativeRequest]) -> list[Dossier]:
    return [Dossier(request) for request in requests]


def columns(requests: list[LegislativeRequest], on: str, donor: str = "US") -> dict[Column, int]:
    sums: defaultdict[Column, int] = defaultdict(int)
    day = date.fromisoformat(on)
    for row in pending(dossiers(requests), day, known_on=day):
        if row.standing is Standing.ANNOUNCED:
            continue
        if row.donor == donor and row.minor is not None:
            sums[row.column] += row.minor
    return dict(sums)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2022-03-05", {Column.AMOUNT: 10_000}),
        ("2022-05-01", {Column.AMOUNT: 28_000, Column.AUTHORITY: 5_000}),
        ("2022-09-15", {Column.AMOUNT: 11_700, Column.OUT_OF_SCOPE: 2_000}),
        ("2022-12-01", {Column.AMOUNT: 37_700}),
        ("2023-08-31", {Column.AMOUNT: 24_068}),
        ("2023-10-19", {Column.AMOUNT: 24_068}),
        ("2023-10-25", {Column.AMOUNT: 61_400}),
        ("2024-04-23", {Column.AMOUNT: 61_400}),
        ("2024-04-25", {}),
    ],
)
def test_american_requests_are_pending_as_published(
    facts: dict[str, LegislativeRequest], on: str, expected: dict[Column, int]
) -> None:
    millions = {
        column: minor * 1000 // BILLION for column, minor in columns([*facts.values()], on).items()
    }
    assert millions == expected


@pytest.mark.parametrize(
    ("reference", "days"),
    [
        ("US-2022-03", 13),
        ("US-2022-04", 23),
        ("US-2022-09", 28),
        ("US-2022-11", 44),
        ("US-2023-08", 71),
        ("US-2023-10", 187),
    ],
)
def test_american_requests_were_pending_for_as_long_as_published(
    facts: dict[str, LegislativeRequest], reference: str, days: int
) -> None:
    assert Course(facts[reference]).days_pending(None) == days


@pytest.mark.parametrize(
    ("on", "state", "blocked"),
    [
        ("2023-10-25", State.SUBMITTED, False),
        ("2023-12-31", State.FLOOR, True),
        ("2024-02-08", State.FLOOR, False),
        ("2024-02-20", State.RECONCILING, False),
        ("2024-04-23", State.PASSED, False),
        ("2024-04-24", State.ENACTED, False),
    ],
)
def test_the_long_request_of_october_2023_went_its_known_way(
    facts: dict[str, LegislativeRequest], on: str, state: State, *, blocked: bool
) -> None:
    course = Course(facts["US-2023-10"])
    day = date.fromisoformat(on)
    assert course.state_on(day) is state
    assert ("blocked" in course.flags_on(day)) is blocked


def test_without_the_newer_request_taking_its_place_the_older_one_would_be_pending_beside_it(
    facts: dict[str, LegislativeRequest],
) -> None:
    old = facts["US-2023-08"]
    [end] = [one for one in old.actions if one.state is State.SUPERSEDED]
    command = WithdrawAction(request_id=old.id, action_id=end.id, reason="so")
    apart = {**facts, old.reference: decide(old, command, TODAY).request}
    # 61.4 and 24.068 billion: two fifths more than there is.
    assert columns([*apart.values()], "2023-10-25") == {Column.AMOUNT: 85_468 * BILLION // 1000}


def test_a_request_is_not_further_than_its_later_vehicle_was_for_it(
    facts: dict[str, LegislativeRequest],
) -> None:
    # H.R. 2471 stood between the chambers since 13 January, and carried Ukraine from 9 March on.
    assert Course(facts["US-2022-03"]).state_on(date(2022, 3, 5)) is State.SUBMITTED
    assert Course(facts["US-2022-03"]).state_on(date(2022, 3, 9)) is State.RECONCILING


def test_other_parliaments_are_pending_by_the_dates_that_are_known(
    facts: dict[str, LegislativeRequest],
) -> None:
    requests = list(facts.values())
    # Known by month only, and decided within it: never pending.
    assert columns(requests, "2023-03-28", "DE") == {}
    assert columns(requests, "2025-03-20", "DE") == {
        Column.AMOUNT: 3 * BILLION,
        Column.ENVELOPE: 83 * BILLION // 10,
    }
    # Known by year only.
    assert columns(requests, "2023-06-30", "NO") == {}
    # June 2023 counts from its last day.
    assert columns(requests, "2023-06-29", "EU") == {}
    assert columns(requests, "2023-06-30", "EU") == {Column.AMOUNT: 50 * BILLION}
    # 0.7 of 2.0 was found at once.
    assert columns(requests, "2025-12-08", "NL") == {Column.AMOUNT: 13 * BILLION // 10}
    # Announced is not asked.
    assert columns(requests, "2023-07-01", "DK") == {}
    assert columns(requests, "2023-09-01", "KR") == {Column.AMOUNT: 520_000_000_000}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"amount_kind": "cash"}, Column.AMOUNT),
        ({"amount_kind": "loan"}, Column.AMOUNT),
        ({"amount_kind": "guarantee"}, Column.GUARANTEE),
        ({"amount_kind": "authority_ceiling"}, Column.AUTHORITY),
        ({"amount_kind": "envelope"}, Column.ENVELOPE),
        ({"amount_kind": "commitment_authorisation"}, Column.ENVELOPE),
        ({"amount_kind": "in_kind_value"}, Column.IN_KIND),
        ({"amount_kind": "cash", "beneficiary": "donor_own"}, Column.AMOUNT),
        ({"amount_kind": "cash", "beneficiary": "not_in_scope"}, Column.OUT_OF_SCOPE),
        ({"amount_kind": "envelope", "beneficiary": "not_in_scope"}, Column.OUT_OF_SCOPE),
    ],
)
def test_every_line_stands_in_one_column(fields: dict[str, str], column: Column) -> None:
    request = recorded(lines=[line(**fields)])
    assert columns([request], "2023-10-20") == {column: 10_000}


def test_a_settled_line_is_pending_no_more_from_the_day_on() -> None:
    request = recorded(lines=[line("7.00", enacted_on="2023-12-08"), line("13.00")])
    assert columns([request], "2023-12-07") == {Column.AMOUNT: 2_000}
    assert columns([request], "2023-12-08") == {Column.AMOUNT: 1_300}


def test_a_confidential_request_is_pending_from_its_publication_on() -> None:
    request = recorded(published_on="2023-10-23")
    assert columns([request], "2023-10-22") == {}
    assert columns([request], "2023-10-23") == {Column.AMOUNT: 10_000}


def test_a_request_without_lines_or_amounts_is_pending_and_unvalued() -> None:
    requests = [recorded(lines=[]), recorded(lines=[line(None)])]
    query = PendingQuery(on=date(2023, 10, 20), by=(Dimension.COMPONENT,))
    figures = summarise(pending(dossiers(requests), query.on), query, SNAPSHOT)
    assert [(row.key, row.sums.requests, row.sums.unvalued) for row in figures.rows] == [
        (("military",), 1, 1),
        (("other",), 1, 1),
    ]
    assert (figures.total.requests, figures.total.unvalued) == (2, 2)


def test_two_currencies_are_never_added() -> None:
    requests = [recorded(), recorded(donor="DE", currency="EUR")]
    query = PendingQuery(on=date(2023, 10, 20), by=(Dimension.COMPONENT,))
    figures = summarise(pending(dossiers(requests), query.on), query, SNAPSHOT)
    assert [(row.key, row.sums.currency) for row in figures.rows] == [
        (("military",), "EUR"),
        (("military",), "USD"),
    ]
    assert [sums.currency for sums in figures.total.by_currency] == ["EUR", "USD"]


def test_a_request_of_two_components_counts_once_in_the_total() -> None:
    request = recorded(lines=[line("1.00"), line("2.00", component="financial")])
    query = PendingQuery(on=date(2023, 10, 20), by=(Dimension.COMPONENT,))
    figures = summarise(pending([Dossier(request)], query.on), query, SNAPSHOT)
    assert [row.sums.requests for row in figures.rows] == [1, 1]
    assert figures.total.requests == figures.total.by_currency[0].requests == 1


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"requested_on": "2023-10-20"}, "2023-10-20"),
        ({"requested_on": "2023-06"}, "2023-06-30"),
        ({"requested_on": "2026-11"}, "2026-11-22"),
    ],
)
def test_an_amount_is_valued_on_the_day_of_the_request(fields: dict[str, str], day: str) -> None:
    request = recorded(**fields)
    assert valued_on(request, Course(request)).isoformat() == day


def test_a_request_known_by_its_year_is_valued_when_it_became_pending() -> None:
    request = after(recorded(requested_on="2023"), action("2023-05-04", "floor"))
    assert valued_on(request, Course(request)) == date(2023, 5, 4)

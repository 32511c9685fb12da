"""Promise: of every line, what is pending, what is law and what is dead add up to what was asked for."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.errors import AppError, InvalidError
from app.legislation.domain import (
    AmendEnactedLine,
    AmendLegislativeRequest,
    Command,
    Course,
    Disposition,
    Dossier,
    LegislativeRequest,
    RecordAction,
    RecordDependency,
    RecordEnactment,
    RecordFunding,
    RecordRelation,
    State,
    WithdrawAction,
    WithdrawDependency,
    WithdrawEnactment,
    WithdrawFunding,
    WithdrawRelation,
    apply,
    decide,
    endings,
    pending,
    standings,
)
from app.legislation.errors import (
    AlreadyWithdrawnError,
    FundingExceededError,
    NoMoneyForPledgesError,
    PartNotFoundError,
    RelatedToItselfError,
    StillFundingError,
)
from tests.legislation.build import TODAY, action, after, change, line, new_uuid, recorded

# The request of October 2023 for Ukraine, in billions of dollars: what the letter itemised, and its total.
OCTOBER = (("total", None, "61.40"), ("dod", "total", "44.40"), ("state", "total", "16.30"),
           ("hhs", "total", "0.481"))  # fmt: skip
Split = tuple[int, int, int]


def dollars(billions: str) -> str:
    return f"{int(float(billions) * 1000)}000000.00"


def enact(request: LegislativeRequest, *lines: dict[str, Any], **fields: Any) -> LegislativeRequest:
    """The request after an enactment of 24 April 2024."""
    command = RecordEnactment(
        request_id=request.id,
        enactment_id=new_uuid(),
        action_id=new_uuid(),
        lines=list(lines),
        **{"on": "2024-04-24", **fields},
    )
    return change(request, command)


def fund(request: LegislativeRequest, amount: str, key: str = "E1") -> LegislativeRequest:
    command = RecordFunding(
        request_id=request.id,
        funding_id=new_uuid(),
        enacted_line=key,
        pledge_id=new_uuid(),
        amount=amount,
    )
    return change(request, command)


def correct(request: LegislativeRequest, key: str = "E1", **changes: Any) -> LegislativeRequest:
    command = AmendEnactedLine(request_id=request.id, key=key, changes=changes, reason="so")
    return change(request, command)


def splits(request: LegislativeRequest, on: str = "2026-11-22") -> dict[str, Split]:
    """Of each counted line: pending, enacted and dead, in cents."""
    day = date.fromisoformat(on)
    told = standings(request, Course(request).state_on(day), day)
    return {one.line.key: (one.pending, one.enacted, one.dead) for one in told}


def two_lines() -> LegislativeRequest:
    """100.00 for ``a`` and 50.00 for ``b``, asked for on 20 October 2023."""
    return recorded(lines=[line("100.00", key="a"), line("50.00", key="b")])


# -------------------------------------------------------------------------------------- the tree


def test_what_a_parent_has_beyond_its_parts_is_a_line_of_its_own() -> None:
    lines = [
        line(dollars(amount), key=key, parent=parent, component="mixed")
        for key, parent, amount in OCTOBER
    ]
    request = recorded(lines=lines)
    assert [(one.key, one.amount) for one in request.leaves] == [
        ("dod", 4_440_000_000_000),
        ("state", 1_630_000_000_000),
        ("hhs", 48_100_000_000),
        ("total.unallocated", 21_900_000_000),
    ]
    assert sum(row.minor or 0 for row in pending([Dossier(request)], TODAY)) == 6_140_000_000_000


def test_the_lines_of_august_2023_leave_nothing() -> None:
    parts = ("13.1", "8.5", "2.3", "0.1", "0.068")
    lines = [
        line("24068000000.00", key="all"),
        *(line(dollars(one), parent="all") for one in parts),
    ]
    assert [one.residual for one in recorded(lines=lines).leaves] == [False] * 5


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([{"key": "a", "parent": "b"}, {"key": "b", "parent": "a"}],
         ("/lines/0/parent", "cyclic-lines")),
        ([{"key": "a", "parent": "a"}], ("/lines/0/parent", "cyclic-lines")),
        ([{"parent": "nobody"}], ("/lines/0/parent", "unknown-line")),
        ([{"key": "a"}, {"key": "a"}], ("/lines/1/key", "repeated-value")),
        ([{"key": "a b"}], ("/lines/0/key", "invalid-key")),
        ([{"year": 1}], ("/lines/0/year", "out-of-range")),
        ([{"amount": None, "claims": [{"amount": "1.00"}, {"amount": "2.00"}]}],
         ("/lines/0/claims", "one-preferred-claim")),
        ([{"amount": None, "claims": [{"amount": "1.00", "preferred": True}, {"amount": "2.00"}]}],
         ("/lines/0/claims/0/reason", "reason-required")),
        ([{"amount": "3.00", "claims": [{"amount": "1.00", "preferred": True}]}],
         ("/lines/0/amount", "contradicts-claim")),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_are_refused_with_their_place(
    lines: list[dict[str, Any]], refusal: tuple[str, str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        recorded(lines=[line(**{"amount": "100.00", **one}) for one in lines])
    assert [(one.pointer, one.code) for one in caught.value.findings] == [refusal]


def test_the_preferred_claim_gives_the_amount() -> None:
    # The act of December 2022: the Congressional Research Service counts 47.37, the press 45.
    claims = [
        {"amount": "45000000000.00", "bound": "about"},
        {"amount": "47370000000.00", "preferred": True, "reason": "It counts every title."},
    ]
    [one] = recorded(lines=[line(None, claims=claims)]).lines
    assert (one.amount, len(one.claims)) == (4_737_000_000_000, 2)


# -------------------------------------------------------------------------------- what becomes law


def test_what_is_enacted_leaves_what_is_pending_in_the_same_entry() -> None:
    request = enact(two_lines(), {"line": "a", "amount": "80.00"}, closes=False)
    assert splits(request, "2024-04-23") == {"a": (10_000, 0, 0), "b": (5_000, 0, 0)}
    assert splits(request) == {"a": (0, 8_000, 2_000), "b": (5_000, 0, 0)}
    assert (request.version, Course(request).state) == (2, State.PARTLY_ENACTED)


def test_lines_that_a_law_does_not_name_were_denied_by_it() -> None:
    request = enact(two_lines(), {"line": "a"})
    assert splits(request) == {"a": (0, 10_000, 0), "b": (0, 0, 5_000)}
    assert Course(request).state is State.ENACTED


def test_a_rest_that_pends_is_pending_until_it_is_enacted_too() -> None:
    request = enact(
        recorded(lines=[line("2.00")]), {"line": "1", "amount": "0.70", "rest_pends": True},
        closes=False,
    )  # fmt: skip
    assert splits(request) == {"1": (130, 70, 0)}
    rest = enact(request, {"line": "1", "amount": "1.30"}, on="2024-05-01")
    assert splits(rest) == {"1": (0, 200, 0)}
    assert Course(rest).state is State.ENACTED


def test_a_law_without_lines_enacts_all_that_is_open_as_it_was_asked_for() -> None:
    request = enact(two_lines())
    assert splits(request) == {"a": (0, 10_000, 0), "b": (0, 5_000, 0)}
    assert [one.disposition for one in request.enacted_lines] == [Disposition.AS_REQUESTED] * 2


def test_what_is_given_beyond_the_request_was_never_asked_for() -> None:
    # 33.0 were asked for in April 2022, and 40.15 became law.
    request = enact(
        recorded(lines=[line("33.00", key="a")]),
        {"line": "a", "amount": "36.15"},
        {"label": "Replenishment", "amount": "4.00", "beneficiary": "donor_own"},
    )
    assert splits(request) == {"a": (0, 3_300, 0)}
    assert [(one.disposition, one.asked) for one in request.enacted_lines] == [
        (Disposition.INCREASED, 3_300),
        (Disposition.ADDED, None),
    ]


def test_a_denied_line_is_an_amount_of_zero_and_reads_back() -> None:
    request = enact(two_lines(), {"line": "a", "amount": "0"}, {"line": "b"})
    assert splits(request) == {"a": (0, 0, 10_000), "b": (0, 5_000, 0)}
    assert request.enacted_lines[0].disposition is Disposition.DENIED


def test_what_is_rescinded_or_annulled_is_dead() -> None:
    request = enact(two_lines())
    assert splits(correct(request, rescinded="30.00"))["a"] == (0, 7_000, 3_000)
    annulled = correct(request, annulled_on="2024-06-01")
    assert splits(annulled, "2024-05-31")["a"] == (0, 10_000, 0)
    assert splits(annulled)["a"] == (0, 0, 10_000)


def test_an_enactment_that_was_an_error_takes_its_action_along() -> None:
    request = enact(two_lines())
    [enactment] = request.enactments
    command = WithdrawEnactment(request_id=request.id, enactment_id=enactment.id, reason="so")
    again = change(request, command)
    assert Course(again).state is State.SUBMITTED
    assert splits(again) == {"a": (10_000, 0, 0), "b": (5_000, 0, 0)}
    with pytest.raises(AlreadyWithdrawnError):
        change(again, command)


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([{"line": "nobody"}], ("/lines/0/line", "unknown-line")),
        ([{"label": "Added"}], ("/lines/0/amount", "amount-required")),
        ([{"line": "a", "key": "X"}, {"line": "b", "key": "X"}],
         ("/lines/1/key", "repeated-value")),
        ([{"line": "a", "amount": "-1.00"}], ("/lines/0/amount", "negative-amount")),
    ],
)  # fmt: skip
def test_an_enactment_that_cannot_be_is_refused_with_its_place(
    lines: list[dict[str, Any]], refusal: tuple[str, str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        enact(two_lines(), *lines)
    assert refusal in [(one.pointer, one.code) for one in caught.value.findings]


def test_nothing_becomes_law_before_it_was_asked_for() -> None:
    with pytest.raises(InvalidError) as caught:
        enact(two_lines(), on="2023-10-19")
    assert [(one.pointer, one.code) for one in caught.value.findings] == [("/on", "date-order")]


def test_lines_that_the_law_answers_and_their_currency_stay() -> None:
    request = enact(two_lines(), {"line": "a"})
    changes = {"lines": [line("50.00", key="b")], "currency": "EUR"}
    command = AmendLegislativeRequest(request_id=request.id, changes=changes, reason="so")
    with pytest.raises(InvalidError) as caught:
        change(request, command)
    assert {(one.pointer, one.code) for one in caught.value.findings} == {
        ("/lines", "line-needed"),
        ("/currency", "currency-needed"),
    }


# ------------------------------------------------------------------------------ pledges that hang on it


def test_a_funding_link_over_the_limit_is_refused_with_the_sum_that_is_left() -> None:
    request = fund(enact(two_lines()), "60.00")
    with pytest.raises(FundingExceededError) as caught:
        fund(request, "40.01")
    assert caught.value.facts == {"enacted_line": "E1", "left": "40.00", "currency": "USD"}
    assert fund(request, "40.00").funded_from("E1") == 10_000


def test_a_line_is_not_rescinded_below_what_pledges_are_paid_from_it() -> None:
    request = fund(enact(two_lines()), "60.00")
    with pytest.raises(FundingExceededError):
        correct(request, rescinded="40.01")
    with pytest.raises(FundingExceededError):
        correct(request, annulled_on="2024-06-01")
    assert splits(correct(request, rescinded="40.00"))["a"] == (0, 6_000, 4_000)


def test_links_are_withdrawn_before_what_they_are_paid_from() -> None:
    request = fund(enact(two_lines()), "60.00")
    [enactment], [link] = request.enactments, request.funding
    back = WithdrawEnactment(request_id=request.id, enactment_id=enactment.id, reason="so")
    with pytest.raises(StillFundingError) as caught:
        change(request, back)
    assert caught.value.facts == {"funding": [str(link.id)]}
    command = WithdrawFunding(request_id=request.id, funding_id=link.id, reason="so")
    free = change(request, command)
    assert Course(change(free, back)).state is State.SUBMITTED
    with pytest.raises(AlreadyWithdrawnError):
        change(free, command)


def test_only_money_for_the_recipient_pays_for_pledges() -> None:
    own = {"line": "a", "beneficiary": "donor_own"}
    with pytest.raises(NoMoneyForPledgesError):
        fund(enact(two_lines(), own), "1.00")
    with pytest.raises(NoMoneyForPledgesError):
        fund(enact(recorded(lines=[line(None)])), "1.00")
    with pytest.raises(PartNotFoundError):
        fund(enact(two_lines()), "1.00", key="E7")


def test_a_pledge_waits_once_and_for_a_line_that_is_counted() -> None:
    request = two_lines()
    pledge = new_uuid()

    def wait(line_key: str | None) -> RecordDependency:
        return RecordDependency(
            request_id=request.id, dependency_id=new_uuid(), pledge_id=pledge, line=line_key
        )

    waiting = change(request, wait("a"))
    for key, refusal in (("a", ("/pledge", "repeated-value")), ("x", ("/line", "unknown-line"))):
        with pytest.raises(InvalidError) as caught:
            change(waiting, wait(key))
        assert refusal in [(one.pointer, one.code) for one in caught.value.findings]
    [dependency] = waiting.dependencies
    over = WithdrawDependency(request_id=request.id, dependency_id=dependency.id, reason="so")
    assert change(waiting, over).standing_dependencies == ()


# ---------------------------------------------------------------------------------------- relations


def relate(
    request: LegislativeRequest, other: LegislativeRequest, kind: str
) -> tuple[LegislativeRequest, LegislativeRequest]:
    """Both requests after a relation of 20 October 2023, and what it ended."""
    command = RecordRelation(
        request_id=request.id,
        relation_id=new_uuid(),
        kind=kind,
        other_id=other.id,
        other=other.reference,
        effective_on="2023-10-20",
    )
    return _follow({request.id: change(request, command), other.id: other}, command, request, other)


def _follow(
    states: dict[UUID, LegislativeRequest],
    command: RecordRelation | WithdrawRelation,
    request: LegislativeRequest,
    other: LegislativeRequest,
) -> tuple[LegislativeRequest, LegislativeRequest]:
    for ending in endings(command, states):
        states[ending.request_id] = change(states[ending.request_id], ending)
    return states[request.id], states[other.id]


def test_the_older_request_is_superseded_and_comes_back_when_that_was_an_error() -> None:
    old, new = recorded(requested_on="2023-08-10"), recorded()
    new, old = relate(new, old, "supersedes")
    assert [row.reference for row in pending([Dossier(new), Dossier(old)], TODAY)] == [
        new.reference
    ]
    assert Course(old).days_pending(None) == 71
    [relation] = new.relations
    command = WithdrawRelation(request_id=new.id, relation_id=relation.id, reason="so")
    new, old = _follow({new.id: change(new, command), old.id: old}, command, new, old)
    assert (Course(new).state, Course(old).state) == (State.SUBMITTED, State.SUBMITTED)


@pytest.mark.parametrize("kind", ["folded_into", "duplicates"])
def test_what_goes_into_another_request_ends_itself(kind: str) -> None:
    other, request = recorded(requested_on="2023-08-10"), recorded()
    request, other = relate(request, other, kind)
    assert (Course(request).state, Course(other).state) == (State.FOLDED, State.SUBMITTED)


def test_a_request_is_not_related_to_itself() -> None:
    request = recorded()
    with pytest.raises(RelatedToItselfError):
        relate(request, request, "increases")


# ------------------------------------------------------------------------------ whatever happens

FIRST = date(2023, 10, 20)
DAYS = st.integers(0, 400).map(lambda number: (FIRST + timedelta(days=number)).isoformat())
AMOUNTS = st.none() | st.integers(0, 20_000).map(lambda cents: f"{cents // 100}.{cents % 100:02}")
KEYS = st.sampled_from(["a", "b", "c", "d"])
ENACTED = st.lists(
    st.fixed_dictionaries(
        {"line": st.none() | KEYS, "amount": AMOUNTS, "rest_pends": st.booleans()}
    ),
    max_size=4,
)
STORIES = st.lists(
    st.one_of(
        st.tuples(st.just("act"), DAYS, st.sampled_from(State)),
        st.tuples(st.just("withdraw action"), st.integers(0, 12)),
        st.tuples(st.just("enact"), DAYS, ENACTED, st.booleans()),
        st.tuples(st.just("annul"), st.integers(1, 6), DAYS),
        st.tuples(st.just("rescind"), st.integers(1, 6), AMOUNTS),
        st.tuples(st.just("withdraw enactment"), st.integers(0, 4)),
        st.tuples(st.just("fund"), st.integers(1, 6), AMOUNTS),
        st.tuples(st.just("withdraw funding"), st.integers(0, 4)),
    ),
    max_size=14,
)


def asked_for() -> LegislativeRequest:
    """100.00 for ``root``, of which 60.00 are itemised in ``a`` and ``b``; 25.00 for ``c``; ``d`` without an amount."""
    return recorded(
        lines=[
            line("100.00", key="root"),
            line("45.00", key="a", parent="root"),
            line("15.00", key="b", parent="root", component="financial"),
            line("25.00", key="c", amount_kind="envelope"),
            line(None, key="d"),
        ]
    )


ASKED = {"a": 4_500, "b": 1_500, "root.unallocated": 4_000, "c": 2_500, "d": 0}


def tell(story: list[tuple[Any, ...]]) -> Iterator[tuple[LegislativeRequest, Any]]:
    """The request after each part of the story that is accepted, with the entry that says so."""
    request = asked_for()
    yield request, None
    for what in story:
        with suppress(AppError):
            made = decide(request, _command(request, what), TODAY)
            request = made.request
            yield request, made


def _command(request: LegislativeRequest, what: tuple[Any, ...]) -> Command:
    own = request.id
    match what:
        case ("act", on, state):
            return RecordAction(request_id=own, action=action(on, state.value))
        case ("enact", on, lines, closes):
            ids: dict[str, Any] = {"enactment_id": new_uuid(), "action_id": new_uuid()}
            return RecordEnactment(request_id=own, on=on, lines=lines, closes=closes, **ids)
        case ("fund", number, amount):
            ids = {"funding_id": new_uuid(), "pledge_id": new_uuid()}
            key, some = f"E{number}", amount or "1.00"
            return RecordFunding(request_id=own, enacted_line=key, amount=some, **ids)
        case (("annul" | "rescind") as name, number, value):
            changes = {"annulled_on" if name == "annul" else "rescinded": value}
            return AmendEnactedLine(request_id=own, key=f"E{number}", changes=changes, reason="so")
        case (name, index):
            return _withdrawal(request, name, index)
        case _:
            raise AssertionError(what)


def _withdrawal(request: LegislativeRequest, name: str, index: int) -> Command:
    parts: tuple[Any, ...] = {
        "withdraw action": request.actions,
        "withdraw enactment": request.enactments,
        "withdraw funding": request.funding,
    }[name]
    ids = [one.id for one in parts] or [new_uuid()]
    which, own = ids[index % len(ids)], request.id
    if name == "withdraw action":
        return WithdrawAction(request_id=own, action_id=which, reason="so")
    if name == "withdraw enactment":
        return WithdrawEnactment(request_id=own, enactment_id=which, reason="so")
    return WithdrawFunding(request_id=own, funding_id=which, reason="so")


@settings(deadline=None)
@given(STORIES, DAYS)
def test_pending_and_enacted_and_dead_are_what_was_asked_for(
    story: list[tuple[Any, ...]], on: str
) -> None:
    day = date.fromisoformat(on)
    for request, _ in tell(story):
        state = Course(request).state_on(day)
        told = standings(request, state, day)
        if state is None or state is State.ANNOUNCED:
            assert told == []
            continue
        assert {one.line.key: one.pending + one.enacted + one.dead for one in told} == ASKED
        assert all(min(one.pending, one.enacted, one.dead) >= 0 for one in told)
        if state.is_terminal:
            assert all(one.pending == 0 for one in told)


@settings(deadline=None)
@given(STORIES, DAYS)
def test_what_is_pending_is_never_negative_and_is_what_is_still_open(
    story: list[tuple[Any, ...]], on: str
) -> None:
    day = date.fromisoformat(on)
    for request, _ in tell(story):
        rows = pending([Dossier(request)], day)
        assert all(row.minor is None or row.minor >= 0 for row in rows)
        state = Course(request).state_on(day)
        if state is not State.ANNOUNCED:
            open_ = sum(one.pending for one in standings(request, state, day))
            assert sum(row.minor or 0 for row in rows) == open_


@settings(deadline=None)
@given(STORIES)
def test_pledges_never_take_more_than_was_enacted_and_still_stands(
    story: list[tuple[Any, ...]],
) -> None:
    for request, _ in tell(story):
        for one in request.enacted_lines:
            taken = sum(
                link.amount
                for link in request.funding
                if link.enacted_line == one.key and not link.withdrawn
            )
            assert taken == 0 or taken <= (one.standing or 0)


@settings(deadline=None)
@given(STORIES)
def test_replaying_all_entries_gives_the_current_version(story: list[tuple[Any, ...]]) -> None:
    told = list(tell(story))
    replayed: LegislativeRequest | None = told[0][0]
    for _, entry in told[1:]:
        replayed = apply(replayed, entry.kind, entry.data)
    assert replayed == told[-1][0]


def test_a_request_that_died_with_a_part_of_it_enacted_is_dead_for_the_rest() -> None:
    request = enact(two_lines(), {"line": "a"}, closes=False)
    lapsed = after(request, action("2025-01-03", "lapsed"))
    assert splits(lapsed, "2025-01-02") == {"a": (0, 10_000, 0), "b": (5_000, 0, 0)}
    assert splits(lapsed) == {"a": (0, 10_000, 0), "b": (0, 0, 5_000)}

"""Promise: a firm total and what it leaves out add up to the whole total, in every figure and on both databases."""

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice, product
from typing import Any, Final
from uuid import UUID

import pytest

from app.db import Database
from app.donors.domain import Group
from app.journal.domain import Snapshot
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import (
    Alteration,
    RawAction,
    RecordAction,
    RecordDependency,
    WithdrawDependency,
)
from app.pledges import service as pledges
from app.pledges.domain import AidType, Instrument, Stage, Status, book
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service, upkeep
from app.totals.domain import Dimension, Sum, Totals, TotalsQuery
from tests.client import Api
from tests.clock import StoppedClock
from tests.legislation.build import recording
from tests.totals import stories

ENTRIES: Final = 120
FILTERS: Final = (
    Filters(),
    Filters(donors=("DK", "NO")),
    Filters(groups=(Group.EU,), aid_types=(AidType.MILITARY,)),
    Filters(first=date(2023, 11, 1), last=date(2023, 11, 30)),
    Filters(text="paket"),
)
SERIES: Final[tuple[dict[str, Any], ...]] = (
    {"by": (Dimension.DONOR, Dimension.AID_TYPE)},
    {"by": (Dimension.GROUP,)},
    {"by": (Dimension.DONOR, Dimension.MONTH)},
    {"by": (Dimension.YEAR, Dimension.DONOR), "cumulative": True},
)
QUESTIONS: Final = [*product(Stage, ("EUR", "native"), FILTERS, SERIES)]
Figures = tuple[int, int, int, int]


@dataclass
class Parliament:
    """Requests, and the pledges that wait for them: who is conditional is kept by hand beside the ledger."""

    dice: random.Random
    waiting: defaultdict[UUID, dict[UUID, UUID]] = field(default_factory=lambda: defaultdict(dict))
    states: dict[UUID, str] = field(default_factory=dict)

    @property
    def conditional(self) -> set[UUID]:
        """The pledges that wait for anything that is not law."""
        return {
            pledge
            for request, dependencies in self.waiting.items()
            for pledge in dependencies
            if self.states[request] != "enacted"
        }

    def think(self, names: list[UUID]) -> Alteration | None:
        """Hang a pledge on a request, take it off, or decide on the request."""
        request = self.dice.choice([*self.states])
        held = self.waiting[request]
        roll = self.dice.random()
        if roll < 0.65:
            pledge = self.dice.choice(names)
            if pledge in held:
                return None
            held[pledge] = new_id()
            return RecordDependency(
                request_id=request, dependency_id=held[pledge], pledge_id=pledge
            )
        if roll < 0.85:
            if not held:
                return None
            dependency = held.pop(self.dice.choice([*held]))
            return WithdrawDependency(
                request_id=request, dependency_id=dependency, reason="It waits for nothing."
            )
        if self.states[request] != "open":
            return None
        state = self.states[request] = self.dice.choice(["enacted", "enacted", "rejected"])
        action = RawAction(action_id=new_id(), on="2024-04-24", state=state)
        return RecordAction(request_id=request, action=action)


def tell(database: Database, clock: StoppedClock, seed: int) -> dict[int, set[UUID]]:
    """Pledges and parliaments by turns; which pledges are conditional after each turn, by its revision."""
    dice = random.Random(seed)
    parliament = Parliament(dice)
    requests = [recording(reference=f"LR-{number}") for number in range(6)]
    parliament.states = {one.request_id: "open" for one in requests}
    with database.transaction() as session:
        legislation.record(session, requests, actor="desk", clock=clock)
    names: list[UUID] = []
    known: dict[int, set[UUID]] = {}
    story = stories.Storyteller(seed).tell(ENTRIES)
    while commands := [*islice(story, 8)]:
        with database.transaction() as session:
            pledges.record(session, commands, actor="desk", clock=clock)
        names = [*dict.fromkeys([*names, *(one.pledge_id for one in commands)])]
        thoughts = [one for _ in range(5) if (one := parliament.think(names))]
        with database.transaction() as session:
            recorded = legislation.record(session, thoughts, actor="desk", clock=clock)
        if recorded:
            known[recorded[-1].entry.revision] = parliament.conditional
    return known


def past(revision: int) -> Snapshot:
    return Snapshot(revision, None, is_head=False)


def total(database: Database, query: TotalsQuery, revision: int) -> Totals:
    with database.reading() as session:
        return service.read_totals(session, query, past(revision))


def figures(one: Sum) -> Figures:
    return one.amount, one.pledges, one.unvalued, one.undated


def added(one: Sum, other: Sum) -> Figures:
    both = zip(figures(one), figures(other), strict=True)
    amount, counted, unvalued, undated = (sum(pair) for pair in both)
    return amount, counted, unvalued, undated


NOTHING: Final = figures(Sum())


def check(whole: Totals, firm: Totals) -> None:
    """Row by row and in the grand totals."""
    rows = {(row.key, row.currency): figures(row.figures) for row in whole.rows}
    sums = {(row.key, row.currency): added(row.figures, row.conditional) for row in firm.rows}
    for key in rows | sums:
        assert rows.get(key, NOTHING) == sums.get(key, NOTHING), key
    for currency in {**whole.by_currency, **firm.by_currency}:
        grand = whole.by_currency.get(currency, Sum())
        left, firm_sum = firm.conditional[currency], firm.by_currency[currency]
        assert added(firm_sum, left) == figures(grand)


@pytest.mark.parametrize("seed", [1, 2])
def test_firm_and_conditional_are_the_whole_total_whatever_is_asked(
    priced_database: Database, clock: StoppedClock, seed: int
) -> None:
    known = tell(priced_database, clock, seed)
    assert sum(map(bool, known.values())) > 5
    upkeep.take_snapshots(priced_database, min_postings=60)
    dice = random.Random(seed)
    for revision in dice.sample(sorted(known), 6):
        for stage, currency, filters, series in dice.sample(QUESTIONS, 12):
            query = TotalsQuery(measure=stage, currency=currency, filters=filters, **series)
            whole = total(priced_database, query, revision)
            check(whole, total(priced_database, replace(query, firm=True), revision))


def naive(database: Database, revision: int, without: set[UUID]) -> dict[tuple[str, str], int]:
    """What each donor committed in each currency, from the pledges one by one."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    everything = Filters(statuses=tuple(Status))
    order = Order(SortKey.REFERENCE, descending=False)
    with database.reading() as session:
        for stored in pledges.iter_pledges(session, everything, order, past(revision)):
            if stored.pledge.id in without or stored.pledge.instrument is Instrument.AUTHORITY:
                continue
            for (cell, _), effect in book(stored.pledge).items():
                if cell.stage == Stage.COMMITTED:
                    sums[cell.donor, cell.currency] += effect.amount
    return {key: amount for key, amount in sums.items() if amount}


@pytest.mark.parametrize("seed", [3, 4])
def test_a_firm_total_is_that_of_the_pledges_that_wait_for_nothing(
    database: Database, clock: StoppedClock, seed: int
) -> None:
    known = tell(database, clock, seed)
    query = TotalsQuery(
        measure=Stage.COMMITTED, by=(Dimension.DONOR,), currency="native", firm=True
    )
    for revision, conditional in known.items():
        firm = total(database, query, revision)
        shown = {(str(row.key[0]), row.currency): row.figures.amount for row in firm.rows}
        expected = naive(database, revision, conditional)
        assert {key: amount for key, amount in shown.items() if amount} == expected
        for row in firm.rows:
            assert min(figures(row.figures)[:3]) >= 0
            assert min(figures(row.conditional)[:3]) >= 0


def test_a_firm_total_of_the_past_stays_what_it_was(
    database: Database, clock: StoppedClock
) -> None:
    query = TotalsQuery(measure=Stage.PLEDGED, by=(Dimension.DONOR,), currency="native", firm=True)
    known = tell(database, clock, 5)
    *_, last = known
    with database.reading() as session:
        now = service.read_totals(session, query, Snapshot(last, None, is_head=True))
    before = {revision: total(database, query, revision) for revision in known}
    assert before[last] == now
    tell_more = recording(reference="LR-LATER")
    with database.transaction() as session:
        legislation.record(session, [tell_more], actor="desk", clock=clock)
        waits = [
            RecordDependency(
                request_id=tell_more.request_id, dependency_id=new_id(), pledge_id=pledge
            )
            for pledge in set().union(*known.values())
        ]
        legislation.record(session, waits, actor="desk", clock=clock)
    assert {revision: total(database, query, revision) for revision in known} == before


def conditional_pledge(api: Api) -> str:
    """A pledge of 100 euros waits for a request; another of 30 euros, by the same donor, for none."""
    api.record_pledge(donor="DE", currency="EUR", amount="30.00", status="committed")
    pledge = api.record_pledge(
        donor="DE", currency="EUR", amount="100.00", status="committed", reference="DE-WAITS"
    )
    body = {
        "donor": "DE",
        "title": "Supplementary budget",
        "kind": "supplemental",
        "currency": "EUR",
        "requested_on": "2023-10-20",
        "reference": "DE-LR",
        "lines": [{"component": "military", "amount": "100.00", "key": "1"}],
    }
    request: str = api.post("/v1/legislative-requests", body).json()["id"]
    answer = api.post(
        f"/v1/legislative-requests/{request}/dependencies",
        {"pledge": pledge["reference"], "on_fail": "cancel", "due_on": "2024-12-31"},
    )
    assert answer.status_code == 201, answer.text
    return request


def enact(api: Api, request: str) -> None:
    body = {"on": "2024-04-24", "law": "Nachtragshaushalt", "lines": []}
    answer = api.post(f"/v1/legislative-requests/{request}/enactments", body)
    assert answer.status_code == 201, answer.text


WAITING: Final = {
    "amount": "30.00",
    "pledges": 1,
    "unvalued": 0,
    "undated": "0.00",
    "conditional": "100.00",
    "conditional_pledges": 1,
    "conditional_unvalued": 0,
    "conditional_undated": "0.00",
}


def test_a_pledge_comes_back_on_the_day_on_which_its_request_is_law(
    api: Api, clock: StoppedClock
) -> None:
    request = conditional_pledge(api)
    assert api.get("/v1/totals", firm="true")["total"] == WAITING
    assert api.get("/v1/totals")["total"]["amount"] == "130.00"
    before = clock.now()
    clock.advance(timedelta(days=1))
    enact(api, request)
    firm = api.get("/v1/totals", firm="true")
    assert firm["meta"]["firm"] is True
    assert (firm["total"]["amount"], firm["total"]["conditional"]) == ("130.00", "0.00")
    clock.advance(timedelta(days=1))
    moment = f"{before + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    earlier = api.get("/v1/totals", firm="true", as_of=moment)
    assert earlier["total"] == WAITING
    assert earlier["data"] == [{"donor": "DE", **WAITING}]
    later = f"{before + timedelta(days=1, hours=1):%Y-%m-%dT%H:%M:%SZ}"
    assert api.get("/v1/totals", firm="true", as_of=later)["total"]["amount"] == "130.00"


def test_a_donor_of_conditional_pledges_alone_has_a_row_of_its_own(api: Api) -> None:
    request = conditional_pledge(api)
    api.record_pledge(
        donor="NO", currency="EUR", amount="7.00", status="committed", reference="NO-WAITS"
    )
    api.post(f"/v1/legislative-requests/{request}/dependencies", {"pledge": "NO-WAITS"})
    rows = api.get("/v1/totals", firm="true")["data"]
    shown = [(row["donor"], row["amount"], row["conditional"]) for row in rows]
    assert shown == [("DE", "30.00", "100.00"), ("NO", "0.00", "7.00")]
    # A running total goes on to the last month of the whole, in which only the other pledge stands.
    api.record_pledge(donor="DK", amount="1.00", announced_on="2024-01-05", status="committed")
    rows = api.get("/v1/totals", firm="true", by="month", cumulative="true", currency="native",
                   donor="NO,DE,DK")["data"]  # fmt: skip
    euros = [(row["month"], row["amount"], row["conditional"]) for row in rows
             if row["currency"] == "EUR"]  # fmt: skip
    months = ("2023-11", "2023-12", "2024-01")
    assert euros == [(month, "30.00", "107.00") for month in months]


def test_the_twins_have_what_was_left_out_in_columns_of_its_own(api: Api) -> None:
    conditional_pledge(api)
    lines = api.client.get("/v1/totals.csv", params={"firm": "true"}).text.splitlines()
    header, *rows = [line.split(",") for line in lines]
    assert header[:7] == [
        *["donor", "measure", "amount", "in_currency", "pledges", "unvalued", "undated"]
    ]
    assert header[7:] == [*WAITING][4:]
    assert rows == [
        [*["DE", "committed", "30.00", "EUR", "1", "0", "0.00", "100.00", "1", "0", "0.00"]]
    ]
    assert api.client.get("/v1/totals.zip", params={"firm": "true"}).status_code == 200
    native = api.get("/v1/totals", firm="true", currency="native")["total"]
    assert native["by_currency"] == [{"currency": "EUR", **WAITING}]


def test_a_pledge_says_what_it_waits_for(api: Api) -> None:
    request = conditional_pledge(api)
    answer = api.get("/v1/pledges/DE-WAITS/conditions")
    assert answer["conditional"] is True
    [one] = answer["data"]
    awaited = {
        "request_id": request,
        "reference": "DE-LR",
        "title": "Supplementary budget",
        "line": None,
    }
    assert one["request"] == one["awaits"] == awaited
    # 20 October 2023 to 22 November 2026.
    assert (one["pledge"], one["state"], one["days_pending"]) == ("DE-WAITS", "submitted", 1129)
    assert (one["outcome"], one["on_fail"], one["due_on"]) == ("waiting", "cancel", "2024-12-31")
    listed = api.get("/v1/legislative-requests/dependencies", outcome="waiting", donor="DE")
    assert listed["data"] == answer["data"]
    assert api.get("/v1/legislative-requests/dependencies", donor="DK")["data"] == []
    revision = answer["meta"]["revision"]
    enact(api, request)
    answer = api.get("/v1/pledges/DE-WAITS/conditions")
    assert (answer["conditional"], answer["data"][0]["outcome"]) == (False, "met")
    assert answer["data"][0]["days_pending"] == 187
    assert api.get("/v1/pledges/DE-WAITS/conditions", as_of=str(revision))["conditional"] is True
    others = api.record_pledge()
    assert api.get(f"/v1/pledges/{others['id']}/conditions")["data"] == []
    assert api.client.get("/v1/pledges/NOBODY/conditions").status_code == 404

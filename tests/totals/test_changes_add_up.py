"""Promise: whatever was recorded between two states, the parts lead from one total to the other without a remainder."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Final
from uuid import UUID

import pytest

from app.db import Database
from app.donors.domain import Group
from app.journal import service as journal
from app.journal.domain import Snapshot
from app.kernel.errors import InvalidError
from app.pledges import service as pledges
from app.pledges.domain import (
    AidType,
    AmendPledge,
    Cause,
    Command,
    Instrument,
    Pledge,
    Stage,
    decide,
)
from app.pledges.domain.query import Filters
from app.settings import Settings
from app.totals import service, upkeep
from app.totals.domain import Changes, Dimension, Sum, Totals, TotalsQuery
from tests.clock import StoppedClock
from tests.totals import stories

ENTRIES: Final = 120
FILTERS: Final = (
    Filters(),
    Filters(donors=("DK", "NO")),
    Filters(groups=(Group.NATO, Group.EU), aid_types=(AidType.MILITARY,)),
    Filters(instruments=(Instrument.AUTHORITY, Instrument.LOAN)),
)
EVERYTHING: Final = Filters(instruments=tuple(Instrument))
# What an amendment names on the wire, where it is about the place of an amount.
PLACES: Final = frozenset({"donor", "aid_type", "instrument", "announced_on"})


@pytest.fixture
def other(fresh_database_url: Callable[[bool], str]) -> Iterator[Database]:
    """A second ledger."""
    database = Database(Settings(database_url=fresh_database_url(False)))
    yield database
    database.dispose()


def past(revision: int) -> Snapshot:
    return Snapshot(revision, None, is_head=False)


def question(stage: Stage, currency: str, filters: Filters) -> TotalsQuery:
    return TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency=currency, filters=filters)


def ask(database: Database, query: TotalsQuery, first: int, last: int) -> Changes:
    with database.reading() as session:
        return service.read_changes(session, query, past(first), past(last))


def total(database: Database, query: TotalsQuery, revision: int) -> Totals:
    with database.reading() as session:
        return service.read_totals(session, query, past(revision))


def pairs(seed: int, count: int) -> Iterator[tuple[int, int]]:
    """So many pairs of revisions, the widest one among them."""
    dice = random.Random(seed)
    yield 0, ENTRIES
    for _ in range(count - 1):
        first, last = sorted((dice.randint(0, ENTRIES), dice.randint(0, ENTRIES)))
        yield first, last


def shown(totals: Totals) -> dict[tuple[str, str], Sum]:
    """Each donor's figures, without the undated part, which changes do not tell."""
    return {(str(row.key[0]), row.currency): replace(row.figures, undated=0) for row in totals.rows}


def check(database: Database, query: TotalsQuery, first: int, last: int) -> None:
    """Every row and every grand total, against the totals of the two states."""
    changes = ask(database, query, first, last)
    before, after = (total(database, query, revision) for revision in (first, last))
    rows = {(row.donor, row.currency): row.figures for row in changes.rows}
    for key in shown(before).keys() | shown(after).keys() | rows.keys():
        ends = shown(before).get(key, Sum()), shown(after).get(key, Sum())
        if key in rows:
            assert (rows[key].before, rows[key].after) == ends
            assert sum(rows[key].parts.values()) == ends[1].amount - ends[0].amount
        else:
            assert ends[0] == ends[1]
    for currency in before.by_currency.keys() | after.by_currency.keys():
        grand = changes.by_currency[currency]
        assert grand.before == replace(before.by_currency.get(currency, Sum()), undated=0)
        assert grand.after == replace(after.by_currency.get(currency, Sum()), undated=0)
        assert sum(grand.parts.values()) == grand.amount
        for cause in Cause:
            of_rows = (row for row in changes.rows if row.currency == currency)
            assert grand.parts[cause] == sum(row.figures.parts[cause] for row in of_rows)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_parts_lead_from_one_total_to_the_other(
    priced_database: Database, clock: StoppedClock, seed: int
) -> None:
    stories.tell(priced_database, clock, seed=seed, count=ENTRIES)
    upkeep.take_snapshots(priced_database, min_postings=60)
    questions = [*product(Stage, ("EUR", "USD", "native"), FILTERS)]
    for first, last in pairs(seed, 4):
        for stage, currency, filters in random.Random(last).sample(questions, 8):
            check(priced_database, question(stage, currency, filters), first, last)


def test_the_last_state_reads_the_same_as_the_present(
    priced_database: Database, clock: StoppedClock
) -> None:
    stories.tell(priced_database, clock, seed=5, count=ENTRIES)
    for stage in Stage:
        query = question(stage, "EUR", Filters())
        with priced_database.reading() as session:
            now = Snapshot(ENTRIES, None, is_head=True)
            assert service.read_changes(session, query, past(50), now) == ask(
                priced_database, query, 50, ENTRIES
            )


def on_paper(
    database: Database, stage: Stage, first: int, last: int
) -> dict[tuple[str, str, str], int]:
    """The sums of what the entries say they posted, by donor, currency and cause; both of an amendment's are one."""
    kinds = {
        "pledge.recorded": "new", "pledge.amended": "amended", "pledge.withdrawn": "withdrawn",
        "pledge.movement_withdrawn": "withdrawn", "pledge.movement_recorded": "moved",
    }  # fmt: skip
    sums: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    with database.reading() as session:
        entries = journal.list_entries(session, after=first, until=last, limit=ENTRIES)
    for entry in entries:
        document = entry.read()
        cause = kinds[entry.kind]
        if cause == "moved" and document["data"]["movement"]["stage"] == "cancelled":
            cause = "cancelled"
        for posting in document["postings"]:
            if posting[0] == stage.value:
                minor = int(posting[8].replace(".", ""))
                sums[posting[4], posting[7], cause] += minor
    return {key: minor for key, minor in sums.items() if minor}


def test_native_parts_are_the_sums_of_what_the_entries_say(
    database: Database, clock: StoppedClock
) -> None:
    stories.tell(database, clock, seed=6, count=ENTRIES)
    for stage, (first, last) in product(Stage, pairs(6, 8)):
        changes = ask(database, question(stage, "native", EVERYTHING), first, last)
        found: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        for row in changes.rows:
            for cause, minor in row.figures.parts.items():
                amended = cause in {Cause.RESTATED, Cause.RECLASSIFIED}
                found[row.donor, row.currency, "amended" if amended else cause.value] += minor
        told = {key: minor for key, minor in found.items() if minor}
        assert told == on_paper(database, stage, first, last)
        for figures in changes.by_currency.values():
            assert figures.parts[Cause.RECLASSIFIED] == 0


class Patient:
    """Somebody who amends one thing at a time: first the place of a pledge, then the rest."""

    def __init__(self) -> None:
        self.states: dict[UUID, Pledge] = {}

    def split(self, command: Command) -> list[Command]:
        """The commands that come to the same."""
        if not isinstance(command, AmendPledge):
            return self._accept([command])
        place = {name: new for name, new in command.changes.items() if name in PLACES}
        rest = {name: new for name, new in command.changes.items() if name not in PLACES}
        return self._accept([replace(command, changes=one) for one in (place, rest) if one])

    def _accept(self, commands: list[Command]) -> list[Command]:
        accepted = []
        for command in commands:
            try:
                change = decide(self.states.get(command.pledge_id), command, stories.TODAY)
            except InvalidError as refused:
                # The other half alone makes the amendment.
                if [one.code for one in refused.findings] != ["nothing-changed"]:
                    raise
                continue
            self.states[command.pledge_id] = change.pledge
            accepted.append(command)
        return accepted


def test_an_amendment_that_does_both_reads_like_two(
    database: Database, other: Database, clock: StoppedClock
) -> None:
    patient, reached, number = Patient(), [0], 0
    for command in stories.Storyteller(7).tell(ENTRIES):
        halves = patient.split(command)
        number += len(halves)
        reached.append(number)
        for ledger, commands in ((database, [command]), (other, halves)):
            with ledger.transaction() as session:
                pledges.record(session, commands, actor="desk", clock=clock)
        clock.advance(timedelta(microseconds=1))
    assert number >= ENTRIES + 10
    for first, last in pairs(7, 4):
        for stage, filters in product(Stage, FILTERS):
            query = question(stage, "native", filters)
            one = ask(database, query, first, last)
            two = ask(other, query, reached[first], reached[last])
            assert (one.rows, one.by_currency) == (two.rows, two.by_currency)

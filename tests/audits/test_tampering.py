"""Promise: whatever the database's owner changes by hand, `aidledger verify` fails and names the place.

All attacks are on the ledger of tests/small_ledger.py, with the guarding triggers taken away first.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from app.audit.service import audit
from app.db import WriteSession
from tests.clock import StoppedClock
from tests.notary import Notary
from tests.small_ledger import DK, EU, REQUEST, SIZE, record_small_entries
from tests.tampering import forge_entry, is_sqlite, tamper
from tests.transparency.build import KEY
from verifier.checkpoint import open_checkpoint
from verifier.note import VerifierKey

# What a row holds behind the columns that an attack sets.
POSTING_COLUMNS: Final = (
    "pledge_id, donor, aid_type, instrument, stage, currency, valued_on, first, last, amount,"
    " pledges, unvalued, implied"
)
PLEDGE_COLUMNS: Final = (
    "since_revision, recorded_at, reference, donor, aid_type, instrument, status, amount_minor, currency,"
    " announced_first, announced_last, search, document, stages"
)
ONE_MORE: Final = (
    f"INSERT INTO entry SELECT 13, '{EU}', stream_kind, stream_id, 3, kind, recorded_at, actor, reason, payload,"
    " leaf_hash FROM entry WHERE revision = 12"
)
HEAD_AT_10: Final = (
    "UPDATE head SET revision = 10, recorded_at = (SELECT recorded_at FROM entry WHERE revision = 10)",
)
OTHER_KEY: Final = Notary(KEY.name).vkey
ONE_MORE_CELL: Final = (
    "INSERT INTO posting_snapshot SELECT revision, stage, 'AT', aid_type, instrument, currency, valued_on, first, last,"
    " 0, 0, 0 FROM posting_snapshot WHERE donor = 'US'"
)
# What is done, the first bad revision, and the place that is named.
ATTACKS: Final[dict[str, tuple[tuple[str, ...], int | None, str]]] = {
    "posting: another amount": (
        ("UPDATE posting SET amount = amount + 1 WHERE revision = 7 AND line = 1",),
        7, "posting 7, line 1",
    ),
    "posting: another donor": (
        ("UPDATE posting SET donor = 'SE' WHERE revision = 2 AND line = 2",), 2, "posting 2, line 2",
    ),
    "posting: another pledge": (
        (f"UPDATE posting SET pledge_id = '{EU}' WHERE revision = 6 AND line = 1",), 6, "posting 6, line 1",
    ),
    "posting: nobody's currency": (
        ("UPDATE posting SET currency = 'QQQ' WHERE revision = 6 AND line = 1",), 6, "posting 6, line 1",
    ),
    "posting: a line is gone": (
        ("DELETE FROM posting WHERE revision = 6 AND line = 2",), 6, "posting 6, line 2",
    ),
    "posting: a line more": (
        (f"INSERT INTO posting SELECT revision, 99, {POSTING_COLUMNS} FROM posting WHERE revision = 3 AND line = 1",),
        3, "posting 3, line 99",
    ),
    "posting: of no entry": (
        (f"INSERT INTO posting SELECT 77, line, {POSTING_COLUMNS} FROM posting WHERE revision = 1",),
        77, "posting 77, line 1",
    ),
    "roll-up: another amount": (
        ("UPDATE rollup SET amount = amount + 100 WHERE donor = 'DK' AND stage = 'delivered'",),
        None, "roll-up DK military in_kind delivered DKK 2023-12-01 2023-12-01 2023-12-01",
    ),
    "roll-up: another count": (
        ("UPDATE rollup SET pledges = 2 WHERE donor = 'US'",),
        None, "roll-up US military authority pledged USD 9999-12-31 0001-01-01 9999-12-31",
    ),
    "roll-up: a row is gone": (
        ("DELETE FROM rollup WHERE donor = 'DK' AND stage = 'delivered'",),
        None, "roll-up DK military in_kind delivered DKK 2023-12-01 2023-12-01 2023-12-01",
    ),
    "pledge: another amount": (
        ("UPDATE pledge SET amount_minor = 1 WHERE reference = 'DK-1' AND version = 3",),
        7, f"pledge {DK}, version 3",
    ),
    "pledge: another document": (
        ("UPDATE pledge SET document = replace(document, 'Package', 'Parcels') WHERE reference = 'DK-1'",),
        1, f"pledge {DK}, version 1",
    ),
    "pledge: another past": (
        ("UPDATE pledge SET until_revision = 6 WHERE reference = 'DK-1' AND version = 2",),
        6, f"pledge {DK}, version 2",
    ),
    "pledge: a version is gone": (
        ("DELETE FROM pledge WHERE reference = 'DK-1' AND version = 1",), 1, f"pledge {DK}, version 1",
    ),
    "pledge: a version more": (
        (f"INSERT INTO pledge SELECT id, 9, 7, {PLEDGE_COLUMNS} FROM pledge WHERE reference = 'DK-1' AND version = 3",),
        7, f"pledge {DK}, version 9",
    ),
    "request: another state": (
        ("UPDATE legislative_request SET state = 'enacted' WHERE version = 2",),
        8, f"legislative_request {REQUEST}, version 2",
    ),
    "request: gone": (
        ("DELETE FROM legislative_request",), 5, f"legislative_request {REQUEST}, version 1",
    ),
    "entry: another actor": (
        ("UPDATE entry SET actor = 'nobody' WHERE revision = 4",), 4, "entry 4",
    ),
    "entry: another kind": (
        ("UPDATE entry SET kind = 'pledge.withdrawn' WHERE revision = 7",), 7, "entry 7",
    ),
    "entry: another hash": (
        ("UPDATE entry SET leaf_hash = (SELECT leaf_hash FROM entry WHERE revision = 1) WHERE revision = 9",),
        9, "entry 9",
    ),
    "entry: earlier than the one before it": (
        ("UPDATE entry SET recorded_at = (SELECT recorded_at FROM entry WHERE revision = 1) WHERE revision = 9",),
        9, "entry 9",
    ),
    "entry: gone": (
        ("DELETE FROM entry WHERE revision = 6",), 6, "entry 6",
    ),
    "entry: the first is gone": (
        ("DELETE FROM entry WHERE revision = 1", "DELETE FROM posting WHERE revision = 1"), 1, "entry 1",
    ),
    "entry: gone with all that it did": (
        ("DELETE FROM entry WHERE revision = 3", "DELETE FROM posting WHERE revision = 3",
         "DELETE FROM pledge WHERE reference = 'US-F'", "DELETE FROM rollup WHERE donor = 'US'"),
        3, "entry 3",
    ),
    "entry: two swapped": (
        ("UPDATE entry SET revision = 1000 WHERE revision = 2", "UPDATE entry SET revision = 2 WHERE revision = 3",
         "UPDATE entry SET revision = 3 WHERE revision = 1000"),
        2, "entry 2",
    ),
    "entry: two swapped with their postings": (
        ("UPDATE entry SET revision = 1000 WHERE revision = 2", "UPDATE entry SET revision = 2 WHERE revision = 3",
         "UPDATE entry SET revision = 3 WHERE revision = 1000",
         "UPDATE posting SET revision = 1000 WHERE revision = 2", "UPDATE posting SET revision = 2 WHERE revision = 3",
         "UPDATE posting SET revision = 3 WHERE revision = 1000"),
        2, "entry 2",
    ),
    "entry: one more": (
        (ONE_MORE,), 13, "entry 13",
    ),
    "tail: cut": (
        ("DELETE FROM entry WHERE revision > 10", "DELETE FROM posting WHERE revision > 10"), 11, "entry 11",
    ),
    "tail: cut, the head moved": (
        ("DELETE FROM entry WHERE revision > 10", "DELETE FROM posting WHERE revision > 10",
         "UPDATE head SET revision = 10"),
        10, "head",
    ),
    "node: another hash": (
        ('UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE level = 3) WHERE level = 1 AND "index" = 3',),
        None, "log node 1/3",
    ),
    "node: two swapped": (
        ('UPDATE log_node SET "index" = 99 WHERE level = 2 AND "index" = 0',
         'UPDATE log_node SET "index" = 0 WHERE level = 2 AND "index" = 1',
         'UPDATE log_node SET "index" = 1 WHERE level = 2 AND "index" = 99'),
        None, "log node 2/0",
    ),
    "node: gone": (("DELETE FROM log_node WHERE level = 3",), None, "log node 3/0"),
    "node: one more": (
        ('INSERT INTO log_node SELECT 1, 6, hash FROM log_node WHERE level = 1 AND "index" = 5',),
        None, "log node 1/6",
    ),
    "node: one more, far away": (
        ("INSERT INTO log_node SELECT 40, 7, hash FROM log_node WHERE level = 3",), None, "log node 40/7",
    ),
    "tree: all gone": (("DELETE FROM log_node",), None, "log node 1/0"),
    "tree: said to be larger": (("UPDATE log_tree SET size = 13",), None, "log tree"),
    "tree: said to be smaller": (("UPDATE log_tree SET size = 11",), None, "log node 1/5"),
    "tree: no size": (("DELETE FROM log_tree",), None, "log node 1/0"),
    "checkpoint: another root": (
        ("UPDATE log_checkpoint SET root = (SELECT root FROM log_checkpoint WHERE size = 12) WHERE size = 5",),
        None, "entries 1 to 5",
    ),
    "checkpoint: another size": (
        ("UPDATE log_checkpoint SET size = 6 WHERE size = 5",), None, "entries 1 to 6",
    ),
    "checkpoint: of entries that are not there": (
        ("UPDATE log_checkpoint SET size = 20 WHERE size = 12",), 13, "entry 13",
    ),
    "checkpoint: another text": (
        ("UPDATE log_checkpoint SET note = replace(note, 'example.org', 'example.com') WHERE size = 12",),
        None, "checkpoint 12",
    ),
    "checkpoint: no note": (("UPDATE log_checkpoint SET note = '' WHERE size = 5",), None, "checkpoint 5"),
    "checkpoint: another's note": (
        ("UPDATE log_checkpoint SET note = (SELECT note FROM log_checkpoint WHERE size = 5) WHERE size = 12",),
        None, "checkpoint 12",
    ),
    "checkpoint: another key": (
        (f"UPDATE log_checkpoint SET vkey = '{OTHER_KEY}' WHERE size = 12",), None, "checkpoint 12",
    ),
    "checkpoint: no key": (("UPDATE log_checkpoint SET vkey = 'x' WHERE size = 12",), None, "checkpoint 12"),
    "tail: cut with all that it did but the checkpoint": (
        ("DELETE FROM entry WHERE revision > 10", "DELETE FROM posting WHERE revision > 10",
         "DELETE FROM rollup WHERE donor = 'DE'", "DELETE FROM pledge WHERE donor = 'DE'", *HEAD_AT_10),
        11, "entry 11",
    ),
    "snapshot: another amount": (
        ("UPDATE posting_snapshot SET amount = amount + 1 WHERE donor = 'US'",),
        None, "snapshot 9 US military authority pledged USD 9999-12-31 0001-01-01 9999-12-31",
    ),
    "snapshot: another count": (
        ("UPDATE posting_snapshot SET pledges = pledges + 1 WHERE donor = 'US'",),
        None, "snapshot 9 US military authority pledged USD 9999-12-31 0001-01-01 9999-12-31",
    ),
    "snapshot: another cell": (
        ("UPDATE posting_snapshot SET donor = 'AT' WHERE donor = 'US'",),
        None, "snapshot 9 AT military authority pledged USD 9999-12-31 0001-01-01 9999-12-31",
    ),
    "snapshot: a cell is gone": (("DELETE FROM posting_snapshot WHERE donor = 'US'",), None, "snapshot 9"),
    "snapshot: a cell more": (
        (ONE_MORE_CELL,),
        None, "snapshot 9",
    ),
    "snapshot: of another revision": (
        ("UPDATE posting_snapshot SET revision = 5", "UPDATE complete_snapshot SET revision = 5"),
        None, "snapshot 5 DK military in_kind allocated DKK 2023-12-01 2023-12-01 2023-12-01",
    ),
    "snapshot: of a revision to come": (
        ("UPDATE posting_snapshot SET revision = 99", "UPDATE complete_snapshot SET revision = 99"),
        None, "snapshot 99",
    ),
    "head: moved back": (("UPDATE head SET revision = 11",), 12, "entry 12"),
    "head: moved on": (("UPDATE head SET revision = 15",), 13, "entry 13"),
    "head: gone": (("DELETE FROM head",), 1, "entry 1"),
}  # fmt: skip


def adapted(statement: str, session: Session) -> str:
    """SQLite keeps identifiers as text without dashes."""
    if is_sqlite(session):
        for identity in (DK, EU, REQUEST):
            statement = statement.replace(f"'{identity}'", f"'{identity.hex}'")
    return statement


def test_the_ledger_is_clean_before(open_ledger: WriteSession) -> None:
    assert audit(open_ledger).faults.first == []


@pytest.mark.parametrize(("statements", "revision", "place"), ATTACKS.values(), ids=ATTACKS.keys())
def test_a_change_by_hand_is_found_and_its_place_named(
    open_ledger: WriteSession, statements: tuple[str, ...], revision: int | None, place: str
) -> None:
    tamper(open_ledger, *(adapted(statement, open_ledger) for statement in statements))
    found = audit(open_ledger)
    assert not found.is_clean
    assert (found.faults.first[0].revision, found.faults.first[0].place) == (revision, place)


def more_money(document: dict[str, Any]) -> None:
    document["data"]["pledge"]["amount"] = "900.00"


def more_money_everywhere(document: dict[str, Any]) -> None:
    more_money(document)
    for posting in document["postings"]:
        posting[8] = "900.00" if posting[8] == "100.00" else posting[8]


def another_reason(document: dict[str, Any]) -> None:
    document["reason"] = "Somebody else's fault."


def another_movement(document: dict[str, Any]) -> None:
    document["data"]["movement"]["on"] = "2023-12-02"


Forgery = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize(
    ("revision", "change", "what"),
    [
        (1, more_money, "do not have the hash"),
        (7, another_reason, "do not have the hash"),
    ],
)
def test_changed_bytes_are_found_by_their_hash(
    open_ledger: WriteSession, revision: int, change: Forgery, what: str
) -> None:
    forge_entry(open_ledger, revision, change, rehash=False)
    first = audit(open_ledger).faults.first[0]
    assert (first.revision, first.place) == (revision, f"entry {revision}")
    assert what in first.what


@pytest.mark.parametrize(
    ("revision", "change", "what"),
    [
        (1, more_money, "its postings are not what its change does to the totals"),
        (1, more_money_everywhere, "not what the entry lists"),
        (6, another_movement, "its postings are not what its change does to the totals"),
        (7, another_reason, "its column reason is not what its bytes say"),
    ],
)
def test_bytes_changed_together_with_their_hash_contradict_the_tables(
    open_ledger: WriteSession, revision: int, change: Forgery, what: str
) -> None:
    forge_entry(open_ledger, revision, change, rehash=True)
    first = audit(open_ledger).faults.first[0]
    assert first.revision == revision
    assert what in first.what


def test_a_history_forged_throughout_is_told_by_an_older_checkpoint_alone(
    open_ledger: WriteSession, clock: StoppedClock
) -> None:
    """Whoever rewrites everything leaves a ledger that agrees with itself: only what others hold can tell."""
    notary = Notary()
    kept = open_checkpoint(notary.sign_ledger(open_ledger, 5), VerifierKey.parse(notary.vkey))
    assert audit(open_ledger, checkpoints=[kept]).is_clean
    tamper(
        open_ledger,
        *(f"DELETE FROM {table}" for table in
          ("entry", "posting", "rollup", "pledge", "legislative_request", "log_node", "log_checkpoint",
           "posting_snapshot", "complete_snapshot")),
        "UPDATE head SET revision = 0, recorded_at = NULL",
        "UPDATE log_tree SET size = 0",
    )  # fmt: skip
    record_small_entries(open_ledger, clock, first_amount="120.00")
    assert audit(open_ledger).is_clean
    found = audit(open_ledger, checkpoints=[kept])
    assert [str(fault) for fault in found.faults.first] == [
        "entries 1 to 5: one of them is not what a checkpoint of 5 entries was signed for"
    ]


def test_a_tail_cut_without_a_trace_is_told_by_an_older_checkpoint_alone(
    open_ledger: WriteSession,
) -> None:
    notary = Notary()
    kept = open_checkpoint(notary.sign_ledger(open_ledger), VerifierKey.parse(notary.vkey))
    cell = "donor = 'DE'"
    tamper(
        open_ledger,
        "DELETE FROM entry WHERE revision > 10",
        "DELETE FROM posting WHERE revision > 10",
        f"DELETE FROM rollup WHERE {cell}",
        f"DELETE FROM pledge WHERE {cell}",
        *HEAD_AT_10,
        'DELETE FROM log_node WHERE ("index" + 1) << level > 10',
        "UPDATE log_tree SET size = 10",
        "DELETE FROM log_checkpoint WHERE size > 10",
    )
    assert audit(open_ledger).is_clean
    [fault] = audit(open_ledger, checkpoints=[kept]).faults.first
    assert (fault.revision, fault.place) == (11, "entry 11")
    assert fault.what == f"missing; a checkpoint of {SIZE} entries was signed"


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE posting SET valued_on = 'soon' WHERE revision = 6 AND line = 1", "table posting"),
        ("UPDATE posting SET amount = 'much' WHERE revision = 6 AND line = 1", "posting 6, line 1"),
        ("UPDATE entry SET recorded_at = 'once' WHERE revision = 6", "table entry"),
        ("UPDATE entry SET payload = x'ff00' WHERE revision = 6", "entry 6"),
        ("UPDATE entry SET payload = '{}' WHERE revision = 6", "table entry"),
        ("UPDATE pledge SET announced_first = 20231114 WHERE version = 2", "table pledge"),
        ("UPDATE pledge SET id = 'x' WHERE reference = 'EU-U'", "table pledge"),
        ("UPDATE rollup SET amount = 'x' WHERE donor = 'DK'", "roll-up"),
        ("UPDATE posting_snapshot SET amount = 'x' WHERE donor = 'US'", "snapshot 9 US"),
        (
            "UPDATE log_node SET hash = 'thirty-two letters, all in a row' WHERE level = 3",
            "table log_node",
        ),
        ("UPDATE log_checkpoint SET note = x'ff' WHERE size = 5", "table log_checkpoint"),
    ],
)
def test_rows_that_hold_what_their_columns_cannot_are_named_too(
    open_ledger: WriteSession, statement: str, place: str
) -> None:
    """SQLite keeps any kind of value in any column."""
    tamper(open_ledger, statement)
    found = audit(open_ledger)
    assert not found.is_clean
    assert any(fault.place.startswith(place) for fault in found.faults.first)

"""Promise: entries stand in one order without a gap, each as it was hashed, and the past stays as it was.

The journal is used here by a room of our own that records notes: it knows nothing of pledges.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Event
from uuid import UUID, uuid4

import pytest
import rfc8785
from sqlalchemy import text

from app.db import Database
from app.journal import service as journal
from app.journal.domain import AsOf, Draft, Entry, parse_as_of
from app.journal.errors import StreamMovedError
from app.kernel.clock import SystemClock
from app.kernel.errors import InvalidError, ValueRefusedError
from tests.clock import StoppedClock
from tests.rows import dump

TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# What a payload holds apart from the note: worked out for the note that just fits.
LONGEST = 65_535


def note(words: str = "a note", *, stream: UUID | None = None, version: int = 1) -> Draft:
    return Draft(
        stream_kind="note",
        stream_id=stream or uuid4(),
        version=version,
        kind="note.written",
        reason=None,
        data={"words": words},
        postings=[],
    )


def write(database: Database, clock: StoppedClock | SystemClock, *drafts: Draft) -> list[Entry]:
    with database.transaction() as session:
        head = journal.lock(session, clock)
        return journal.append(session, head, drafts, actor="desk")


def write_and_fail(database: Database, clock: StoppedClock) -> None:
    with database.transaction() as session:
        journal.append(session, journal.lock(session, clock), [note()], actor="desk")
        raise ZeroDivisionError


def all_entries(database: Database) -> list[Entry]:
    with database.reading() as session:
        return journal.list_entries(session, after=0, limit=10_000)


# ------------------------------------------------------------------------------------------ entries


def test_revisions_count_from_one_without_a_gap(database: Database, clock: StoppedClock) -> None:
    write(database, clock, note())
    write(database, clock, note(), note(), note())
    write(database, clock)
    write(database, clock, note())
    assert [entry.revision for entry in all_entries(database)] == [1, 2, 3, 4, 5]


def test_what_was_written_is_read_back(database: Database, clock: StoppedClock) -> None:
    written = write(database, clock, note("Пакет 13\n"), note("=1+1"))
    assert all_entries(database) == written


def test_a_write_that_fails_leaves_no_gap(database: Database, clock: StoppedClock) -> None:
    write(database, clock, note())
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database, clock)
    [entry] = write(database, clock, note())
    assert entry.revision == 2


def test_an_entry_is_hashed_as_rfc_6962_has_it(database: Database, clock: StoppedClock) -> None:
    write(database, clock, note("one"), note("Пакет"))
    rows = dump(database)["entry"]
    with database.reading() as session:
        stored = session.execute(text("SELECT payload, leaf_hash FROM entry")).all()
    assert len(stored) == len(rows) == 2
    for payload, leaf_hash in stored:
        assert bytes(leaf_hash) == sha256(b"\x00" + bytes(payload)).digest()


def test_the_payload_is_canonical_and_says_what_the_columns_say(
    database: Database, clock: StoppedClock
) -> None:
    stream = uuid4()
    draft = Draft(
        stream_kind="note",
        stream_id=stream,
        version=1,
        kind="note.written",
        reason="because",
        data={"words": "Пакет"},
        postings=[["one", 1, None]],
    )
    [entry] = write(database, clock, draft)
    assert rfc8785.dumps(json.loads(entry.payload)) == entry.payload
    assert json.loads(entry.payload) == {
        "format": 1,
        "revision": 1,
        "id": str(entry.id),
        "stream_kind": "note",
        "stream_id": str(stream),
        "version": 1,
        "kind": "note.written",
        "recorded_at": "2026-11-22T10:00:00Z",
        "actor": "desk",
        "reason": "because",
        "data": {"words": "Пакет"},
        "postings": [["one", 1, None]],
    }
    assert entry == Entry(
        revision=1,
        id=entry.id,
        stream_kind="note",
        stream_id=stream,
        version=1,
        kind="note.written",
        recorded_at=TEN,
        actor="desk",
        reason="because",
        payload=entry.payload,
        leaf_hash=entry.leaf_hash,
    )


def test_a_version_of_a_stream_is_written_once(database: Database, clock: StoppedClock) -> None:
    stream = uuid4()
    write(database, clock, note(stream=stream), note(stream=stream, version=2))
    before = dump(database)
    for drafts in ([note(stream=stream, version=2)], [note(), note(stream=stream)]):
        with pytest.raises(StreamMovedError):
            write(database, clock, *drafts)
        assert dump(database) == before
    with database.reading() as session:
        history = journal.list_stream(session, stream, until=2)
        assert [entry.version for entry in history] == [1, 2]
        assert [entry.version for entry in journal.list_stream(session, stream, until=1)] == [1]


def test_the_histories_of_several_streams_come_together_in_the_order_of_their_entries(
    database: Database, clock: StoppedClock
) -> None:
    one, other, third = uuid4(), uuid4(), uuid4()
    # Two revisions each of two streams, by turns, and a stream that nobody asks for.
    write(database, clock, note(stream=one), note(stream=other), note(stream=third))
    write(database, clock, note(stream=other, version=2), note(stream=one, version=2))
    with database.reading() as session:

        def told(*streams: UUID, until: int) -> list[tuple[int, UUID]]:
            found = journal.list_streams(session, streams, until=until)
            return [(entry.revision, entry.stream_id) for entry in found]

        assert told(other, one, until=5) == [(1, one), (2, other), (4, other), (5, one)]
        assert told(one, other, until=4) == [(1, one), (2, other), (4, other)]
        assert told(uuid4(), until=5) == told(until=5) == []


def test_the_histories_of_more_streams_than_one_statement_takes_are_all_there(
    database: Database, clock: StoppedClock
) -> None:
    drafts = [note(stream=uuid4()) for _ in range(501)]
    write(database, clock, *drafts)
    with database.reading() as session:
        found = journal.list_streams(session, [one.stream_id for one in drafts], until=501)
    assert [entry.stream_id for entry in found] == [one.stream_id for one in drafts]


def test_an_entry_takes_at_most_65535_bytes(database: Database, clock: StoppedClock) -> None:
    [short] = write(database, clock, note(""))
    room = LONGEST - len(short.payload)
    before = dump(database)
    with pytest.raises(InvalidError) as refused:
        write(database, clock, note(), note((room + 1) * "a"))
    assert [finding.code for finding in refused.value.findings] == ["entry-too-large"]
    assert dump(database) == before
    [longest] = write(database, clock, note(room * "a"))
    assert len(longest.payload) == LONGEST


# --------------------------------------------------------------------------------------------- time


def test_instants_do_not_go_back_when_the_clock_does(
    database: Database, clock: StoppedClock
) -> None:
    instants = []
    for step in (MINUTE, -2 * MINUTE, timedelta(0), timedelta(days=-400), 500 * MINUTE):
        clock.advance(step)
        instants += [entry.recorded_at for entry in write(database, clock, note(), note())]
    late = TEN + MINUTE
    assert instants[:8] == 8 * [late]
    # The clock is still behind; entries go on at the last instant until it has caught up.
    assert instants[8:] == 2 * [late]
    clock.instant = late + MINUTE
    assert write(database, clock, note())[0].recorded_at == late + MINUTE


def test_an_instant_keeps_its_microseconds(database: Database, clock: StoppedClock) -> None:
    clock.instant = datetime(2026, 11, 22, 10, 0, 0, 123_456, tzinfo=UTC)
    write(database, clock, note())
    [entry] = all_entries(database)
    assert entry.recorded_at == clock.instant
    assert entry.read()["recorded_at"] == "2026-11-22T10:00:00.123456Z"


@pytest.fixture
def three(database: Database, clock: StoppedClock) -> list[Entry]:
    """Entries of ten o'clock, of one past ten, and two of five past ten."""
    first = write(database, clock, note())
    clock.advance(MINUTE)
    second = write(database, clock, note())
    clock.advance(4 * MINUTE)
    return [*first, *second, *write(database, clock, note(), note())]


MOMENTS: list[tuple[AsOf | None, int, datetime | None]] = [
    (None, 4, TEN + 5 * MINUTE),
    (0, 0, None),
    (1, 1, TEN),
    (2, 2, TEN + MINUTE),
    (3, 3, TEN + 5 * MINUTE),
    (4, 4, TEN + 5 * MINUTE),
    (TEN - timedelta(microseconds=1), 0, None),
    (TEN, 1, TEN),
    (TEN + timedelta(seconds=59), 1, TEN),
    (TEN + MINUTE, 2, TEN + MINUTE),
    (TEN + 3 * MINUTE, 2, TEN + MINUTE),
    (TEN + 5 * MINUTE, 4, TEN + 5 * MINUTE),
    (datetime(1, 1, 1, tzinfo=UTC), 0, None),
]


def test_a_moment_is_the_last_revision_that_it_had_seen(
    database: Database, clock: StoppedClock, three: list[Entry]
) -> None:
    with database.reading() as session:
        for as_of, revision, recorded_at in MOMENTS:
            snapshot = journal.read_snapshot(session, as_of, now=clock.now())
            assert (snapshot.revision, snapshot.recorded_at) == (revision, recorded_at), as_of
            assert snapshot.is_head == (revision == 4)


def test_a_moment_of_another_zone_is_the_same_moment(
    database: Database, clock: StoppedClock, three: list[Entry]
) -> None:
    as_of = parse_as_of("2026-11-22T12:03:00+02:00")
    with database.reading() as session:
        assert journal.read_snapshot(session, as_of, now=clock.now()).revision == 2


def test_the_future_is_not_known(
    database: Database, clock: StoppedClock, three: list[Entry]
) -> None:
    ahead: list[AsOf] = [5, 2**62 - 1, TEN + 5 * MINUTE + timedelta(microseconds=1)]
    for as_of in ahead:
        with database.reading() as session, pytest.raises(InvalidError) as refused:
            journal.read_snapshot(session, as_of, now=clock.now())
        assert [(one.pointer, one.code) for one in refused.value.findings] == [
            ("?as_of", "as-of-in-future")
        ]


def test_an_empty_ledger_has_a_past_of_nothing(database: Database, clock: StoppedClock) -> None:
    with database.reading() as session:
        for as_of in (None, 0, TEN):
            snapshot = journal.read_snapshot(session, as_of, now=clock.now())
            assert (snapshot.revision, snapshot.recorded_at) == (0, None)
            assert snapshot.meta() == {"revision": 0, "as_of": None}


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("0", 0),
        ("1482", 1482),
        ("0001", 1),
        ("2026-11-22T10:00:00Z", TEN),
        ("2026-11-22T12:00:00.000001+02:00", TEN + timedelta(microseconds=1)),
    ],
)
def test_as_of_is_a_revision_or_an_instant(text: str, as_of: AsOf) -> None:
    assert parse_as_of(text) == as_of


@pytest.mark.parametrize(
    "text",
    ["", " ", "-1", "+1", "1.0", "1e3", "0x10", "²", "٣", "1 ", "head", "4611686018427387904",
     "99999999999999999999999", 5_000 * "9", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22 10:00Z"],
)  # fmt: skip
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        parse_as_of(text)
    assert refused.value.code == "invalid-as-of"


# ------------------------------------------------------------------------------------- many at once


def test_many_writers_make_one_order_and_a_reader_never_sees_a_gap(database: Database) -> None:
    clock, done = SystemClock(), Event()
    seen: list[list[int]] = []

    def keep_writing(_writer: int) -> None:
        for size in (1, 3, 2, 1, 2):
            write(database, clock, *(note() for _ in range(size)))

    def keep_reading() -> None:
        while not done.is_set():
            seen.append([entry.revision for entry in all_entries(database)])

    with ThreadPoolExecutor(9) as pool:
        reading = pool.submit(keep_reading)
        try:
            list(pool.map(keep_writing, range(8)))
        finally:
            done.set()
        reading.result()
    entries = all_entries(database)
    assert [entry.revision for entry in entries] == list(range(1, 8 * 9 + 1))
    instants = [entry.recorded_at for entry in entries]
    assert instants == sorted(instants)
    assert all(revisions == list(range(1, len(revisions) + 1)) for revisions in seen)
    lengths = [len(revisions) for revisions in seen]
    assert lengths == sorted(lengths)


def test_a_feed_is_read_in_pages(database: Database, clock: StoppedClock) -> None:
    write(database, clock, *(note() for _ in range(5)))
    with database.reading() as session:
        pages = [
            [entry.revision for entry in journal.list_entries(session, after=after, limit=2)]
            for after in (0, 2, 4, 5, 99)
        ]
    assert pages == [[1, 2], [3, 4], [5], [], []]

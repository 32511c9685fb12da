"""What the routes of pledges ask for: the recorder, which writes in one transaction what arrives together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Request

from app.db import Database, WriteSession
from app.gather import Gatherer
from app.journal import service as journal
from app.journal.domain import Answer, Call
from app.kernel.clock import Clock
from app.kernel.errors import AppError
from app.pledges import service
from app.pledges.domain import Command
from app.pledges.service import Recorded

Answered = tuple[Answer, bool]


@dataclass(frozen=True, slots=True)
class Write:
    """A call that wants one command recorded.

    Attributes:
        call: what tells it from others.
        command: what it wants.
        present: makes the answer.
    """

    call: Call
    command: Command
    present: Callable[[Recorded], Answer]


def _let_pass() -> None:
    """A ledger without a guard."""


class Recorder:
    """Records the writes that arrive together in one transaction (group commit), one transaction at a time.

    Statements and the wait for the disk are shared. Which writes they are is decided once the journal's lock is held:
    all that arrived while another process wrote go together. A write that is refused must not touch the others, so they
    are then recorded once more, each by itself.
    """

    def __init__(
        self, database: Database, clock: Clock, check_write: Callable[[], None] = _let_pass
    ) -> None:
        """Record into a database.

        Args:
            database: the ledger.
            clock: tells when a write is recorded.
            check_write: asked before every transaction; raises where the ledger takes no writes.
        """
        self._database, self._clock, self._check_write = database, clock, check_write
        self._gatherer = Gatherer(self._record)

    async def record(self, write: Write) -> Answered:
        """Record one write; it is committed when this returns.

        Returns:
            The answer, and whether it was given before.

        Raises:
            AppError: the write is refused.
        """
        return await self._gatherer.submit(write)

    def _record(self, take: Callable[[], Sequence[Write]]) -> Sequence[Answered | Exception]:
        writes: Sequence[Write] = ()

        def take_once() -> Sequence[Write]:
            nonlocal writes
            writes = take()
            return writes

        try:
            return self._record_together(take_once)
        except AppError as refused:
            if not writes:
                raise
            if len(writes) == 1:
                return [refused]
            return [self._record_alone(write) for write in writes]

    def _record_alone(self, write: Write) -> Answered | Exception:
        try:
            [answered] = self._record_together(lambda: [write])
        except AppError as refused:
            return refused
        return answered

    def _record_together(self, take: Callable[[], Sequence[Write]]) -> list[Answered]:
        self._check_write()
        with self._database.transaction() as session:
            head = journal.lock(session, self._clock)
            writes = take()
            calls = [write.call for write in writes]

            def perform(fresh: Sequence[int]) -> list[Answer]:
                return self._perform(session, head, [writes[index] for index in fresh])

            return journal.answer_once(session, calls, now=head.now, perform=perform)

    def _perform(
        self, session: WriteSession, head: journal.Head, writes: Sequence[Write]
    ) -> list[Answer]:
        answers: dict[int, Answer] = {}
        for actor in dict.fromkeys(write.call.actor for write in writes):
            mine = [index for index, write in enumerate(writes) if write.call.actor == actor]
            commands = [writes[index].command for index in mine]
            recorded = service.record(session, commands, actor=actor, clock=self._clock, head=head)
            head = head.behind(recorded[-1].entry)
            for index, one in zip(mine, recorded, strict=True):
                answers[index] = writes[index].present(one)
        return [answers[index] for index in range(len(writes))]


def get_recorder(request: Request) -> Recorder:
    """The recorder of this application."""
    recorder: Recorder = request.app.state.recorder
    return recorder

"""Gathers calls that arrive together, so that they share what one transaction costs."""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Final, Generic, TypeVar

from fastapi.concurrency import run_in_threadpool

T = TypeVar("T")
R = TypeVar("R")
# So many share a transaction that one more would gain nothing, and so few that nobody waits for long.
MAX_TOGETHER: Final = 200


class Gatherer(Generic[T, R]):
    """Hands over, in one go, all items that arrived while the hand-over before was under way.

    Nobody waits for company: an item that comes alone is handed over at once. One process has one event loop, and a
    gatherer belongs to it.
    """

    def __init__(self, perform: Callable[[Sequence[T]], Sequence[R | Exception]]) -> None:
        """Gather for ``perform``, which runs in a thread, one call at a time.

        Args:
            perform: answers each item, in order, with a result or with the exception that the item deserves. What it
                raises befell all of them, and those that were waiting meanwhile too: they would meet the same.
        """
        self._perform = perform
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """The result for one item.

        Raises:
            Exception: what ``perform`` answered or raised.
        """
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            # In a context of its own: what it logs belongs to no single call.
            self._worker = asyncio.create_task(self._work(), context=Context())
        return await future

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._hand_over()
        finally:
            self._worker = None

    async def _hand_over(self) -> None:
        together, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
        try:
            outcomes = await run_in_threadpool(self._perform, [item for item, _ in together])
        except Exception as error:  # noqa: BLE001 -- raised again for each of those who wait
            together += self._waiting
            self._waiting = []
            outcomes = [error] * len(together)
        for (_, future), outcome in zip(together, outcomes, strict=True):
            _settle(future, outcome)


def _settle(future: "asyncio.Future[R]", outcome: R | Exception) -> None:
    if future.done():
        return  # whoever waited has gone
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)

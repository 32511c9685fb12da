"""Gathers calls that arrive together, so that they share what one transaction costs."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Final, Generic, TypeVar

from fastapi.concurrency import run_in_threadpool

T = TypeVar("T")
R = TypeVar("R")
# So many share a transaction that one more would gain nothing, and so few that nobody waits for long.
MAX_TOGETHER: Final = 200


class Gatherer(Generic[T, R]):
    """Hands over, in one go, all items that have arrived by the time that somebody can deal with them.

    Nobody waits for company: an item that comes alone is handed over at once. But whoever performs may first have to
    wait, for a connection or for a lock, and asks for the items only then; so those that arrive meanwhile come along.
    One process has one event loop, and a gatherer belongs to it.
    """

    def __init__(
        self, perform: Callable[[Callable[[], Sequence[T]]], Sequence[R | Exception]]
    ) -> None:
        """Gather for ``perform``, which runs in a thread, one call at a time.

        Args:
            perform: is given a function to take the items with, once, which are at least one; answers each of them,
                in order, with a result or with the exception that the item deserves. What it raises befell all that it
                took, and those that are still waiting too: they would meet the same.
        """
        self._perform = perform
        # One end is the event loop's, the other one the thread's.
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
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
        together: list[tuple[T, asyncio.Future[R]]] = []

        def take() -> list[T]:
            while self._waiting and len(together) < MAX_TOGETHER:
                together.append(self._waiting.popleft())
            return [item for item, _ in together]

        try:
            outcomes = await run_in_threadpool(self._perform, take)
        except Exception as error:  # noqa: BLE001 -- raised again for each of those who wait
            together += self._waiting
            self._waiting.clear()
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

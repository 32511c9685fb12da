"""What arrives together is handed over together, each item gets its own outcome, and nobody waits for company."""

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

import pytest

from app.gather import MAX_TOGETHER, Gatherer


class Doubler:
    """Doubles numbers, and remembers which came together; odd ones are refused, 13 brings it all down."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.waits = Event()
        self.may_take, self.may_work = Event(), Event()
        self.may_take.set()
        self.may_work.set()
        self.is_broken = False

    def double(self, take: Callable[[], Sequence[int]]) -> list[int | Exception]:
        self.waits.set()
        assert self.may_take.wait(10)
        if self.is_broken:
            raise RuntimeError("broken")
        numbers = take()
        self.batches.append(list(numbers))
        assert self.may_work.wait(10)
        if 13 in numbers:
            raise RuntimeError("thirteen")
        return [ValueError(number) if number % 2 else 2 * number for number in numbers]


def test_an_item_that_comes_alone_is_handed_over_alone() -> None:
    doubler = Doubler()
    gatherer = Gatherer(doubler.double)

    async def one_after_the_other() -> list[int]:
        return [await gatherer.submit(number) for number in (2, 4)]

    assert asyncio.run(one_after_the_other()) == [4, 8]
    assert doubler.batches == [[2], [4]]


def test_what_arrives_meanwhile_goes_together_in_its_order_and_within_bounds() -> None:
    doubler = Doubler()
    gatherer = Gatherer(doubler.double)
    numbers = [*range(0, 4 * MAX_TOGETHER, 2)]

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(gatherer.submit(number) for number in numbers))

    assert asyncio.run(all_at_once()) == [2 * number for number in numbers]
    assert [number for batch in doubler.batches for number in batch] == numbers
    assert max(map(len, doubler.batches)) == MAX_TOGETHER


def test_each_gets_its_own_outcome() -> None:
    gatherer = Gatherer(Doubler().double)

    async def mixed() -> list[int | BaseException]:
        calls = (gatherer.submit(number) for number in (2, 3, 4, 5))
        return await asyncio.gather(*calls, return_exceptions=True)

    first, refused, third, also_refused = asyncio.run(mixed())
    assert (first, third) == (4, 8)
    assert isinstance(refused, ValueError)
    assert refused.args == (3,)
    assert isinstance(also_refused, ValueError)


def test_what_brings_all_down_befalls_those_who_wait_too_and_nobody_after() -> None:
    doubler = Doubler()
    doubler.may_work.clear()
    gatherer = Gatherer(doubler.double)

    async def fall_and_rise() -> list[int | BaseException]:
        down = [asyncio.create_task(gatherer.submit(number)) for number in (13, 2)]
        while not doubler.batches:
            await asyncio.sleep(0.001)
        down.append(asyncio.create_task(gatherer.submit(4)))
        await asyncio.sleep(0.01)
        doubler.may_work.set()
        fallen = await asyncio.gather(*down, return_exceptions=True)
        return [*fallen, await gatherer.submit(6)]

    *fallen, risen = asyncio.run(fall_and_rise())
    assert [str(error) for error in fallen] == ["thirteen"] * 3
    assert risen == 12


def test_one_who_does_not_wait_any_longer_disturbs_nobody() -> None:
    doubler = Doubler()
    doubler.may_work.clear()
    gatherer = Gatherer(doubler.double)

    async def leave() -> int:
        leaving = asyncio.create_task(gatherer.submit(2))
        while not doubler.batches:
            await asyncio.sleep(0.001)
        staying = asyncio.create_task(gatherer.submit(4))
        await asyncio.sleep(0)
        leaving.cancel()
        doubler.may_work.set()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        return await staying

    assert asyncio.run(leave()) == 8


async def waiting(doubler: Doubler, gatherer: Gatherer[int, int]) -> asyncio.Task[int]:
    """One that came first, whose hand-over waits for what it needs before it takes anything."""
    doubler.waits.clear()
    doubler.may_take.clear()
    first = asyncio.create_task(gatherer.submit(2))
    while not doubler.waits.is_set():
        await asyncio.sleep(0.001)
    return first


def test_who_comes_before_the_items_are_taken_goes_with_the_first() -> None:
    doubler = Doubler()
    gatherer = Gatherer(doubler.double)
    numbers = [*range(4, 2 * MAX_TOGETHER + 20, 2)]

    async def late() -> list[int]:
        first = await waiting(doubler, gatherer)
        rest = [asyncio.create_task(gatherer.submit(number)) for number in numbers]
        await asyncio.sleep(0)
        doubler.may_take.set()
        return await asyncio.gather(first, *rest)

    assert asyncio.run(late()) == [2 * number for number in (2, *numbers)]
    assert doubler.batches == [[2, *numbers[: MAX_TOGETHER - 1]], numbers[MAX_TOGETHER - 1 :]]


def test_what_goes_wrong_before_the_items_are_taken_befalls_all_who_wait_and_nobody_after() -> None:
    doubler = Doubler()
    gatherer = Gatherer(doubler.double)

    async def fall_and_rise() -> list[int | BaseException]:
        first = await waiting(doubler, gatherer)
        second = asyncio.create_task(gatherer.submit(4))
        await asyncio.sleep(0)
        doubler.is_broken = True
        doubler.may_take.set()
        fallen = await asyncio.gather(first, second, return_exceptions=True)
        doubler.is_broken = False
        return [*fallen, await gatherer.submit(6)]

    *fallen, risen = asyncio.run(fall_and_rise())
    assert [str(error) for error in fallen] == ["broken"] * 2
    assert risen == 12
    assert doubler.batches == [[6]]


def test_one_who_leaves_before_the_items_are_taken_disturbs_nobody() -> None:
    doubler = Doubler()
    gatherer = Gatherer(doubler.double)

    async def leave() -> int:
        first = await waiting(doubler, gatherer)
        staying = asyncio.create_task(gatherer.submit(4))
        first.cancel()
        doubler.may_take.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await staying

    assert asyncio.run(leave()) == 8

"""Clients that write without pause, remember every answer, and repeat a call that was not answered."""

import itertools
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any

import httpx2

from tests.client import PLEDGE


@dataclass(kw_only=True)
class Call:
    """One write under its own idempotency key, and its answer as soon as there is one."""

    method: str
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    status: int | None = None
    answer: bytes | None = None

    @property
    def makes_a_pledge(self) -> bool:
        """Whether a new pledge is asked for."""
        return self.path == "/v1/pledges"


@dataclass(kw_only=True)
class Writer:
    """One client with one call at a time. It changes only the pledges that it made itself."""

    name: str
    seed: int
    rng: Random = field(init=False)
    calls: list[Call] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    unanswered: Call | None = None
    broken: int = 0
    refused: int = 0
    replays: int = 0
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.name} {self.seed}")

    def write(self, client: httpx2.Client, enough: Event) -> None:
        """Write until there is enough or the server is gone."""
        while not enough.is_set():
            try:
                self.step(client)
            except httpx2.TransportError:
                self.broken += 1
                return

    def step(self, client: httpx2.Client) -> None:
        """Make the next call, or again the one that was not answered."""
        call = self.unanswered = self.unanswered or self._next_call()
        reply = self.send(client, call)
        if reply.status_code == 503:
            assert int(reply.headers["Retry-After"]) >= 1
            self.refused += 1
            return
        assert reply.status_code in {200, 201}, reply.text
        self.replays += "Idempotency-Replayed" in reply.headers
        call.status, call.answer = reply.status_code, reply.content
        self.versions[reply.json()["id"]] = reply.json()["version"]
        self.calls.append(call)
        self.unanswered = None

    def send(self, client: httpx2.Client, call: Call) -> httpx2.Response:
        """Make a call, whatever becomes of it."""
        return client.request(call.method, call.path, json=call.body, headers=call.headers)

    def replay(self, client: httpx2.Client) -> int:
        """Make every call again; see ``Team.replay``."""
        for call in self.calls:
            reply = self.send(client, call)
            assert reply.headers["Idempotency-Replayed"] == "true"
            assert (reply.status_code, reply.content) == (call.status, call.answer)
        return len(self.calls)

    def _next_call(self) -> Call:
        number = next(self._numbers)
        headers = {"Idempotency-Key": f"{self.name}-{number}"}
        if not self.versions or self.rng.random() < 0.6:
            body = {**PLEDGE, "title": headers["Idempotency-Key"]}
            return Call(method="POST", path="/v1/pledges", body=body, headers=headers)
        pledge = self.rng.choice(list(self.versions))
        headers["If-Match"] = f'"{self.versions[pledge]}"'
        path = f"/v1/pledges/{pledge}"
        if self.rng.random() < 0.5:
            body = {"reason": "it was so", "notes": f"note {number}"}
            return Call(method="PATCH", path=path, body=body, headers=headers)
        moved = {"stage": "committed", "amount": "0.10", "on": "2023-12-01"}
        return Call(method="POST", path=f"{path}/movements", body=moved, headers=headers)


class Team:
    """Writers that work at the same time, each in a thread of its own."""

    def __init__(self, count: int, seed: int) -> None:
        self.writers = [Writer(name=f"writer-{number}", seed=seed) for number in range(count)]
        self._enough = Event()

    @property
    def calls(self) -> list[Call]:
        """Every call that was answered."""
        return [call for writer in self.writers for call in writer.calls]

    @property
    def answered(self) -> int:
        """How many calls were answered."""
        return sum(len(writer.calls) for writer in self.writers)

    @property
    def refused(self) -> int:
        """How many calls were answered 503, and are or will be repeated."""
        return sum(writer.refused for writer in self.writers)

    @property
    def broken(self) -> int:
        """How many calls were not answered at all."""
        return sum(writer.broken for writer in self.writers)

    @property
    def replays(self) -> int:
        """How many repetitions got the answer that had been lost."""
        return sum(writer.replays for writer in self.writers)

    @contextmanager
    def writing(self, *clients: httpx2.Client) -> Iterator[None]:
        """Write as long as the block lasts, shared among the servers, then finish the calls under way."""
        self._enough.clear()
        with ThreadPoolExecutor(len(self.writers)) as pool:
            working = [
                pool.submit(writer.write, client, self._enough)
                for writer, client in zip(self.writers, itertools.cycle(clients), strict=False)
            ]
            try:
                yield
            finally:
                self._enough.set()
            for future in working:
                future.result()

    def wait_for_answers(self, count: int, seconds: float = 20) -> None:
        """Return when so many more calls were answered, or after some time: in the midst of writing."""
        wanted, deadline = self.answered + count, time.monotonic() + seconds
        while self.answered < wanted and time.monotonic() < deadline:
            time.sleep(0.001)

    def settle(self, client: httpx2.Client, seconds: float = 20) -> None:
        """Repeat what is still unanswered until it is answered, which must not take long any more."""
        deadline = time.monotonic() + seconds
        for writer in self.writers:
            while writer.unanswered:
                assert time.monotonic() < deadline, "refused again and again"
                writer.step(client)

    def replay(self, client: httpx2.Client) -> int:
        """Make every call again: each must get the bytes that it got before. Returns how many there were."""
        with ThreadPoolExecutor(len(self.writers)) as pool:
            return sum(pool.map(lambda writer: writer.replay(client), self.writers))

"""One write of every kind that creates something: each takes its own way to a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from tests.client import PLEDGE


@dataclass(frozen=True)
class Write:
    """A POST that must be answered 201.

    Attributes:
        path: where to.
        body: what.
        entries: how many entries it makes.
    """

    path: str
    body: Mapping[str, Any]
    entries: int

    def send(self, client: httpx2.Client, **headers: str) -> httpx2.Response:
        """Make the call, whatever becomes of it."""
        return client.post(self.path, json=self.body, headers=headers)


WRITES: Final[Mapping[str, Write]] = {
    "pledge": Write("/v1/pledges", PLEDGE, 1),
    "batch": Write("/v1/pledges/batch", {"pledges": [PLEDGE, PLEDGE]}, 2),
    "legislative-request": Write(
        "/v1/legislative-requests",
        {
            "donor": "US",
            "title": "Supplemental",
            "kind": "supplemental",
            "currency": "USD",
            "requested_on": "2023-10-20",
            "lines": [{"component": "military", "amount": "61.40"}],
        },
        1,
    ),
}

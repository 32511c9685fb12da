"""How often somebody may try to sign in and fail: so often in a while, counted by where the call comes from.

A key cannot be guessed, with 190 bits. What is held off is the noise: work for the database, lines in the log.
"""

import ipaddress
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

MAX_ATTEMPTS: Final = 10
WINDOW: Final = timedelta(minutes=5)
# Some megabytes at most; whoever has more networks than these begins anew with the oldest.
MAX_PLACES: Final = 10_000
# An IPv6 customer is given a network of 64 bits, not an address (RFC 6177).
_NETWORK_BITS: Final = 64


@dataclass(slots=True)
class Attempts:
    """The failures of the last while, by place; each process counts its own."""

    most: int = MAX_ATTEMPTS
    window: timedelta = WINDOW
    places: int = MAX_PLACES
    _failed: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, address: str | None, now: datetime) -> timedelta:
        """How long this address has to wait before it may try; zero where it need not."""
        with self._lock:
            failed = self._failed.get(_place(address))
            if failed is None or len(failed) < self.most:
                return timedelta(0)
            return max(failed[0] + self.window - now, timedelta(0))

    def add_failure(self, address: str | None, now: datetime) -> None:
        """Remember a failure."""
        place = _place(address)
        with self._lock:
            failed = self._failed.setdefault(place, deque(maxlen=self.most))
            failed.append(now)
            self._failed.move_to_end(place)
            if len(self._failed) > self.places:
                self._failed.popitem(last=False)


def _place(address: str | None) -> str:
    """The network that an address is of; one place for all that cannot be told apart."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{int(parsed) >> _NETWORK_BITS:x}::"
    return str(parsed)

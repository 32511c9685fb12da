"""One seed for all chance in a fault test; a failing run is repeated with ``AIDLEDGER_TEST_SEED``."""

import os
from collections.abc import Callable
from random import SystemRandom

import pytest

Say = Callable[[str], None]


@pytest.fixture
def seed() -> int:
    """Where all chance comes from."""
    seed = int(os.environ.get("AIDLEDGER_TEST_SEED") or SystemRandom().randrange(2**32))
    print(f"AIDLEDGER_TEST_SEED={seed}")  # noqa: T201 -- pytest shows it with a failure
    return seed


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], seed: int) -> Say:
    """Prints a line that pytest does not swallow: the figures are the point of a fault run."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line} (AIDLEDGER_TEST_SEED={seed})")  # noqa: T201 -- as it says

    return say

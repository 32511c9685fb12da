"""One seed for all chance in a fault test; a failing run is repeated with ``AIDLEDGER_TEST_SEED``."""

import os
from random import SystemRandom

import pytest


@pytest.fixture
def seed() -> int:
    """Where all chance comes from."""
    seed = int(os.environ.get("AIDLEDGER_TEST_SEED") or SystemRandom().randrange(2**32))
    print(f"AIDLEDGER_TEST_SEED={seed}")  # noqa: T201 -- pytest shows it with a failure
    return seed

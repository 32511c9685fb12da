"""Promise: a spool gives back what it was given, in order, as often as it is asked, wherever it stands."""

import pytest

from app.exports import spool
from app.exports.spool import Spool
from tests.reports.make import make_line, make_posting


@pytest.mark.parametrize("in_memory", [1, 2**20])
def test_lines_come_back_in_order_and_again(
    monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr(spool, "_IN_MEMORY", in_memory)
    monkeypatch.setattr(spool, "_BATCH", 3)
    lines = [make_posting(reference=f"DK-{number}") for number in range(10)]
    kept = Spool[object]()
    for line in lines:
        kept.append(line)
    assert len(kept) == 10
    assert list(kept) == list(kept) == lines
    assert lines[9] in kept
    assert make_line() not in kept


def test_two_may_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_BATCH", 2)
    kept = Spool[int]()
    for number in range(7):
        kept.append(number)
    assert list(zip(kept, kept, strict=True)) == [(number, number) for number in range(7)]
    assert list(Spool[int]()) == []

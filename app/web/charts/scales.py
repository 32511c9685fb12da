"""Scales: from figures to places on the page, and the round figures that an axis names."""

from dataclasses import dataclass
from typing import Final

# Steps that people count in.
_STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps figures from 0 to ``top`` onto places from ``start`` to ``end``, in tenths of a pixel.

    ``start`` may lie behind ``end``: the vertical axis of a page grows downwards.
    """

    top: int
    start: int
    end: int

    def place(self, value: int) -> int:
        """The place of a figure, to the nearest tenth of a pixel, halves away from zero."""
        length = self.end - self.start
        numerator = 2 * abs(value * length) + max(self.top, 1)
        distance = numerator // (2 * max(self.top, 1))
        return self.start + (distance if (length < 0) == (value < 0) else -distance)


def ticks(highest: int, most: int) -> list[int]:
    """Round figures from 0 to the first at or above ``highest``, at most ``most`` of them above 0.

    Args:
        highest: the largest figure that is shown; at least 0.
        most: at least 1.
    """
    if highest <= 0:
        return [0, 1]
    power = 1
    while True:
        for step in (factor * power for factor in _STEPS):
            count = -(-highest // step)
            if count <= most:
                return [number * step for number in range(count + 1)]
        power *= 10

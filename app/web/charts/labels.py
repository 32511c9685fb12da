"""Labels beside a chart: each as near to what it names as the others let it."""

from collections.abc import Sequence


def spread(wanted: Sequence[int], gap: int, first: int, last: int) -> list[int]:
    """Places in the order of ``wanted``, at least ``gap`` apart, between ``first`` and ``last``.

    Where there is not enough room for that, they stand as far apart as it goes.

    Args:
        wanted: rising.
        gap: the least distance.
        first: the least place.
        last: the greatest place.
    """
    if len(wanted) > 1:
        gap = min(gap, (last - first) // (len(wanted) - 1))
    places: list[int] = []
    for place in wanted:
        floor = places[-1] + gap if places else first
        places.append(max(place, floor))
    ceiling = last
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places

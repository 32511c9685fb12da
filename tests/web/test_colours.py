"""Promise: charts can be read by those who do not tell all colours apart; a line parts the bands as well."""

import re
from importlib.resources import files
from itertools import combinations, pairwise
from math import dist

import pytest

# What people see who lack one kind of cones, of linear RGB: Machado, Oliveira and Fernandes, "A Physiologically-based
# Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (6),
# 2009, table 1, severity 1.0.
MATRICES = {
    "protan": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
    "full": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}  # fmt: skip
# CIE 1976 difference. 2.3 is just noticeable; bands are large areas that lie beside their names.
NEIGHBOURS = 14.0
ANY_TWO = 12.0
BANDS = ["band-0", "band-1", "band-2", "band-3", "band-4", "band-5", "band-6", "band-other"]


def linear(colour: str) -> list[float]:
    """Linear RGB of ``#rrggbb`` (IEC 61966-2-1)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE Lab of linear RGB, white D65."""
    r, g, b = rgb
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, vision: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    mixed = [sum(a * b for a, b in zip(row, rgb, strict=True)) for row in MATRICES[vision]]
    return lab([min(max(one, 0.0), 1.0) for one in mixed])


def palette(scheme: str) -> dict[str, str]:
    """The colours of the stylesheet by day or by night."""
    text = (files("app.web") / "static" / "chart.css").read_text(encoding="utf-8")
    light, _, dark = text.partition("prefers-color-scheme: dark")
    part = light if scheme == "light" else dark
    return dict(re.findall(r"--(band-\w+): (#[0-9a-f]{6})", part))


def test_the_scale_is_the_one_of_the_books() -> None:
    """White and the primary red of sRGB, as CIE 15:2004 gives them for D65."""
    assert lab(linear("#ffffff")) == pytest.approx((100, 0, 0), abs=0.05)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


@pytest.mark.parametrize("vision", MATRICES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bands_stay_apart(scheme: str, vision: str) -> None:
    colours = palette(scheme)
    assert set(BANDS) == set(colours)
    found = {name: seen(colours[name], vision) for name in BANDS}
    for first, second in pairwise(BANDS):
        assert dist(found[first], found[second]) >= NEIGHBOURS, (first, second)
    for first, second in combinations(BANDS, 2):
        assert dist(found[first], found[second]) >= ANY_TWO, (first, second)


def test_a_line_in_the_colour_of_the_ground_parts_the_bands() -> None:
    text = (files("app.web") / "static" / "chart.css").read_text(encoding="utf-8")
    assert "svg.chart .band { stroke: var(--chart-ground); stroke-width: 1;" in text

"""The poster: a chart that stands alone, with its heading above it and what it rests on below it."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from markupsafe import Markup

from app.web.charts.svg import element, join

_PARTS: Final = re.compile(
    r'<svg class="(?P<css>[^"]+)" viewBox="0 0 (?P<width>\d+) (?P<height>\d+)"[^>]*>'
    r'<title id="(?P<title_id>[^"]+)">.*?</title><desc id="(?P<desc_id>[^"]+)">.*?</desc>(?P<body>.*)</svg>',
    re.DOTALL,
)
_WORDS: Final = re.compile(r"(<title.*?</title>)(<desc.*?</desc>)", re.DOTALL)
_MARGIN: Final = 16
# Heights of a line, and about how wide a letter is, in pixels.
_HEADING, _HEADING_LETTER = 22, 9
_LINE, _LETTER = 17, 6


def poster(
    chart: Markup, headings: Sequence[str], basis: str, *, style: str, notes: Sequence[str] = ()
) -> Markup:
    """One SVG file.

    Args:
        chart: drawn for a desk.
        headings: what it is about, then what it shows.
        basis: what its figures rest on.
        style: the rules that give it its colours, day and night.
        notes: what has to be known to read it.
    """
    found = _PARTS.fullmatch(chart)
    words = _WORDS.search(chart)
    if found is None or words is None:
        raise ValueError("A chart says in words what it shows.")
    width, height = int(found["width"]), int(found["height"])
    first, *others = headings
    head = [("heading", one) for one in wrap(first, width // _HEADING_LETTER)]
    head += [("label", line) for one in others for line in wrap(one, width // _LETTER)]
    foot = [("tick", line) for one in [*notes, basis] for line in wrap(one, width // _LETTER)]
    above, y = _lines(head, _MARGIN)
    below, end = _lines(foot, y + 10 + height + 14)
    whole = (width + 2 * _MARGIN, end + _MARGIN - 6)
    return element(
        "svg",
        Markup(words[0]),  # noqa: S704 -- escaped when it was drawn
        element("style", Markup(style)),  # noqa: S704 -- rules of ours
        element("rect", css="ground", width=whole[0], height=whole[1]),
        join(above),
        element(
            "svg",
            Markup(found["body"]),  # noqa: S704 -- escaped when it was drawn
            css=found["css"].removesuffix(" wide"),
            x=_MARGIN, y=y + 10, width=width, height=height, viewBox=f"0 0 {width} {height}",
        ),
        join(below),
        xmlns="http://www.w3.org/2000/svg",
        css="chart poster",
        width=whole[0],
        height=whole[1],
        viewBox=f"0 0 {whole[0]} {whole[1]}",
        role="img",
        aria_labelledby=f"{found['title_id']} {found['desc_id']}",
    )  # fmt: skip


def _lines(lines: Sequence[tuple[str, str]], y: int) -> tuple[list[Markup], int]:
    """Lines of text below each other, and where the last one ends."""
    drawn = []
    for css, text in lines:
        y += _HEADING if css == "heading" else _LINE
        drawn.append(element("text", text, css=css, x=_MARGIN, y=y - 4))
    return drawn, y

"""Builds SVG as text: everything that is put in is escaped, and nothing has a style of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from typing_extensions import override

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, drawn for a desk and for a phone; where both stand on a page the stylesheet shows one of them."""

    wide: Markup
    narrow: Markup

    def __html__(self) -> str:
        return self.wide + self.narrow

    @override
    def __str__(self) -> str:
        return self.__html__()


def element(name: str, *children: str, **attributes: str | int | None) -> Markup:
    """``<name ...>children</name>``.

    Args:
        name: of the element.
        children: elements, or text, which is escaped.
        attributes: ``css`` is the class, ``data_name`` is ``data-name``; ``None`` leaves one out.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(_attribute(key), value)
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inner)  # noqa: S704


def join(parts: Iterable[str]) -> Markup:
    """Elements one after the other."""
    return Markup("").join(parts)


def number(tenths: int) -> str:
    """A place in pixels: ``12.3``, or ``12`` where nothing follows the point."""
    sign = "-" if tenths < 0 else ""
    whole, tenth = divmod(abs(tenths), 10)
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}"


def path(points: Sequence[Point], *, closed: bool = False) -> str:
    """A polyline as the data of a path; what goes straight on is drawn in one piece."""
    (x, y), *rest = _straightened(points)
    text = [f"M{number(x)} {number(y)}"]
    for next_x, next_y in rest:
        if next_y == y:
            text.append(f"h{number(next_x - x)}")
        elif next_x == x:
            text.append(f"v{number(next_y - y)}")
        else:
            text.append(f"l{number(next_x - x)} {number(next_y - y)}")
        x, y = next_x, next_y
    return "".join(text) + ("z" if closed else "")


def picture(
    width: int, height: int, title: str, description: str, *children: str, css: str, name: str = ""
) -> Markup:
    """An ``<svg>`` of this size in pixels that says in words what it shows.

    Args:
        width: in pixels.
        height: in pixels.
        title: what it is; without one it is an ornament beside figures, and screen readers pass it over.
        description: what can be seen in it.
        children: what is drawn.
        css: its class.
        name: unique on the page; ties the words to the picture.
    """
    view = f"0 0 {width} {height}"
    if not title:
        return element("svg", *children, css=css, viewBox=view, aria_hidden="true")
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *children,
        css=css,
        viewBox=view,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _attribute(key: str) -> str:
    return "class" if key == "css" else key.replace("_", "-")


def _straightened(points: Sequence[Point]) -> list[Point]:
    """The points without those in the middle of a level stretch."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and kept[-2][1] == kept[-1][1] == point[1]:
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept

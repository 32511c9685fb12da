"""The names of fields: each is the place of a value in the body, ``sources/0/url`` for the pointer ``/sources/0/url``.

So a finding's pointer says which field it stands beside. Rows that were left empty are no part of the body; so the
third row of a form may be the first of a list, and ``Places`` remembers which.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

# What is found at a place of the body stands at this field of the form.
Places = dict[str, str]
_NAME: Final = re.compile(r"[a-z][a-z_]*(/([a-z][a-z_]*|0|[1-9][0-9]{0,2})){0,6}")


def nest(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields as a tree: ``{"sources/0/url": "a"}`` is ``{"sources": {"0": {"url": "a"}}}``.

    A name that is no place, or goes below a place that has a value, stands in the tree as it is, where no body has it.
    """
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        parts = name.split("/") if _NAME.fullmatch(name) else [name]
        if not _plant(tree, parts, value):
            tree[name] = value
    return tree


def _plant(tree: dict[str, Any], parts: list[str], value: str) -> bool:
    """Whether there is room for the value at its place."""
    node: Any = tree
    *path, last = parts
    for part in path:
        node = node.setdefault(part, {})
        if not isinstance(node, dict):
            return False
    if last in node:
        return False
    node[last] = value
    return True


def name_of(pointer: str, places: Places) -> str:
    """The field that a finding stands beside; empty for the whole form."""
    prefix = pointer
    while prefix:
        if prefix in places:
            return places[prefix] + pointer[len(prefix) :]
        prefix = prefix.rpartition("/")[0]
    return pointer.removeprefix("/")


def flatten(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields that show a body: the way back of ``nest``. A list of words is one field, a word on each line."""
    return dict(_leaves(body, ""))


def _leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    match value:
        case None | []:
            return
        case bool():
            yield name, "true" if value else "false"
        case Mapping():
            for key, one in value.items():
                yield from _leaves(one, f"{name}/{key}" if name else key)
        case [str(), *_]:
            yield name, "\n".join(value)
        case [*rows]:
            for index, one in enumerate(rows):
                yield from _leaves(one, f"{name}/{index}")
        case _:
            yield name, str(value)

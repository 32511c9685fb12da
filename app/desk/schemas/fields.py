"""Makes of a form's fields the body that the API would be sent, as its model says what each value is."""

from collections.abc import Iterable
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from app.desk.domain import Places

_SWITCH: Final = {"true": True, "on": True, "false": False}
_ABSENT: Final = object()


def to_body(
    model: type[BaseModel], tree: dict[str, Any], *, nullable: Iterable[str] | None = None
) -> tuple[dict[str, Any], Places]:
    """The body, and where its parts stand in the form.

    A field that was left empty is no part of the body, and neither is a row of which all fields were. Blanks around a
    value are the hand's.

    Args:
        model: of the body.
        tree: the fields, nested.
        nullable: for a body that changes what is there, the members that are null when they are left empty; what
            else is left empty is an empty text then, and will be refused.
    """
    places: Places = {}
    body = _members(model, tree, ("", ""), places)
    if nullable is not None:
        emptied = {name for name in tree if name not in body and isinstance(tree[name], str)}
        body |= {name: None if name in set(nullable) else "" for name in emptied}
    return body, places


def _members(
    model: type[BaseModel], tree: dict[str, Any], at: tuple[str, str], places: Places
) -> dict[str, Any]:
    """The members of an object; ``at`` is its place in the body, and its name in the form."""
    pointer, name = at
    body = {}
    for key, node in tree.items():
        info = model.model_fields.get(key)
        kind = _kind(info.annotation) if info else str
        below = (f"{pointer}/{key}", f"{name}/{key}" if name else key)
        value = _value(kind, node, below, places)
        if value is not _ABSENT:
            body[key] = value
    return body


def _value(kind: Any, node: Any, at: tuple[str, str], places: Places) -> Any:
    of_list = get_args(kind)[0] if get_origin(kind) is list else None
    if isinstance(node, str):
        return _words(node, at, places) if of_list else _single(kind, node)
    if not any(_texts(node)):
        return [] if of_list else _ABSENT
    if of_list:
        return _rows(_kind(of_list), node, at, places)
    return _members(kind, node, at, places) if _is_model(kind) else node


def _single(kind: Any, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return _ABSENT
    if kind is bool:
        return _SWITCH.get(text, text)
    # Of a number with more digits no roll call and no vote was ever; as a text it is refused at its place.
    if kind is int and text.isascii() and text.isdigit() and len(text) <= 15:  # noqa: PLR2004
        return int(text)
    return text


def _words(text: str, at: tuple[str, str], places: Places) -> list[str]:
    """A list of words in one field, between blanks, commas or ends of lines."""
    pointer, name = at
    words = text.replace(",", " ").split()
    places.update({f"{pointer}/{index}": name for index in range(len(words))})
    return words


def _rows(kind: Any, node: dict[str, Any], at: tuple[str, str], places: Places) -> Any:
    """The rows of a list that somebody filled in, in the order of their numbers."""
    pointer, name = at
    if not all(key.isdigit() for key in node):
        return node
    filled = [key for key in sorted(node, key=int) if any(_texts(node[key]))]
    rows = []
    for index, key in enumerate(filled):
        below = (f"{pointer}/{index}", f"{name}/{key}")
        places[below[0]] = below[1]
        rows.append(_value(kind, node[key], below, places))
    return rows


def _texts(node: Any) -> Iterable[str]:
    if isinstance(node, str):
        yield node.strip()
        return
    for one in node.values():
        yield from _texts(one)


def _kind(annotation: Any) -> Any:
    """What a member is, where it is not null."""
    if get_origin(annotation) in {Union, UnionType}:
        return _kind(next(one for one in get_args(annotation) if one is not type(None)))
    if hasattr(annotation, "__metadata__"):
        return _kind(get_args(annotation)[0])
    return annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)

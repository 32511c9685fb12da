"""JSON without the freedoms that let two readers see two documents: no fraction, no name twice, no other spelling."""

import json
from typing import Any, Final, NoReturn


def parse_json(data: bytes) -> Any:
    """Read a document.

    Raises:
        ValueError: it is not UTF-8 or not JSON, it holds a fraction, or an object has one name twice.
    """
    return _load(data, _UNIQUE_DECODER)


def parse_canonical(data: bytes) -> Any:
    """Read a document that is spelt in the one canonical way (RFC 8785, with whole numbers only).

    Raises:
        ValueError: it is not, or it is spelt in another way.
    """
    document = _load(data, _DECODER)
    if _ENCODER.encode(document).encode() != data:
        raise ValueError("not spelt canonically")
    return document


def _load(data: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        return decoder.decode(data.decode())
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"not a whole number: {text[:20]}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return document


# Made once: a ledger has many entries.
_DECODER: Final = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_UNIQUE_DECODER: Final = json.JSONDecoder(
    parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_unique
)
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)

"""Canonical JSON bytes: what is hashed is what is stored (RFC 8785, for documents without fractions).

Keys are ASCII and sorted, there is no white space, text is UTF-8. Numbers are integers only, which keeps
the serialisation of floating point numbers (the hard half of RFC 8785) out. A test compares with the PyPI
package ``rfc8785``.
"""

import json
from typing import Final, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

# Made once: ``json.dumps`` would make one for each document.
_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_bytes(document: Json) -> bytes:
    """The one UTF-8 serialisation of ``document``."""
    return _ENCODER.encode(document).encode()

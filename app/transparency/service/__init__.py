"""What one can do with the log: let it grow, sign it, prove what stands in it, read its tiles."""

from app.transparency.service.growing import integrate, lock, rebuild
from app.transparency.service.hashes import edge_at, root_of
from app.transparency.service.reading import (
    get_checkpoint,
    get_entry,
    get_newest_checkpoint,
    prove_continuation,
    prove_entry,
    read_bundle,
    read_tile,
)
from app.transparency.service.signing import find_contradiction, sign

__all__ = [
    "edge_at",
    "find_contradiction",
    "get_checkpoint",
    "get_entry",
    "get_newest_checkpoint",
    "integrate",
    "lock",
    "prove_continuation",
    "prove_entry",
    "read_bundle",
    "read_tile",
    "rebuild",
    "root_of",
    "sign",
]

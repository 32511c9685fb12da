"""Signs checkpoints with nothing but the standard library and cryptography, as an operator's signer would."""

import base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.db import ReadSession
from app.journal import service as journal


class Notary:
    """A log's key."""

    def __init__(self, name: str = "ledger.example.org/aid") -> None:
        self.name = name
        self._key = Ed25519PrivateKey.generate()
        public = b"\x01" + self._key.public_key().public_bytes_raw()
        self._id = sha256(name.encode() + b"\n" + public).digest()[:4]
        self.vkey = f"{name}+{self._id.hex()}+{base64.b64encode(public).decode()}"

    def sign_text(self, text: str) -> bytes:
        """Any text as a signed note."""
        return f"{text}\n{self.signature_line(text)}".encode()

    def signature_line(self, text: str) -> str:
        """The line below the text."""
        signature = base64.b64encode(self._id + self._key.sign(text.encode())).decode()
        return f"— {self.name} {signature}\n"

    def sign(self, size: int, root: bytes, origin: str | None = None) -> bytes:
        """A checkpoint."""
        return self.sign_text(f"{origin or self.name}\n{size}\n{base64.b64encode(root).decode()}\n")

    def sign_ledger(self, session: ReadSession, size: int = 10**6) -> bytes:
        """A checkpoint over the first entries of a ledger as it stands, by default over all of them."""
        entries = journal.list_entries(session, after=0, limit=size)
        return self.sign(len(entries), root_of([entry.leaf_hash for entry in entries]))


def root_of(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash, word for word as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:])).digest()

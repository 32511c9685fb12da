"""Signed notes and verifier keys (c2sp.org/signed-note), Ed25519 only."""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verifier.errors import MalformedError, MismatchError

MAX_NOTE: Final = 1_000_000
MAX_SIGNATURES: Final = 100
_ED25519: Final = 1
_KEY_ID_SIZE: Final = 4
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}", re.ASCII)
_SIGNATURE_LINE: Final = re.compile("— ([^ ]+) ([^ ]+)")
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a log's key, as its operator published it: ``name+hex key id+base64``."""

    name: str
    key_id: bytes
    public_key: bytes

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a key.

        Raises:
            MalformedError: it is not one, or it is not for Ed25519, or its id is not that of its name and key.
        """
        name, plus, rest = text.strip().partition("+")
        identity, second_plus, encoded = rest.partition("+")
        material = decode_base64(encoded)
        if not (plus and second_plus and _is_name(name) and _KEY_ID.fullmatch(identity)):
            raise MalformedError("The key is not of the form name+id+key.")
        if material is None or len(material) != 1 + 32 or material[0] != _ED25519:
            raise MalformedError("The key is no Ed25519 key.")
        key_id = sha256(name.encode() + b"\n" + material).digest()[:_KEY_ID_SIZE]
        if key_id.hex() != identity:
            raise MalformedError("The key's id is not that of its name and its bytes.")
        return cls(name, key_id, material[1:])

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of a note, once it is known that the key signed it.

    Signatures of other keys are ignored, as the specification demands.

    Raises:
        MalformedError: it is not a signed note.
        MismatchError: the key did not sign it.
    """
    text, signatures = _split(note)
    ours = [signature for name, signature in signatures if _is_of(key, name, signature)]
    if not ours:
        raise MismatchError(f"The checkpoint carries no signature of the key {key.name}.")
    if not all(key.verify(text.encode(), one[_KEY_ID_SIZE:]) for one in ours):
        raise MismatchError(f"The checkpoint's signature is not that of the key {key.name}.")
    return text


def decode_base64(text: str) -> bytes | None:
    """Bytes of standard base64 with padding; ``None`` unless it is the one encoding of these bytes."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


def _split(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    if len(note) > MAX_NOTE:
        raise MalformedError("The note is longer than a note may be.")
    try:
        whole = note.decode()
    except UnicodeDecodeError:
        raise MalformedError("The note is not UTF-8.") from None
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n") or _CONTROL.search(whole):
        raise MalformedError("The note is not a text, a blank line and signatures.")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise MalformedError("The note has too many signatures.")
    return text + "\n", [_read_signature(line) for line in lines]


def _read_signature(line: str) -> tuple[str, bytes]:
    match = _SIGNATURE_LINE.fullmatch(line)
    signature = decode_base64(match[2]) if match else None
    if not match or not _is_name(match[1]) or not signature or len(signature) <= _KEY_ID_SIZE:
        raise MalformedError("A signature line of the note cannot be read.")
    return match[1], signature


def _is_of(key: VerifierKey, name: str, signature: bytes) -> bool:
    return name == key.name and signature[:_KEY_ID_SIZE] == key.key_id


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name))

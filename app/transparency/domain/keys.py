"""Keys of signed notes (C2SP signed-note, tlog-cosignature): who signs, and how anybody checks it."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.transparency.domain import text64
from app.transparency.errors import MalformedError, UnverifiedError

KEY_ID_SIZE: Final = 4
_KEY_SIZE: Final = 32
_SIGNATURE_SIZE: Final = 64
_TIME_SIZE: Final = 8
_KEY_ID: Final = re.compile(r"[0-9a-f]{8}", re.ASCII)
_PRIVATE: Final = "PRIVATE+KEY+"


class KeyType(IntEnum):
    """What a key signs: the text of a note, or the text and a time at which a witness saw it."""

    ED25519 = 1
    COSIGNATURE = 4


def is_key_name(name: str) -> bool:
    """Whether a key may be called so: not empty, no plus sign, no white space, nothing that no note can hold."""
    return name != "" and "+" not in name and not any(map(_is_forbidden, name))


def key_id(name: str, kind: KeyType, public: bytes) -> bytes:
    """Four bytes that tell keys of one name apart."""
    digest = sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()
    return digest[:KEY_ID_SIZE]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name that it signs under.

    Attributes:
        name: by custom an address without its scheme; for a log its origin.
        kind: what it signs.
        public: 32 bytes, an Ed25519 public key (RFC 8032).
    """

    name: str
    kind: KeyType
    public: bytes

    @property
    def id(self) -> bytes:
        """Its four-byte id."""
        return key_id(self.name, self.kind, self.public)

    @property
    def text(self) -> str:
        """The *vkey*: ``name+id+base64``."""
        return f"{self.name}+{self.id.hex()}+{text64.encode(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a *vkey*.

        Raises:
            MalformedError: it is none, or not one of the two kinds.
        """
        name, kind, public = _read_parts(text)
        return cls(name, kind, public)

    def check(self, text: bytes, signature: bytes) -> None:
        """Make sure that this key signed the note's text.

        Raises:
            UnverifiedError: it did not.
        """
        if self.kind is KeyType.COSIGNATURE:
            text = cosigned(text, cosignature_time(signature))
            signature = signature[_TIME_SIZE:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            raise UnverifiedError(f"The signature by {self.name} is not its own.") from None


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key. It has no repr, so that no log line can hold it.

    Attributes:
        name: what it signs under.
        seed: 32 secret bytes (RFC 8032).
    """

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, KeyType.ED25519, public)

    @property
    def secret_text(self) -> str:
        """``PRIVATE+KEY+name+id+base64``, as other tools for signed notes write it."""
        secret = text64.encode(bytes([KeyType.ED25519]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{secret}"

    @classmethod
    def generate(cls, name: str) -> Self:
        """A fresh key.

        Raises:
            MalformedError: a key cannot be called so.
        """
        if not is_key_name(name):
            raise MalformedError("A log's name is not empty and has no blanks and no plus sign.")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``secret_text``. What is refused is never repeated in the message.

        Raises:
            MalformedError: it is something else.
        """
        if not text.startswith(_PRIVATE):
            raise MalformedError("That is not a private key.")
        name, given_id, rest = _split(text.removeprefix(_PRIVATE))
        raw = text64.decode(rest, size=1 + _KEY_SIZE)
        key = cls(name, raw[1:])
        if raw[0] != KeyType.ED25519 or key.verifier.id != given_id:
            raise MalformedError("The private key does not match its id.")
        return key

    def sign(self, text: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)


def cosignature_time(signature: bytes) -> int:
    """When a witness signed, in seconds since the epoch.

    Raises:
        UnverifiedError: it is no timestamped signature.
    """
    if len(signature) != _TIME_SIZE + _SIGNATURE_SIZE:
        raise UnverifiedError("A timestamped signature has 72 bytes.")
    at = int.from_bytes(signature[:_TIME_SIZE])
    if at > text64.MAX_COUNT:
        raise UnverifiedError("The time of the signature is out of range.")
    return at


def cosigned(text: bytes, at: int) -> bytes:
    """What a witness signs of a note's text (tlog-cosignature, Ed25519)."""
    return b"cosignature/v1\ntime %d\n" % at + text


def _read_parts(text: str) -> tuple[str, KeyType, bytes]:
    name, given_id, rest = _split(text)
    raw = text64.decode(rest, size=1 + _KEY_SIZE)
    try:
        kind = KeyType(raw[0])
    except ValueError:
        raise MalformedError("The kind of key is unknown.") from None
    if key_id(name, kind, raw[1:]) != given_id:
        raise MalformedError("The key does not match its id.")
    return name, kind, raw[1:]


def _split(text: str) -> tuple[str, bytes, str]:
    name, _, rest = text.partition("+")
    given_id, _, encoded = rest.partition("+")
    if not is_key_name(name) or not _KEY_ID.fullmatch(given_id):
        raise MalformedError("A key is name+id+base64.")
    return name, bytes.fromhex(given_id), encoded


def _is_forbidden(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cs"}

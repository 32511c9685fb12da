"""Signed notes (C2SP signed-note): text, a blank line, signatures. The text counts only once one is verified."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.transparency.domain import text64
from app.transparency.domain.keys import KEY_ID_SIZE, SigningKey, VerifierKey, is_key_name
from app.transparency.errors import MalformedError, UnverifiedError

MAX_NOTE: Final = 1_000_000
MAX_SIGNATURES: Final = 100
_MARK: Final = "\u2014 "
_FIRST_PRINTABLE: Final = 0x20


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line.

    Attributes:
        name: of the key that is said to have signed.
        key_id: four bytes.
        value: the signature itself; what it means depends on the key.
    """

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """As it stands in a note."""
        return f"{_MARK}{self.name} {text64.encode(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note whose text can be believed.

    Attributes:
        text: ends with a line feed.
        signers: the keys that did sign it, in the order of their first signatures.
    """

    text: str
    signers: tuple[VerifierKey, ...]


def sign_note(text: str, *keys: SigningKey) -> str:
    """The note: the text and a signature by each key.

    Raises:
        MalformedError: the text is none that a note can hold.
    """
    signatures = [Signature(key.name, key.verifier.id, key.sign(text.encode())) for key in keys]
    note = text + "\n" + "".join(signature.line for signature in signatures)
    if split_note(note.encode()) != (text, signatures):
        raise MalformedError("No note can hold this text.")
    return note


def open_note(raw: bytes, keys: Iterable[VerifierKey]) -> Note:
    """The note, once at least one of the keys is seen to have signed it; unknown signers are passed over.

    Raises:
        MalformedError: that is no note.
        UnverifiedError: no known key signed it, a known key's signature is false, or two of the keys that
            sign here cannot be told apart.
    """
    known: dict[tuple[str, bytes], list[VerifierKey]] = {}
    for key in keys:
        known.setdefault((key.name, key.id), []).append(key)
    text, signatures = split_note(raw)
    signers = dict.fromkeys(_check_all(text.encode(), signatures, known))
    if not signers:
        raise UnverifiedError("None of the known keys signed the note.")
    return Note(text, tuple(signers))


def split_note(raw: bytes) -> tuple[str, list[Signature]]:
    """The text and the signatures, none of them checked.

    Raises:
        MalformedError: that is no note.
    """
    whole = _read_text(raw)
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines:
        raise MalformedError("A note is text, a blank line and signatures.")
    signatures = [_read_signature(line) for line in lines.removesuffix("\n").split("\n")]
    if len(signatures) > MAX_SIGNATURES:
        raise MalformedError(f"A note has at most {MAX_SIGNATURES} signatures.")
    return text + "\n", signatures


def _check_all(
    text: bytes,
    signatures: Sequence[Signature],
    known: Mapping[tuple[str, bytes], Sequence[VerifierKey]],
) -> Iterable[VerifierKey]:
    seen: set[VerifierKey] = set()
    for signature in signatures:
        candidates = known.get((signature.name, signature.key_id), [])
        if len(candidates) > 1:
            raise UnverifiedError("Two of the known keys have one name and one id.")
        for key in candidates:
            # Of several signatures by one key only the first counts; that costs no more than one check a key.
            if key not in seen:
                key.check(text, signature.value)
                seen.add(key)
                yield key


def _read_text(raw: bytes) -> str:
    if len(raw) > MAX_NOTE:
        raise MalformedError("The note is too long.")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("A note is UTF-8.") from None
    if any(character < _FIRST_PRINTABLE for character in raw.replace(b"\n", b"")):
        raise MalformedError("A note has no control characters but line feeds.")
    if not whole.endswith("\n"):
        raise MalformedError("A note ends with a line feed.")
    return whole


def _read_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not is_key_name(name):
        raise MalformedError("A signature line is a dash, a name and base64.")
    raw = text64.decode(encoded)
    if len(raw) <= KEY_ID_SIZE:
        raise MalformedError("A signature is longer than the id of its key.")
    return Signature(name, raw[:KEY_ID_SIZE], raw[KEY_ID_SIZE:])

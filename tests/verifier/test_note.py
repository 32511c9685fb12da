"""Promise: a note counts only with a right signature of the key that was asked for (c2sp.org/signed-note)."""

import base64
from collections.abc import Callable

import pytest

from tests.notary import Notary
from verifier.checkpoint import open_checkpoint
from verifier.errors import MalformedError, MismatchError, VerificationError
from verifier.note import MAX_NOTE, VerifierKey, open_note

TEXT = "Wer misst, misst Mist.\n\nBut not always.\n"
ROOT = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def notary() -> Notary:
    return Notary()


@pytest.fixture
def key(notary: Notary) -> VerifierKey:
    return VerifierKey.parse(notary.vkey)


def test_the_text_ends_at_the_last_blank_line(notary: Notary, key: VerifierKey) -> None:
    assert open_note(notary.sign_text(TEXT), key) == TEXT


def test_signatures_of_others_are_ignored(notary: Notary, key: VerifierKey) -> None:
    witness = Notary("witness.example.org").signature_line(TEXT)
    note = notary.sign_text(TEXT)
    assert open_note(note + witness.encode(), key) == TEXT
    assert (
        open_note(TEXT.encode() + b"\n" + witness.encode() + note.split(b"\n\n")[-1], key) == TEXT
    )


def test_another_key_of_the_same_name_is_another_key(notary: Notary, key: VerifierKey) -> None:
    impostor = Notary(notary.name)
    with pytest.raises(MismatchError, match="no signature of the key"):
        open_note(impostor.sign_text(TEXT), key)
    both = notary.sign_text(TEXT) + impostor.signature_line(TEXT).encode()
    assert open_note(both, key) == TEXT


def test_one_wrong_signature_of_the_key_spoils_the_note(notary: Notary, key: VerifierKey) -> None:
    note = notary.sign_text(TEXT) + notary.signature_line("Another text.\n").encode()
    with pytest.raises(MismatchError, match="is not that of the key"):
        open_note(note, key)


def test_no_byte_of_a_note_can_be_changed(notary: Notary, key: VerifierKey) -> None:
    note = notary.sign_text(TEXT)
    for place in range(len(note)):
        for flip in (1, 128):
            forged = bytearray(note)
            forged[place] ^= flip
            with pytest.raises(VerificationError):
                open_note(bytes(forged), key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note[:-1],
        lambda note: note + b"\n",
        lambda note: note.replace(b"\n\n", b"\n"),
        lambda note: note.partition("\n— ".encode())[0],
        lambda note: note.replace("— ".encode(), b"- "),
        lambda note: note.replace("— ".encode(), "—  ".encode()),
        lambda note: note[:-1] + b" more\n",
        lambda note: note[:-1] + b"=\n",
        lambda note: b"\xff" + note,
        lambda note: b"\t" + note,
        lambda note: note + 100 * note.split(b"\n\n")[-1],
        lambda note: note.replace(b"\n\n", b"\n" + MAX_NOTE * b"x" + b"\n\n"),
        lambda _note: b"",
    ],
)  # fmt: skip
def test_what_is_no_note_is_malformed(
    notary: Notary, key: VerifierKey, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(MalformedError):
        open_note(spoil(notary.sign_text("A text.\n")), key)


def test_a_mangled_key_is_no_key(notary: Notary) -> None:
    """Every part of it, and every letter replaced by the next."""
    vkey = notary.vkey
    parts = {vkey[start:end] for start in range(len(vkey)) for end in range(start, len(vkey) + 1)}
    letters = {
        vkey[:place] + chr(ord(vkey[place]) + 1) + vkey[place + 1 :] for place in range(len(vkey))
    }
    for mangled in parts - {vkey} | letters:
        with pytest.raises(MalformedError):
            VerifierKey.parse(mangled)


def test_only_ed25519_keys_are_keys(notary: Notary) -> None:
    name, identity, material = notary.vkey.split("+", 2)
    other = base64.b64encode(b"\x04" + base64.b64decode(material)[1:]).decode()
    with pytest.raises(MalformedError, match="Ed25519"):
        VerifierKey.parse(f"{name}+{identity}+{other}")


@pytest.mark.parametrize(
    "text",
    [
        "ledger.example.org/aid\n7\n",
        f"ledger.example.org/aid\n07\n{ROOT}\n",
        f"ledger.example.org/aid\n-7\n{ROOT}\n",
        f"ledger.example.org/aid\n\N{FULLWIDTH DIGIT SEVEN}\n{ROOT}\n",
        f"ledger.example.org/aid\n7\n{ROOT[:-4]}\n",
        f"ledger.example.org/aid\n7\n{ROOT[:-1]}\n",
        f"ledger.example.org/aid\n7\n{ROOT}\n\n",
    ],
)
def test_a_signed_text_need_not_be_a_checkpoint(
    notary: Notary, key: VerifierKey, text: str
) -> None:
    with pytest.raises(MalformedError):
        open_checkpoint(notary.sign_text(text), key)


def test_a_checkpoint_of_another_log_does_not_count_even_signed(
    notary: Notary, key: VerifierKey
) -> None:
    with pytest.raises(MismatchError, match="another log"):
        open_checkpoint(notary.sign(7, bytes(32), origin="ledger.example.org/other"), key)
    assert open_checkpoint(notary.sign(7, bytes(32)), key).size == 7

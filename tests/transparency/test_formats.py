"""Promise: notes, keys, checkpoints, proofs and tile addresses are written as C2SP says, and read no other way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transparency.domain import text64
from app.transparency.domain.checkpoints import Checkpoint, SignedCheckpoint
from app.transparency.domain.keys import KeyType, SigningKey, VerifierKey, cosigned, is_key_name
from app.transparency.domain.notes import MAX_SIGNATURES, Signature, open_note, sign_note
from app.transparency.domain.proofs import ContinuationProof, EntryProof
from app.transparency.domain.tiles import Tile, entry_bundle
from app.transparency.domain.tree import EMPTY_ROOT
from app.transparency.errors import MalformedError, UnverifiedError
from tests.transparency import naive

KEY = SigningKey("ledger.example.org/log", bytes(range(32)))
OTHER = SigningKey("witness.example.org/w1", bytes(range(1, 33)))
# The example of the signed-note specification (C2SP, CC BY 4.0).
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2O"
    "NncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
ROOT = naive.leaf(b"one")
SIGNED = SignedCheckpoint.sign(1, ROOT, KEY)


# -------------------------------------------------------------------------------------------- notes


def test_the_example_of_the_specification_is_opened() -> None:
    note = open_note(FOO_NOTE.encode(), [VerifierKey.parse(FOO)])
    assert note.text == "This is an example message.\n"
    assert [key.text for key in note.signers] == [FOO]


def test_what_is_signed_can_be_opened() -> None:
    raw = sign_note("a\n\nb\n", KEY, OTHER).encode()
    assert open_note(raw, [KEY.verifier]).text == "a\n\nb\n"
    assert open_note(raw, [KEY.verifier, OTHER.verifier]).signers == (KEY.verifier, OTHER.verifier)


def test_a_signature_of_a_known_key_that_is_false_spoils_the_note() -> None:
    stranger = SigningKey(OTHER.name, bytes(32))
    raw = sign_note("text\n", KEY, OTHER).encode()
    forged = raw.replace(b"text\n", b"tEXt\n", 1)
    assert open_note(raw, [KEY.verifier, stranger.verifier]).signers == (KEY.verifier,)
    for keys in ([KEY.verifier], [KEY.verifier, OTHER.verifier], [stranger.verifier], []):
        with pytest.raises(UnverifiedError):
            open_note(forged, keys)


def line_of(name: str, raw: bytes) -> str:
    return f"\u2014 {name} {text64.encode(raw)}\n"


GOOD = sign_note("text\n", KEY)
LINE = GOOD.removeprefix("text\n\n")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        GOOD.removesuffix("\n"),
        GOOD + "\n",
        "text\n" + LINE,
        GOOD.replace("\u2014 ", "- "),
        GOOD.replace("\u2014 ", "\u2014"),
        GOOD.replace("=\n", "\n"),
        GOOD.replace("=\n", "= \n"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("text", "te\tt"),
        GOOD.replace("text", "te\x00t"),
        "text\n\n" + LINE + "more\n",
        "text\n\n" + line_of("a+b", b"12345"),
        "text\n\n" + line_of("a\u00a0b", b"12345"),
        "text\n\n" + line_of("", b"12345"),
        "text\n\n" + line_of("name", b"1234"),
        "text\n\n\u2014 name \n",
        "text\n\n" + LINE * (MAX_SIGNATURES + 1),
        "x" * 1_000_001 + "\n\n" + LINE,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(MalformedError):
        open_note(note.encode(), [KEY.verifier])


def test_as_many_signatures_as_allowed_are_taken() -> None:
    assert open_note(("text\n\n" + LINE * MAX_SIGNATURES).encode(), [KEY.verifier]).signers


@pytest.mark.parametrize("text", ["no end", "a\rb\n", "a\x1bb\n", ""])
def test_what_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(MalformedError):
        sign_note(text, KEY)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_stumble(raw: bytes) -> None:
    for readers in (lambda: open_note(raw, [KEY.verifier]), lambda: EntryProof.parse(raw)):
        with pytest.raises((MalformedError, UnverifiedError)):
            readers()


@given(place=st.integers(0, len(SIGNED.note.encode()) - 1), bit=st.integers(0, 7))
def test_a_checkpoint_with_one_bit_changed_is_no_checkpoint_of_this_log(
    place: int, bit: int
) -> None:
    raw = bytearray(SIGNED.note.encode())
    raw[place] ^= 1 << bit
    with pytest.raises((MalformedError, UnverifiedError)):
        SignedCheckpoint.open(bytes(raw), [KEY.verifier])


# --------------------------------------------------------------------------------------------- keys


def test_a_key_is_read_back_from_its_text() -> None:
    assert VerifierKey.parse(KEY.verifier.text) == KEY.verifier
    assert SigningKey.parse(KEY.secret_text) == KEY


def test_a_private_key_shows_itself_nowhere() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert text64.encode(KEY.seed) not in repr(KEY)
    with pytest.raises(MalformedError) as refused:
        SigningKey.parse(KEY.secret_text[:-4] + "AAA=")
    assert KEY.secret_text[30:60] not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        KEY.verifier.text,
        KEY.secret_text.replace("PRIVATE+KEY+", ""),
        KEY.secret_text.replace("ledger", "Ledger"),
        KEY.secret_text + "\n",
        KEY.secret_text[:-1],
    ],
)
def test_what_is_no_private_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        SigningKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\x00b", "\ud800"])
def test_a_log_cannot_be_called_so(name: str) -> None:
    assert not is_key_name(name)
    with pytest.raises(MalformedError):
        SigningKey.generate(name)


def test_two_generated_keys_differ() -> None:
    assert SigningKey.generate("a") != SigningKey.generate("a")


def test_a_witness_signs_the_time_too() -> None:
    key = VerifierKey(OTHER.name, KeyType.COSIGNATURE, OTHER.verifier.public)
    at = 1_679_315_147
    value = at.to_bytes(8) + OTHER.sign(cosigned(SIGNED.checkpoint.text.encode(), at))
    raw = SIGNED.note + Signature(key.name, key.id, value).line
    opened = open_note(raw.encode(), [KEY.verifier, key])
    assert opened.signers == (KEY.verifier, key)
    assert SignedCheckpoint.open(raw.encode(), [KEY.verifier, key]).checkpoint.size == 1
    # A witness alone does not speak for the log.
    with pytest.raises(UnverifiedError, match="did not sign"):
        SignedCheckpoint.open(raw.encode(), [key])
    later = (at + 1).to_bytes(8) + value[8:]
    forged = SIGNED.note + Signature(key.name, key.id, later).line
    with pytest.raises(UnverifiedError):
        open_note(forged.encode(), [KEY.verifier, key])


# -------------------------------------------------------------------------------------- checkpoints


def test_a_checkpoint_is_three_lines() -> None:
    text = Checkpoint("example.com/behind-the-sofa", 20852163, ROOT).text
    assert text == f"example.com/behind-the-sofa\n20852163\n{text64.encode(ROOT)}\n"
    assert Checkpoint.parse(text).size == 20852163


def test_lines_of_others_are_kept() -> None:
    text = SIGNED.checkpoint.text + "more\n"
    assert Checkpoint.parse(text).extensions == ("more",)
    assert Checkpoint.parse(text).text == text


@pytest.mark.parametrize(
    "size", ["", "-1", "+1", "01", "1 ", "0x1", "1e3", "\uff11", str(2**63), "9" * 40]
)
def test_a_size_is_a_plain_decimal(size: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(f"log\n{size}\n{text64.encode(ROOT)}\n")


@pytest.mark.parametrize(
    "root",
    [
        "",
        "AAAA",
        text64.encode(ROOT)[:-1],
        text64.encode(ROOT) + "=",
        text64.encode(ROOT) + " ",
        text64.encode(ROOT + b"\x00"),
        text64.encode(ROOT[:-1]),
        # The same 32 bytes, with stray bits in the last letter.
        text64.encode(bytes(32)).replace("A=", "B="),
        text64.encode(b"\xff" * 32).replace("/", "_"),
    ],
)
def test_a_root_is_base64_of_32_bytes(root: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(f"log\n1\n{root}\n")


@pytest.mark.parametrize(
    "text", ["", "log\n1\n", "\n1\n{root}\n", "log\n1\n{root}", "log\n1\n{root}\n\nmore\n"]
)
def test_a_checkpoint_has_no_line_too_few_and_no_empty_one(text: str) -> None:
    with pytest.raises(MalformedError):
        Checkpoint.parse(text.replace("{root}", text64.encode(ROOT)))


def test_an_empty_log_has_one_root() -> None:
    assert Checkpoint.parse(Checkpoint("log", 0, EMPTY_ROOT).text).size == 0
    with pytest.raises(MalformedError):
        Checkpoint.parse(Checkpoint("log", 0, ROOT).text)


def test_a_checkpoint_is_signed_by_the_log_that_it_names() -> None:
    foreign = sign_note(Checkpoint("other.example.org/log", 1, ROOT).text, KEY)
    with pytest.raises(UnverifiedError, match="did not sign"):
        SignedCheckpoint.open(foreign.encode(), [KEY.verifier])


# ------------------------------------------------------------------------------------------- proofs


PROOF = EntryProof(0, (), SIGNED.note)


def test_a_proof_is_read_back_from_its_text() -> None:
    for proof in (PROOF, EntryProof(7, (ROOT, bytes(32)), SIGNED.note, b"extra")):
        assert EntryProof.parse(proof.text.encode()) == proof
    assert PROOF.text == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{SIGNED.note}"


def test_a_proof_proves_its_entry_and_no_other() -> None:
    assert PROOF.check(ROOT, [KEY.verifier]).checkpoint.size == 1
    for leaf, keys in ((bytes(32), [KEY.verifier]), (ROOT, [OTHER.verifier]), (ROOT, [])):
        with pytest.raises(UnverifiedError):
            PROOF.check(leaf, keys)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 0", "index 00"),
        ("index 0", "index -1"),
        ("index 0", "index  0"),
        ("index 0", "Index 0"),
        ("index 0", f"index {2**63}"),
        ("index 0", "extra AA==\nextra AA==\nindex 0"),
        ("index 0", "extra AA\nindex 0"),
        ("index 0", "index 0\nextra AA=="),
        ("index 0", "index 0\nAAAA"),
        ("index 0", "index 0\nindex 0"),
        ("index 0", "index 0" + "\n" + "\n".join(["A" * 43 + "="] * 64)),
        ("index 0\n\n", "index 0\n"),
        ("index 0\n\n", "index 0\n\n\n"),
        ("\n", "\r\n"),
        (SIGNED.note, ""),
        (SIGNED.note, SIGNED.checkpoint.text),
    ],
)
def test_what_is_no_proof_is_refused(old: str, new: str) -> None:
    text = PROOF.text.replace(old, new)
    assert text != PROOF.text
    with pytest.raises(MalformedError):
        EntryProof.parse(text.encode())


def test_a_continuation_is_what_a_witness_takes() -> None:
    text = ContinuationProof(20, (ROOT, bytes(32)), SIGNED.note).text
    assert text == f"old 20\n{text64.encode(ROOT)}\n{'A' * 43}=\n\n{SIGNED.note}"


# -------------------------------------------------------------------------------------------- tiles


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "000"),
        (7, 256, "007"),
        (999, 256, "999"),
        (1_000, 256, "x001/000"),
        (1_234_067, 256, "x001/x234/067"),
        (1_234_067, 1, "x001/x234/067.p/1"),
        (273, 112, "273.p/112"),
    ],
)
def test_a_tile_has_one_address(index: int, width: int, path: str) -> None:
    tile = Tile(0, index, width)
    assert tile.path == path
    assert Tile.parse("0", path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "00", "0000", "x000/001", "x001", "001/234", "x1/234", "x001/x234/067/", "/000", "000.p",
        "000.p/", "000.p/0", "000.p/256", "000.p/257", "000.p/01", "000.p/-1", "000.p/1/2", "000.P/1",
        "x001/x234/067.p/1 ", "0x0", "\u0660\u0660\u0660", "../000", "x999/" * 7 + "999", "-01",
    ],
)  # fmt: skip
def test_no_other_address_is_that_of_a_tile(path: str) -> None:
    with pytest.raises(MalformedError):
        Tile.parse("0", path)


@pytest.mark.parametrize("level", ["", "-1", "00", "01", "64", "100", "x", "1.0"])
def test_levels_go_from_0_to_63(level: str) -> None:
    with pytest.raises(MalformedError):
        Tile.parse(level, "000")


@given(level=st.integers(0, 63), index=st.integers(0, 2**62), width=st.integers(1, 256))
def test_every_tile_is_found_again_by_its_address(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.parse(str(level), tile.path) == tile


def test_the_tiles_of_70000_entries_are_those_of_the_specification() -> None:
    size = 70_000
    assert Tile(0, 272).is_within(size)
    assert not Tile(0, 273).is_within(size)
    assert Tile(0, 273, 112).is_within(size)
    assert not Tile(0, 273, 113).is_within(size)
    assert Tile(1, 0).is_within(size)
    assert Tile(1, 1, 17).is_within(size)
    assert not Tile(1, 1, 18).is_within(size)
    assert Tile(2, 0, 1).is_within(size)
    assert not Tile(2, 0, 2).is_within(size)
    assert not Tile(3, 0, 1).is_within(size)
    assert Tile(1, 0, 1).is_within(256)
    assert not Tile(63, 0, 1).is_within(2**62)


def test_entries_stand_behind_their_lengths() -> None:
    assert entry_bundle([b"ab", b"", b"c" * 300]) == b"\x00\x02ab\x00\x00\x01\x2c" + b"c" * 300
    with pytest.raises(OverflowError):
        entry_bundle([b"x" * 65_536])

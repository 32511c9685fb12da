"""Promise: we agree with everybody else's vectors for trees, proofs, notes and keys.

They are third-party data and are not part of this project: the tests skip where the folder is not beside the
checkout. One deliberate difference is possible, and is checked: a verifier of ours takes hashes of 32 bytes
only, so a case with "don't care" roots of 12 bytes that other implementations accept is refused.
"""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any, Final

import pytest

from app.transparency.domain import text64, tree
from app.transparency.domain.checkpoints import Checkpoint
from app.transparency.domain.keys import SigningKey, VerifierKey, cosignature_time
from app.transparency.domain.notes import open_note, sign_note
from app.transparency.domain.tree import Node
from app.transparency.domain.verify import check_consistency, check_inclusion
from app.transparency.errors import MalformedError, UnverifiedError
from tests.transparency import naive

SHARED: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "tlog"
MERKLE: Final = SHARED / "transparency-dev-merkle" / "testdata"
ABSENT: Final = "the shared vectors are not beside this checkout"
# The one case of the complete set (not in this selection of it) that we refuse on purpose.
STRICTER: Final = "sizes-are-equal-one-and-proof-is-empty.json"


def load(name: str) -> Any:
    path = SHARED / "vectors" / name
    if not path.exists():
        pytest.skip(ABSENT)
    return json.loads(path.read_text(encoding="utf-8"))


def cases(kind: str) -> list[Any]:
    found = sorted((MERKLE / kind).rglob("*.json"))
    return [
        pytest.param(path, id=str(path.relative_to(MERKLE).with_suffix(""))) for path in found
    ] or [pytest.param(None, id="absent", marks=pytest.mark.skip(reason=ABSENT))]


def hashes(encoded: list[str] | None) -> list[bytes]:
    return [b64decode(one) for one in encoded or []]


# ----------------------------------------------------------------------------------- trees, proofs


def test_the_roots_of_the_classic_leaves() -> None:
    vectors = load("rfc6962_roots.json")
    leaves = [naive.leaf(bytes.fromhex(one)) for one in vectors["leaf_inputs_hex"]]
    assert [one.hex() for one in leaves] == vectors["leaf_hashes_hex"]
    rows = tree.grow(0, {}, leaves)

    def hash_of(node: Node) -> bytes:
        return rows[node.level].hashes[node.index]

    found = [tree.root(size, hash_of).hex() for size in range(len(leaves) + 1)]
    assert found == vectors["root_by_size_hex"]


def test_the_rolling_hashes_are_the_constants_of_our_own_tests() -> None:
    source = (Path(__file__).parent / "test_tree.py").read_text(encoding="utf-8")
    vectors = load("accumulated.json")
    for name, digest in vectors["want"].items():
        assert digest in source
        assert f"{vectors['cases'][name]:_}" in source or str(vectors["cases"][name]) in source


@pytest.mark.parametrize("path", cases("inclusion"))
def test_inclusion(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    try:
        check_inclusion(
            b64decode(case["leafHash"]),
            case["leafIdx"],
            case["treeSize"],
            hashes(case["proof"]),
            b64decode(case["root"]),
        )
    except UnverifiedError:
        assert case["wantErr"], case["desc"]
    else:
        assert not case["wantErr"], case["desc"]


@pytest.mark.parametrize("path", cases("consistency"))
def test_consistency(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    want_error = case["wantErr"] or path.name == STRICTER
    try:
        check_consistency(
            case["size1"],
            case["size2"],
            b64decode(case["root1"]),
            b64decode(case["root2"]),
            hashes(case["proof"]),
        )
    except UnverifiedError:
        assert want_error, case["desc"]
    else:
        assert not want_error, case["desc"]


def test_the_selection_is_the_one_that_its_description_says() -> None:
    if not MERKLE.exists():
        pytest.skip(ABSENT)
    for kind, accepted, refused in (("inclusion", 3, 46), ("consistency", 4, 45)):
        wanted = [
            json.loads(path.read_text())["wantErr"] for path in (MERKLE / kind).rglob("*.json")
        ]
        assert (wanted.count(False), wanted.count(True)) == (accepted, refused)


def test_roots_of_twelve_bytes_are_refused_where_others_do_not_care() -> None:
    """The deliberate exception: equal sizes, equal roots, empty proof, and yet no."""
    careless = b"don't care 1"
    assert len(careless) == 12
    with pytest.raises(UnverifiedError):
        check_consistency(1, 1, careless, careless, [])


# ------------------------------------------------------------------------------------- notes, keys


def note_names() -> list[str]:
    path = SHARED / "vectors" / "notes.json"
    if not path.exists():
        return []
    return [case["name"] for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]]


@pytest.mark.parametrize("name", note_names())
def test_a_note_is_opened_or_refused(name: str) -> None:
    [case] = [one for one in load("notes.json")["vectors"] if one["name"] == name]
    keys = [VerifierKey.parse(text) for text in case["vkeys"]]
    if not case["want_ok"]:
        with pytest.raises((MalformedError, UnverifiedError)):
            open_note(case["note"].encode(), keys)
        return
    note = open_note(case["note"].encode(), keys)
    assert note.text == case["want_text"]
    assert [key.name for key in note.signers] == case["want_signers"]
    if "checkpoint" in case:
        assert Checkpoint.parse(note.text) == Checkpoint(
            case["checkpoint"]["origin"],
            case["checkpoint"]["size"],
            text64.decode(case["checkpoint"]["root"]),
        )


def test_signing_gives_the_same_bytes() -> None:
    vector = load("notes.json")["sign"]
    key = SigningKey.parse(vector["skey"])
    assert key.secret_text == vector["skey"]
    assert sign_note(vector["text"], key) == vector["want"]


def test_a_note_that_is_not_utf8_is_refused() -> None:
    case = load("notes.json")["vectors"][0]
    keys = [VerifierKey.parse(text) for text in case["vkeys"]]
    with pytest.raises(MalformedError):
        open_note(b"\xff" + case["note"].encode(), keys)


def test_every_mangled_key_is_refused() -> None:
    [text] = load("notes.json")["vectors"][0]["vkeys"]
    assert VerifierKey.parse(text).text == text
    length = len(text)
    parts = {
        text[start:end]
        for start in range(length + 1)
        for end in range(start, length + 1)
        if end - start < length
    }
    bent = {text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :] for at in range(length)}
    assert len(parts) + len(bent) >= 2_200
    for mangled in parts | bent | set(load("notes.json")["bad_vkeys"]):
        with pytest.raises(MalformedError):
            VerifierKey.parse(mangled)


def test_keys_of_cosigners() -> None:
    vectors = load("cosignatures.json")
    for text in vectors["vkeys_ok"]:
        assert VerifierKey.parse(text).text == text
    for text in vectors["vkeys_bad"]:
        with pytest.raises(MalformedError):
            VerifierKey.parse(text)


def test_times_of_cosignatures() -> None:
    for case in load("cosignatures.json")["timestamps"]:
        signature = b64decode(case["sig_b64"])[4:]  # behind the id of the key
        if "want_error" in case:
            with pytest.raises(UnverifiedError):
                cosignature_time(signature)
        else:
            assert cosignature_time(signature) == case["want_unix"]

"""Promise: a sound bundle is found right; whatever is changed in one, the check fails and says where."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.notary import Notary, root_of
from tests.verifier.packing import (
    Change,
    Packing,
    changed,
    claim,
    entry,
    framed,
    leaf,
    posting,
    spell,
    total,
    unzipped,
    zipped,
)
from verifier.check import Report, verify_bundle
from verifier.errors import MalformedError, MismatchError, VerificationError
from verifier.note import VerifierKey

SIZE: Final = 300
ENTRIES: Final = "tile/entries/001.p/44"
HASHES: Final = "tile/0/001.p/44"
# Three entries post 100.00, 50.00 and -25.00 kroner; at 7.5 kroner to the euro and 1.2 dollars that is worked by hand:
# 13.33 + 6.67 - 3.33 = 16.67 euro; the days differ, so each is converted by itself.
POSTED: Final = {
    1: ("100.00", "2023-11-13"),
    40: ("50.00", "2023-11-14"),
    290: ("-25.00", "2023-11-15"),
}
ROW: Final = {"donor": "DK", "aid_type": "military", "instrument": "in_kind", "currency": "DKK"}
RATES: Final = [
    ("DKK", "2023-11-13", "7.5"),
    ("DKK", "2023-11-14", "7.5"),
    ("USD", "2023-11-14", "1.2"),
]


def payloads(size: int = SIZE) -> list[bytes]:
    """Entries, three of which post something; recorded at one instant."""
    made = []
    for revision in range(1, size + 1):
        posted = (
            [posting(amount, "DKK", day) for amount, day in [POSTED[revision]]]
            if revision in POSTED
            else []
        )
        made.append(spell(entry(revision, *posted, recorded_at="2026-11-22T10:00:00Z")))
    return made


def claims() -> list[dict[str, Any]]:
    """Native totals of all stages, and euros by donor."""
    native = {**total("125.00", 3), "by_currency": [{"currency": "DKK", **total("125.00", 3)}]}
    made = [
        claim("pledged", revision=SIZE, rows=[{**ROW, **total("125.00", 3)}], grand=native),
        *(claim(stage, revision=SIZE) for stage in ("committed", "allocated", "delivered")),
        claim("pledged", revision=SIZE, by="donor", currency="EUR", rows=[{"donor": "DK", **total("16.67", 3)}],
              grand=total("16.67", 3)),
        claim("committed", revision=SIZE, by="donor", currency="EUR", grand=total("0.00", 0)),
    ]  # fmt: skip
    for each in made:
        each["meta"]["as_of"] = "2026-11-22T10:00:00Z"
    return made


@pytest.fixture(scope="module")
def notary() -> Notary:
    return Notary()


@pytest.fixture(scope="module")
def packing(notary: Notary) -> Packing:
    return Packing(payloads(), notary, claims(), RATES, "2023-11-14")


@pytest.fixture(scope="module")
def bundle(packing: Packing) -> bytes:
    return packing.pack()


Check = Callable[..., Report]


@pytest.fixture
def check(notary: Notary, tmp_path: Path) -> Check:
    """Checks bytes as a bundle; ``since`` is a size or a note."""

    def check(content: bytes, since: bytes | None = None) -> Report:
        path, older = tmp_path / "ledger.bundle", tmp_path / "older"
        path.write_bytes(content)
        older.write_bytes(since or b"")
        key = VerifierKey.parse(notary.vkey)
        return verify_bundle(path, key, since=older if since is not None else None)

    return check


def older(notary: Notary, size: int) -> bytes:
    """A checkpoint that the log signed when it had so many entries."""
    return notary.sign(size, root_of([leaf(payload) for payload in payloads(size)]))


def test_a_sound_bundle_is_right(bundle: bytes, check: Check, notary: Notary) -> None:
    report = check(bundle)
    assert (report.checkpoint.origin, report.checkpoint.size) == (notary.name, SIZE)
    assert report.figures == 8  # two rows and six totals
    assert (report.since, report.workbook) == (None, None)


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 299, 300])
def test_it_continues_every_checkpoint_that_was_signed_before(
    bundle: bytes, check: Check, notary: Notary, size: int
) -> None:
    assert check(bundle, older(notary, size)).since == size


def test_an_empty_ledger_has_a_bundle_too(check: Check, notary: Notary) -> None:
    assert check(Packing([], notary).pack()).checkpoint.size == 0


# ------------------------------------------------------------------------------- entries and checkpoints


def replaced(before: bytes, after: bytes) -> Change:
    def change(content: bytes) -> bytes:
        assert content.count(before) == 1
        return content.replace(before, after)

    return change


def forged(packing: Packing, revision: int) -> Packing:
    """The same ledger with another amount in one entry, hashed anew, under the checkpoint that was signed."""
    made = list(packing.payloads)
    made[revision - 1] = made[revision - 1].replace(b".00", b".01")
    assert made != packing.payloads
    signed = packing.notary.sign(SIZE, root_of([leaf(payload) for payload in packing.payloads]))
    return Packing(made, packing.notary, packing.claims, RATES, "2023-11-14", checkpoint=signed)


def test_a_changed_entry_is_named(bundle: bytes, check: Check) -> None:
    with pytest.raises(MismatchError, match="whose hash the ledger keeps") as found:
        check(changed(bundle, ENTRIES, replaced(b"-25.00", b"-15.00")))
    assert found.value.revision == found.value.last == 290


def test_a_changed_length_is_told_by_the_entry_that_it_cuts(bundle: bytes, check: Check) -> None:
    with pytest.raises(MismatchError) as found:
        check(changed(bundle, ENTRIES, lambda content: bytes([content[0] + 1]) + content[1:]))
    assert found.value.revision == 257


def test_a_changed_hash_is_named(bundle: bytes, check: Check) -> None:
    with pytest.raises(MismatchError) as found:
        check(changed(bundle, HASHES, lambda hashes: hashes[:64] + bytes(32) + hashes[96:]))
    assert found.value.revision == 259


@pytest.mark.parametrize(
    ("revision", "kept", "first", "last"),
    [(40, None, 1, 300), (40, 100, 1, 100), (290, 100, 101, 300), (290, 290, 1, 290)],
)
def test_an_entry_changed_with_its_hash_is_between_two_checkpoints(
    packing: Packing, check: Check, notary: Notary, revision: int, kept: int | None, first: int, last: int
) -> None:  # fmt: skip
    since = None if kept is None else older(notary, kept)
    with pytest.raises(MismatchError, match="is not that of") as found:
        check(forged(packing, revision).pack(), since)
    assert (found.value.revision, found.value.last) == (first, last)


def swapped(packing: Packing) -> Packing:
    made = list(packing.payloads)
    made[6], made[7] = made[7], made[6]
    return Packing(made, packing.notary, packing.claims, RATES, "2023-11-14")


def doubled(packing: Packing) -> Packing:
    made = [*packing.payloads[:9], packing.payloads[8], *packing.payloads[9:]]
    return Packing(made, packing.notary, packing.claims, RATES, "2023-11-14")


def holed(packing: Packing) -> Packing:
    made = [*packing.payloads[:19], *packing.payloads[20:]]
    return Packing(made, packing.notary, packing.claims, RATES, "2023-11-14")


@pytest.mark.parametrize(("change", "revision"), [(swapped, 7), (doubled, 10), (holed, 20)])
def test_a_log_that_was_signed_out_of_order_is_refused_even_so(
    packing: Packing, check: Check, change: Callable[[Packing], Packing], revision: int
) -> None:
    with pytest.raises(MismatchError, match="says that it is revision") as found:
        check(change(packing).pack())
    assert found.value.revision == revision


def test_a_cut_tail_is_told_by_an_older_checkpoint(check: Check, notary: Notary) -> None:
    cut = Packing(payloads(39)[1:] and [spell(entry(1))], notary).pack()
    assert check(cut).checkpoint.size == 1
    with pytest.raises(
        MismatchError, match="ends at revision 1; the older checkpoint had 300"
    ) as found:
        check(cut, older(notary, SIZE))
    assert (found.value.revision, found.value.last) == (2, SIZE)


def test_only_the_given_key_counts(bundle: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ledger.bundle"
    path.write_bytes(bundle)
    with pytest.raises(MismatchError, match="no signature of the key"):
        verify_bundle(path, VerifierKey.parse(Notary().vkey))


def test_the_older_checkpoint_must_be_signed_too(
    bundle: bytes, check: Check, notary: Notary
) -> None:
    with pytest.raises(MismatchError, match="no signature"):
        check(bundle, Notary("ledger.example.org/aid").sign(1, bytes(32)))
    with pytest.raises(MismatchError, match="another log"):
        check(bundle, notary.sign(1, bytes(32), origin="elsewhere.example.org"))
    with pytest.raises(MalformedError):
        check(bundle, b"")


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"\n300\n", b"\n299\n"), (b"ledger.example.org/aid\n300", b"ledger.example.org/aim\n300")],
)
def test_a_checkpoint_changed_by_hand_is_no_longer_signed(
    bundle: bytes, check: Check, before: bytes, after: bytes
) -> None:
    with pytest.raises(MismatchError, match="signature"):
        check(changed(bundle, "checkpoint", replaced(before, after)))


# ------------------------------------------------------------------------------------ totals and rates


def spoilt(place: tuple[Any, ...], value: Any) -> Change:
    """The document with another value at this place."""

    def change(content: bytes) -> bytes:
        document = json.loads(content)
        target = document
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = value
        return json.dumps(document).encode()

    return change


def without(index: int) -> Change:
    def change(content: bytes) -> bytes:
        document = json.loads(content)
        del document[index]
        return json.dumps(document).encode()

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (spoilt((0, "data", 0, "amount"), "126.00"), "pledged by donor, aid_type, instrument in native, DK military"),
        (spoilt((0, "data", 0, "donor"), "SE"), "claimed nothing; the entries say .*125.00"),
        (spoilt((0, "data", 0, "pledges"), 4), "'pledges': 3"),
        (spoilt((0, "data", 0, "unvalued"), 1), "'unvalued': 0"),
        (spoilt((0, "data", 0, "undated"), "1.00"), "'undated': '0.00'"),
        (spoilt((0, "data"), []), "claimed nothing"),
        (spoilt((0, "data"), 2 * [{**ROW, **total("125.00", 3)}]), "twice"),
        (spoilt((1, "data"), [{**ROW, **total("1.00")}]), "the entries say nothing"),
        (spoilt((0, "total", "amount"), "126.00"), "the total is"),
        (spoilt((0, "total", "by_currency"), []), "the total is"),
        (spoilt((4, "data", 0, "amount"), "16.66"), "pledged by donor in EUR, DK"),
        (spoilt((4, "total", "amount"), "16.66"), "the total is"),
        (spoilt((4, "meta", "left_apart"), [{"currency": "DKK", "amount": "1.00", "reason": "undated"}]),
         "DKK.* is left apart; the entries say nothing"),
        (spoilt((0, "meta", "revision"), 299), "of another revision"),
        (spoilt((0, "meta", "as_of"), "2026-11-22T11:00:00Z"), "of another revision"),
        (spoilt((0, "meta", "filters"), {"instrument": ["in_kind"]}), "does not claim all that is pledged"),
        (spoilt((0, "meta", "filters", "donor"), ["DK"]), "does not claim all that is pledged"),
        (without(0), "does not claim all that is pledged"),
        (without(3), "does not claim all that is delivered"),
    ],
)  # fmt: skip
def test_a_claim_that_the_entries_do_not_bear_out_is_named(
    bundle: bytes, check: Check, change: Change, what: str
) -> None:
    with pytest.raises(MismatchError, match=what):
        check(changed(bundle, "totals.json", change))


@pytest.mark.parametrize(
    "change",
    [
        spoilt((0, "meta"), {}),
        spoilt((0, "meta", "measure"), "promised"),
        spoilt((0, "meta", "by"), ["month"]),
        spoilt((0, "meta", "by"), None),
        spoilt((0, "meta", "currency"), "GBP"),
        spoilt((0, "meta", "from"), "2023-01-01"),
        spoilt((0, "meta", "cumulative"), True),
        spoilt((0, "meta", "filters"), {"status": ["pledged"]}),
        spoilt((0, "data", 0), {}),
        spoilt((0, "data", 0, "donor"), ["DK"]),
        spoilt((0, "data"), 7),
        lambda _content: b"{}",
        lambda _content: b"[7]",
        lambda content: content[:-1],
    ],
)
def test_claims_that_cannot_be_understood_are_malformed(
    bundle: bytes, check: Check, change: Change
) -> None:
    with pytest.raises(MalformedError):
        check(changed(bundle, "totals.json", change))


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (replaced(b"DKK,2023-11-14,7.5", b"DKK,2023-11-14,7.4"), "16.67"),
        (replaced(b"DKK,2023-11-13,7.5\n", b""), "no exchange rate of DKK for 2023-11-13"),
    ],
)
def test_other_rates_make_other_totals(
    bundle: bytes, check: Check, change: Change, what: str
) -> None:
    with pytest.raises(MismatchError, match=what):
        check(changed(bundle, "rates.csv", change))


# -------------------------------------------------------------------------------------- the file itself


def renamed(before: str, after: str) -> Callable[[bytes], bytes]:
    return lambda bundle: zipped(
        {name.replace(before, after): content for name, content in unzipped(bundle).items()}
    )


def added(name: str) -> Callable[[bytes], bytes]:
    return lambda bundle: zipped({**unzipped(bundle), name: b""})


def dropped(name: str) -> Callable[[bytes], bytes]:
    return lambda bundle: zipped(
        {each: content for each, content in unzipped(bundle).items() if each != name}
    )


def of_file(name: str, change: Change, *, redigest: bool = True) -> Callable[[bytes], bytes]:
    return lambda bundle: changed(bundle, name, change, redigest=redigest)


@pytest.mark.parametrize(
    "change",
    [
        lambda _bundle: b"",
        lambda _bundle: b"PK\x05\x06" + bytes(18),
        lambda bundle: bundle[: len(bundle) // 2],
        lambda bundle: bundle[:-1],
        added("further"),
        added("tile/entries/002.p/1"),
        dropped("manifest.json"),
        dropped("checkpoint"),
        dropped("totals.json"),
        dropped(HASHES),
        renamed("001.p/44", "001.p/45"),
        renamed("tile/0/000", "tile/0/0000"),
        of_file(ENTRIES, lambda content: content[:-1]),
        of_file(ENTRIES, lambda content: content + b"\x00"),
        of_file(ENTRIES, lambda content: content + framed(b"{}")),
        of_file(HASHES, lambda content: content[:-32]),
        of_file(HASHES, lambda content: content + bytes(32)),
        of_file("manifest.json", spoilt(("revision",), 299)),
        of_file("manifest.json", spoilt(("revision",), 10**17)),
        of_file("manifest.json", spoilt(("revision",), -1)),
        of_file("manifest.json", spoilt(("revision",), "300")),
        of_file("manifest.json", spoilt(("origin",), "elsewhere.example.org")),
        of_file("manifest.json", spoilt(("origin",), None)),
        of_file("manifest.json", spoilt(("format",), "aidledger-bundle/2")),
        of_file("manifest.json", spoilt(("signed_at",), "yesterday")),
        of_file("manifest.json", spoilt(("signed_at",), "2026-11-22T10:00:00")),
        of_file("manifest.json", spoilt(("rates_until",), "soon")),
        of_file("manifest.json", spoilt(("files", "checkpoint"), "0" * 64)),
        of_file("manifest.json", spoilt(("files", "checkpoint"), None)),
        of_file("manifest.json", spoilt(("files",), {})),
        of_file("manifest.json", spoilt(("further",), 1)),
        of_file("manifest.json", lambda content: content.replace(b'{"format"', b'{"origin": "x", "format"')),
        of_file("manifest.json", lambda _content: b"[]"),
        of_file("totals.json", lambda content: content + b" ", redigest=False),
        of_file("rates.csv", lambda content: content + b"\n", redigest=False),
        of_file("checkpoint", lambda content: content[:-1]),
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_malformed(
    bundle: bytes, check: Check, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(MalformedError):
        check(change(bundle))


def test_a_file_that_stands_there_twice_is_malformed(bundle: bytes, check: Check) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        import_twice = zipped_twice(unzipped(bundle))
    with pytest.raises(MalformedError, match="twice"):
        check(import_twice)


def zipped_twice(files: dict[str, bytes]) -> bytes:
    class Twice(dict[str, bytes]):
        def items(self) -> Any:
            return [*super().items(), ("checkpoint", b"")]

    return zipped(Twice(files))


def test_whichever_byte_of_the_file_is_flipped_nothing_else_is_accepted(
    packing: Packing, check: Check
) -> None:
    """Either the check fails, or the byte was one that no content depends on, as a date of a zip entry."""
    sound = packing.pack()
    content = unzipped(sound)
    random = Random(20261122)
    accepted = 0
    for place in random.sample(range(len(sound)), 400):
        bent = bytearray(sound)
        bent[place] ^= random.choice([1, 4, 128, 255])
        try:
            check(bytes(bent))
        except VerificationError:
            continue
        assert unzipped(bytes(bent)) == content
        accepted += 1
    assert accepted < 40

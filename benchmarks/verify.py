"""The log and its verifier: leaves appended, proofs made and checked, and bundles verified, per second.

Run by hand from the project's root: ``python -m benchmarks.verify [--leaves 200000] [--entries 50000]``. The first part
is hashing alone, without a database; the second packs a bundle of made-up pledges of one posting each and
checks it step by step with the verifier. ``--profile`` shows where the time of the last step goes.
"""

import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from app.transparency.domain import tree
from app.transparency.domain.tree import Leaves, Node
from app.transparency.domain.verify import check_inclusion
from tests.notary import Notary
from tests.verifier.packing import STAGES, Packing, claim, entry, posting, spell, total
from verifier.bundle import Bundle
from verifier.check import verify_bundle, walk
from verifier.note import VerifierKey
from verifier.tree import Tree, hash_leaf

BATCH: Final = 4_096
PROOFS: Final = 5_000


def rate(what: str, count: int, seconds: float) -> None:
    """Print one line of the table."""
    print(f"{what:<58}{count:>9}{seconds:>9.2f} s{count / seconds:>12,.0f} /s")


def measure(what: str, count: int, work: Any) -> Any:
    """Do it, and print how long it took."""
    started = time.perf_counter()
    result = work()
    rate(what, count, time.perf_counter() - started)
    return result


# ------------------------------------------------------------------------------------------- the tree


def grow(leaves: list[bytes]) -> dict[Node, bytes]:
    """The writer's tree, in the batches in which the signer lets it grow."""
    nodes: dict[Node, bytes] = {}
    edge: dict[Node, bytes] = {}
    for start in range(0, len(leaves), BATCH):
        rows = tree.grow(start, edge, leaves[start : start + BATCH])
        edge = tree.next_edge(edge, rows)
        for row in rows:
            for place, value in enumerate(row.hashes):
                nodes[Node(row.level, row.first + place)] = value
    return nodes


def append(leaves: Iterable[bytes]) -> bytes:
    """The verifier's tree."""
    grown = Tree()
    for leaf in leaves:
        grown.append(leaf)
    return grown.root()


def trees(count: int) -> None:
    """Measure both trees and the proofs."""
    entries = [b'{"made up":%d}' % number * 12 for number in range(count)]
    leaves = measure("leaf hashes of entries of 200 bytes", count, lambda: list(map(hash_leaf, entries)))  # fmt: skip
    nodes = measure("the writer's tree grows, all nodes kept", count, lambda: grow(leaves))
    root = measure("the verifier's tree grows", count, lambda: append(leaves))
    measure("the verifier hashes entries and grows", count, lambda: append(map(hash_leaf, entries)))
    assert tree.root(count, nodes.__getitem__) == root
    places = [number * count // PROOFS for number in range(PROOFS)]

    def prove(place: int) -> list[bytes]:
        return tree.proof(tree.inclusion_ranges(place, count), nodes.__getitem__)

    proofs = measure("inclusion proofs made", PROOFS, lambda: list(map(prove, places)))

    def check() -> None:
        for place, proof in zip(places, proofs, strict=True):
            check_inclusion(leaves[place], place, count, proof, root)

    measure("inclusion proofs checked", PROOFS, check)
    sizes = [1 + number * (count - 1) // PROOFS for number in range(PROOFS)]
    measure("consistency proofs made", PROOFS, lambda: [
        tree.proof(tree.consistency_ranges(size, count), nodes.__getitem__) for size in sizes
    ])  # fmt: skip
    assert tree.range_hash(Leaves(0, count), nodes.__getitem__) == root


# ----------------------------------------------------------------------------------------- the bundle


def payloads(count: int) -> Iterator[bytes]:
    """Pledges of 44 donors, one posting each, as large as those of the demo facts."""
    for number in range(1, count + 1):
        donor = chr(65 + number % 22) + chr(65 + number % 2)
        day = f"2023-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        yield spell(
            entry(
                number,
                posting("100.00", "EUR", day, donor=donor),
                recorded_at="2026-11-22T10:00:00Z",
                data={"pledge": {"donor": donor, "title": f"Package {number}", "notes": "x" * 600}},
            )
        )


def pack(count: int, notary: Notary) -> bytes:
    """A sound bundle."""
    made = list(payloads(count))
    claims = [claim(stage, revision=count) for stage in STAGES]
    donors: dict[str, int] = {}
    for payload in made:
        donor = json.loads(payload)["postings"][0][4]
        donors[donor] = donors.get(donor, 0) + 1
    key = {"aid_type": "military", "instrument": "in_kind", "currency": "EUR"}
    figures = total(f"{count * 100}.00", count)
    claims[0] = claim(
        "pledged", revision=count,
        rows=[{"donor": one, **key, **total(f"{some * 100}.00", some)} for one, some in donors.items()],
        grand={**figures, "by_currency": [{"currency": "EUR", **figures}]},
    )  # fmt: skip
    for each in claims:
        each["meta"]["as_of"] = "2026-11-22T10:00:00Z"
    root = append(map(hash_leaf, made))
    return Packing(made, notary, claims, checkpoint=notary.sign(count, root)).pack()


def bundles(count: int, *, profile: bool) -> None:
    """Measure what the check of a bundle is made of, and the whole."""
    notary = Notary()
    with tempfile.TemporaryDirectory(prefix="aidledger-") as folder:
        path = Path(folder) / "ledger.zip"
        path.write_bytes(pack(count, notary))
        with Bundle.open(path) as bundle:
            found = measure("bundle: entries unpacked", count, lambda: list(bundle.leaves()))
        size = sum(len(leaf.payload) for leaf in found)
        made = [leaf.payload for leaf in found]
        measure("bundle: hashing and tree", count, lambda: append(map(hash_leaf, made)))
        measure(
            "bundle: entries read as JSON and nothing else",
            count,
            lambda: list(map(json.loads, made)),
        )
        measure("bundle: hashed, read, summed", count, lambda: walk(found, {count}, lambda _: None))
        key = VerifierKey.parse(notary.vkey)
        profiler = cProfile.Profile()
        if profile:
            profiler.enable()
        measure("bundle: checked from end to end", count, lambda: verify_bundle(path, key))
        profiler.disable()
        print(f"entries of {size // count} bytes")
        if profile:
            pstats.Stats(profiler).sort_stats("tottime").print_stats(18)


@click.command()
@click.option("--leaves", default=200_000, show_default=True)
@click.option("--entries", default=50_000, show_default=True)
@click.option("--profile", is_flag=True, help="Where the time of the whole check goes.")
def main(leaves: int, entries: int, *, profile: bool) -> None:
    """Measure, and print a table."""
    trees(leaves)
    bundles(entries, profile=profile)


if __name__ == "__main__":
    main()

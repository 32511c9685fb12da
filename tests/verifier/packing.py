"""Bundles packed by hand, as docs/verify-bundle.md describes them: sound ones, and any other kind."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from zipfile import ZipFile

from tests.notary import Notary, root_of

STAGES: Final = ("pledged", "committed", "allocated", "delivered")
Posting = Sequence[Any]


def entry(revision: int, /, *postings: Posting, **members: Any) -> dict[str, Any]:
    """An entry, by default the first version of a pledge of its own, recorded in that minute."""
    return {
        "format": 1,
        "revision": revision,
        "id": f"00000000-0000-4000-8000-{revision:012d}",
        "stream_kind": "pledge",
        "stream_id": f"00000000-0000-4000-9000-{revision:012d}",
        "version": 1,
        "kind": "pledge.recorded",
        "recorded_at": f"2026-11-22T10:{revision % 60:02d}:00Z",
        "actor": "desk",
        "reason": None,
        "data": {},
        "postings": list(postings),
        **members,
    }


def posting(amount: str, currency: str, day: str | None, /, **members: Any) -> Posting:
    """What a Danish military pledge of a day posts, unless told otherwise."""
    return list(
        {
            "stage": "pledged",
            "first": day,
            "last": day,
            "valued_on": day or "2026-11-22",
            "donor": "DK",
            "aid_type": "military",
            "instrument": "in_kind",
            "currency": currency,
            "amount": amount,
            "pledges": 1,
            "unvalued": 0,
            "implied": False,
            **members,
        }.values()
    )


def spell(document: object) -> bytes:
    """The canonical spelling."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def leaf(payload: bytes) -> bytes:
    return sha256(b"\x00" + payload).digest()


def total(
    amount: str, pledges: int = 1, unvalued: int = 0, undated: str = "0.00"
) -> dict[str, Any]:
    """Figures as an answer shows them."""
    return {"amount": amount, "pledges": pledges, "unvalued": unvalued, "undated": undated}


def claim(
    measure: str,
    *,
    revision: int,
    by: str = "donor,aid_type,instrument",
    currency: str = "native",
    rows: Sequence[Mapping[str, Any]] = (),
    grand: Mapping[str, Any] | None = None,
    **filters: Any,
) -> dict[str, Any]:
    """An answer of ``GET /v1/totals``."""
    nothing = {**total("0", 0, undated="0"), "by_currency": []}
    if currency == "native":
        filters = {"instrument": ["in_kind", "grant", "loan", "guarantee", "authority"], **filters}
    return {
        "data": list(rows),
        "total": dict(grand or nothing),
        "next_cursor": None,
        "meta": {
            "measure": measure, "by": by.split(","), "cumulative": False, "currency": currency, "fx": None,
            "provisional_rates": [], "revision": revision,
            "as_of": f"2026-11-22T10:{revision % 60:02d}:00Z" if revision else None,
            "from": None, "to": None, "filters": filters,
        },
    }  # fmt: skip


@dataclass
class Packing:
    """What goes into a bundle. By default the totals say that nothing was ever posted."""

    payloads: list[bytes]
    notary: Notary
    claims: list[Any] | None = None
    rates: list[tuple[str, str, str]] = field(default_factory=list)
    rates_until: str | None = None
    hashes: list[bytes] | None = None
    checkpoint: bytes | None = None

    def pack(self) -> bytes:
        """The zip file."""
        size = len(self.payloads)
        hashes = self.hashes or [leaf(payload) for payload in self.payloads]
        claims = self.claims
        if claims is None:
            claims = [claim(stage, revision=size) for stage in STAGES]
        files = {
            "checkpoint": self.checkpoint or self.notary.sign(size, root_of(hashes)),
            "rates.csv": self._rates(),
            "totals.json": json.dumps(claims).encode(),
        }
        for start in range(0, size, 256):
            name = tile_name(start // 256, min(256, size - start))
            files[f"tile/entries/{name}"] = b"".join(
                map(framed, self.payloads[start : start + 256])
            )
            files[f"tile/0/{name}"] = b"".join(hashes[start : start + 256])
        return zipped(with_manifest(files, self.notary.name, size, self.rates_until))

    def _rates(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([("currency", "day", "rate"), *self.rates])
        return text.getvalue().encode()


def framed(payload: bytes) -> bytes:
    return len(payload).to_bytes(2, "big") + payload


def tile_name(index: int, width: int) -> str:
    """For fewer than a thousand tiles."""
    return f"{index:03d}" if width == 256 else f"{index:03d}.p/{width}"


def with_manifest(
    files: Mapping[str, bytes], origin: str, revision: int, until: str | None
) -> dict[str, bytes]:
    digests = {
        name: sha256(files[name]).hexdigest() for name in ("checkpoint", "rates.csv", "totals.json")
    }
    manifest = {
        "format": "aidledger-bundle/1", "origin": origin, "revision": revision, "signed_at": "2026-11-22T12:00:00Z",
        "rates_until": until, "files": digests,
    }  # fmt: skip
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def unzipped(bundle: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(bundle)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


Change = Callable[[bytes], bytes]


def changed(bundle: bytes, name: str, change: Change, *, redigest: bool = True) -> bytes:
    """The bundle with one file changed; with ``redigest`` the manifest goes along with it."""
    files = unzipped(bundle)
    files[name] = change(files[name])
    if redigest and name != "manifest.json":
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {each: sha256(files[each]).hexdigest() for each in manifest["files"]}
        files["manifest.json"] = json.dumps(manifest).encode()
    return zipped(files)

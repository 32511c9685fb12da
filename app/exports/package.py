"""A table as a Frictionless Data Package: a zip file of the CSV and of ``datapackage.json``, which says what it is.

The format is that of the Data Package and Table Schema specifications (version 1). What a CSV cannot say stands in the
descriptor: which ledger, which revision, the log at that revision, the question, the hash of the file.
"""

import json
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exports.twins import Twin
from app.kernel.canonical import Json

MEDIA_TYPE: Final = "application/zip"
DESCRIPTOR: Final = "datapackage.json"
# The same table gives the same bytes, whenever it is packed.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
_COUNTS: Final = frozenset({"pledges", "unvalued", "requests", "version", "revision"})
_COUNTED: Final = ("pledges_", "unvalued_")


def write_package(twin: Twin, out: IO[bytes], question: Json) -> None:
    """Write the package.

    Args:
        twin: the table.
        out: a file to write to.
        question: address and parameters of the call, so that it can be asked again.
    """
    name, digest, size = f"{twin.name}.csv", sha256(), 0
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        with packed.open(_member(name), "w") as table:
            for piece in twin.lines():
                table.write(piece)
                digest.update(piece)
                size += len(piece)
        descriptor = _describe(twin, name, digest.hexdigest(), size) | {"question": question}
        text = json.dumps(descriptor, ensure_ascii=False, indent=2)
        packed.writestr(_member(DESCRIPTOR), f"{text}\n", ZIP_DEFLATED)


def _describe(twin: Twin, path: str, digest: str, size: int) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": f"aid-ledger-{twin.file_name}",
        "title": f"Aid Ledger: {twin.name}, revision {twin.snapshot.revision}",
        "ledger": twin.snapshot.meta(),
        "conversion": twin.conversion,
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": twin.name,
                "path": path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"lineTerminator": "\r\n"},
                "bytes": size,
                "hash": f"sha256:{digest}",
                "schema": {
                    "fields": [
                        {"name": column, "type": _type(column, twin)} for column in twin.columns
                    ],
                    "missingValues": [""],
                },
            }
        ],
    }


def _type(column: str, twin: Twin) -> str:
    """Of Table Schema. Dates may be as coarse as their source, so they are texts."""
    if column not in twin.numbers:
        return "string"
    return "integer" if column in _COUNTS or column.startswith(_COUNTED) else "number"


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _NO_DATE)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member

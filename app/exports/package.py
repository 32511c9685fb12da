"""Tables as a Frictionless Data Package: a zip file of CSVs and of ``datapackage.json``, which says what they are.

The format is that of the Data Package and Table Schema specifications (version 1). What a CSV cannot say stands in the
descriptor: which ledger, which revision, the log at that revision, the question; and of each file its columns, keys,
hash, bytes and rows.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.exports.tabular import Column, Kind, Row, Table
from app.kernel.canonical import Json

DESCRIPTOR: Final = "datapackage.json"
# The same table gives the same bytes, whenever it is packed.
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)
# Of Table Schema. Dates that may be as coarse as their source are texts.
_TYPES: Final[Mapping[Kind, Mapping[str, Json]]] = {
    Kind.TEXT: {"type": "string"},
    Kind.CODE: {"type": "string"},
    Kind.AMOUNT: {"type": "number"},
    Kind.RATE: {"type": "number"},
    Kind.COUNT: {"type": "integer"},
    Kind.DAY: {"type": "date"},
    Kind.INSTANT: {"type": "datetime", "format": "any"},
    Kind.FLAG: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


def write_package(tables: Iterable[Table], out: IO[bytes], about: Mapping[str, Any]) -> None:
    """Write the package.

    Args:
        tables: each becomes a file; one is read after the other.
        out: a file to write to.
        about: the members of the descriptor that say what it is.
    """
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        resources = [_write_table(packed, table) for table in tables]
        descriptor = {"profile": "tabular-data-package", **about, "resources": resources}
        text = json.dumps(descriptor, ensure_ascii=False, indent=2)
        packed.writestr(_member(DESCRIPTOR), f"{text}\n", ZIP_DEFLATED)


def _write_table(packed: ZipFile, table: Table) -> dict[str, Json]:
    """Write a table, and describe it."""
    path, digest, size = f"{table.name}.csv", sha256(), 0
    rows = _Counted(table)
    # How large it will be is not known before; only a file beyond 4 GiB needs more room for that.
    with packed.open(_member(path), "w") as file:
        for piece in rows.table.csv():
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n"},
        "bytes": size,
        "hash": f"sha256:{digest.hexdigest()}",
        "rows": rows.count,
        "schema": _schema(table),
    }


class _Counted:
    """A table that counts its rows while they are read."""

    def __init__(self, table: Table) -> None:
        self.count = 0
        self._open = table.rows
        self.table = Table(name=table.name, columns=table.columns, rows=self._rows)

    def _rows(self) -> Iterator[Row]:
        for row in self._open():
            self.count += 1
            yield row


def _schema(table: Table) -> dict[str, Json]:
    schema: dict[str, Json] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.primary_key:
        schema["primaryKey"] = [*table.primary_key]
    if table.foreign_keys:
        schema["foreignKeys"] = [
            {
                "fields": [key.column],
                # A table that means itself is named by nothing.
                "reference": {
                    "resource": "" if key.table == table.name else key.table,
                    "fields": [key.other],
                },
            }
            for key in table.foreign_keys
        ]
    return schema


def _field(column: Column) -> dict[str, Json]:
    field: dict[str, Json] = {"name": column.name, **_TYPES[column.kind]}
    if column.note:
        field["description"] = column.note
    constraints: dict[str, Json] = {}
    if column.needed:
        constraints["required"] = True
    if column.unique:
        constraints["unique"] = True
    if column.words:
        constraints["enum"] = [*column.words]
    return field | ({"constraints": constraints} if constraints else {})


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _NO_DATE)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member

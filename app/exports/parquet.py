"""A table as Parquet, with exact types: decimals for money, days and instants as such, dictionaries for codes.

Parquet needs ``pyarrow``, which is large and so an extra of its own: ``pip install 'aidledger[parquet]'``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import IO, Any, Final

from app.exports.tabular import Column, Kind, Row, Table, in_batches
from app.kernel.canonical import Json, canonical_bytes
from app.kernel.clock import parse_instant
from app.wire import NotAcceptableError

# Rows that are held in memory at once; each such group has its own statistics in the file.
ROW_GROUP: Final = 10_000
# What 128 bits hold. No currency has more than four decimals, no rate more than 18.
_DIGITS: Final = 38
_MONEY_DECIMALS: Final = 4
_RATE_DECIMALS: Final = 18
_READERS: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.AMOUNT: Decimal,
    Kind.RATE: Decimal,
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: parse_instant,
}


def demand_parquet() -> None:
    """Make sure that Parquet can be written.

    Raises:
        NotAcceptableError: it cannot; the extra is not installed here.
    """
    if find_spec("pyarrow") is None:
        raise NotAcceptableError(
            "This server writes no Parquet: its operator has not installed the extra aidledger[parquet]."
        )


def write_parquet(table: Table, out: IO[bytes], about: Mapping[str, Json]) -> None:
    """Write the table to a file; the same table gives the same bytes.

    Args:
        table: the rows; a group of them at a time is held in memory.
        out: a file to write to.
        about: goes into the file's metadata, under the key ``aidledger``.
    """
    import pyarrow as pa  # noqa: PLC0415 -- an extra, and it takes a while
    from pyarrow import parquet  # noqa: PLC0415 -- as above

    types = _types(pa)
    fields = [
        pa.field(column.name, types[column.kind], nullable=not column.needed)
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata={"aidledger": canonical_bytes(dict(about))})
    with parquet.ParquetWriter(out, schema) as writer:
        for rows in in_batches(table.rows(), ROW_GROUP):
            arrays = [
                pa.array(_cells(column, rows), type=field.type)
                for column, field in zip(table.columns, fields, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _cells(column: Column, rows: list[Row]) -> list[Any]:
    read = _READERS.get(column.kind)
    cells = [row[column.name] for row in rows]
    return [None if cell is None else read(cell) for cell in cells] if read else cells


def _types(pa: Any) -> dict[Kind, Any]:
    return {
        Kind.TEXT: pa.string(),
        Kind.CODE: pa.dictionary(pa.int32(), pa.string()),
        Kind.AMOUNT: pa.decimal128(_DIGITS, _MONEY_DECIMALS),
        Kind.RATE: pa.decimal128(_DIGITS, _RATE_DECIMALS),
        Kind.COUNT: pa.int64(),
        Kind.DAY: pa.date32(),
        Kind.INSTANT: pa.timestamp("us", tz="UTC"),
        Kind.FLAG: pa.bool_(),
    }

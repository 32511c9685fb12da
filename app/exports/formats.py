"""The formats of tables, the suffixes that name them in addresses, and how each is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from app import csv_text
from app.exports.tabular import Column, Row, in_batches
from app.wire import to_json

_BATCH: Final = 500


class Format(StrEnum):
    """How a table is written; the value is the suffix of its addresses, without the dot."""

    CSV = "csv"
    ZIP = "zip"
    NDJSON = "ndjson"
    JSON = "json"
    PARQUET = "parquet"

    @property
    def media_type(self) -> str:
        """As in ``Content-Type``."""
        match self:
            case Format.CSV:
                return csv_text.MEDIA_TYPE
            case Format.ZIP:
                return "application/zip"
            case Format.NDJSON:
                return "application/x-ndjson"
            case Format.JSON:
                return "application/json"
            case Format.PARQUET:
                return "application/vnd.apache.parquet"


def write_ndjson(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """A row a line, in pieces: amounts are texts, counts are numbers, an empty cell is null."""
    names = [column.name for column in columns]
    for some in in_batches(rows, _BATCH):
        yield b"".join(to_json({name: row[name] for name in names}) + b"\n" for row in some)


def write_json(items: Iterable[Mapping[str, Any]], around: Mapping[str, Any]) -> Iterator[bytes]:
    """``{"data": [...], ...}``, in pieces; ``around`` are the members behind ``data``."""
    yield b'{"data":['
    comma = b""
    for some in in_batches(items, _BATCH):
        yield comma + b",".join(map(to_json, some))
        comma = b","
    yield b"]," + to_json(around)[1:]

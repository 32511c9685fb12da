"""A reconciliation as a file: the workbook, or a table in any of the formats that tables have."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.exports.formats import Format, write_ndjson
from app.exports.package import write_package
from app.exports.parquet import demand_parquet, write_parquet
from app.exports.tabular import Column, Kind, Row, Table
from app.imports.reconciliation_workbook import build_reconciliation
from app.imports.reconciling import Reconciliation
from app.kernel.clock import Clock

COLUMNS: Final = (
    Column("donor", Kind.CODE, needed=True),
    Column("aid_type", Kind.CODE, needed=True),
    Column("workbook", Kind.AMOUNT, note="Empty where its summary has no such donor."),
    Column("ledger", Kind.AMOUNT, needed=True),
    Column("difference", Kind.AMOUNT, needed=True, note="Ledger less workbook, of the whole sum."),
    Column("cause", Kind.CODE, note="Empty where the two agree."),
    Column("amount", Kind.AMOUNT, note="The part of the difference that this cause is."),
    Column("package"),
    Column("cell"),
)
_NO_CAUSE: Final = {"cause": None, "amount": None, "package": None, "cell": None}


def write_reconciliation(found: Reconciliation, path: Path, clock: Clock) -> None:
    """Write what the file's ending says: a table, or where it is none of theirs the workbook.

    Raises:
        NotAcceptableError: Parquet is asked for and the extra is not installed.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in list(Format):
        path.write_bytes(build_reconciliation(found, clock))
        return
    wanted = Format(suffix)
    if wanted is Format.PARQUET:
        demand_parquet()
    _write_table(found, path, wanted)


def _write_table(found: Reconciliation, path: Path, wanted: Format) -> None:
    whole = found.to_json()
    table = Table(name="reconciliation", columns=COLUMNS, rows=lambda: _rows(whole))
    about = {name: value for name, value in whole.items() if name != "data"}
    with path.open("wb") as file:
        match wanted:
            case Format.CSV:
                file.writelines(table.csv())
            case Format.NDJSON:
                file.writelines(write_ndjson(table.columns, table.rows()))
            case Format.JSON:
                file.write(json.dumps(whole, indent=2).encode() + b"\n")
            case Format.PARQUET:
                write_parquet(table, file, about)
            case Format.ZIP:
                named = {"name": "aid-ledger-reconciliation", "reconciliation": about}
                write_package([table], file, named)


def _rows(whole: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each cause of a difference, and one for each sum that agrees."""
    for one in whole["data"]:
        for cause in one["causes"] or [_NO_CAUSE]:
            yield {**one, **cause}

"""``aidledger reconcile``."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import click

from app.cli.reconciled_files import write_reconciliation
from app.cli.tools import EXIT_FINDINGS, Tools, pass_tools
from app.imports.domain.kiel.packages import Measure
from app.imports.domain.kiel.reconciliation import Cause, Compared, money
from app.imports.reconciling import Reconciliation, reconcile_file


@click.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--measure",
    type=click.Choice([one.value for one in Measure]),
    default=Measure.COMMITMENT.value,
    show_default=True,
    help="Which of the workbook's sums.",
)
@click.option("--all", "show_all", is_flag=True, help="Print the sums that agree as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the reconciliation as JSON.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write it to a file too: an Excel workbook, or by the file's ending csv, ndjson, json, parquet or zip.",
)
@pass_tools
def reconcile(
    tools: Tools, path: Path, measure: str, out: Path | None, *, show_all: bool, as_json: bool
) -> None:
    """Compare the ledger with the sums that a Kiel workbook has of itself.

    Exit codes: 0 every difference is the workbook's own doing, 1 the ledger has something else, or nobody knows why.
    """
    with path.open("rb") as file:
        found = reconcile_file(tools.database, tools.clock, file, path.name, Measure(measure))
    if out is not None:
        write_reconciliation(found, out, tools.clock)
    click.echo(json.dumps(found.to_json(), indent=2) if as_json else describe(found, show_all))
    if not found.is_explained:
        sys.exit(EXIT_FINDINGS)


def describe(found: Reconciliation, show_all: bool) -> str:  # noqa: FBT001 -- the option of that name
    """A line for each sum, and one for each cause below it."""
    different = [row for row in found.rows if not row.is_equal]
    sums = f"{found.measure.value}s in EUR at its own rates"
    text = [
        f"{found.file_name}, sheet {found.sheet}: {sums}; ledger at revision {found.revision}",
        f"{len(found.rows) - len(different)} sums agree, {len(different)} differ",
    ]
    for row in found.rows if show_all else different:
        text.append(_sum(row))
        text += [_cause(cause) for cause in row.causes]
    return "\n".join(text)


def _sum(row: Compared) -> str:
    workbook = "-" if row.workbook is None else _grouped(row.workbook)
    return (
        f"  {row.donor:<4}{row.aid_type.value:<13}workbook {workbook:>20}"
        f"  ledger {_grouped(row.ledger):>20}  difference {_grouped(row.difference):>20}"
    )


def _cause(cause: Cause) -> str:
    place = " ".join(filter(None, (cause.package_id, cause.cell and f"({cause.cell})")))
    return f"       {_grouped(cause.euro):>20}  {cause.why.value:<20}{place}".rstrip()


def _grouped(euro: Decimal) -> str:
    return f"{Decimal(money(euro)):,}"

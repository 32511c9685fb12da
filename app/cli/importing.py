"""``aidledger import``."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import click

from app.cli.tools import EXIT_BAD_DATA, EXIT_FINDINGS, Tools, pass_tools
from app.imports import fact_files, runs
from app.imports import template as templates
from app.imports.domain.facts import ImportReport, Layout, Outcome
from app.imports.domain.releases import ReleaseDifference
from app.imports.domain.report import iter_lines
from app.imports.domain.runs import ImportOrder, State
from app.imports.files.reading import annotate_workbook
from app.imports.layouts import LAYOUTS
from app.imports.report_csv import report_csv
from app.imports.runs import Finished
from app.main import spare_collector
from app.totals import upkeep
from app.transparency.guard import LogGuard

# So many rows are printed; ``--report`` writes all of them.
MAX_PRINTED: Final = 200
_FACTS: Final = tuple(one.value for one in Layout)
_FILE: Final = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--as", "layout", type=click.Choice([*LAYOUTS, *_FACTS]),
    help="What the file holds; by default its headers say so.",
)  # fmt: skip
@click.option("--label", help="What its publisher calls it, such as `Release 7`.")
@click.option("--coverage", help="The period that it covers, such as `2022-01-24/2022-10-03`.")
@click.option("--retrieved-on", type=click.DateTime(["%Y-%m-%d"]), help="When you got it.")
@click.option("--dry-run", is_flag=True, help="Say what would be recorded, and record nothing.")
@click.option("--skip-bad-rows", is_flag=True, help="Record the good rows; list the others.")
@click.option("--reason", help="Why pledges change, as their history says it.")
@click.option(
    "--withdraw-missing", is_flag=True, help="Withdraw what an earlier release had and this one has not."
)  # fmt: skip
@click.option(
    "--report",
    type=_FILE,
    help="Write every row to this .csv, or the workbook with comments to this .xlsx.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the import as JSON.")
@click.option("--actor", default="import", show_default=True, help="Who records it.")
@pass_tools
def import_file(
    tools: Tools,
    /,
    *,
    path: Path,
    layout: str | None,
    report: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Record what a file or a folder of facts holds; a second time changes nothing.

    Exit codes: 0 everything is in the ledger, 1 some rows are not, 65 nothing is.
    """
    if layout in _FACTS or (layout is None and fact_files.has_facts(path)):
        _import_facts(tools, path, layout, options, as_json=as_json)
        return
    if path.is_dir():
        raise click.UsageError("A folder holds facts, or nothing that can be read.")
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    order = _order(path, layout, options)
    spare_collector()
    with path.open("rb") as file:
        finished = _run_with_progress(tools, file, order)
    upkeep.take_snapshots(tools.database)
    lines = list(iter_lines(finished.report.pack()))
    if report is not None:
        _write_report(report, path, lines)
    click.echo(_as_json(finished, lines) if as_json else describe_run(finished, lines))
    sys.exit(_exit_code(finished))


@click.command()
@click.argument("path", type=_FILE)
def template(path: Path) -> None:
    """Write a table to fill in and import: a .xlsx with lists to choose from, or a .csv."""
    match path.suffix.lower():
        case ".xlsx":
            path.write_bytes(templates.workbook())
        case ".csv":
            path.write_bytes(templates.csv())
        case _:
            raise click.UsageError("A template is a .xlsx or a .csv.")


def _order(path: Path, layout: str | None, options: dict[str, Any]) -> ImportOrder:
    retrieved_at: datetime | None = options.pop("retrieved_on")
    return ImportOrder(
        file_name=path.name,
        layout=layout,
        retrieved_on=retrieved_at.date() if retrieved_at else None,
        **options,
    )


def _run_with_progress(tools: Tools, file: IO[bytes], order: ImportOrder) -> Finished:
    """How many rows a file has is known at its end, so the bar counts and does not measure."""
    with click.progressbar(
        length=0, label="Rows", show_eta=False, show_percent=False, show_pos=True, file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:  # fmt: skip

        def show(done: int) -> None:
            bar.update(done - bar.pos)

        return runs.run_import(tools.database, tools.clock, file, order, progress=show)


def _exit_code(finished: Finished) -> int:
    if finished.run.result.state is State.REFUSED:
        return EXIT_BAD_DATA
    return EXIT_FINDINGS if finished.report.bad_rows or finished.report.is_unreadable else 0


def _write_report(report: Path, sent: Path, lines: list[dict[str, Any]]) -> None:
    """Every row as CSV, or the file itself with a comment beside each cell that something was found about."""
    if report.suffix != ".xlsx":
        report.write_bytes(b"".join(report_csv(lines)))
        return
    findings = [finding for line in lines for finding in line["findings"]]
    report.write_bytes(annotate_workbook(sent.read_bytes(), findings))


def _as_json(finished: Finished, lines: list[dict[str, Any]]) -> str:
    difference = finished.difference
    body = {
        **finished.run.to_json(),
        "difference": difference.to_json() if difference else None,
        "rows": lines,
    }
    return json.dumps(body, indent=2, ensure_ascii=False)


def describe_run(finished: Finished, lines: list[dict[str, Any]]) -> str:
    """The report for people: a line of counts, then each row that needs a look."""
    result = finished.run.result
    counts = result.counts
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no rows"
    recorded = "nothing recorded"
    if finished.run.result.state is State.RECORDED:
        recorded = f"revisions {result.first_revision} to {result.last_revision}"
    text = [f"{finished.run.result.state.value}: {told}; {recorded}"]
    if finished.difference is not None:
        text += _describe_difference(finished.difference)
    needing = [
        line for line in lines if line["changes"] or line["findings"] or line["outcome"] == "gone"
    ]
    for line in needing[:MAX_PRINTED]:
        text += _describe_line(line)
    if len(needing) > MAX_PRINTED:
        text.append(f"and {len(needing) - MAX_PRINTED} more rows; --report writes all of them")
    return "\n".join(text)


def _describe_difference(difference: ReleaseDifference) -> list[str]:
    """A line for each donor: what happened to how many packages, and what it does to the donor's total."""
    return [
        f"  {donor}: "
        + "; ".join(
            f"{count} {change.value.replace('-', ' ')}"
            + "".join(f" {amount:+,f} {currency}" for currency, amount in sums.items())
            for change, (count, sums) in told.items()
        )
        for donor, told in difference.by_donor().items()
    ]


def _describe_line(line: dict[str, Any]) -> list[str]:
    place = "!".join(str(part) for part in (line["sheet"], line["row"]) if part) or "the file"
    name = line["reference"] or line["external_id"] or ""
    text = [f"  {place} {name}: {line['outcome'] or 'finding'}"]
    text += [f"    {one['field']}: {one['before']} -> {one['after']}" for one in line["changes"]]
    text += [
        f"    {one['severity']} {one['cell'] or ''}: {one['detail']} ({one['code']})"
        for one in line["findings"]
    ]
    return text


def _import_facts(
    tools: Tools, path: Path, layout: str | None, options: dict[str, Any], *, as_json: bool
) -> None:
    for name in (
        "label",
        "coverage",
        "retrieved_on",
        "reason",
        "skip_bad_rows",
        "withdraw_missing",
    ):
        if options[name]:
            raise click.UsageError(f"Facts are imported without --{name.replace('_', '-')}.")
    chosen = Layout(layout) if layout else fact_files.guess_layout(path)
    found = run_facts(tools, path, chosen, options["actor"], dry_run=options["dry_run"])
    upkeep.take_snapshots(tools.database)
    click.echo(json.dumps(found.to_json(), indent=2) if as_json else describe_facts(found))
    if not found.is_clean:
        sys.exit(EXIT_FINDINGS)


def run_facts(
    tools: Tools, path: Path, layout: Layout, actor: str, *, dry_run: bool
) -> ImportReport:
    """Read and record facts in one transaction, which a dry run or a refused row undoes."""
    rows = fact_files.read_files(path, layout)
    LogGuard(tools.database, tools.settings.log_checkpoint_file).check_write()
    with tools.database.transaction() as session:
        report = fact_files.import_rows(
            session, rows, actor=actor, clock=tools.clock, dry_run=dry_run
        )
        if report.revision is None:
            session.rollback()
    return report


def describe_facts(report: ImportReport) -> str:
    """The report for people: a line of counts, then each row that needs a look."""
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items())
    lines = [
        f"{counts}; "
        + ("nothing recorded" if report.revision is None else f"revision {report.revision}")
    ]
    for row in report.rows:
        if row.outcome in {Outcome.DIFFERENT, Outcome.REFUSED}:
            place = f"{row.row.file}:{row.row.line} {row.row.name}"
            lines.append(f"  {place}: {row.outcome.value}: {'; '.join(row.findings)}")
    return "\n".join(lines)

"""The workbook of pledges beside openpyxl, XlsxWriter and csv, and the workbook of the journal a second time.

Run by hand from the project's root: ``python -m benchmarks.export [--rows 10000 --rows 100000] [--rounds 3]``; add
``--rows 1000000`` for the largest. Each run is a process of its own, and the variants take turns. All of them write the
same cells of the same made-up pledges, every one with its reference and its format, at the ordinary level of deflate;
``rows`` only makes the pledges. Believe the processor time, which other work on the machine disturbs least.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from app.exports.blocks import BlockFolder
from app.kernel.dates import day_span
from app.kernel.sources import Source, SourceKind
from app.pledges.domain.model import AidType, Bound, Instrument, Status, Verification
from reports import journal as journal_report
from reports import pledges as pledges_report
from reports.figures import PledgeLine, Stages, Stamp
from reports.kit.numbers import Number
from reports.pledges import ListedPledge, PledgeFigures, columns

DONORS: Final = (("DK", "Denmark"), ("DE", "Germany"), ("NO", "Norway"), ("US", "United States"))
TITLES: Final = (
    "Donation package",
    "Air defence",
    "Macro-financial assistance",
    "Winter equipment",
)
FIRST: Final = date(2022, 2, 24)
BLOCK: Final = 10_000


def pledges(start: int, stop: int) -> Iterator[Any]:
    """Pledges of which no two are alike."""
    aid_types, zero = tuple(AidType), Decimal("0.00")
    for number in range(start, stop):
        donor, name = DONORS[number % 4]
        amount = Decimal(number * 137 + 100_000_00).scaleb(-2)
        line = PledgeLine(
            reference=f"{donor}-2023-{number:07d}",
            donor=donor,
            donor_name=name,
            title=f"{TITLES[number % 4]} {number}",
            aid_type=aid_types[number % 3],
            instrument=Instrument.GRANT,
            status=Status.COMMITTED,
            bound=Bound.EXACT,
            amount=amount,
            currency="EUR",
            stages=Stages(amount, amount, zero, zero),
            in_totals=True,
            announced=day_span(FIRST + timedelta(days=number % 1500)),
            verification=Verification.OFFICIAL,
            notes="Delivered in tranches." if number % 3 else None,
            overlaps=(),
            sources=(
                Source(f"https://www.example.org/news/{number}", "News", SourceKind.OFFICIAL),
            ),
            revision=number + 1,
            version=1,
        )
        yield ListedPledge(
            line=line, id=f"00000000-0000-4000-8000-{number:012d}", recorded_at="2026-11-22T10:00:00Z"
        )  # fmt: skip


def stamp(revision: int) -> Any:
    return Stamp(
        title="Benchmark", what="Made-up pledges.", as_of="2026-11-22", revision=revision, recorded_at=None,
        currency="EUR", fx_rule="None.", generated_at=None, licence="None.", citation="None.",
    )  # fmt: skip


def run_rows(rows: int, path: Path) -> None:

    values = [column.value for column in columns("EUR")]
    for pledge in pledges(0, rows):
        for value in values:
            value(pledge)
    path.touch()


def run_ours(rows: int, path: Path) -> None:

    zero, listed = Decimal(0), pledges(0, rows)
    figures = PledgeFigures(
        totals=Stages(zero, zero, zero, zero), listed=rows, in_totals=rows, unvalued=0,
        rows=lambda start, stop: islice(listed, stop - start),
    )  # fmt: skip
    with path.open("wb") as file:
        for piece in pledges_report.build(figures, stamp(rows)).pieces():
            file.write(piece)


def run_csv(rows: int, path: Path) -> None:

    values = [column.value for column in columns("EUR")]
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        for pledge in pledges(0, rows):
            lines.writerow([value(pledge) for value in values])


def run_xlsxwriter(rows: int, path: Path) -> None:

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Pledges")
    text, count, money, day = (
        book.add_format({"num_format": pattern})
        for pattern in ("General", "#,##0", "#,##0.00", "yyyy-mm-dd")
    )
    values = [column.value for column in columns("EUR")]
    sheet.write_row(0, 0, [column.title for column in columns("EUR")])
    for row, pledge in enumerate(pledges(0, rows), 1):
        for column, get in enumerate(values):
            match get(pledge):
                case str() as value:
                    sheet.write_string(row, column, value, text)
                case Number() as value:
                    sheet.write_number(row, column, float(value.value), money)
                case date() as value:
                    sheet.write_datetime(row, column, value, day)
                case int() as value:
                    sheet.write_number(row, column, value, count)
                case _:
                    sheet.write_blank(row, column, None, text)
    book.close()


def run_openpyxl(rows: int, path: Path) -> None:

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Pledges")
    values = [column.value for column in columns("EUR")]

    def cell(value: Any, pattern: str) -> Any:
        made = WriteOnlyCell(sheet, value)
        made.number_format = pattern
        return made

    sheet.append([column.title for column in columns("EUR")])
    for pledge in pledges(0, rows):
        sheet.append(
            [
                cell(value.value, "#,##0.00")
                if isinstance(value, Number)
                else cell(value, "yyyy-mm-dd")
                if isinstance(value, date)
                else value
                for value in (get(pledge) for get in values)
            ]
        )
    book.save(path)


def write_journal(rows: int, path: Path, blocks: Any) -> None:

    def lines(start: int, stop: int) -> Iterator[journal_report.JournalLine]:
        for number in range(start, stop):
            yield journal_report.JournalLine(
                revision=number + 1,
                recorded_at="2026-11-22T10:00:00Z",
                actor="desk",
                kind="pledge.recorded",
                stream="pledge",
                stream_id=f"00000000-0000-4000-8000-{number:012d}",
                version=1,
                reason=None,
                changed=f"aid_type: military; amount: {number}.00; currency: DKK; donor: DK; title: Package {number}",
                leaf_hash=sha256(str(number).encode()).hexdigest(),
            )

    with path.open("wb") as file:
        for piece in journal_report.build(stamp(rows), lines, lambda _, stop: str(stop)).pieces(
            blocks
        ):
            file.write(piece)


def run_journal(rows: int, path: Path) -> None:

    folder = path.parent / "blocks"
    folder.mkdir(exist_ok=True)
    write_journal(rows, path, BlockFolder(folder))


def run_journal_again(rows: int, path: Path) -> None:
    """The same ledger, grown by one hundredth of a block."""
    run_journal(rows + BLOCK // 100, path)


VARIANTS: Final[dict[str, Callable[[int, Path], None]]] = {
    "rows": run_rows,
    "csv": run_csv,
    "ours": run_ours,
    "xlsxwriter": run_xlsxwriter,
    "openpyxl": run_openpyxl,
    "journal": run_journal,
    "journal again": run_journal_again,
}
SLOW: Final = "openpyxl"


def child(variant: str, rows: int, path: Path) -> None:
    """Run one variant, and print what it took."""
    begun = time.perf_counter()
    VARIANTS[variant](rows, path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - begun,
        "rss": used.ru_maxrss / 1024,
        "size": path.stat().st_size / 2**20,
    }
    print(json.dumps(found))


def measure(variant: str, rows: int, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.export", "--child", variant, "--rows", str(rows)]
    out = subprocess.run(
        [*command, "--out", str(folder / "out.xlsx")], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(out.stdout)
    return found


@click.command()
@click.option("--rows", type=int, multiple=True, default=(10_000, 100_000))
@click.option("--rounds", default=3)
@click.option("--without-openpyxl", is_flag=True, help="It takes minutes at a million rows.")
@click.option("--child", "variant", type=click.Choice(list(VARIANTS)))
@click.option("--out", type=click.Path(path_type=Path))
def main(
    *,
    rows: tuple[int, ...],
    rounds: int,
    without_openpyxl: bool,
    variant: str | None,
    out: Path | None,
) -> None:
    if variant is not None and out is not None:
        child(variant, rows[0], out)
        return
    names = [name for name in VARIANTS if not (without_openpyxl and name == SLOW)]
    for count in rows:
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
        for _ in range(rounds):
            with TemporaryDirectory() as folder:
                for name in names:
                    runs[name].append(measure(name, count, Path(folder)))
        show(count, runs)


def show(count: int, runs: dict[str, list[dict[str, float]]]) -> None:
    print(f"\n{count:,} rows, median of {len(runs['ours'])}; load {os.getloadavg()[0]:.1f}")
    print(
        f"{'':14} {'cpu s':>8} {'to XlsxWriter':>13} {'rows/s of cpu':>13} {'RSS MiB':>8} {'MiB':>7}"
    )
    yardstick = median(run["cpu"] for run in runs["xlsxwriter"])
    for name, found in runs.items():
        cpu, rss, size = (median(run[key] for run in found) for key in ("cpu", "rss", "size"))
        print(
            f"{name:14} {cpu:8.2f} {cpu / yardstick:13.3f} {count / cpu:13,.0f} {rss:8.0f} {size:7.1f}"
        )


if __name__ == "__main__":
    main()

"""What conversion costs: totals by donor at 10^5 pledges by each policy, beside native ones and another checkout's.

Run by hand from the project's root: ``python -m benchmarks.policies [--pledges 100000] [--against FOLDER]``. Each
checkout answers in a process of its own, from a ledger that it filled itself; calls take turns, ratios are of medians.
Times are those of the processor, with SQLite in the process, so that a busy machine matters little.
By announcement costs what the pledges cost and is not measured here: the filled ledger has postings alone.
"""

import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click

QUESTIONS: Final = {
    "native": "currency=native",
    "effective": "currency=EUR",
    "effective, USD": "currency=USD",
    "by day": "currency=EUR&by=donor,month",
    "month_average": "currency=EUR&fx=month_average",
    "fixed": "currency=EUR&fx=fixed:2022-10-03",
}
# What every checkout that has totals understands.
SHARED: Final = ("native", "effective", "effective, USD", "by day")
ANSWERING: Final = """
import sys, time
from starlette.testclient import TestClient
from app.main import create_app
from app.settings import Settings
from benchmarks.totals import prepare
url, pledges = sys.argv[1], int(sys.argv[2])
prepare(url, pledges)
with TestClient(create_app(Settings(database_url=url))) as client:
    print("ready", flush=True)
    for line in sys.stdin:
        query = line.strip() if "by=" in line else f"by=donor&{line.strip()}"
        started = time.process_time_ns()
        answer = client.get(f"/v1/totals?measure=committed&{query}")
        taken = (time.process_time_ns() - started) / 1e6
        assert answer.is_success, answer.text
        print(taken, flush=True)
"""


class Checkout:
    """A process of a checkout that answers questions one at a time."""

    def __init__(self, folder: Path, url: str, pledges: int) -> None:
        command = [sys.executable, "-c", ANSWERING, url, str(pledges)]
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait_until_ready(self) -> None:
        """Its ledger is filled."""
        self._read()

    def milliseconds(self, query: str) -> float:
        """One call, computed afresh."""
        assert self.process.stdin
        self.process.stdin.write(f"{query}\n")
        self.process.stdin.flush()
        return float(self._read())

    def _read(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the process ended"
        return line.strip()

    def close(self) -> None:
        """Let it end."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


@click.command()
@click.option("--pledges", default=100_000, show_default=True)
@click.option("--calls", default=20, show_default=True)
@click.option("--against", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(pledges: int, calls: int, against: Path | None) -> None:
    """Measure on SQLite."""
    with ExitStack() as stack:
        files = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aidledger-")))
        folders = {"here": Path.cwd()} | ({"there": against} if against else {})
        checkouts: dict[str, Checkout] = {}
        for name, folder in folders.items():
            checkouts[name] = Checkout(folder, f"sqlite:///{files}/{name}.db", pledges)
            stack.callback(checkouts[name].close)
        for checkout in checkouts.values():
            checkout.wait_until_ready()
        taken: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for call in range(calls + 1):
            for question, query in QUESTIONS.items():
                for name in folders if question in SHARED else ("here",):
                    spent = checkouts[name].milliseconds(query)
                    if call:  # the first one warms up
                        taken[question, name].append(spent)
    medians = {key: statistics.median(values) for key, values in taken.items()}
    native = medians["native", "here"]
    for question in QUESTIONS:
        here, there = medians[question, "here"], medians.get((question, "there"))
        beside = f"   there {there:7.1f} ms   here x{here / there:4.2f}" if there else ""
        print(f"{question:<16}{here:8.1f} ms   x{here / native:4.2f} of native{beside}", flush=True)


if __name__ == "__main__":
    main()

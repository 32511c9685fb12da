"""The overview beside bare totals, and its weight: what looking at a ledger costs that has not changed.

Run by hand from the project's root: ``python -m benchmarks.pages [--pledges 100000]``. The ledger is filled as by
``benchmarks.totals``. Calls take turns: the overview (kept by the process under its validator), a view of it that is
asked for the first time, and ``/v1/totals`` by donor, each without a validator of its own. To aim at: the kept overview
within 150 ms and within three times the totals; at most 60 kB over the wire in fewer than 8 requests.
"""

import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from benchmarks.totals import prepare
from tests import postgres

BROWSER: Final = {"Accept": "text/html", "Accept-Encoding": "gzip"}
TOTALS: Final = "/v1/totals?measure=committed&by=donor&currency=EUR"


def milliseconds(client: TestClient, path: str) -> float:
    """One call."""
    started = time.perf_counter_ns()
    answer = client.get(path, headers={} if path == TOTALS else BROWSER)
    taken = (time.perf_counter_ns() - started) / 1e6
    assert answer.is_success, (path, answer.text)
    return taken


def weigh(client: TestClient) -> tuple[int, int]:
    """How many requests the overview takes with all that it loads, and how many bytes they bring."""
    page = client.get("/", headers=BROWSER)
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    answers = [page, *(client.get(address, headers=BROWSER) for address in loaded)]
    return len(answers), sum(int(one.headers["Content-Length"]) for one in answers)


def compare(engine: str, url: str, calls: int) -> None:
    """Print the medians of calls that take turns, their ratio to the totals, and the weight."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    with TestClient(create_app(Settings(database_url=url))) as client:
        for call in range(calls + 1):
            paths = {
                "totals": TOTALS,
                "kept overview": "/",
                "first look": f"/?to={2100 + call}",
            }
            for name, path in paths.items():
                spent = milliseconds(client, path)
                if call:  # the first one warms up
                    taken[name].append(spent)
        requests, size = weigh(client)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, median in medians.items():
        print(
            f"{engine:<11}{name:<15}{median:8.1f} ms   x{median / medians['totals']:5.2f}",
            flush=True,
        )
    print(f"{engine:<11}overview: {requests} requests, {size} bytes", flush=True)


@contextmanager
def ledgers() -> Iterator[dict[str, str]]:
    """An address for each engine; both are gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="aidledger-") as folder,
        postgres.run_cluster(Path(folder)) as cluster,
        tempfile.TemporaryDirectory(prefix="aidledger-") as files,
    ):
        postgres.execute(cluster.url("postgres"), "CREATE DATABASE bench")
        yield {"sqlite": f"sqlite:///{files}/bench.db", "postgresql": cluster.url("bench")}


@click.command()
@click.option("--pledges", default=100_000, show_default=True)
@click.option("--calls", default=20, show_default=True)
def main(pledges: int, calls: int) -> None:
    """Measure both engines."""
    with ledgers() as urls:
        for engine, url in urls.items():
            prepare(url, pledges)
            compare(engine, url, calls)


if __name__ == "__main__":
    main()

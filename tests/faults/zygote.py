"""Imports the application once and forks processes from it: a start then takes a fork, not seconds of imports.

Reads from standard input what `aidledger` is to be told, a JSON list a line; for each line it forks a process that runs
it, and prints the child's id.
"""

import json
import os
import signal
import sys

import app.main  # noqa: F401 -- the point: what a server imports is there before the fork
from app import cli


def main() -> None:
    """Fork until standard input ends."""
    # Children that were killed leave no corpses behind.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.argv = ["aidledger", *json.loads(line)]
            cli.main()
            os._exit(0)
        print(child, flush=True)  # noqa: T201 -- this is how it answers


if __name__ == "__main__":
    main()

"""The command line: what to check, what was found, and the exit codes 0 (right), 1 (mismatch), 2 (malformed)."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from verifier.check import Report, verify_bundle
from verifier.errors import MalformedError, MismatchError, VerificationError
from verifier.note import VerifierKey
from verifier.progress import ProgressLine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one check; the exit code is the answer."""
    parser = argparse.ArgumentParser(
        prog="verifier",
        description="Check an exported ledger offline, without trusting its operator.",
    )
    parser.add_argument("--bundle", required=True, type=Path, help="the ledger's bundle")
    parser.add_argument("--key", required=True, help="the log's verifier key: name+id+key")
    parser.add_argument("--since", type=Path, help="an older checkpoint that the log must continue")
    parser.add_argument("--workbook", type=Path, help="a summary workbook to work out afresh")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    given = parser.parse_args(arguments)
    return run(given.bundle, given.key, given.since, given.workbook, as_json=given.json)


def run(bundle: Path, key: str, since: Path | None, workbook: Path | None, *, as_json: bool) -> int:
    """Check a bundle and print what was found; what could not be checked goes to standard error."""
    try:
        with ProgressLine() as line:
            report = verify_bundle(
                bundle, VerifierKey.parse(key), since=since, workbook=workbook, progress=line.show
            )
    except OSError as error:
        return fail(MalformedError(f"{error.filename}: {error.strerror}"), as_json=as_json)
    except VerificationError as error:
        return fail(error, as_json=as_json)
    sys.stdout.write(_shown(report, as_json=as_json))
    return 0


def describe(error: VerificationError) -> str:
    """One line for people: where, and what."""
    if not isinstance(error, MismatchError) or error.revision is None:
        return f"{error.word}: {error}"
    if error.last != error.revision:
        return f"{error.word} in one of the revisions {error.revision} to {error.last}: {error}"
    return f"{error.word} in revision {error.revision}: {error}"


def _shown(report: Report, *, as_json: bool) -> str:
    return (json.dumps(report.to_json()) if as_json else str(report)) + "\n"


def fail(error: VerificationError, *, as_json: bool) -> int:
    """Print why a check failed; the exit code."""
    if as_json:
        sys.stdout.write(json.dumps(_finding(error)) + "\n")
    elif isinstance(error, MismatchError):
        sys.stdout.write(describe(error) + "\n")
    else:
        sys.stderr.write(describe(error) + "\n")
    return error.exit_code


def _finding(error: VerificationError) -> dict[str, Any]:
    found = {"ok": False, "kind": error.word.lower(), "what": str(error)}
    if isinstance(error, MismatchError):
        found |= {"revision": error.revision, "last": error.last}
    return found

"""The report of an import: a line for every row that is not as the ledger has it, however many rows there are."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from app.imports.domain.findings import Finding, Severity
from app.imports.domain.proposals import Compared, Outcome
from app.kernel.canonical import Json

# So many errors are told at once; the report has all of them.
MAX_TOLD: Final = 200
_LEVEL: Final = 5
# Made once: ``json.dumps`` would make one for each line.
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))
_BAD: Final = frozenset({Outcome.REFUSED, Outcome.STALE})


class Report:
    """Gathers what became of each row, packed as it comes in.

    Attributes:
        counts: rows by outcome.
        severities: findings by severity.
        errors: the first findings that keep something from being recorded.
    """

    def __init__(self) -> None:
        self.counts: Counter[Outcome] = Counter()
        self.severities: Counter[Severity] = Counter()
        self.errors: list[Finding] = []
        self._packed = BytesIO()
        # No instant in the header: the same report is the same bytes.
        self._lines = gzip.GzipFile("", "wb", _LEVEL, self._packed, mtime=0)

    @property
    def bad_rows(self) -> int:
        """How many rows cannot be recorded."""
        return sum(self.counts[outcome] for outcome in _BAD)

    @property
    def is_unreadable(self) -> bool:
        """Whether the file as a whole is refused."""
        return self.severities[Severity.ERROR] > 0 and not self.counts

    def note(self, finding: Finding) -> None:
        """A finding about the file, a sheet, or a row that became no proposal."""
        self._count(finding)
        self._write({"outcome": None, **_blank(finding), "findings": [finding.to_json()]})

    def add(self, compared: Compared) -> None:
        """A row. What is unchanged, without a finding, is only counted."""
        self.counts[compared.outcome] += 1
        for finding in compared.findings:
            self._count(finding)
        if compared.outcome is not Outcome.UNCHANGED or compared.findings:
            self._write(compared_json(compared))

    def counts_json(self) -> dict[str, int]:
        """Rows by outcome, and findings by severity."""
        return {
            **{outcome.value: self.counts[outcome] for outcome in Outcome},
            **{f"{severity.value}s": self.severities[severity] for severity in Severity},
        }

    def pack(self) -> bytes:
        """The report as it is kept; nothing can be added any more."""
        self._lines.close()
        return self._packed.getvalue()

    def _count(self, finding: Finding) -> None:
        self.severities[finding.severity] += 1
        if finding.severity is Severity.ERROR and len(self.errors) < MAX_TOLD:
            self.errors.append(finding)

    def _write(self, line: Mapping[str, Json]) -> None:
        self._lines.write(_ENCODER.encode(line).encode() + b"\n")


def compared_json(compared: Compared) -> dict[str, Json]:
    """A row of the report."""
    return {
        "outcome": compared.outcome.value,
        "sheet": compared.sheet,
        "row": compared.row,
        "external_id": compared.external_id or None,
        "reference": compared.reference,
        "changes": [change.to_json() for change in compared.changes],
        "findings": [finding.to_json() for finding in compared.findings],
    }


def iter_lines(packed: bytes) -> Iterator[dict[str, Any]]:
    """The rows of a report that was kept, in the file's order; ``outcome`` is ``None`` for what is no row."""
    with gzip.open(BytesIO(packed), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _blank(finding: Finding) -> dict[str, Json]:
    return {
        "sheet": finding.sheet,
        "row": finding.row,
        "external_id": None,
        "reference": None,
        "changes": [],
    }

"""The process that writes comments into a workbook: bound as the one that reads it, and told no more.

``python -I -m app.imports.files.annotate FINDINGS``: the workbook is standard input, what comes back standard output.
openpyxl keeps what tables consist of; charts and pictures are lost.
"""

import io
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from app.imports.files.child import bind

AUTHOR: Final = "Aid Ledger"
_FILLS: Final = {
    severity: PatternFill("solid", start_color=colour, end_color=colour)
    for severity, colour in (("error", "F8CBAD"), ("warning", "FFE699"), ("note", "DDEBF7"))
}
_ORDER: Final = ("error", "warning", "note")
_WIDTH: Final = 360
_LINE_HEIGHT: Final = 18


def main() -> None:
    """Comment on standard input."""
    bind()
    findings = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    book = load_workbook(io.BytesIO(sys.stdin.buffer.read()), keep_links=False)
    annotate(book, findings)
    out = io.BytesIO()
    book.save(out)
    sys.stdout.buffer.write(out.getvalue())


def annotate(book: Workbook, findings: list[dict[str, Any]]) -> None:
    """Put each finding beside its cell; what is about a whole row stands at its first cell."""
    told: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for finding in findings:
        if finding["sheet"] in book.sheetnames:
            cell = finding["cell"] or f"A{finding['row'] or 1}"
            told[finding["sheet"], cell].append(finding)
    for (sheet, address), ones in told.items():
        ones.sort(key=lambda one: _ORDER.index(one["severity"]))
        text = "\n".join(f"{one['severity']}: {one['detail']} ({one['code']})" for one in ones)
        comment = Comment(text, AUTHOR)
        comment.width, comment.height = _WIDTH, _LINE_HEIGHT * (3 + text.count("\n") * 2)
        cell = book[sheet][address]
        cell.fill = _FILLS[ones[0]["severity"]]
        cell.comment = comment


if __name__ == "__main__":
    main()

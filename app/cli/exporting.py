"""What ``aidledger export`` does with large workbooks, and the checksums beside all of them."""

import sys
from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path
from typing import Final

import click
from pydantic import BaseModel

from app.cli.tools import Tools
from app.db import ReadSession
from app.exports import streaming
from app.exports.blocks import BlockFolder
from app.exports.schemas import JournalReportParams, PledgesReportParams
from app.exports.streaming import StreamedReport
from app.journal.domain import Snapshot

Open = Callable[[Tools, ReadSession, Snapshot, dict[str, str]], StreamedReport]


def write_streamed(tools: Tools, report: str, path: Path, given: dict[str, str]) -> StreamedReport:
    """Write a large workbook while it is made; the file gets its name when it is whole.

    Raises:
        AppError: it cannot be made; a file that was there before stays as it was.
    """
    with tools.database.reading() as session:
        snapshot = tools.read_snapshot(session, given.get("as_of"))
        streamed = OPENERS[report](tools, session, snapshot, given)
    part = path.with_name(f"{path.name}.part")
    try:
        _write(tools, streamed, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return streamed


def write_checksum(path: Path) -> Path:
    """Write FILE.sha256 beside FILE, as ``sha256sum --check`` reads it."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    return beside


def _write(tools: Tools, streamed: StreamedReport, path: Path) -> None:
    folder = tools.settings.export_folder
    blocks = BlockFolder(folder) if folder is not None and folder.is_dir() else None
    with (
        path.open("wb") as file,
        click.progressbar(
            length=streamed.count,
            label=streamed.name,
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
            show_pos=True,
        ) as bar,
    ):
        for piece in streamed.open().pieces(blocks, lambda done: bar.update(done - bar.pos)):
            file.write(piece)


def _open_pledges(
    tools: Tools, session: ReadSession, snapshot: Snapshot, given: dict[str, str]
) -> StreamedReport:
    query = PledgesReportParams.model_validate(given).to_query()
    return streaming.open_pledges(tools.database, session, query, snapshot)


def _open_journal(
    tools: Tools, _session: ReadSession, snapshot: Snapshot, _given: dict[str, str]
) -> StreamedReport:
    return streaming.open_journal(tools.database, snapshot)


OPENERS: Final[dict[str, Open]] = {"journal": _open_journal, "pledges": _open_pledges}
PARAMS: Final[dict[str, type[BaseModel]]] = {
    "journal": JournalReportParams,
    "pledges": PledgesReportParams,
}

"""What ``aidledger export`` does: a workbook is written while it is made, with its checksum beside it."""

import sys
from hashlib import file_digest
from pathlib import Path

import click

from app.cli.tools import Tools
from app.exports.asked import AskedReport, unheeded
from app.exports.blocks import BlockFolder


def write_report(tools: Tools, asked: AskedReport, path: Path) -> int:
    """Write a workbook; the file gets its name when it is whole.

    Returns:
        How many rows its tables have.

    Raises:
        AppError: it cannot be made; a file that was there before stays as it was.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        rows = _write(tools, asked, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def write_checksum(path: Path) -> Path:
    """Write FILE.sha256 beside FILE, as ``sha256sum --check`` reads it."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    return beside


def _write(tools: Tools, asked: AskedReport, path: Path) -> int:
    folder = tools.settings.export_folder
    blocks = BlockFolder(folder) if folder is not None and folder.is_dir() else None
    book = asked.make(unheeded)
    with (
        path.open("wb") as file,
        click.progressbar(
            length=book.count,
            label=asked.name,
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
            show_pos=True,
        ) as bar,
    ):
        for piece in book.pieces(blocks, lambda done: bar.update(done - bar.pos)):
            file.write(piece)
    return book.count

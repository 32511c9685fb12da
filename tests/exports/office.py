"""LibreOffice as a second opinion: it opens a workbook, works every formula out anew, and saves what it found."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

REQUIRED: Final = "AIDLEDGER_REQUIRE_SOFFICE"
_RESULT: Final = re.compile(rb"(</f>)<v>[^<]*</v>")
_SECONDS: Final = 120


def find_office() -> str:
    """The program, or a reason to skip the test; with ``AIDLEDGER_REQUIRE_SOFFICE`` a reason to fail."""
    path = shutil.which("soffice")
    if path is None:
        if os.environ.get(REQUIRED):
            pytest.fail("LibreOffice is not installed, and it is required.")
        pytest.skip("LibreOffice is not installed.")
    return path


def recalculated(file: bytes, folder: Path) -> Workbook:
    """The workbook as LibreOffice saves it once the results beside its formulas are gone."""
    office = find_office()
    source = folder / "bare.xlsx"
    source.write_bytes(_without_results(file))
    out = folder / "out"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [office, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    return load_workbook(BytesIO((out / source.name).read_bytes()), data_only=True)


def _without_results(file: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(BytesIO(file)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = _RESULT.sub(rb"\1", part)
            target.writestr(name, part)
    return buffer.getvalue()

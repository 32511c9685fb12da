"""The real files of parliaments, where they are at hand; they are no part of the repository."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from app.parliaments.readers.files import SourceFile

_FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "data" / "legislation"
HR2471_XML: Final = "us/BILLSTATUS-117hr2471.xml"
HR2471_DATA: Final = "us/unitedstates-congress.hr2471-117.data.json"
HR815: Final = "us/hr815-118.actions.json"
S35_XML: Final = "us/BILLSTATUS-117s35.small.schema3.xml"
HR21: Final = "congress_gov_api/bill_117_hr_21.json"
HR21_ACTIONS: Final = "congress_gov_api/bill_117_hr_21_actions.json"


def shared_file(name: str) -> SourceFile:
    """A real file, or a skipped test where it is not at hand."""
    path = _FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand")
    return SourceFile(path.name, path.read_bytes())


def shared_json(name: str) -> dict[str, Any]:
    """The same, as JSON."""
    document: dict[str, Any] = json.loads(shared_file(name).content)
    return document


def all_api_files() -> list[SourceFile]:
    """Every answer about H.R. 21 of the 117th Congress."""
    folder = _FOLDER / "congress_gov_api"
    if not folder.exists():
        pytest.skip("the answers about H.R. 21 are not at hand")
    return [SourceFile(path.name, path.read_bytes()) for path in sorted(folder.glob("*.json"))]

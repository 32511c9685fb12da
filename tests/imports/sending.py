"""Sends files as a form does, and makes the files."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from httpx2 import Response
from openpyxl import Workbook, load_workbook

from tests.client import Api

HEADER = (
    "reference",
    "version",
    "donor",
    "title",
    "aid_type",
    "amount",
    "currency",
    "announced_on",
)
ONE = ("DK-X-1", None, "DK", "Package one", "military", "1000.50", "DKK", "2023-11-14")
TWO = (None, None, "SE", "Package two", "military", "2000", "SEK", "2023-11")
BAD = (None, None, "XX", "Package three", "military", "5", "SEK", "2023-13")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(*rows: Sequence[Any]) -> bytes:
    """CSV of these rows."""
    return "".join(
        ",".join("" if value is None else str(value) for value in row) + "\n"
        for row in (HEADER, *rows)
    ).encode()


def workbook(*rows: Sequence[Any]) -> bytes:
    """A workbook of these rows."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *rows):
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def edited(content: bytes, changes: Mapping[str, Any]) -> bytes:
    """A workbook with cells of its sheet Pledges changed, as openpyxl saves it; ``{"C2": "New"}``."""
    book, out = load_workbook(io.BytesIO(content)), io.BytesIO()
    for address, value in changes.items():
        book["Pledges"][address] = value
    book.save(out)
    return out.getvalue()


def send(
    api: Api, content: bytes, name: str = "pledges.csv", *, prefer: str | None = None, **words: str
) -> Response:
    """POST the file, whatever it answers."""
    headers = api.headers | ({"Prefer": prefer} if prefer else {})
    return api.client.post(
        "/v1/imports", files={"file": (name, content)}, data=words, headers=headers
    )


def read(api: Api, path: str, **parameters: Any) -> Any:
    """The body of a GET with a key that must succeed."""
    answer = api.client.get(path, params=parameters, headers=api.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()

"""Calls that a page shows as a reader would type them, with the answers printed below them."""

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from httpx2 import Response
from openpyxl import Workbook
from starlette.testclient import TestClient

ANYTHING: Final = "…"


def calls(text: str) -> Iterator[tuple[list[str], str]]:
    """Each call of a page, split as a shell would, with the answer below it."""
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield shlex.split(command), answer


def read(page: Path) -> Iterator[tuple[list[str], str]]:
    """As ``calls``, of a file."""
    return calls(page.read_text(encoding="utf-8"))


def call(
    client: TestClient, words: list[str], variables: dict[str, str], file: str = ""
) -> Response:
    """Make the call that a curl command would make; ``file`` is what stands in the file that it sends."""
    words = list(words)
    assert words.pop(0) == "curl"
    headers: dict[str, str] = {}
    body: str | bytes | None = None
    method, address = None, ""
    while words:
        word = words.pop(0)
        match word:
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = fill(value, variables)
            case "-d":
                body = words.pop(0)
            case "-F":
                body, kind = form(words.pop(0), file)
                headers["Content-Type"] = kind
            case "-X":
                method = words.pop(0)
            case "-O":
                pass
            case "-o":
                words.pop(0)
            case _:
                address = fill(word, variables).removeprefix("localhost:8000")
    return client.request(
        method or ("POST" if body else "GET"), address, headers=headers, content=body
    )


def form(part: str, file: str) -> tuple[bytes, str]:
    """The body of a form of one file, ``file=@pledges.xlsx``, and its content type; the file is given as CSV."""
    name, _, path = part.partition("=@")
    head = f'Content-Disposition: form-data; name="{name}"; filename="{path}"'
    content = workbook(file) if path.endswith(".xlsx") else file.encode()
    body = b"\r\n".join([b"--part", head.encode(), b"", content, b"--part--", b""])
    return body, "multipart/form-data; boundary=part"


def workbook(table: str) -> bytes:
    """A workbook with one sheet of these rows."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Pledges"
    for row in csv.reader(io.StringIO(table)):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def fill(text: str, variables: dict[str, str]) -> str:
    """The text with each ``$NAME`` replaced, the longest name first: ``$KEY_ID`` is not ``$KEY``."""
    for name in sorted(variables, key=len, reverse=True):
        text = text.replace(f"${name}", variables[name])
    return text


def agrees(expected: Any, actual: Any) -> bool:
    """Whether the answer is as printed; ``…`` is anything, as a member it is any further members."""
    if expected == ANYTHING:
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        named = {key for key in expected if key != ANYTHING}
        complete = ANYTHING in expected or named == actual.keys()
        return complete and all(
            key in actual and agrees(expected[key], actual[key]) for key in named
        )
    if isinstance(expected, list) and isinstance(actual, list):
        if ANYTHING in expected:
            return all(any(agrees(one, part) for part in actual) for one in expected)
        return len(expected) == len(actual) and all(map(agrees, expected, actual))
    return bool(expected == actual)


def is_as_printed(printed: str, answer: Response) -> bool:
    """Whether an answer is what the page prints: JSON in any layout, or a text to the letter."""
    if "json" in answer.headers["Content-Type"]:
        return agrees(json.loads(printed), answer.json())
    return is_text(printed, answer.text.replace("\r\n", "\n"))


def is_text(printed: str, text: str) -> bool:
    """Whether a text is what the page prints, to the letter."""
    pattern = ".*".join(map(re.escape, printed.split(ANYTHING)))
    return re.fullmatch(pattern, text, re.DOTALL) is not None

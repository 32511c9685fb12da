"""The wire of imports: the words beside a file, and what is answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, Field

from app.forms import pointer
from app.imports.domain.runs import ImportOrder
from app.imports.layouts import LAYOUTS, get_layout
from app.imports.store import After
from app.kernel.clock import format_instant, parse_instant
from app.kernel.dates import parse_day
from app.kernel.errors import InvalidError, NotFoundError, ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.ids import parse_id
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT, Cursor, InvalidCursorError, filters_digest
from app.kernel.text import clean_text

MAX_FILE_NAME: Final = 255
MAX_LABEL: Final = 200
MAX_COVERAGE: Final = 100
MAX_REASON: Final = 500
WORDS: Final[Mapping[str, str]] = {
    "layout": f"What the file holds: {', '.join(LAYOUTS)}. By default its headers say so.",
    "label": "What its publisher calls it, such as `Release 7`.",
    "coverage": "The period that it covers, such as `2022-01-24/2022-10-03`.",
    "retrieved_on": "The day on which you got it.",
    "reason": "Why pledges change, as their history says it. By default that the file was imported.",
    "dry_run": "`true`: say what would be recorded, and record nothing.",
    "skip_bad_rows": "`true`: record the good rows; by default one bad row refuses the file.",
    "withdraw_missing": "`true`: withdraw what an earlier release had and this one has not.",
}
_SWITCHES: Final = {"true": True, "false": False}
_LIST: Final = filters_digest({"list": "imports"})
# For the description: a form cannot be declared to the framework without its own reader of forms.
FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "An Excel workbook (.xlsx) or CSV in UTF-8.",
                        },
                        **{
                            name: {"type": "string", "description": meaning}
                            for name, meaning in WORDS.items()
                        },
                    },
                }
            }
        },
    }
}


class PageParams(BaseModel):
    """The query string of a list without filters."""

    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, min_length=1, description="`next_cursor` of the page before.")


class ImportOut(BaseModel):
    """An import: a file, what was to be done with it, and what became of it."""

    id: UUID
    state: str = Field(
        description="waiting, running; then proposed (a dry run), recorded, unchanged (the ledger has all of it),"
        " refused, failed (of no fault of the file's), lost (with its process; nothing was recorded)."
    )
    file_name: str
    sha256: str
    size: int
    layout: str | None
    label: str | None
    coverage: str | None
    retrieved_on: str | None
    dry_run: bool
    skip_bad_rows: bool
    withdraw_missing: bool
    actor: str
    started_at: str
    finished_at: str | None
    first_revision: int | None
    last_revision: int | None
    counts: dict[str, int] | None = Field(
        description="Rows by outcome, findings by severity; null while there are none."
    )
    problem: dict[str, Any] | None = Field(
        description="Why nothing became of it, as a problem document."
    )


class ImportsMeta(BaseModel):
    """When the states were true."""

    as_of: str


class ImportPageOut(BaseModel):
    """A page of imports, the newest first."""

    data: list[ImportOut]
    next_cursor: str | None
    meta: ImportsMeta


class ReportChangeOut(BaseModel):
    """One field that differs: as the ledger has it, and as the file has it."""

    field: str
    before: Any
    after: Any


class ReportFindingOut(BaseModel):
    """One thing that was found in the file."""

    severity: str
    code: str
    detail: str
    sheet: str | None
    row: int | None
    cell: str | None
    raw: str | None


class ReportRowOut(BaseModel):
    """A row of the file; `outcome` is null for what is about the file or a sheet as a whole."""

    outcome: str | None
    sheet: str | None
    row: int | None
    external_id: str | None
    reference: str | None
    changes: list[ReportChangeOut]
    findings: list[ReportFindingOut]


class ReportPageOut(BaseModel):
    """A page of the report, in the file's order."""

    data: list[ReportRowOut]
    next_cursor: str | None
    meta: ImportsMeta


def read_order(words: Mapping[str, str], file_name: str, actor: str) -> ImportOrder:
    """What is to be done with a file, from the words beside it; an empty one is as good as none.

    Raises:
        InvalidError: everything that cannot be read.
    """
    collector = Collector()
    for name in words:
        if name not in WORDS:
            collector.note(
                pointer(name), "extra_forbidden", "There is no such part.", known=[*WORDS]
            )
    given = {name: text for name, text in words.items() if text}
    order = ImportOrder(
        file_name=collector.read("/file", _text(MAX_FILE_NAME), file_name or "file", ""),
        actor=actor,
        layout=collector.find(_layout, "/layout", given.get("layout")),
        label=collector.find(_text(MAX_LABEL), "/label", given.get("label")),
        coverage=collector.find(_text(MAX_COVERAGE), "/coverage", given.get("coverage")),
        retrieved_on=collector.find(parse_day, "/retrieved_on", given.get("retrieved_on")),
        reason=collector.find(_text(MAX_REASON), "/reason", given.get("reason")),
        **{
            name: collector.find(_switch, f"/{name}", given.get(name)) or False
            for name in ("dry_run", "skip_bad_rows", "withdraw_missing")
        },
    )
    collector.finish()
    return order


def write_cursor(after: After, now: datetime) -> str:
    """Where the next page of the list begins."""
    started_at, name = after
    key = (format_instant(started_at), str(name))
    return Cursor(0, key, _LIST, int(now.timestamp())).encode()


def read_cursor(text: str | None, now: datetime) -> After | None:
    """Where a page of the list begins.

    Raises:
        InvalidCursorError: it cannot be used.
    """
    if text is None:
        return None
    try:
        match Cursor.decode(text, digest=_LIST, now=now).after:
            case (str(instant), str(name)):
                return parse_instant(instant), parse_id(name, "import")
            case _:
                pass
    except (ValueRefusedError, NotFoundError):
        pass
    raise InvalidCursorError("The cursor cannot be read.", reason="malformed")


def write_line_cursor(line: int, import_id: UUID, now: datetime) -> str:
    """Where the next page of a report begins."""
    return Cursor(0, (line,), _report(import_id), int(now.timestamp())).encode()


def read_line_cursor(text: str | None, import_id: UUID, now: datetime) -> int:
    """How many rows of a report come before a page.

    Raises:
        InvalidCursorError: it cannot be used.
    """
    if text is None:
        return 0
    match Cursor.decode(text, digest=_report(import_id), now=now).after:
        case (int(line),):
            return line
        case _:
            raise InvalidCursorError("The cursor cannot be read.", reason="malformed")


def _report(import_id: UUID) -> str:
    return filters_digest({"report": str(import_id)})


def _text(most: int) -> Callable[[str], str]:
    return lambda text: clean_text(text, max_length=most)


def _layout(text: str) -> str:
    try:
        return get_layout(text).name
    except InvalidError:
        raise ValueRefusedError(
            "unknown-value", "Not one of the allowed values.", allowed=[*LAYOUTS]
        ) from None


def _switch(text: str) -> bool:
    if text not in _SWITCHES:
        raise ValueRefusedError(
            "unknown-value", "Not one of the allowed values.", allowed=[*_SWITCHES]
        )
    return _SWITCHES[text]

"""Answers of the congress.gov API, version 3, as JSON: a bill, and its actions in as many pages as there are.

A list of actions without codes and source systems is read as well; then the text decides alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.kernel.errors import ValueRefusedError
from app.parliaments.domain.actions import Reading, VehicleFacts
from app.parliaments.domain.congress.bills import bill_facts, cite_law
from app.parliaments.domain.congress.reading import read_rows
from app.parliaments.domain.congress.rows import RecordedVote, Row
from app.parliaments.domain.places import FileFinding, FileRefusedError, Place
from app.parliaments.readers.bill_status import chamber_of
from app.parliaments.readers.files import (
    SourceFile,
    check_length,
    read_clock,
    read_day,
    read_instant,
    read_url,
    required_text,
    whole_number,
)

_OFFSET: Final = re.compile(r"[?&]offset=([0-9]{1,9})")
_LAST: Final = 10**9


@dataclass(frozen=True, slots=True)
class ApiFile:
    """One answer."""

    file: SourceFile
    document: Mapping[str, Any]

    def at(self, pointer: str) -> Place:
        """A place in it."""
        return Place(self.file.name, pointer)

    @property
    def page_end(self) -> int:
        """Where the next page would begin: the order of the pages, whatever that of the files."""
        following = str(_mapping(self.document.get("pagination")).get("next") or "")
        found = _OFFSET.search(following)
        return int(found[1]) if found else _LAST


def is_api_answer(document: Mapping[str, Any]) -> bool:
    """Whether the document looks like an answer of the API, or like the action list of one."""
    return isinstance(document.get("bill"), dict) or (
        isinstance(document.get("actions"), list) and "bill_id" not in document
    )


def read_congress_api(files: Sequence[ApiFile]) -> Reading:
    """The bill and its actions, from all answers about it.

    Raises:
        FileRefusedError: nothing names the bill, or a file is about another one.
    """
    pages = sorted((one for one in files if "actions" in one.document and _rows_of(one)), key=_end)
    facts = _read_facts(files)
    findings = _check_pages(pages)
    items = list(_items(pages))
    check_length(items, files[0].file.place)
    rows: list[Row] = []
    for page, index, raw in reversed(items):
        try:
            rows.append(_read_action(page, f"/actions/{index}", raw))
        except FileRefusedError as refused:
            findings.append(refused.finding)
    return read_rows(facts, sorted(rows, key=lambda row: row.on), findings)


def _end(page: ApiFile) -> int:
    return page.page_end


def _rows_of(page: ApiFile) -> list[Any]:
    actions = page.document.get("actions")
    return actions if isinstance(actions, list) else []


def _items(pages: Sequence[ApiFile]) -> Iterator[tuple[ApiFile, int, Mapping[str, Any]]]:
    for page in pages:
        for index, raw in enumerate(_rows_of(page)):
            yield page, index, _mapping(raw)


def _check_pages(pages: Sequence[ApiFile]) -> list[FileFinding]:
    """Whether every row that the API counts is there, once."""
    counts = [_mapping(page.document.get("pagination")) for page in pages]
    totals = [one.get("total", one.get("count")) for one in counts]
    wanted = max((total for total in totals if isinstance(total, int)), default=0)
    held = sum(len(_rows_of(page)) for page in pages)
    if not wanted or held == wanted:
        return []
    place = pages[-1].at("/pagination")
    if held < wanted:
        detail = f"{held} of {wanted} actions are there; the other pages are needed too."
        return [FileFinding(place, "pages-missing", detail)]
    detail = f"{held} actions for {wanted} that there are: a page is there twice."
    return [FileFinding(place, "pages-repeated", detail)]


def _read_facts(files: Sequence[ApiFile]) -> VehicleFacts:
    named = [(one, _name(one)) for one in files]
    first = next((name for _, name in named if name), None)
    if first is None:
        raise FileRefusedError(files[0].file.place, "no-vehicle", "Nothing here names the bill.")
    for one, name in named:
        if name and name != first:
            raise FileRefusedError(
                one.file.place, "other-vehicle", "The files are about different bills."
            )
    answer = next((one for one in files if isinstance(one.document.get("bill"), dict)), None)
    bill = _mapping(answer.document["bill"]) if answer else {}
    place = (answer or files[0]).at("/bill")
    congress, kind, number = first
    try:
        return bill_facts(
            whole_number(congress, place),
            kind,
            str(whole_number(number, place)),
            titles=tuple(_titles(bill, place, files)),
            introduced_on=read_day(bill["introducedDate"], place)
            if bill.get("introducedDate")
            else None,
            law=_law(bill),
        )
    except ValueRefusedError as refused:
        raise FileRefusedError.of(place, refused) from None


def _name(one: ApiFile) -> tuple[str, str, str] | None:
    """Congress, type and number: of the bill itself, or of what was asked for."""
    bill, asked = _mapping(one.document.get("bill")), _mapping(one.document.get("request"))
    named = [
        (raw.get("congress"), raw.get(kind), raw.get(number))
        for raw, kind, number in ((bill, "type", "number"), (asked, "billType", "billNumber"))
    ]
    for congress, kind, number in named:
        if congress and kind and number:
            return str(congress), str(kind).lower(), str(number)
    return None


def _titles(bill: Mapping[str, Any], place: Place, files: Sequence[ApiFile]) -> Iterator[str]:
    if title := bill.get("title"):
        yield required_text(title, place)
    for one in files:
        titles = one.document.get("titles")
        for index, raw in enumerate(titles if isinstance(titles, list) else []):
            if title := _mapping(raw).get("title"):
                yield required_text(title, one.at(f"/titles/{index}"))


def _law(bill: Mapping[str, Any]) -> str | None:
    laws = bill.get("laws")
    law = _mapping(laws[0]) if isinstance(laws, list) and laws else {}
    return (
        cite_law(str(law["type"]), str(law["number"]))
        if law.get("type") and law.get("number")
        else None
    )


def _read_action(page: ApiFile, pointer: str, raw: Mapping[str, Any]) -> Row:
    system = _mapping(raw.get("sourceSystem"))
    code, source = raw.get("actionCode"), system.get("code")
    recorded = raw.get("recordedVotes")
    votes = recorded if isinstance(recorded, list) else []
    return Row(
        on=read_day(raw.get("actionDate"), page.at(f"{pointer}/actionDate")),
        time=read_clock(raw.get("actionTime"), page.at(f"{pointer}/actionTime")),
        text=required_text(raw.get("text"), page.at(f"{pointer}/text")),
        codes=(required_text(code, page.at(f"{pointer}/actionCode")),) if code else (),
        source=None if source is None else str(source),
        chamber=chamber_of(str(system.get("name") or raw.get("chamber") or "")),
        votes=tuple(
            _read_vote(page.at(f"{pointer}/recordedVotes/{index}"), _mapping(vote))
            for index, vote in enumerate(votes)
        ),
        place=page.at(pointer),
    )


def _read_vote(place: Place, raw: Mapping[str, Any]) -> RecordedVote:
    return RecordedVote(
        chamber=chamber_of(str(raw.get("chamber") or "")),
        roll=whole_number(raw.get("rollNumber"), place),
        url=read_url(raw.get("url"), place),
        at=read_instant(raw.get("date"), place),
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

"""BILLSTATUS, the bulk data of the Government Publishing Office: schema 3.0.0, 1.0.0, and files without a version.

The schemas differ in names (``type`` or ``billType``, ``number`` or ``billNumber``) and in what stands beside the
actions; the actions themselves are alike. The newest action comes first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.kernel.errors import ValueRefusedError
from app.parliaments.domain.actions import Reading, VehicleFacts
from app.parliaments.domain.congress.bills import bill_facts, cite_law
from app.parliaments.domain.congress.reading import read_rows
from app.parliaments.domain.congress.rows import HOUSE, SENATE, RecordedVote, Row
from app.parliaments.domain.places import FileFinding, FileRefusedError
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
from app.parliaments.readers.xml import Element, parse_xml

ROOT: Final = "billStatus"
VERSIONS: Final = frozenset({None, "1.0.0", "3.0.0"})


def read_bill_status(file: SourceFile) -> Reading:
    """The bill and its actions.

    Raises:
        FileRefusedError: not XML, not BILLSTATUS, or without what names the bill.
    """
    root = parse_xml(file)
    bill = root.find("bill")
    if root.name != ROOT or bill is None:
        raise FileRefusedError(root.place, "unknown-layout", f"This is not {ROOT}.")
    if (version := root.find_text("version")) not in VERSIONS:
        detail = "This schema of BILLSTATUS is not known."
        raise FileRefusedError(root.place_of("version"), "unknown-layout", detail, found=version)
    rows, findings = _read_actions(bill)
    return read_rows(_read_facts(bill), rows, findings)


def _read_facts(bill: Element) -> VehicleFacts:
    number = whole_number(bill.find_text("number", "billNumber"), bill.place_of("number"))
    kind = required_text(bill.find_text("type", "billType"), bill.place_of("type"))
    introduced = bill.find_text("introducedDate")
    try:
        return bill_facts(
            whole_number(bill.find_text("congress"), bill.place_of("congress")),
            kind,
            str(number),
            titles=tuple(_titles(bill)),
            introduced_on=_day(bill, introduced),
            law=_law(bill),
        )
    except ValueRefusedError as refused:
        raise FileRefusedError.of(bill.place, refused) from None


def _day(bill: Element, introduced: str | None) -> date | None:
    return read_day(introduced, bill.place_of("introducedDate")) if introduced else None


def _titles(bill: Element) -> Iterator[str]:
    for one in (*bill.list_all("title"), *bill.list_all("titles/item/title")):
        if one.text:
            yield required_text(one.text, one.place)


def _law(bill: Element) -> str | None:
    law = bill.find("laws/item")
    kind, number = (law.find_text("type"), law.find_text("number")) if law else (None, None)
    return cite_law(kind, number) if kind and number else None


def _read_actions(bill: Element) -> tuple[list[Row], list[FileFinding]]:
    """The rows, oldest first, and what is wrong with those that are left out.

    Raises:
        FileRefusedError: ``too-large``.
    """
    rows: list[Row] = []
    findings: list[FileFinding] = []
    items = bill.list_all("actions/item")
    check_length(items, bill.place_of("actions"))
    for item in reversed(items):
        try:
            rows.append(_read_action(item))
        except FileRefusedError as refused:
            findings.append(refused.finding)
    return sorted(rows, key=lambda row: row.on), findings


def _read_action(item: Element) -> Row:
    code = item.find_text("actionCode")
    system = item.find_text("sourceSystem/name") or ""
    votes = [_read_vote(vote) for vote in item.list_all("recordedVotes/recordedVote")]
    return Row(
        on=read_day(item.find_text("actionDate"), item.place_of("actionDate")),
        time=read_clock(item.find_text("actionTime"), item.place_of("actionTime")),
        text=required_text(item.find_text("text"), item.place_of("text")),
        codes=(required_text(code, item.place_of("actionCode")),) if code else (),
        source=item.find_text("sourceSystem/code"),
        chamber=chamber_of(system),
        votes=tuple(votes),
        place=item.place,
    )


def _read_vote(vote: Element) -> RecordedVote:
    return RecordedVote(
        chamber=chamber_of(vote.find_text("chamber") or ""),
        roll=whole_number(vote.find_text("rollNumber"), vote.place_of("rollNumber")),
        url=read_url(vote.find_text("url"), vote.place_of("url")),
        at=read_instant(vote.find_text("date"), vote.place_of("date")),
    )


def chamber_of(system: str) -> str | None:
    """The chamber that a source system belongs to; ``None`` for the Library of Congress."""
    return next((chamber for chamber in (HOUSE, SENATE) if system.startswith(chamber)), None)

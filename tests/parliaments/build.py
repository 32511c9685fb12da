"""A small bill that went all the way, in every layout that is read: the same story, told five times."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from app.parliaments.readers.files import SourceFile

Raw = Mapping[str, Any]
SENATE: Final = {"name": "Senate"}
LIBRARY: Final = {"code": "9", "name": "Library of Congress"}
FLOOR: Final = {"code": "2", "name": "House floor actions"}


def row(day: str, text: str, system: Raw = SENATE, code: str | None = None, **more: Any) -> Raw:
    """One row as congress.gov has it."""
    found: dict[str, Any] = {
        "actionDate": day,
        "text": text,
        "type": "NotUsed",
        "sourceSystem": system,
    }
    return {**found, **({"actionCode": code} if code else {}), **more}


def recorded(roll: int, chamber: str, at: str) -> list[Raw]:
    """The roll call beside a row."""
    url = f"https://clerk.house.gov/evs/2022/roll{roll:03}.xml"
    return [
        {
            "rollNumber": roll, "url": url, "chamber": chamber, "congress": 117, "date": at,
            "sessionNumber": 2,
        }
    ]  # fmt: skip


# H.R. 7691 (117) in outline: passed by the House on 10 May 2022 by 368 to 57, by the Senate on 19 May by 86 to 11,
# law on 21 May. The texts follow those of other bills. Newest first, as congress.gov lists them.
PASSED_HOUSE: Final = (
    "On motion to suspend the rules and pass the bill, as amended Agreed to by the Yeas and Nays:"
    " (2/3 required): 368 - 57 (Roll no. 145). (text: CR H4757-4760)"
)
PASSED_SENATE: Final = (
    "Passed Senate without amendment by Yea-Nay Vote. 86 - 11. Record Vote Number: 191."
)
ROWS: Final[Sequence[Raw]] = (
    row("2022-05-21", "Became Public Law No: 117-128.", LIBRARY, "E40000"),
    row("2022-05-21", "Became Public Law No: 117-128.", LIBRARY, "36000"),
    row("2022-05-21", "Signed by President.", LIBRARY, "E30000"),
    row("2022-05-21", "Signed by President.", LIBRARY, "36000"),
    row("2022-05-20", "Presented to President.", FLOOR, "E20000"),
    row("2022-05-20", "Presented to President.", LIBRARY, "28000"),
    row("2022-05-19", PASSED_SENATE),
    row("2022-05-19", f"Passed/agreed to in Senate: {PASSED_SENATE}", LIBRARY, "17000"),
    row("2022-05-16", "Motion to proceed to consideration of measure made in Senate. (CR S2508)"),
    row("2022-05-11", "Received in the Senate."),
    row("2022-05-10", PASSED_HOUSE, FLOOR, "H37300", actionTime="22:08:29",
        recordedVotes=recorded(145, "House", "2022-05-11T02:08:29Z")),
    row("2022-05-10", f"Passed/agreed to in House: {PASSED_HOUSE.replace('. (text', '.(text')}", LIBRARY, "8000",
        actionTime="22:08:29", recordedVotes=recorded(145, "House", "2022-05-11T02:08:29Z")),
    row("2022-05-10", "Introduced in House", LIBRARY, "Intro-H"),
    row("2022-05-10", "Introduced in House", LIBRARY, "1000"),
)  # fmt: skip
TITLE: Final = "Additional Ukraine Supplemental Appropriations Act, 2022"


def bill_status(
    version: str | None, rows: Sequence[Raw] = ROWS, name: str = "bill.xml"
) -> SourceFile:
    """BILLSTATUS of the schema 3.0.0, 1.0.0 or, with ``None``, without a version."""
    new = version == "3.0.0"
    number, kind = ("number", "type") if new else ("billNumber", "billType")
    counts = "" if new else "<actionByCounts><senate>3</senate></actionByCounts>"
    items = "\n".join(_item(one, new=new, old=version is None) for one in rows)
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<billStatus>\n'
        + (f"<version>{version}</version>\n" if version else "")
        + f"<bill>\n<{number}>7691</{number}>\n<{kind}>HR</{kind}>\n"
        "<introducedDate>2022-05-10</introducedDate>\n<congress>117</congress>\n"
        f"<actions>{counts}\n{items}\n</actions>\n"
        "<laws><item><type>Public Law</type><number>117-128</number></item></laws>\n"
        f"<title>{TITLE}</title>\n</bill>\n</billStatus>\n"
    )
    return SourceFile(name, text.encode())


def _item(raw: Raw, *, new: bool, old: bool) -> str:
    parts = [_element(name, value) for name, value in raw.items() if name != "recordedVotes"]
    votes = "".join(_element("recordedVote", vote) for vote in raw.get("recordedVotes", ()))
    parts.append("<committees/>" if new else "<committee/>" if old else "<committees/><links/>")
    return (
        f"<item>{''.join(parts)}{f'<recordedVotes>{votes}</recordedVotes>' if votes else ''}</item>"
    )


def _element(name: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(*pair) for pair in value.items())}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def api_bill() -> SourceFile:
    """The API's answer about the bill."""
    bill = {
        "congress": 117, "type": "HR", "number": "7691", "introducedDate": "2022-05-10", "title": TITLE,
        "laws": [{"type": "Public Law", "number": "117-128"}],
    }  # fmt: skip
    return json_file("bill.json", {"bill": bill, "request": _request()})


def api_page(
    rows: Sequence[Raw] = ROWS,
    *,
    count: int | None = None,
    offset: int | None = None,
    name: str = "actions.json",
) -> SourceFile:
    """One page of its actions; ``offset`` where another page follows."""
    pagination: dict[str, Any] = {"count": len(rows) if count is None else count}
    if offset is not None:
        pagination["next"] = (
            f"https://api.congress.gov/v3/bill/117/hr/7691/actions?offset={offset}&limit=7"
        )
    # The API gives the code of the source system as a number.
    listed = [{**one, "sourceSystem": _numbered(one["sourceSystem"])} for one in rows]
    return json_file(name, {"actions": listed, "pagination": pagination, "request": _request()})


def _request() -> Raw:
    return {"congress": "117", "billType": "hr", "billNumber": "7691"}


def _numbered(system: Raw) -> Raw:
    return {**system, "code": int(system["code"])} if "code" in system else {**system, "code": 0}


def congress_data(**changes: Any) -> SourceFile:
    """``data.json``, without the rows that its maker leaves out: those of the Library that repeat."""
    told = (
        ("2022-05-10", "Introduced in House", "Intro-H"),
        (
            "2022-05-10T22:08:29-04:00",
            PASSED_HOUSE.removesuffix(" (text: CR H4757-4760)"),
            "H37300",
        ),
        ("2022-05-11", "Received in the Senate.", ""),
        ("2022-05-16", "Motion to proceed to consideration of measure made in Senate.", ""),
        ("2022-05-19", PASSED_SENATE, ""),
        ("2022-05-20", "Presented to President.", "E20000"),
        ("2022-05-21", "Signed by President.", "E30000"),
        ("2022-05-21", "Became Public Law No: 117-128.", "E40000"),
    )
    actions = [{"acted_at": at, "text": text, "action_code": code} for at, text, code in told]
    document = {
        "bill_id": "hr7691-117", "introduced_at": "2022-05-10", "short_title": TITLE, "actions": actions,
        "status": "PASS_OVER:HOUSE", "enacted_as": {"law_type": "public", "congress": "117", "number": "128"},
        "titles": [{"title": TITLE}],
    }  # fmt: skip
    return json_file("data.json", {**document, **changes})


def json_file(name: str, document: object) -> SourceFile:
    """A document as a file."""
    return SourceFile(name, json.dumps(document).encode())

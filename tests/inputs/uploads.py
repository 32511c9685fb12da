"""The rows of the corpus that are files: each made here, sent in a form, and answered as its row says."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.inputs.ledger import Call, Case, accepted, refused, stopped

HEADER: Final = ("donor", "title", "aid_type", "amount", "currency", "announced_on")
GOOD: Final = ("DK", "canary", "military", 1000.5, "DKK", "2023-11-14")
FAR: Final = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
SHEET: Final = "xl/worksheets/sheet1.xml"
TYPES: Final = "[Content_Types].xml"
_PART: Final = "part-of-the-form"


def workbook(
    changes: Mapping[str, Any] | None = None, change: Callable[[Workbook], None] | None = None
) -> bytes:
    """A workbook of one acceptable pledge, with cells or anything else changed."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(GOOD)
    for address, value in (changes or {}).items():
        sheet[address] = value
    if change:
        change(book)
    book.save(out)
    return out.getvalue()


def repacked(
    change: Callable[[str, bytes], bytes] = lambda _name, part: part,
    added: Mapping[str, bytes] | None = None,
    content: bytes | None = None,
) -> bytes:
    """A workbook with parts changed or added."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content or workbook())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def replaced(part: str, old: bytes, new: bytes, content: bytes | None = None) -> bytes:
    """A workbook with some bytes of a part changed."""

    def change(name: str, text: bytes) -> bytes:
        if name != part:
            return text
        assert old in text
        return text.replace(old, new, 1)

    return repacked(change, content=content)


def with_lying_size() -> bytes:
    """The directory says that the sheet is ten bytes long."""
    content = bytearray(workbook())
    entry = content.rindex(SHEET.encode()) - 46  # APPNOTE 4.3.12: the name follows 46 bytes
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def with_link() -> bytes:
    """A member that is a symbolic link, as Unix archivers store it."""
    content = bytearray(repacked(added={"xl/link.xml": b"/etc/passwd"}))
    entry = content.rindex(b"xl/link.xml") - 46
    content[entry + 5] = 3  # made on Unix
    content[entry + 38 : entry + 42] = (0o120777 << 16).to_bytes(4, "little")
    return bytes(content)


def from_1904(book: Workbook) -> None:
    """Days are counted as old Macs counted them."""
    book.epoch = CALENDAR_MAC_1904


def with_merged_header(book: Workbook) -> None:
    sheet = book.active
    assert sheet is not None
    sheet.merge_cells("A1:B1")


def with_header_below(book: Workbook) -> None:
    sheet = book.active
    assert sheet is not None
    sheet.insert_rows(1)


def with_sheets(book: Workbook) -> None:
    for number in range(20):
        book.create_sheet(f"More {number}")


def upload(content: bytes, name: str = "canary.xlsx", **words: str) -> Call:
    """Sending a file in a form."""
    parts = [*(_word(*word) for word in words.items()), _file(name, content)]
    body = b"".join(b"--%b\r\n%b\r\n" % (_PART.encode(), part) for part in parts)
    kind = f"multipart/form-data; boundary={_PART}"
    return Call(
        method="POST",
        path="/v1/imports",
        raw=body + b"--%b--\r\n" % _PART.encode(),
        headers={"Content-Type": kind},
    )


def _word(name: str, text: str) -> bytes:
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode()


def _file(name: str, content: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + content


def _stopped(status: int, kind: str, *contents: bytes) -> Sequence[Case]:
    return [stopped(upload(content), status, kind) for content in contents]


def _refused(code: str, *contents: bytes) -> Sequence[Case]:
    return [refused(upload(content), code, "/file") for content in contents]


def _no_workbooks() -> Iterator[bytes]:
    yield b""
    yield b"<html><title>canary</title>"
    yield b"%PDF-1.7 canary"
    yield b"\xd0\xcf\x11\xe0" + b"canary" * 100
    yield workbook()[:900]
    yield b"a,\xff\xfe\n"
    open_document = io.BytesIO()
    with ZipFile(open_document, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    yield open_document.getvalue()


_SHEETML: Final = b"spreadsheetml.sheet.main+xml"
UPLOADS: Final[Mapping[str, Sequence[Case]]] = {
    "B090": _stopped(
        422, "workbook-has-macros",
        repacked(added={"xl/vbaProject.bin": b"canary"}),
        replaced(TYPES, b"application/vnd.openxmlformats-officedocument." + _SHEETML,
                 b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    ),
    "B091": _stopped(
        413, "workbook-too-large",
        repacked(added={"xl/media/a.bin": b"\0" * 3_000_000}),
        repacked(added={f"xl/media/{number}.bin": b"" for number in range(600)}),
    ),
    "B092": _stopped(400, "malformed-workbook", with_lying_size()),
    "B093": _stopped(
        413, "workbook-too-large", replaced(SHEET, b"</sheetData>", FAR + b"</sheetData>")
    ),
    "B094": [
        accepted(upload(replaced(SHEET, b'ref="A1:F2"', b'ref="A1:B1"'), dry_run="true"), 200)
    ],
    "B095": [
        accepted(upload(replaced(SHEET, b'ref="A1:F2"', b'ref="A1:XFD1048576"'), dry_run="true"), 200)
    ],
    "B099": _stopped(
        400, "malformed-workbook",
        repacked(added={"../canary.xml": b"<a/>"}),
        repacked(added={"/etc/canary.xml": b"<a/>"}),
        with_link(),
    ),
    "B100": _stopped(
        422, "workbook-encrypted", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    ),
    "B101": _stopped(415, "unsupported-workbook", *_no_workbooks()),
    "B102": _stopped(
        413, "workbook-too-large",
        repacked(added={"xl/media/a.bin": bytes(range(256)) * 4_096 * 11}),
        workbook({"A10001": "DK"}),
        workbook({"BM2": "canary"}),
        workbook(change=with_sheets),
    ),
    "B103": _refused(
        "formula-not-allowed",
        workbook({"D2": "=1+1"}),
        replaced(SHEET, b"<v>1000.5</v>", b"<f>1000+0.5</f><v>1000.5</v>"),
    ),
    "B104": _refused(
        "header",
        workbook(change=with_merged_header), workbook(change=with_header_below),
        workbook({"B1": "donor"}), workbook({"B1": "canary"}), workbook({"G2": "canary"}),
    ),
    "B106": [
        *_refused("invalid-amount", workbook({"D2": "1,000.00"})),
        *_refused("text-expected", workbook({"B2": 12_345})),
        *_refused("invalid-date", workbook({"F2": "14/11/2023"}), workbook({"F2": 45_244.5})),
        *_refused("date-system", workbook(change=from_1904)),
    ],
    "B108": _refused("cell-error", workbook({"D2": "#REF!"}), workbook({"B2": "#N/A"})),
}  # fmt: skip

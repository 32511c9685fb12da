"""No file takes the service down, and none that is refused is read: files made here, one for each way to be bad."""

import io
from collections.abc import Callable, Mapping
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from app.imports.domain.limits import Limits
from app.imports.errors import RefusedFileError
from app.imports.files.reading import reading_book
from tests.inputs.uploads import FAR

_SHEET = "xl/worksheets/sheet1.xml"
_FAR = (
    b'<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576">'
    b'<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
)


def _workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("donor", "title"), ("DK", "One"), ("SE", "Two"), ("NO", "Three")):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def _unchanged(_name: str, content: bytes) -> bytes:
    return content


def _repacked(
    added: Mapping[str, bytes], change: Callable[[str, bytes], bytes] = _unchanged
) -> bytes:
    """The workbook with parts changed or added."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(_workbook())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(name, content))
        for name, content in added.items():
            new.writestr(name, content)
    return out.getvalue()


def _in_sheet(old: bytes, new: bytes) -> bytes:
    return _repacked({}, lambda name, text: text.replace(old, new, 1) if name == _SHEET else text)


def _with_lying_size() -> bytes:
    """The directory says that the sheet is ten bytes long."""
    content = bytearray(_workbook())
    entry = content.rindex(_SHEET.encode()) - 46  # APPNOTE 4.3.12: the name follows 46 bytes
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def _read(tmp_path_file: io.BufferedRandom, content: bytes) -> list[list[object]]:
    tmp_path_file.write(content)
    tmp_path_file.flush()
    with reading_book(tmp_path_file, "sent", Limits()) as book:
        return [[cell.value for cell in row.cells] for row in book.sheets[0].rows]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(
            _repacked({"xl/vbaProject.bin": b"x"}), "workbook-has-macros", id="B090 programs"
        ),
        pytest.param(
            _repacked({"xl/media/a.bin": b"\0" * 3_000_000}), "workbook-too-large", id="B091 bomb"
        ),
        pytest.param(_with_lying_size(), "malformed-workbook", id="B092 lying size"),
        pytest.param(
            _in_sheet(b"</sheetData>", FAR + b"</sheetData>"), "workbook-too-large", id="B093 far cell"
        ),
        pytest.param(
            _in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
            "malformed-workbook", id="B096 document type",
        ),
        pytest.param(
            _repacked({"xl/theme/theme9.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "malformed-workbook", id="B096 document type in a part that nobody reads",
        ),
        pytest.param(
            _repacked({"docProps/more.xml": b"<a><b></a>"}), "malformed-workbook", id="no XML"
        ),
        pytest.param(
            _in_sheet(b"<sheetData>", b"<sheetData>" + _FAR), "workbook-too-large",
            id="B093 far cell in elements with a prefix",
        ),
        pytest.param(
            _repacked({"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "workbook-has-links", id="B098 links",
        ),
        pytest.param(_repacked({"../a.xml": b"<a/>"}), "malformed-workbook", id="B099 way out"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "workbook-encrypted", id="B100 password",
        ),
        pytest.param(b"", "unsupported-workbook", id="B101 empty"),
        pytest.param(b"<html>", "unsupported-workbook", id="B101 page"),
        pytest.param(b"%PDF-1.7", "unsupported-workbook", id="B101 document"),
        pytest.param(_workbook()[:900], "unsupported-workbook", id="B101 cut off"),
        pytest.param(b"a,b\n" * 10_001, "workbook-too-large", id="B102 rows"),
        pytest.param(b"a" + b"," * 64 + b"b\n", "workbook-too-large", id="B102 columns"),
        pytest.param(b"x" * (10 * 2**20 + 1), "workbook-too-large", id="B102 bytes"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_by_name(
    content: bytes, code: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("sent") / "file"
    with path.open("w+b") as file, pytest.raises(RefusedFileError) as refused:
        _read(file, content)
    assert refused.value.code == code


@pytest.mark.parametrize("said", [b"A1:B2", b"A1:XFD1048576"])
def test_what_a_sheet_says_of_its_size_neither_hides_rows_nor_adds_any(
    said: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """B094 and B095."""
    path = tmp_path_factory.mktemp("sent") / "file"
    with path.open("w+b") as file:
        rows = _read(file, _in_sheet(b'ref="A1:B4"', b'ref="' + said + b'"'))
    assert rows == [["donor", "title"], ["DK", "One"], ["SE", "Two"], ["NO", "Three"]]

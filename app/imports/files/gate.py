"""Judges a file by its first bytes and by the directory of its zip archive, before anything is unpacked.

The order matters (OWASP ASVS 5.2): size, kind, directory. What passes is read by ``reading`` in a process of its own.
"""

import stat
from collections import Counter
from enum import StrEnum
from typing import IO, Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.imports.domain.limits import Limits
from app.imports.errors import (
    EncryptedWorkbookError,
    MalformedWorkbookError,
    UnsupportedWorkbookError,
    WorkbookHasLinksError,
    WorkbookHasMacrosError,
    WorkbookTooLargeError,
)

MAX_MEMBERS: Final = 500
MAX_UNPACKED: Final = 100 * 2**20
# Of what unpacks to more than a megabyte; real sheets reach 25, a bomb 300 and more.
MAX_RATIO: Final = 100
RATIO_FROM: Final = 2**20
MAX_CONTENT_TYPES: Final = 2**20
CONTENT_TYPES: Final = "[Content_Types].xml"
_ZIP: Final = b"PK\x03\x04"
# OLE compound file (MS-CFB): an old .xls, or a package that Excel has encrypted (MS-OFFCRYPTO).
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PLAIN_SHEET: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS: Final = b"macroenabled"
# Parts that run or that hold files of other programs; ECMA-376 and MS-OFFMACRO2 name them so.
_PROGRAMS: Final = ("xl/macrosheets/", "xl/activex/", "xl/embeddings/", "xl/ctrlprops/")
_LINKS: Final = ("xl/externallinks/",)
_UNIX: Final = 3
_ENCRYPTED_FLAG: Final = 1
_SNIFFED: Final = 4_096


class FileKind(StrEnum):
    """What a file is, whatever it is called."""

    WORKBOOK = "workbook"
    CSV = "csv"


def admit(file: IO[bytes], limits: Limits) -> FileKind:
    """Let a file pass, or say why not. Nothing is unpacked but the list of content types.

    Args:
        file: can be rewound.
        limits: of its layout, or the widest of all where nobody knows it yet.

    Raises:
        RefusedFileError: the file is not read.
    """
    size = file.seek(0, 2)
    if size > limits.file_bytes:
        raise WorkbookTooLargeError(
            f"A file has at most {limits.file_bytes} bytes.", limit=limits.file_bytes
        )
    file.seek(0)
    start = file.read(_SNIFFED)
    if start.startswith(_ZIP):
        _check_archive(file)
        return FileKind.WORKBOOK
    if start.startswith(_OLE):
        file.seek(0)
        _refuse_ole(file.read())
    _check_text(start)
    return FileKind.CSV


def is_workbook(file: IO[bytes]) -> bool:
    """Whether a file that was let pass is a workbook."""
    file.seek(0)
    return file.read(len(_ZIP)) == _ZIP


def _refuse_ole(content: bytes) -> None:
    if _ENCRYPTED in content:
        raise EncryptedWorkbookError("Save it without a password, and send that.")
    raise UnsupportedWorkbookError("Files of old Excel (.xls) are not read; save it as .xlsx.")


def _check_text(start: bytes) -> None:
    """Whether it may be a CSV file: text without control characters that does not begin as a page or a document."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text or text.startswith((b"<", b"%PDF", b"{\\rtf")) or b"\0" in start:
        raise UnsupportedWorkbookError("A file is an Excel workbook (.xlsx) or CSV in UTF-8.")


def _check_archive(file: IO[bytes]) -> None:
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            _check_directory(members)
            _check_parts({one.filename.lower() for one in members})
            _check_content_types(archive)
    except (BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnsupportedWorkbookError("The file is cut off or no zip archive at all.") from error


def _check_directory(members: list[ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise WorkbookTooLargeError(f"A workbook has at most {MAX_MEMBERS} parts.")
    if sum(one.file_size for one in members) > MAX_UNPACKED:
        raise WorkbookTooLargeError(f"A workbook unpacks to at most {MAX_UNPACKED} bytes.")
    names = Counter(one.filename.lower() for one in members)
    if any(count > 1 for count in names.values()):
        raise MalformedWorkbookError("Two parts of the workbook have the same name.")
    for one in members:
        _check_member(one)


def _check_member(one: ZipInfo) -> None:
    parts = one.filename.split("/")
    mode = one.external_attr >> 16
    is_link = one.create_system == _UNIX and stat.S_ISLNK(mode)
    # A name is judged as it stands in the archive: the library has cut it at a NUL already.
    if ".." in parts or parts[0] in {"", "~"} or "\\" in one.orig_filename or ":" in parts[0]:
        raise MalformedWorkbookError("A part of the workbook has a name that leads out of it.")
    if is_link or "\0" in one.orig_filename:
        raise MalformedWorkbookError("A part of the workbook is a link.")
    if one.flag_bits & _ENCRYPTED_FLAG:
        raise EncryptedWorkbookError("Save it without a password, and send that.")
    if one.file_size > RATIO_FROM and one.file_size > MAX_RATIO * one.compress_size:
        raise WorkbookTooLargeError(
            f"A part of the workbook unpacks to more than {MAX_RATIO} times its size."
        )


def _check_parts(names: set[str]) -> None:
    """Parts that no table needs and that may do harm; names in lower case."""
    for name in names:
        if name.endswith("vbaproject.bin") or name.startswith(_PROGRAMS):
            raise WorkbookHasMacrosError("Save it as a plain workbook (.xlsx), and send that.")
        if name.startswith(_LINKS):
            raise WorkbookHasLinksError("Turn the links to other files into values.")
    if CONTENT_TYPES.lower() not in names:
        raise UnsupportedWorkbookError("The archive is no Excel workbook.")


def _check_content_types(archive: ZipFile) -> None:
    with archive.open(CONTENT_TYPES) as part:
        content = part.read(MAX_CONTENT_TYPES)
    if _MACROS in content.lower():
        raise WorkbookHasMacrosError("Save it as a plain workbook (.xlsx), and send that.")
    if _PLAIN_SHEET not in content:
        raise UnsupportedWorkbookError("The document is no Excel workbook (.xlsx).")

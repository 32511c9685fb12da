"""The process that reads one file: bound in memory, time and files, told nothing, trusted with nothing.

``python -I -m app.imports.files.child``: the file is standard input, its cells are standard output, see ``cell_lines``.
A library that loses its mind over a file takes this process with it, and no other.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from app.imports.domain.cells import Value
from app.imports.domain.limits import Limits
from app.imports.errors import (
    MalformedWorkbookError,
    RefusedFileError,
    UnsupportedWorkbookError,
    WorkbookTooLargeError,
)
from app.imports.files.cell_lines import EXIT_TOO_LARGE, to_value, write_row
from app.imports.files.gate import FileKind

if TYPE_CHECKING:
    from app.imports.files.scan import SheetScan

MEMORY: Final = 2**30
CPU_SECONDS: Final = 20
OUTPUT: Final = 128 * 2**20
OPEN_FILES: Final = 32
MAX_FIELD: Final = 64 * 2**10


def main() -> None:
    """Read standard input and write its cells."""
    kind, file_name, limits = FileKind(sys.argv[1]), sys.argv[2], Limits(**json.loads(sys.argv[3]))
    bind()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="ascii", newline="\n", write_through=False)
    try:
        read = _read_workbook if kind is FileKind.WORKBOOK else _read_csv
        rows = 0
        for line in read(sys.stdin.buffer, file_name, limits):
            rows += line.startswith("[")
            out.write(line + "\n")
        end: dict[str, object] = {"rows": rows}
    except RefusedFileError as refused:
        end = {"refused": refused.code, "detail": refused.detail}
    except MemoryError:
        end = {"refused": WorkbookTooLargeError.code, "detail": "Reading it takes too much memory."}
    except OSError:
        sys.exit(EXIT_TOO_LARGE)  # the limit of the output, so nothing more can be said
    out.write(json.dumps(end) + "\n")
    out.flush()


def bind() -> None:
    """Limits that this process cannot lift again. Windows has none of them; there the clock of the parent is left."""
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: OUTPUT,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _read_csv(file: IO[bytes], file_name: str, limits: Limits) -> Iterator[str]:
    """One sheet that bears the file's name. The separator is a comma, or what else parts the first line."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    csv.field_size_limit(MAX_FIELD)
    yield json.dumps({"sheet": file_name})
    try:
        first = text.readline()
        text.seek(0)
        # The line on which a row begins: a cell may hold line breaks.
        reader, begins = csv.reader(text, delimiter=_separator(first), strict=True), 1
        for cells in reader:
            values = _trimmed([cell or None for cell in cells])
            if len(values) > limits.columns or begins > limits.rows:
                raise WorkbookTooLargeError(
                    f"A CSV file has at most {limits.rows} lines and {limits.columns} columns."
                )
            if values:
                yield write_row(begins, values)
            begins = reader.line_num + 1
    except UnicodeDecodeError:
        raise UnsupportedWorkbookError("A CSV file is in UTF-8.") from None
    except csv.Error:
        raise UnsupportedWorkbookError("The quotes of the CSV file do not match.") from None


def _separator(first: str) -> str:
    return max(",;\t", key=first.count)


def _trimmed(values: list[Value], least: int = 0) -> list[Value]:
    """The values up to the last that is not empty, and ``least`` of them at least."""
    while len(values) > least and values[-1] is None:
        values.pop()
    return values


def _read_workbook(file: IO[bytes], _file_name: str, limits: Limits) -> Iterator[str]:
    from app.imports.files.scan import scan  # noqa: PLC0415 -- a CSV file needs none of it

    content = io.BytesIO(file.read())
    try:
        with ZipFile(content) as archive:
            found = scan(archive, limits)
        if found.is_from_1904:
            yield json.dumps({"date_system": 1904})
        yield from _read_sheets(content, found.sheets)
    except (BadZipFile, KeyError, ValueError, EOFError) as error:
        raise MalformedWorkbookError("What the workbook says of itself is not so.") from error


def _read_sheets(content: IO[bytes], sheets: "Iterable[SheetScan]") -> Iterator[str]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- as above

    try:
        content.seek(0)
        book = CalamineWorkbook.from_filelike(content)
        for sheet in sheets:
            yield json.dumps(
                {
                    "sheet": sheet.name,
                    "last_row": sheet.last_row,
                    "last_column": sheet.last_column,
                    "hidden": sheet.is_hidden,
                    "hidden_rows": sheet.hidden_rows,
                    "hidden_columns": sheet.hidden_columns,
                }
            )
            read = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            yield from _rows(sheet, read)
    except CalamineError as error:
        raise MalformedWorkbookError("A sheet of the workbook cannot be read.") from error


def _rows(sheet: "SheetScan", read: Sequence[Sequence[object]]) -> Iterator[str]:
    """The rows of a sheet: values by the library, formulas and errors by the scan."""
    for number in range(1, sheet.last_row + 1):
        values = [to_value(value) for value in read[number - 1]] if number <= len(read) else []
        formulas, errors = sheet.formulas.get(number, set()), sheet.errors.get(number, {})
        width = max(*formulas, *errors, 0, 0)
        values += [None] * (width - len(values))
        for column, text in errors.items():
            values[column - 1] = text
        for column in formulas:
            # An empty text as the result is not the same as no result.
            if values[column - 1] is None and (number, column) not in sheet.unknown:
                values[column - 1] = ""
        if kept := _trimmed(values, width):
            yield write_row(number, kept, formulas)


if __name__ == "__main__":
    main()

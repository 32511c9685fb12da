"""Files in, one reading out: which layout a file has is seen from its content, never from its name."""

from collections.abc import Sequence
from dataclasses import replace

from app.parliaments.domain.actions import Reading
from app.parliaments.domain.places import FileRefusedError
from app.parliaments.readers.bill_status import read_bill_status
from app.parliaments.readers.congress_api import ApiFile, is_api_answer, read_congress_api
from app.parliaments.readers.congress_data import is_congress_data, read_congress_data
from app.parliaments.readers.files import SourceFile, read_json, read_text
from app.parliaments.readers.own_files import (
    is_own_csv,
    is_own_json,
    read_own_csv,
    read_own_json,
)


def read_reports(files: Sequence[SourceFile]) -> Reading:
    """What the files say about one vehicle. Never raises: what cannot be read is a finding with its place.

    Args:
        files: at least one. Only answers of the congress.gov API may be several: the bill, its titles, and its actions
            page by page.
    """
    try:
        reading = _read_single(files[0]) if len(files) == 1 else _read_several(files)
    except FileRefusedError as refused:
        reading = Reading(findings=(refused.finding,))
    return replace(reading, source=files[0].place)


def _read_single(file: SourceFile) -> Reading:
    text = read_text(file).lstrip()
    if text.startswith("<"):
        return read_bill_status(file)
    if is_own_csv(text):
        return read_own_csv(file)
    if not text.startswith(("{", "[")):
        raise FileRefusedError(
            file.place, "unknown-layout", "Neither XML nor JSON nor our own CSV."
        )
    document = read_json(file)
    if is_own_json(document):
        return read_own_json(file, document)
    if is_congress_data(document):
        return read_congress_data(file, document)
    if is_api_answer(document):
        return read_congress_api([ApiFile(file, document)])
    raise FileRefusedError(file.place, "unknown-layout", "No list of actions that we know.")


def _read_several(files: Sequence[SourceFile]) -> Reading:
    answers = [ApiFile(file, read_json(file)) for file in files]
    for one in answers:
        if is_own_json(one.document) or is_congress_data(one.document):
            raise FileRefusedError(
                one.file.place,
                "unknown-layout",
                "Only answers of the congress.gov API may be several.",
            )
    return read_congress_api(answers)

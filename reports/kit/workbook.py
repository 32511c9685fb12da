"""An empty workbook with our looks and properties, and its bytes once it is filled."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.workbook import Workbook

from reports.figures import Stamp
from reports.kit.looks import register_looks
from reports.kit.text import printable

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATOR: Final = "Aid Ledger"


def new_workbook(stamp: Stamp) -> Workbook:
    """A streaming workbook: sheets are written from top to bottom, and it can be saved once.

    Its properties name the ledger's revision for programs, and no person.
    """
    workbook = Workbook(write_only=True)
    register_looks(workbook)
    workbook.properties.creator = CREATOR
    workbook.properties.title = printable(stamp.title)
    workbook.properties.description = printable(stamp.what)
    workbook.properties.created = stamp.generated_at.astimezone(UTC).replace(tzinfo=None)
    for fact in (
        IntProperty(name="Ledger revision", value=stamp.revision),
        StringProperty(name="As of", value=printable(stamp.as_of)),
        StringProperty(name="Currency", value=stamp.currency),
    ):
        workbook.custom_doc_props.append(fact)  # type: ignore[attr-defined]  # missing in the stubs
    return workbook


def to_bytes(workbook: Workbook) -> bytes:
    """The workbook as an .xlsx file. A streaming workbook can be saved once."""
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def instant(moment: datetime | None) -> str:
    """``2026-11-22 10:00 UTC``; cells know no time zones, so instants stand as text."""
    return "none yet" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

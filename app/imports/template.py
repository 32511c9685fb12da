"""The template for tables of pledges, as a workbook and as CSV."""

from app.csv_text import write_csv
from app.pledges.domain.columns import EXAMPLE
from reports.kit.workbook import to_bytes
from reports.pledge_table import build_template


def workbook() -> bytes:
    """An .xlsx file."""
    return to_bytes(build_template())


def csv() -> bytes:
    """A CSV file."""
    return b"".join(write_csv([*EXAMPLE], [EXAMPLE], numbers=frozenset()))

"""Promise: what does not fit a workbook is refused with its place named; nothing is ever cut silently."""

from dataclasses import replace

import pytest

from app.kernel.errors import ConflictError
from reports.kit.errors import ReportTooLargeError
from reports.kit.page import MAX_ROWS, Page
from reports.kit.table import Column, Table, fit, lay_out
from tests.reports.look import cells, column, opened
from tests.reports.make import build, make_figures, make_line, make_stamp


def test_a_text_too_long_for_a_cell_is_refused_and_not_cut() -> None:
    figures = make_figures(pledges=(make_line(notes="x" * 40_000),))
    with pytest.raises(ReportTooLargeError) as refused:
        build(figures)
    assert isinstance(refused.value, ConflictError)
    assert refused.value.facts == {"place": "Sheet Pledges, column Notes", "limit": 32_767}
    assert str(refused.value) == (
        "Sheet Pledges, column Notes: Excel holds at most 32,767 characters in a cell."
    )


@pytest.mark.parametrize(("letter", "most"), [("x", 32_767), ("😀", 16_383)])
def test_excel_counts_characters_in_utf_16_units(letter: str, most: int) -> None:
    assert fit(letter * most, "here") == letter * most
    with pytest.raises(ReportTooLargeError):
        fit(letter * (most + 1), "here")


def test_the_longest_text_is_read_whole() -> None:
    figures = make_figures(pledges=(make_line(notes="x" * 32_767),))
    assert column(opened(build(figures)), "Pledges", "Notes") == ["x" * 32_767]


@pytest.mark.parametrize("field", ["title", "what", "as_of", "licence", "citation", "fx_rule"])
def test_a_stamp_of_any_length_is_refused_or_shown_whole(field: str) -> None:
    stamp = make_stamp(**{field: "word " * 8_000})
    try:
        workbook = opened(build(stamp=stamp))
    except ReportTooLargeError:
        return
    shown = " ".join(str(cell.value) for cell in cells(workbook) if cell.parent.title == "Cover")
    assert shown.split().count("word") >= 8_000


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    grid = lay_out(Table(name="T", columns=(Column("A", str),), rows=["x"], empty=""), "S")
    full = replace(grid, height=MAX_ROWS)
    with pytest.raises(ReportTooLargeError, match="Sheet S: Excel holds at most 1,048,576 rows"):
        Page(tab="S", title="S", lines=(), grid=full)

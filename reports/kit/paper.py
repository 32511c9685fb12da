"""How a sheet prints: as wide as the paper, headers on every page, a footer that names it."""

from typing import Final

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.kit.text import printable

_A4: Final = 9
# A header or footer holds 255 characters in all, and the page's number needs a few of them.
_LONGEST_LINE: Final = 180


def set_up_paper(
    worksheet: Worksheet, *, footer: str, wide: int = 1, tall: int = 0, portrait: bool = False
) -> None:
    """Scale a sheet to its paper.

    Args:
        worksheet: before its first row is written.
        footer: printed at the left; the page's number stands at the right.
        wide: over how many pages the sheet's width runs.
        tall: over how many pages its length runs; 0 for as many as it takes.
        portrait: upright paper.
    """
    worksheet.page_setup.orientation = "portrait" if portrait else "landscape"
    worksheet.page_setup.paperSize = _A4
    worksheet.page_setup.fitToWidth = wide
    worksheet.page_setup.fitToHeight = tall
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    worksheet.page_margins = PageMargins(
        left=0.5, right=0.5, top=0.6, bottom=0.7, header=0.3, footer=0.35
    )
    line = HeaderFooterItem()
    line.left.text = _line(footer)
    line.right.text = "Page &P of &N"
    worksheet.oddFooter = line


def repeat_first_column(worksheet: Worksheet, *, heading: str, area: str) -> None:
    """For a sheet of several pages' width: print the first column on each of them.

    The heading stands in that column and would be cut, so it becomes the page's header.

    Args:
        worksheet: before its first row is written.
        heading: printed at the top of each page.
        area: address of the cells that print, without the heading.
    """
    worksheet.print_area = area
    worksheet.print_title_cols = "A:A"
    line = HeaderFooterItem()
    line.left.text = _line(heading)
    worksheet.oddHeader = line


def _line(text: str) -> str:
    """An ampersand begins a code in a header or footer; two of them print one."""
    return printable(text)[:_LONGEST_LINE].replace("&", "&&")

"""How cells look: a few named styles, which Excel shows in its gallery, and the charts' colours."""

from enum import StrEnum
from typing import Final

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

INK: Final = "1B2A41"
GREY: Final = "5F6B7A"
HAIRLINE: Final = "D9DEE5"
PALE: Final = "EAEFF5"

# Okabe and Ito, "Color Universal Design" (2008): told apart with any kind of colour vision. Yellow
# is left out, it vanishes on white; grey is kept for "all others".
SERIES: Final = ("0072B2", "56B4E9", "E69F00", "D55E00", "CC79A7", "009E73", "332288")
OTHERS: Final = "A6ADB8"
# Light to dark in one hue: the further the money has got, the darker, in black and white too.
STAGES: Final = ("BDD7EE", "6BAED6", "2171B5", "08306B")


class Look(StrEnum):
    """The look of a cell; the value is the style's name in Excel."""

    TITLE = "Ledger title"
    SUBTITLE = "Ledger subtitle"
    NOTE = "Ledger note"
    SECTION = "Ledger section"
    LABEL = "Ledger label"
    PLAIN = "Ledger plain"
    FIGURE = "Ledger figure"
    HEADER = "Ledger header"
    HEADER_NUMBER = "Ledger header number"
    TEXT = "Ledger text"
    VERBATIM = "Ledger verbatim"
    PROSE = "Ledger prose"
    NUMBER = "Ledger number"
    DAY = "Ledger day"
    MONTH = "Ledger month"
    TOTAL = "Ledger total"
    TOTAL_NUMBER = "Ledger total number"
    KEY_LABEL = "Ledger key label"
    KEY_NUMBER = "Ledger key number"

    @property
    def header(self) -> "Look":
        """The look of the header above a column of this look."""
        return Look.HEADER_NUMBER if self is Look.NUMBER else Look.HEADER

    @property
    def total(self) -> "Look":
        """The look of the total below a column of this look."""
        return Look.TOTAL_NUMBER if self is Look.NUMBER else Look.TOTAL


def register_looks(workbook: Workbook) -> None:
    """Make every look known to a workbook: named styles, which a reader may change in one place."""
    for look in Look:
        workbook.add_named_style(_style(look))


def _style(look: Look) -> NamedStyle:
    return NamedStyle(
        name=look.value,
        font=_FONTS.get(look, _font()),
        fill=_FILLS.get(look, PatternFill()),
        border=_BORDERS.get(look, Border()),
        alignment=_ALIGNMENTS.get(look, Alignment(vertical="top")),
    )


def _font(size: int = 11, colour: str = INK, *, bold: bool = False) -> Font:
    return Font(name="Calibri", size=size, color=colour, bold=bold)


def _below(colour: str) -> Border:
    return Border(bottom=Side(style="thin", color=colour))


_FILL: Final = PatternFill("solid", start_color=PALE, end_color=PALE)
_BODY: Final = (Look.TEXT, Look.VERBATIM, Look.PROSE, Look.NUMBER, Look.DAY, Look.MONTH)

_FONTS: Final = {
    Look.TITLE: _font(20, bold=True),
    Look.SUBTITLE: _font(12, GREY),
    Look.NOTE: _font(10, GREY),
    Look.SECTION: _font(12, bold=True),
    Look.LABEL: _font(11, GREY),
    Look.HEADER: _font(bold=True),
    Look.HEADER_NUMBER: _font(bold=True),
    Look.TOTAL: _font(bold=True),
    Look.TOTAL_NUMBER: _font(bold=True),
    Look.KEY_LABEL: _font(11, GREY),
    Look.KEY_NUMBER: _font(15, bold=True),
}
_FILLS: Final = {
    Look.HEADER: _FILL,
    Look.HEADER_NUMBER: _FILL,
    Look.KEY_LABEL: _FILL,
    Look.KEY_NUMBER: _FILL,
}
_BORDERS: Final = {
    **dict.fromkeys(_BODY, _below(HAIRLINE)),
    **dict.fromkeys((Look.SECTION, Look.HEADER, Look.HEADER_NUMBER), _below(INK)),
    Look.TOTAL: Border(top=Side(style="thin", color=INK)),
    Look.TOTAL_NUMBER: Border(top=Side(style="thin", color=INK)),
}
_MIDDLE: Final = Alignment(vertical="center")
_CARD: Final = Alignment(horizontal="left", vertical="center", indent=1)
# A step of indent keeps text apart from the number before it.
_LEFT: Final = Alignment(horizontal="left", vertical="top", indent=1)
_RIGHT: Final = Alignment(horizontal="right", vertical="top")
_LEFT_WRAPPED: Final = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)

_ALIGNMENTS: Final = {
    **dict.fromkeys((Look.TITLE, Look.SECTION, Look.LABEL, Look.PLAIN), _MIDDLE),
    **dict.fromkeys((Look.KEY_LABEL, Look.KEY_NUMBER), _CARD),
    **dict.fromkeys((Look.TEXT, Look.DAY, Look.MONTH, Look.TOTAL), _LEFT),
    **dict.fromkeys((Look.NUMBER, Look.TOTAL_NUMBER), _RIGHT),
    Look.PROSE: _LEFT_WRAPPED,
    # Excel's filter button takes the lower right corner of a header; text at the top is clear of it.
    Look.HEADER: Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True),
    Look.HEADER_NUMBER: Alignment(horizontal="right", vertical="center", wrap_text=True),
    Look.FIGURE: Alignment(horizontal="right", vertical="center", indent=2),
}

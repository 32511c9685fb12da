"""A small workbook of the shape of the tracker's seventh release, with every kind of dirt that the real one has.

The sheets are lists of rows of plain values, from which a book of cells or a file is made. Nothing is copied from the
real workbook but its headers: the packages are invented, and their sums are worked out by hand below.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from app.imports.domain.cells import Book, Sheet, SheetRow

Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]

HEADERS: Final = (
    "ID", "countries", "Announcement Date", "Type of Aid General", "Type of Aid Specific", "Explanation",
    "Original Currency", "Monetary Value as Given by Source", None, "Type of item", "Sub-type of item",
    "Soviet origin (1)", "No. of Units", "No. of Units delivered (in-kind military aid)", "Unit Price in USD",
    "Value committed (own estimate, in USD)", "Value delivered (own estimate, in USD)", "Total ",
    "Converted Value in EUR", "Total monetary value delivered in EUR", "Official Source", "Source of Aid 1",
    "Source of Aid 2", "Source of Aid 3", "Source of Aid 4", "Bilateral loan/grant made through IMF or WB?",
    "Source for Delivery", "value_source_commitments", "Source of item", "Sub-type of item", " ",
)  # fmt: skip
# By the names that the tests use; a column that is not named holds the dot that the workbook has everywhere.
NAMES: Final = (
    "id", "donor", "on", "aid_type", "form", "text", "currency", "given", "item", "kind", "subkind", "soviet",
    "quantity", "delivered", "price", "estimate", "estimate_delivered", "total", "euro", "delivered_euro",
    "official", "source_1", "source_2", "source_3", "source_4", "through_bank", "delivery_source", "value_source",
    "price_source", "subkind_again", "blank",
)  # fmt: skip
RATES: Final[Mapping[str, int | Decimal]] = {
    "EUR": 1,
    "USD": Decimal("0.8"),
    "DKK": Decimal("7.5"),
    "NOK": 10,
}


def midnight(year: int, month: int, day: int) -> datetime:
    """A day as a spreadsheet types it."""
    return datetime.combine(date(year, month, day), time())


def line(package: str, donor: str = "Denmark", **values: Any) -> list[Any]:
    """One row: a military package of one line, announced on 1 March 2022, and whatever is said otherwise."""
    usual = dict.fromkeys(NAMES, ".") | {
        "id": package, "donor": donor, "on": midnight(2022, 3, 1), "aid_type": "Military",
        "form": "Weapons and equipment", "text": f"What {package} is.", "currency": "EUR", "given": "Not given",
        "total": None, "euro": None, "official": "Yes", "source_1": "https://www.fmn.dk/en/news/",
        "soviet": 0, "through_bank": 0, "blank": None,
    }  # fmt: skip
    assert values.keys() <= usual.keys()
    return list((usual | values).values())


def valued(package: str, donor: str = "Denmark", amount: Any = 100, **values: Any) -> list[Any]:
    """A row whose source gives a value, with the total and the conversion that the workbook's formulas make of it."""
    rate = RATES.get(values.get("currency", "EUR"), 1)
    usual = {"given": amount, "total": amount, "euro": Decimal(amount) / rate}
    return line(package, donor, **usual | values)


def main_data(*rows: list[Any]) -> Rows:
    return [HEADERS, *rows]


def summary(*rows: tuple[str, Any, Any, Any], title: str = "Numbers by country") -> Rows:
    """The summary sheet: donor, then financial, humanitarian, military, in euro (the sheet has billions)."""
    heads = ("Financial commitments", "Humanitarian commitments", "Military commitments")
    billions = [(None, donor, 1, *(Decimal(one) / 10**9 for one in sums)) for donor, *sums in rows]
    return [
        (None, title),
        (None,),
        (None, "Country", "EU member", *heads, "Total bilateral commitments"),
        (None, None, None, *4 * ["€ billion"]),
        *billions,
        (None, "Total", ".", 1, 1, 1),
    ]


def rates(table: Mapping[str, Any] = RATES) -> Rows:
    return [
        (None, "\xa0"),
        (None, "Currency", "1 EUR"),
        *((None, *one) for one in table.items()),
        (None, "Source: made up."),
    ]


README: Final[Rows] = [
    (None, "Ukraine Support Tracker – 7th release (covering January 24 to October 3, 2022)"),
    (None, "Kiel Working Paper 2218"),
]


def workbook(*rows: list[Any], sums: Rows | None = None) -> dict[str, Rows]:
    """Sheets as the real workbook names and orders them: the main data are neither first nor alone."""
    return {
        "ReadMe": README,
        "Updates and Corrections": [("Updates and corrections",)],
        "Bilateral assistance, MAIN DATA": main_data(*rows),
        "Country Summary": sums or summary(),
        "Exchange rates": rates(),
    }


# ---------------------------------------------------------------------------------- sheets as cells, as a file


def to_book(sheets: Sheets, file_name: str = "tracker.xlsx") -> Book:
    """The book that reading a file with these sheets gives."""
    return Book(file_name, 64 * "0", tuple(_sheet(name, rows) for name, rows in sheets.items()))


def _sheet(name: str, rows: Rows) -> Sheet:
    return Sheet(
        name,
        [
            SheetRow(name, number, tuple(row))
            for number, row in enumerate(rows, start=1)
            if any(value is not None for value in row)
        ],
    )


def save(path: Path, sheets: Sheets) -> Path:
    """The same sheets as a file."""
    path.write_bytes(to_bytes(sheets))
    return path


def to_bytes(sheets: Sheets) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([float(one) if isinstance(one, Decimal) else one for one in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def to_csv_book(headers: Sequence[str], *rows: Sequence[str | None]) -> Book:
    """The book that reading a CSV file gives: one sheet of texts."""
    return to_book({"release.csv": [headers, *rows]}, "release.csv")


# -------------------------------------------------------------------------------------- every kind of dirt


def dirty_rows() -> list[list[Any]]:
    """One package for each trap of the real workbook, and what must become of it is said by the tests."""
    return [
        valued("DKM1", amount=75_000_000, currency="DKK", text="Nine rows repeat the value.", item="rifle"),
        *(
            line("DKM1", currency="DKK", given=75_000_000, text="Nine rows repeat the value.", item=f"part {one}")
            for one in range(2, 10)
        ),
        line("DKM2", currency=".", given="Not given", total=".", euro=".", quantity="undisclosed", item="mortar"),
        line("NOM1", "Norway", currency="USD", quantity=2, price=Decimal("10.5"), estimate=21, total=31,
             euro=Decimal("38.75"), item="drone", kind="Aviation and Drones",
             value_source="Value is calculated with prices"),
        line("NOM1", "Norway", currency="USD", quantity=5, price=2, estimate=10, item="helmet",
             kind="Aviation and drones"),
        line("NOM1", "Norway", currency="USD", quantity="Undisclosed", delivered="dozens", price=7,
             estimate="No price", item="van"),
        line("EEM3", "Estonia", currency="EUR", given=5_300_000, total=5_300_000, euro=5_300_000,
             on=midnight(2922, 2, 9)),
        valued("LVM1", "Latvia", 600, on="until 4/6/2022", item="armament"),
        line("LVM1", "Latvia", given=600, on="until 4/6/2023", item="drone"),
        line("LVM1", "Latvia", given=600, on="until 4/6/2024", item="ration"),
        valued("CZM1", "Czech Republic", 10, on="between 3/4/22 & 3/11/22"),
        valued("CZM2", "Czechia", 10, on="unclear, 04/22"),
        valued("TRH1", "Turkey", 10, aid_type="Humanitarian ", form="Assitance", on="since 2/24/2022"),
        valued("TRH2", "Turkiye", 10, aid_type="humanitarian", form="ASSISTANCE ", on="unspecified"),
        valued("FIF1", "FInland", 10, aid_type="Financial", form="Loan"),
        valued("EUF1", "EU (Commission and Council)", 10, aid_type="Financial", form="Guarantee"),
        valued("EPM1", "European Peace Facility", 500),
        valued("EIF1", "European Investment Bank", 500, aid_type="Financial", form="Swap-line"),
        line("SIM4", "Slovenia", currency="EUR", quantity=28, price=10, estimate=280, total=280,
             euro=280, item="T-55 tank", soviet=1),
        valued("DKM3", amount=820, currency="DKK", euro=None),
        line("DEM2", "Germany", currency="EUR", given=30_666_666),
        valued("PLM1", "Poland", 10, quantity="1.000.00", price=" 3193503.68 \n", item="shell\xa0"),
        valued("USM1", "United States", 9_025, currency="USD", given=350, text="The first tranche."),
        line("USM1", "United States", currency="USD", given=200, text="The second tranche.",
             on=midnight(2022, 9, 28), source_1=".https://www.state.gov/a b/",
             source_2="E-Mail from the Ministry of Defence",
             official="No "),
    ]  # fmt: skip

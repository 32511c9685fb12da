"""The sheet "Asked and enacted": what parliaments were asked for, component by component, and what became of it."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.legislation_figures import AskedAndEnacted, add_up
from reports.sheets.lines import stamp_line
from reports.sheets.pending_sums import kind_words

TAB: Final = "Asked and enacted"
_FIGURES: Final = (
    ("asked", "Asked"),
    ("pending", "Pending"),
    ("enacted", "Enacted"),
    ("dead", "Dead"),
    ("beyond", "Beyond the request"),
)


def asked_page(asked: tuple[AskedAndEnacted, ...], on: date, stamp: Stamp) -> Page:
    """One row for each request, component and kind of amount, and a total for each currency and kind."""
    return Page(
        tab=TAB,
        title="Asked and enacted, by request and component",
        lines=(
            stamp_line(
                stamp, f"As they stood on {on.isoformat()}, in the requests' own currencies"
            ),
            "Asked is pending, enacted and dead together. Beyond the request: what is law and nobody had asked for.",
            "Where the ledger does not know a law line by line, all of it counts as enacted as it was asked for.",
            "What is only announced is not asked yet; what was superseded is dead here.",
        ),
        grid=lay_out(_table(asked, on), TAB),
    )


def _table(asked: tuple[AskedAndEnacted, ...], on: date) -> Table[AskedAndEnacted]:
    return Table(
        name="AskedAndEnacted",
        columns=(
            Column("Request", lambda row: row.reference),
            Column("Donor", lambda row: row.donor_name),
            Column("Code", lambda row: row.donor),
            Column("Component", lambda row: words(row.component)),
            Column("Kind of amount", lambda row: kind_words(row.column)),
            Column("Currency", lambda row: row.currency),
            *(_figure(name, title) for name, title in _FIGURES),
            Column("Unvalued", lambda row: row.unvalued, Look.NUMBER),
        ),
        rows=asked,
        empty=f"Nothing had been asked for by {on.isoformat()}.",
        totals=tuple(_totals(asked)),
    )


def _figure(name: str, title: str) -> Column[AskedAndEnacted]:
    return Column(title, lambda row: money(_amount(row, name), row.currency), Look.NUMBER)


def _totals(asked: tuple[AskedAndEnacted, ...]) -> list[tuple[Value, ...]]:
    def kind(row: AskedAndEnacted) -> tuple[str, str]:
        return row.currency, row.column

    sums = [add_up([*rows]) for _, rows in groupby(sorted(asked, key=kind), key=kind)]
    return [
        (
            f"All, {one.currency}", None, None, None, kind_words(one.column), one.currency,
            *(money(_amount(one, name), one.currency) for name, _ in _FIGURES), one.unvalued,
        )
        for one in sums
    ]  # fmt: skip


def _amount(row: AskedAndEnacted, name: str) -> Decimal:
    amount: Decimal = getattr(row, name)
    return amount

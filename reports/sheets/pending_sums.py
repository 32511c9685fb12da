"""The sheet "Pending": what is before parliaments, by donor and component, each kind of amount by itself."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.numbers import Number
from reports.kit.page import Page
from reports.kit.table import Column, Row, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money
from reports.legislation_figures import Columns, PendingSum, PendingTotal
from reports.sheets.lines import stamp_line

TAB: Final = "Pending"
# The names of the columns of amounts, with the words above them.
KINDS: Final = (
    ("money", "Money"),
    ("authority", "Authority"),
    ("envelope", "Envelope"),
    ("in_kind", "In kind"),
    ("guarantee", "Guarantee"),
    ("out_of_scope", "Out of scope"),
)


def pending_sums_page(
    pending: tuple[PendingSum, ...], totals: tuple[PendingTotal, ...], on: date, stamp: Stamp
) -> Page:
    """One row for each donor, component, standing and currency, and a total for each currency."""
    return Page(
        tab=TAB,
        title="Pending in parliaments, by donor and component",
        lines=(
            stamp_line(stamp, f"Pending on {on.isoformat()} · in no total of pledges"),
            "The kinds of amount differ and are never added to each other; nor are two currencies.",
            "What is only announced stands in rows of its own and is in no total.",
            "Unvalued: lines without a published amount, which add nothing.",
        ),
        grid=lay_out(_table(pending, totals, on), TAB),
    )


def kind_columns(
    amounts: Callable[[Row], Columns], currency: Callable[[Row], str]
) -> tuple[Column[Row], ...]:
    """A column for each kind of amount."""

    def reader(name: str) -> Callable[[Row], Number | None]:
        return lambda row: money(_amount(amounts(row), name), currency(row))

    return tuple(Column(title, reader(name), Look.NUMBER) for name, title in KINDS)


def kind_words(column: str) -> str:
    """What stands above a kind of amount."""
    return dict(KINDS)[column]


def _table(
    pending: tuple[PendingSum, ...], totals: tuple[PendingTotal, ...], on: date
) -> Table[PendingSum]:
    return Table(
        name="Pending",
        columns=(
            Column("Donor", lambda row: row.donor_name),
            Column("Code", lambda row: row.donor),
            Column("Component", lambda row: words(row.component)),
            Column("Standing", lambda row: words(row.standing)),
            Column("Currency", lambda row: row.currency),
            *kind_columns(_amounts, _currency),
            Column("Requests", lambda row: row.requests, Look.NUMBER),
            Column("Unvalued", lambda row: row.unvalued, Look.NUMBER),
        ),
        rows=pending,
        empty=f"Nothing was pending on {on.isoformat()}.",
        totals=tuple(map(_total, totals)),
    )


def _total(total: PendingTotal) -> tuple[Value, ...]:
    amounts = (money(_amount(total.amounts, name), total.currency) for name, _ in KINDS)
    return (
        f"All pending, {total.currency}", None, None, None, total.currency,
        *amounts, total.requests, total.unvalued,
    )  # fmt: skip


def _amounts(row: PendingSum) -> Columns:
    return row.amounts


def _currency(row: PendingSum) -> str:
    return row.currency


def _amount(amounts: Columns, name: str) -> Decimal:
    amount: Decimal = getattr(amounts, name)
    return amount

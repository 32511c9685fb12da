"""The sheet "Pending": what is before parliaments, by donor and component, as formulas, with a chart by donor."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from reports.figures import Stamp
from reports.kit.formulas import Formula, is_word
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money, refer
from reports.legislation_figures import (
    LegislationFigures,
    LiveLine,
    PendingSum,
    PendingTotal,
)
from reports.sheets import pending_chart
from reports.sheets.checks import Check
from reports.sheets.kinds import KINDS, amount_of, kind_columns, kind_words
from reports.sheets.lines import stamp_line
from reports.sheets.pending_lines import MINOR, OF_COMPONENT, REQUESTS, UNVALUED
from reports.sheets.postings import Here
from reports.sheets.row_sums import RowSums, Wanted

TAB: Final = "Pending"
_TABLE: Final = "Pending"


def pending_sums(
    figures: LegislationFigures, stamp: Stamp, sums: RowSums[LiveLine]
) -> tuple[Page, ...]:
    """The sheet with a row for each donor, component, standing and currency, and a total for each currency.

    Behind it, for the end of the workbook, the one with its chart's numbers, where there is a chart.
    """
    on = figures.on.isoformat()
    no_chart = "Several currencies share no chart: a workbook in EUR or USD has one."
    data = pending_chart.chart_data(figures, stamp, TAB)
    page = Page(
        tab=TAB,
        title="Pending in parliaments, by donor and component",
        lines=(
            stamp_line(stamp, f"Pending on {on} · in no total of pledges"),
            "The kinds of amount differ and are never added to each other; nor are two currencies.",
            "What is only announced stands in rows of its own and is in no total.",
            "Unvalued: lines without a published amount, which add nothing.",
            *([no_chart] if len(figures.totals) > 1 else ()),
        ),
        grid=lay_out(_table(figures.pending, figures.totals, figures.on, sums), TAB),
        charts=(pending_chart.chart(data, figures),) if data else (),
    )
    return (page, data) if data else (page,)


def key_figures(page: Page, totals: tuple[PendingTotal, ...]) -> dict[str, str]:
    """The names of the totals, such as ``Pending_money_EUR``, and where each stands."""
    columns = {**KINDS, "requests": REQUESTS, "unvalued": UNVALUED}
    return {
        f"Pending_{name}_{total.currency}": page.total_cell(title, row)
        for row, total in enumerate(totals)
        for name, title in columns.items()
    }


def named_total(total: PendingTotal, kind: str, sums: RowSums[LiveLine]) -> Value:
    """The total of a kind by its name."""
    name = f"Pending_{kind}_{total.currency}"
    return refer(name, sums.amount(MINOR, total.currency, _whole(total, kind)))


def named_unvalued(total: PendingTotal, sums: RowSums[LiveLine]) -> Value:
    """How many lines of a total are without an amount, by its name."""
    return refer(f"Pending_unvalued_{total.currency}", sums.count(UNVALUED, _whole(total)))


def pending_checks(figures: LegislationFigures, sums: RowSums[LiveLine]) -> Iterator[Check]:
    """Each figure of the sheet beside the ledger's own."""
    for total in figures.totals:
        for kind, title in KINDS.items():
            told = money(amount_of(total.amounts, kind), total.currency)
            yield Check(
                f"{TAB}: all, {title}, {total.currency}", named_total(total, kind, sums), told
            )
        name = f"Pending_requests_{total.currency}"
        requests = refer(name, sums.count(REQUESTS, _whole(total)))
        yield Check(f"{TAB}: requests, {total.currency}", requests, total.requests)
        unvalued = named_unvalued(total, sums)
        yield Check(f"{TAB}: unvalued lines, {total.currency}", unvalued, total.unvalued)
    for row in figures.pending:
        yield from _row_checks(row, sums)


def _row_checks(row: PendingSum, sums: RowSums[LiveLine]) -> Iterator[Check]:
    """What stands in one row; where the ledger has nothing and the sheet neither there is nothing to check."""
    about = f"{TAB}: {row.donor_name}, {row.component}, {row.standing}, {row.currency}"
    criteria = [(title, str(one.value)) for title, one in _key(row).items()]
    if not all(is_word(text) for _, text in criteria):
        return
    place = ",".join(f'{_TABLE}[{title}],"{text}"' for title, text in criteria)
    for kind, title in KINDS.items():
        told = amount_of(row.amounts, kind)
        found = sums.amount(MINOR, row.currency, _cell(row, kind))
        shown = found.result if isinstance(found, Formula) else found
        if told or shown != money(told, row.currency):
            text = f"SUMIFS({_TABLE}[{title}],{place})"
            yield Check(f"{about}: {title}", refer(text, found), money(told, row.currency))
    for title, counted, told_count in (
        (REQUESTS, OF_COMPONENT, row.requests),
        (UNVALUED, UNVALUED, row.unvalued),
    ):
        counts = refer(f"SUMIFS({_TABLE}[{title}],{place})", sums.count(counted, _key(row)))
        yield Check(f"{about}: {title}", counts, told_count)


def _table(
    pending: tuple[PendingSum, ...],
    totals: tuple[PendingTotal, ...],
    on: date,
    sums: RowSums[LiveLine],
) -> Table[PendingSum]:
    def amount(row: PendingSum, kind: str) -> Value:
        return sums.amount(MINOR, row.currency, _cell(row, kind))

    return Table(
        name=_TABLE,
        columns=(
            Column("Donor", lambda row: row.donor_name),
            Column("Code", lambda row: row.donor),
            Column("Component", lambda row: words(row.component)),
            Column("Standing", lambda row: words(row.standing)),
            Column("Currency", lambda row: row.currency),
            *kind_columns(amount),
            Column(REQUESTS, lambda row: sums.count(OF_COMPONENT, _key(row)), Look.NUMBER),
            Column(UNVALUED, lambda row: sums.count(UNVALUED, _key(row)), Look.NUMBER),
        ),
        rows=pending,
        empty=f"Nothing was pending on {on.isoformat()}.",
        totals=tuple(_total(total, sums) for total in totals),
    )


def _total(total: PendingTotal, sums: RowSums[LiveLine]) -> tuple[Value, ...]:
    amounts = (sums.amount(MINOR, total.currency, _whole(total, kind)) for kind in KINDS)
    return (
        f"All pending, {total.currency}", None, None, None, total.currency, *amounts,
        sums.count(REQUESTS, _whole(total)), sums.count(UNVALUED, _whole(total)),
    )  # fmt: skip


def _key(row: PendingSum) -> dict[str, Here]:
    """What the lines of a row have in common, as criteria that look at the row's own cells."""
    return {
        "Code": Here(_TABLE, "Code", row.donor),
        "Component": Here(_TABLE, "Component", words(row.component)),
        "Standing": Here(_TABLE, "Standing", words(row.standing)),
        "Currency": Here(_TABLE, "Currency", row.currency),
    }


def _cell(row: PendingSum, kind: str) -> Mapping[str, Wanted]:
    return {**_key(row), "Counts as": kind_words(kind)}


def _whole(total: PendingTotal, kind: str | None = None) -> Mapping[str, Wanted]:
    wanted = {"In totals": "Yes", "Currency": total.currency}
    return wanted if kind is None else {**wanted, "Counts as": kind_words(kind)}

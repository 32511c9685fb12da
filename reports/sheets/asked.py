"""The sheet "Asked and enacted": what parliaments were asked for, and what became of it, as formulas over the lines."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Final

from reports.figures import Stamp
from reports.kit.looks import Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money, refer
from reports.legislation_figures import ZERO, AskedAndEnacted, ClaimLine, PendingTotal, add_up
from reports.sheets.checks import Check
from reports.sheets.kinds import amount_of, kind_words
from reports.sheets.lines import stamp_line
from reports.sheets.postings import Here
from reports.sheets.request_lines import OUTCOMES, UNVALUED, minor_title
from reports.sheets.row_sums import RowSums, Wanted

TAB: Final = "Asked and enacted"
_TABLE: Final = "AskedAndEnacted"
_PARTS: Final = ("pending", "enacted", "dead")


def asked_page(
    asked: tuple[AskedAndEnacted, ...], on: date, stamp: Stamp, sums: RowSums[ClaimLine]
) -> Page:
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
        grid=lay_out(_table(asked, on, sums), TAB),
    )


def key_figures(page: Page, asked: tuple[AskedAndEnacted, ...]) -> dict[str, str]:
    """The names of the totals, such as ``All_enacted_money_EUR``, and where each stands."""
    return {
        _name(total, outcome): page.total_cell(title, row)
        for row, total in enumerate(_totals(asked))
        for outcome, title in OUTCOMES.items()
    }


def asked_checks(asked: tuple[AskedAndEnacted, ...], sums: RowSums[ClaimLine]) -> Iterator[Check]:
    """Each total beside the ledger's own, and beside the parts that it should be made of."""
    for total in _totals(asked):
        about = f"{TAB}: {kind_words(total.column)}, {total.currency}"
        for outcome, title in OUTCOMES.items():
            told = money(total.outcome(outcome), total.currency)
            yield Check(f"{about}: {title}", _named(total, outcome, sums), told)
        asked_for, *parts = map(minor_title, ("asked", *_PARTS))
        rest = sums.difference(asked_for, parts, total.currency, _whole(total))
        nothing = money(ZERO, total.currency)
        yield Check(f"{about}: asked less its parts", rest, nothing)


def pending_checks(
    asked: tuple[AskedAndEnacted, ...],
    pending: tuple[PendingTotal, ...],
    sums: RowSums[ClaimLine],
) -> Iterator[Check]:
    """What is pending of all requests beside the ledger's pending totals, where these are not converted."""
    told = {total.currency: total.amounts for total in pending}
    for total in _totals(asked):
        about = f"{TAB}: {kind_words(total.column)}, {total.currency}"
        amounts = told.get(total.currency)
        amount = amount_of(amounts, total.column) if amounts else ZERO
        found = _named(total, "pending", sums)
        yield Check(f"{about}: as on sheet Pending", found, money(amount, total.currency))


def _table(
    asked: tuple[AskedAndEnacted, ...], on: date, sums: RowSums[ClaimLine]
) -> Table[AskedAndEnacted]:
    def figure(outcome: str, title: str) -> Column[AskedAndEnacted]:
        def value(row: AskedAndEnacted) -> Value:
            return sums.amount(minor_title(outcome), row.currency, _key(row))

        return Column(title, value, Look.NUMBER)

    return Table(
        name=_TABLE,
        columns=(
            Column("Request", lambda row: row.reference),
            Column("Donor", lambda row: row.donor_name),
            Column("Code", lambda row: row.donor),
            Column("Component", lambda row: words(row.component)),
            Column("Counts as", lambda row: kind_words(row.column)),
            Column("Currency", lambda row: row.currency),
            *(figure(outcome, title) for outcome, title in OUTCOMES.items()),
            Column(UNVALUED, lambda row: sums.count(UNVALUED, _key(row)), Look.NUMBER),
            Column("Revision", lambda row: row.revision, Look.NUMBER),
        ),
        rows=asked,
        empty=f"Nothing had been asked for by {on.isoformat()}.",
        totals=tuple(_total(total, sums) for total in _totals(asked)),
    )


def _total(total: AskedAndEnacted, sums: RowSums[ClaimLine]) -> tuple[Value, ...]:
    amounts = (
        sums.amount(minor_title(outcome), total.currency, _whole(total)) for outcome in OUTCOMES
    )
    return (
        f"All, {total.currency}", None, None, None, kind_words(total.column), total.currency,
        *amounts, sums.count(UNVALUED, _whole(total)), None,
    )  # fmt: skip


def _totals(asked: tuple[AskedAndEnacted, ...]) -> list[AskedAndEnacted]:
    """What the ledger says of each currency and kind."""

    def kind(row: AskedAndEnacted) -> tuple[str, str]:
        return row.currency, row.column

    return [add_up([*rows]) for _, rows in groupby(sorted(asked, key=kind), key=kind)]


def _name(total: AskedAndEnacted, outcome: str) -> str:
    return f"All_{outcome}_{total.column}_{total.currency}"


def _named(total: AskedAndEnacted, outcome: str, sums: RowSums[ClaimLine]) -> Value:
    found = sums.amount(minor_title(outcome), total.currency, _whole(total))
    return refer(_name(total, outcome), found)


def _key(row: AskedAndEnacted) -> Mapping[str, Wanted]:
    """What the lines of a row have in common. A request is found by a number: a reference may look like a date."""
    return {
        "Revision": Here(_TABLE, "Revision", row.revision),
        "Component": Here(_TABLE, "Component", words(row.component)),
        "Counts as": Here(_TABLE, "Counts as", kind_words(row.column)),
    }


def _whole(total: AskedAndEnacted) -> Mapping[str, Wanted]:
    return {"Currency": total.currency, "Counts as": kind_words(total.column)}

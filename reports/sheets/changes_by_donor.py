"""The sheet "Changes": a total at two revisions, and what led from one to the other, donor by donor, as formulas."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from app.pledges.domain import Cause
from reports.changes_figures import ChangesFigures, DonorChange
from reports.figures import Stamp
from reports.kit.charts import HEIGHT_CM, Plot, stacked_columns
from reports.kit.formulas import Formula, cell_of, is_word
from reports.kit.looks import SERIES, Look
from reports.kit.page import Page
from reports.kit.table import Column, Table, lay_out
from reports.kit.text import words
from reports.kit.values import Value, money, unit_for
from reports.sheets.checks import Check
from reports.sheets.lines import stamp_line

TAB: Final = "Changes"
_TABLE: Final = "Changes"
_WIDTH_CM: Final = 20
_CAUSES: Final = tuple(Cause)
_BEFORE: Final = "Before"
_CHANGE: Final = "Change"
_AFTER: Final = "After"


def changes_page(figures: ChangesFigures, stamp: Stamp) -> Page:
    """One row for each donor of whom something changed, and one for all others."""
    measure = words(figures.measure.value)
    grid = lay_out(_table(figures, stamp.currency), TAB)
    is_charted = (
        any(any(one.parts.values()) for one in figures.donors) and not grid.has_long_numbers
    )
    page = Page(
        tab=TAB,
        title=f"{measure}: revision {figures.earlier:,} and revision {figures.later:,} side by side",
        lines=(
            stamp_line(stamp, f"{measure} amounts in {stamp.currency}"),
            "Before and After are converted at the same rates, so that a difference is one of facts.",
            "Change is the sum of its parts; Before and Change together are After.",
        ),
        grid=grid,
        room=HEIGHT_CM if is_charted else 0,
    )
    if not is_charted:
        return page
    unit = unit_for(abs(part) for one in figures.donors for part in one.parts.values())
    plot = Plot(
        page=page,
        heading="What changed, by donor and cause",
        along="Donor",
        unit=unit.label(stamp.currency),
        colours=SERIES[: len(_CAUSES)],
        first=3,
        named_from=3,
        width=_WIDTH_CM,
        pattern=unit.pattern,
    )
    return replace(page, charts=(stacked_columns(plot),))


def key_figures(page: Page) -> dict[str, str]:
    """The names of the totals, and where each stands."""
    return {
        f"Total_{title.lower()}": page.total_cell(title) for title in (_BEFORE, _CHANGE, _AFTER)
    }


def cards(figures: ChangesFigures, stamp: Stamp) -> tuple[tuple[str, Value], ...]:
    """The totals, for the cover."""
    total, currency = figures.total, stamp.currency
    return (
        (f"Revision {figures.earlier:,}, {currency}", Formula("Total_before", money(total.before, currency))),
        ("Change", Formula("Total_change", money(total.after - total.before, currency))),
        (f"Revision {figures.later:,}, {currency}", Formula("Total_after", money(total.after, currency))),
    )  # fmt: skip


def change_checks(figures: ChangesFigures, stamp: Stamp) -> Iterator[Check]:
    """What the formulas come to beside what the ledger says of the later revision."""
    total, currency = figures.total, stamp.currency
    rows = figures.donors
    found = sum((_after(one) for one in rows), Decimal(0))
    yield Check(
        "All donors, after",
        Formula("Total_after", money(found, currency)),
        money(total.after, currency),
    )
    before = sum((one.before for one in rows), Decimal(0))
    yield Check(
        "All donors, before",
        Formula("Total_before", money(before, currency)),
        money(total.before, currency),
    )
    for cause in _CAUSES:
        parts = sum((one.parts[cause] for one in rows), Decimal(0))
        formula = Formula(_sum(words(cause.value)), money(parts, currency))
        yield Check(f"All donors, {cause.value}", formula, money(total.parts[cause], currency))
    for one in rows:
        if one.donor is not None and is_word(one.donor):
            text = f'SUMIFS({_TABLE}[{_AFTER}],{_TABLE}[Code],"{one.donor}")'
            formula = Formula(text, money(_after(one), currency))
            yield Check(f"{one.name}, after", formula, money(one.after, currency))


def _table(figures: ChangesFigures, currency: str) -> Table[DonorChange]:
    parts = "+".join(cell_of(_TABLE, words(cause.value)) for cause in _CAUSES)
    change = f"ROUND({parts},2)"
    after = f"ROUND({cell_of(_TABLE, _BEFORE)}+{cell_of(_TABLE, _CHANGE)},2)"

    def part(cause: Cause) -> Column[DonorChange]:
        return Column(
            words(cause.value), lambda one: money(one.parts[cause], currency), Look.NUMBER
        )

    return Table(
        name=_TABLE,
        columns=(
            Column("Donor", lambda one: one.name),
            Column("Code", lambda one: one.donor),
            Column(_BEFORE, lambda one: money(one.before, currency), Look.NUMBER),
            *map(part, _CAUSES),
            Column(_CHANGE, _formula(change, _change, currency), Look.NUMBER),
            Column(_AFTER, _formula(after, _after, currency), Look.NUMBER),
            Column("Pledges before", lambda one: one.pledges[0], Look.NUMBER),
            Column("Pledges after", lambda one: one.pledges[1], Look.NUMBER),
            Column("Unvalued before", lambda one: one.unvalued[0], Look.NUMBER),
            Column("Unvalued after", lambda one: one.unvalued[1], Look.NUMBER),
        ),
        rows=figures.donors,
        empty="Nothing is in either of the two.",
        totals=(_totals(figures, currency),),
    )


def _formula(
    text: str, result: Callable[[DonorChange], Decimal], currency: str
) -> Callable[[DonorChange], Value]:
    """A formula over the row's own cells; a plain number where one of these is too long for a spreadsheet."""

    def value(one: DonorChange) -> Value:
        found = money(result(one), currency)
        numbers = (money(each, currency) for each in (one.before, *one.parts.values()))
        return Formula(text, found) if all(each.is_exact_in_excel for each in numbers) else found

    return value


def _change(one: DonorChange) -> Decimal:
    return sum(one.parts.values(), Decimal(0))


def _after(one: DonorChange) -> Decimal:
    return one.before + _change(one)


def _totals(figures: ChangesFigures, currency: str) -> tuple[Value, ...]:
    rows, total = figures.donors, figures.total

    def add(title: str, amounts: Iterator[Decimal]) -> Value:
        return Formula(_sum(title), money(sum(amounts, Decimal(0)), currency))

    return (
        "All donors",
        None,
        add(_BEFORE, (one.before for one in rows)),
        *(add(words(cause.value), (one.parts[cause] for one in rows)) for cause in _CAUSES),
        add(_CHANGE, map(_change, rows)),
        add(_AFTER, map(_after, rows)),
        *total.pledges,
        *total.unvalued,
    )


def _sum(title: str) -> str:
    """Rounded to the cent: a spreadsheet adds binary fractions."""
    return f"ROUND(SUM({_TABLE}[{title}]),2)"

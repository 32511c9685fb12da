"""The columns that tables by one key share, as formulas: what stands at each stage, and what stands beside it."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from app.pledges.domain.model import Stage
from reports.kit.looks import Look
from reports.kit.table import Column
from reports.kit.text import words
from reports.kit.values import Value
from reports.sheets.postings import Here, PostingSums

Row = TypeVar("Row")


def stage_columns(
    sums: PostingSums, key: Callable[[Row], Mapping[str, Here]]
) -> tuple[Column[Row], ...]:
    """A column for each stage, then pledges, unvalued and undated.

    Args:
        sums: of the postings.
        key: what the postings of a row have in common, as a criterion that looks at the row's own cell.
    """

    def at(stage: Stage) -> Column[Row]:
        return Column(
            words(stage.value), lambda each: sums.amount(stage=stage, **key(each)), Look.NUMBER
        )

    return (
        *map(at, Stage),
        Column("Pledges", lambda each: sums.pledges(stage=Stage.PLEDGED, **key(each)), Look.NUMBER),
        Column(
            "Unvalued", lambda each: sums.unvalued(stage=Stage.PLEDGED, **key(each)), Look.NUMBER
        ),
        Column(
            "Undated",
            lambda each: sums.amount(stage=Stage.PLEDGED, dated=False, **key(each)),
            Look.NUMBER,
        ),
    )


def stage_totals(sums: PostingSums) -> tuple[Value, ...]:
    """The same cells of the row below, which adds up all postings."""
    return (
        *(sums.amount(stage=stage) for stage in Stage),
        sums.pledges(stage=Stage.PLEDGED),
        sums.unvalued(stage=Stage.PLEDGED),
        sums.amount(stage=Stage.PLEDGED, dated=False),
    )

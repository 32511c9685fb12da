"""The kinds of amount that parliaments are asked for: a column for each, because they are never added to each other."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from reports.kit.looks import Look
from reports.kit.table import Column, Row
from reports.kit.values import Value
from reports.legislation_figures import Columns

# The names of ``Columns``, with the words above them.
KINDS: Final = {
    "money": "Money",
    "authority": "Authority",
    "envelope": "Envelope",
    "in_kind": "In kind",
    "guarantee": "Guarantee",
    "out_of_scope": "Out of scope",
}


def kind_columns(value: Callable[[Row, str], Value]) -> tuple[Column[Row], ...]:
    """A column for each kind of amount.

    Args:
        value: what stands there of a row, by the name of the kind.
    """

    def column(name: str, title: str) -> Column[Row]:
        return Column(title, lambda row: value(row, name), Look.NUMBER)

    return tuple(column(name, title) for name, title in KINDS.items())


def kind_words(kind: str) -> str:
    """What stands above a kind of amount."""
    return KINDS[kind]


def amount_of(amounts: Columns, kind: str) -> Decimal:
    """The amount of one kind."""
    amount: Decimal = getattr(amounts, kind)
    return amount

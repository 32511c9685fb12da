"""Sums over the rows of a native table, as formulas with their results.

A spreadsheet adds whole numbers exactly, and fractions only nearly; so amounts are added in minor units and divided
once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Generic, TypeAlias

from app.pledges.domain.model import decimals_of
from reports.kit.formulas import Formula, cell_of, column_of, is_word
from reports.kit.looks import Look
from reports.kit.numbers import MAX_DIGITS, Number
from reports.kit.table import Column, Row
from reports.kit.values import COUNT_PATTERN, Value, money
from reports.sheets.postings import Here

Wanted: TypeAlias = Here | str
_WHOLE: Final = COUNT_PATTERN


class RowSums(Generic[Row]):
    """Sums over some columns of a table, of the rows that have given values in others.

    Where the numbers of a column are too long for a spreadsheet, no formula could come to a sum of them, and the sum
    stands as it is.
    """

    def __init__(
        self,
        table: str,
        rows: Sequence[Row],
        numbers: Mapping[str, Callable[[Row], int]],
        criteria: Mapping[str, Callable[[Row], Hashable]],
    ) -> None:
        """Take the rows.

        Args:
            table: name of the native table.
            rows: in it.
            numbers: the columns that can be added up, by title: what a row has there.
            criteria: the columns that rows can be chosen by.
        """
        self._table, self._rows = table, rows
        self._numbers, self._criteria = numbers, criteria
        self._exact = {
            title: sum(abs(read(row)) for row in rows) < 10**MAX_DIGITS
            for title, read in numbers.items()
        }
        self._indexes: dict[tuple[str, ...], Mapping[tuple[Any, ...], list[Row]]] = {}

    def amount(self, title: str, currency: str, wanted: Mapping[str, Wanted]) -> Value:
        """Minor units of a currency, added up, as an amount."""
        return self.difference(title, (), currency, wanted)

    def difference(
        self, title: str, others: Sequence[str], currency: str, wanted: Mapping[str, Wanted]
    ) -> Value:
        """What one column comes to less what others come to, in minor units, as an amount."""
        decimals = decimals_of(currency)
        minor = self._add(title, wanted) - sum(self._add(other, wanted) for other in others)
        result = money(Decimal(minor).scaleb(-decimals), currency)
        texts = [self._formula(one, wanted) for one in (title, *others)]
        if None in texts:
            return result
        text = "-".join(map(str, texts))
        text = f"({text})" if others else text
        return Formula(f"{text}/{10**decimals}" if decimals else text, result)

    def count(self, title: str, wanted: Mapping[str, Wanted]) -> Value:
        """Whole numbers, added up."""
        text, found = self._formula(title, wanted), self._add(title, wanted)
        return found if text is None else Formula(text, found)

    def _add(self, title: str, wanted: Mapping[str, Wanted]) -> int:
        titles = tuple(wanted)
        if titles not in self._indexes:
            index: dict[tuple[Any, ...], list[Row]] = {}
            for row in self._rows:
                key = tuple(self._criteria[name](row) for name in titles)
                index.setdefault(key, []).append(row)
            self._indexes[titles] = index
        key = tuple(one.value if isinstance(one, Here) else one for one in wanted.values())
        return sum(map(self._numbers[title], self._indexes[titles].get(key, [])))

    def _formula(self, title: str, wanted: Mapping[str, Wanted]) -> str | None:
        """``None`` where none could come to the sum, or a criterion is a text that a spreadsheet might understand."""
        if not self._exact[title]:
            return None
        parts = [column_of(self._table, title)]
        for name, criterion in wanted.items():
            if isinstance(criterion, Here):
                cell = cell_of(criterion.table, criterion.title)
            elif is_word(criterion):
                cell = f'"{criterion}"'
            else:
                return None
            parts += [column_of(self._table, name), cell]
        return f"SUMIFS({','.join(parts)})" if wanted else f"SUM({parts[0]})"


def minor_units(amount: Decimal | None, currency: str) -> int:
    """An amount in whole minor units; of none nothing."""
    return 0 if amount is None else int(amount.scaleb(decimals_of(currency)))


def minor_column(
    table: str,
    title: str,
    of: str,
    amount: Callable[[Row], tuple[Decimal | None, str]],
    has_own: Callable[[Row], bool] = lambda _row: True,
) -> Column[Row]:
    """A column with the minor units of another one, which follows it when somebody changes it.

    Args:
        table: name of the native table.
        title: of the new column.
        of: title of the column with the amounts.
        amount: what stands there, and in which currency.
        has_own: whether a row has such an amount at all; elsewhere the cell is empty.
    """

    def minor(row: Row) -> Value:
        if not has_own(row):
            return None
        found, currency = amount(row)
        number = Number(Decimal(minor_units(found, currency)), _WHOLE)
        shown = money(found, currency)
        if shown is not None and not shown.is_exact_in_excel:
            return number
        return Formula(f"ROUND({10 ** decimals_of(currency)}*{cell_of(table, of)},0)", number)

    return Column(title, minor, Look.NUMBER)

"""The lines of what a pledge consists of: so many of this, at such a price, as the source lists them.

Lines describe. They post nothing, and nothing asks them to add up to the pledge's amount: a source's figure for a
package and the prices of what is in it are two statements, and the first counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES, Currency, get_currency
from app.kernel.errors import ValueRefusedError
from app.kernel.findings import Collector
from app.kernel.money import format_minor, parse_amount
from app.kernel.text import clean_text

# Four times the longest package of the Kiel Institute's seventh release, which has 143 lines.
MAX_ITEMS: Final = 600
MAX_DESCRIPTION: Final = 300
MAX_WORD: Final = 100
MAX_ITEM_NOTE: Final = 1_000
_MEASURE: Final = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,6})?", re.ASCII)
_NO_CURRENCY: Final = "An amount has a currency."


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line.

    Attributes:
        description: what it is, in the source's words.
        kind: the class of things that it belongs to, such as ``Heavy weapon``.
        subkind: the finer class, such as ``155mm howitzer``.
        quantity: how many or how much; ``None`` where it was not published.
        delivered: how much of it was handed over, 0 included; ``None`` where nobody says.
        unit: of both; pieces where ``None``.
        unit_value: price of one unit, in units of the currency; an estimate may have more decimals than money has.
        value: of the line, minor units of the currency.
        currency: ISO 4217; ``None`` only where neither value is known.
        note: where quantity and price come from, and what is odd about them.
    """

    description: str
    kind: str | None = None
    subkind: str | None = None
    quantity: Decimal | None = None
    delivered: Decimal | None = None
    unit: str | None = None
    unit_value: Decimal | None = None
    value: int | None = None
    currency: str | None = None
    note: str | None = None


def item_record(item: Item) -> dict[str, Json]:
    """A line as it is stored, hashed and answered; ``item_from_record`` is the inverse."""
    decimals = CURRENCIES[item.currency].decimals if item.currency else 0
    return {
        "description": item.description,
        "kind": item.kind,
        "subkind": item.subkind,
        "quantity": _format_measure(item.quantity),
        "delivered": _format_measure(item.delivered),
        "unit": item.unit,
        "unit_value": _format_measure(item.unit_value),
        "value": None if item.value is None else format_minor(item.value, decimals),
        "currency": item.currency,
        "note": item.note,
    }


def item_from_record(record: Mapping[str, Any]) -> Item:
    """The line that ``item_record`` wrote down."""
    value, currency = record["value"], record["currency"]
    return Item(
        **{name: record[name] for name in ("description", "kind", "subkind", "unit", "note")},
        quantity=_stored_measure(record["quantity"]),
        delivered=_stored_measure(record["delivered"]),
        unit_value=_stored_measure(record["unit_value"]),
        value=None if value is None else parse_amount(value, CURRENCIES[currency]),
        currency=currency,
    )


def read_items(
    collector: Collector, pointer: str, raw: Sequence[Mapping[str, Any]]
) -> tuple[Item, ...]:
    """Read lines as given, noting what is refused under ``pointer``. Unknown values are absent or ``None``."""
    if len(raw) > MAX_ITEMS:
        collector.note(pointer, "too-many", f"At most {MAX_ITEMS} items.")
        return ()
    return tuple(_read_item(collector, f"{pointer}/{index}", one) for index, one in enumerate(raw))


def _read_item(collector: Collector, pointer: str, raw: Mapping[str, Any]) -> Item:
    def text(name: str, max_length: int) -> str | None:
        parse = partial(clean_text, max_length=max_length)
        return collector.find(parse, f"{pointer}/{name}", raw.get(name))

    def measure(name: str) -> Decimal | None:
        return collector.find(parse_measure, f"{pointer}/{name}", raw.get(name))

    currency = collector.find(get_currency, f"{pointer}/currency", raw.get("currency"))
    return Item(
        description=collector.read(
            f"{pointer}/description",
            partial(clean_text, max_length=MAX_DESCRIPTION),
            raw.get("description") or "",
            "",
        ),
        kind=text("kind", MAX_WORD),
        subkind=text("subkind", MAX_WORD),
        quantity=measure("quantity"),
        delivered=measure("delivered"),
        unit=text("unit", MAX_WORD),
        unit_value=measure("unit_value"),
        value=_read_value(collector, pointer, raw, currency),
        currency=currency.code if currency else None,
        note=text("note", MAX_ITEM_NOTE),
    )


def _read_value(
    collector: Collector, pointer: str, raw: Mapping[str, Any], currency: Currency | None
) -> int | None:
    """The line's value; both values need a currency."""
    if currency is None:
        priced = raw.get("value") is not None or raw.get("unit_value") is not None
        if priced and raw.get("currency") is None:
            collector.note(f"{pointer}/currency", "currency-required", _NO_CURRENCY)
        return None
    known = currency
    return collector.find(
        lambda given: parse_amount(given, known), f"{pointer}/value", raw.get("value")
    )


def parse_measure(text: str) -> Decimal:
    """A quantity or a price: a plain decimal with at most 15 digits before the point and six behind it.

    Raises:
        ValueRefusedError: ``invalid-amount``.
    """
    if _MEASURE.fullmatch(text) is None:
        raise ValueRefusedError(
            "invalid-amount", 'A quantity or price is a plain decimal string such as "3800.5".'
        )
    return Decimal(text)


def _format_measure(measure: Decimal | None) -> str | None:
    """The shortest plain text, so that 5000 and 5000.0 are one quantity."""
    if measure is None:
        return None
    text = f"{measure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _stored_measure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

"""The cover of the summary workbook: which ledger it shows, up to which entry, in which currency, filtered by what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from verifier.errors import MalformedError
from verifier.rates import TARGETS
from verifier.workbook import Cell, Row, Sheet

COVER: Final = "Cover"
_SECTION: Final = "What this covers"
_AS_OF: Final = "As of"
_REVISION: Final = re.compile(r"([0-9,]+), (?:recorded ([0-9-]+ [0-9:]+) UTC|nothing recorded yet)")
_UNSIGNED: Final = "not signed yet"
_CHECKPOINT: Final = re.compile(r"([0-9,]+) entries, root ([A-Za-z0-9+/]{43}=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the cover says of the ledger that the workbook shows.

    Attributes:
        revision: the last entry that it shows.
        recorded: when that was recorded, as ``2026-11-21 16:05``.
        currency: of all totals.
        filters: by their names on the cover.
        checkpoint: size and root, in base64, of a checkpoint that covers the revision.
        totals: the four amounts at the top.
    """

    revision: int
    recorded: str | None
    currency: str
    filters: Mapping[str, str]
    checkpoint: tuple[int, str] | None
    totals: tuple[Cell | None, ...]


def read_cover(sheet: Sheet) -> Cover:
    """Read the cover.

    Raises:
        MalformedError: it is not that of a summary.
    """
    labels = _labels(sheet)
    try:
        revision = _REVISION.fullmatch(labels["Ledger revision"])
        currency = labels["Currency"]
    except KeyError:
        raise MalformedError("The cover does not say which ledger the workbook shows.") from None
    if revision is None or currency not in TARGETS:
        raise MalformedError("The cover's revision or currency cannot be read.")
    names = list(labels)
    return Cover(
        revision=_count(revision[1]),
        recorded=revision[2],
        currency=currency,
        filters={name: labels[name] for name in names[: names.index(_AS_OF)]},
        checkpoint=_read_checkpoint(labels.get("Checkpoint", _UNSIGNED)),
        totals=_cover_totals(sheet, currency),
    )


def _read_checkpoint(text: str) -> tuple[int, str] | None:
    match = _CHECKPOINT.fullmatch(text)
    if match is None and text != _UNSIGNED:
        raise MalformedError("The cover's checkpoint cannot be read.")
    return (_count(match[1]), match[2]) if match else None


def _labels(sheet: Sheet) -> dict[str, str]:
    """What stands beside each label of the section; a long text goes on in rows without a label."""
    labels: dict[str, str] = {}
    label: str | None = None
    for row in _behind(sheet, _SECTION):
        if "B" not in row:
            break
        label = row["A"].text if "A" in row else label
        if label is not None:
            labels[label] = f"{labels[label]} {row['B'].text}" if label in labels else row["B"].text
    if _AS_OF not in labels:
        raise MalformedError("The workbook has not the cover of a summary.")
    return labels


def _cover_totals(sheet: Sheet, currency: str) -> tuple[Cell | None, ...]:
    [numbers, *_] = _behind(sheet, f"Pledged, {currency}") or [{}]
    return tuple(numbers.get(column) for column in "ABCD")


def _behind(sheet: Sheet, title: str) -> list[Row]:
    """The rows below the first one whose first cell says so."""
    rows = list(sheet.values())
    for place, row in enumerate(rows):
        if "A" in row and row["A"].text == title:
            return rows[place + 1 :]
    return []


def _count(text: str) -> int:
    return int(text.replace(",", ""))

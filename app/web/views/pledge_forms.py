"""The forms about pledges: which fields each has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.desk.domain import FormKind
from app.pledges.domain import AidType, Instrument, MovementStage, Stage
from app.pledges.domain.model import Bound
from app.web.views.fields import (
    AMOUNT,
    CURRENCY,
    DONOR,
    NOTES,
    REFERENCE,
    SOURCES,
    TITLE,
    VERIFICATION,
    WHEN,
    WHY,
    Field,
    Section,
    choices,
)

_PROMISE: Final = (
    replace(TITLE, is_wide=True),
    DONOR,
    Field(name="aid_type", label="Kind of aid", needed=True, choices=choices(AidType, "Choose")),
    Field(name="amount", label="Amount", hint=AMOUNT, is_number=True),
    Field(name="currency", label="Currency", hint="Of the announcement, such as DKK", offers=CURRENCY),
    Field(name="bound", label="The amount is", choices=choices(Bound)),
    Field(name="announced_on", label="Announced", hint=WHEN),
    Field(name="status", label="Stage", hint="That all of it has reached", choices=choices(Stage)),
    Field(name="instrument", label="Given as", choices=choices(Instrument, "As usual for the kind")),
)  # fmt: skip
_OVERLAPS: Final = Field(
    name="overlaps", label="May hold the money of", hint="References, such as DK-2023-0007"
)
_ITEMS: Final = Section(
    title="What it consists of",
    note="So many of this, at such a price, as the source lists them. Items describe: they change no total.",
    row="item",
    fields=(
        Field(name="items/{}/description", label="What it is", hint="In the source's words", is_wide=True),
        Field(name="items/{}/kind", label="Kind", hint="Such as Heavy weapon"),
        Field(name="items/{}/subkind", label="Finer kind", hint="Such as 155mm howitzer"),
        Field(name="items/{}/quantity", label="Quantity", is_number=True),
        Field(name="items/{}/delivered", label="Handed over", hint="Empty where nobody says", is_number=True),
        Field(name="items/{}/unit", label="Unit", hint="Pieces where it is empty"),
        Field(name="items/{}/unit_value", label="Price of one", is_number=True),
        Field(name="items/{}/value", label="Value of all", is_number=True),
        Field(name="items/{}/currency", label="Currency of the value", hint="Needed with a value", offers=CURRENCY),
        Field(name="items/{}/note", label="Remark"),
    ),
)  # fmt: skip

SECTIONS: Final[Mapping[FormKind, Sequence[Section]]] = {
    FormKind.PLEDGE: (
        Section(title="What was promised", fields=_PROMISE),
        SOURCES,
        _ITEMS,
        Section(title="More", fields=(VERIFICATION, REFERENCE, _OVERLAPS, NOTES)),
    ),
    FormKind.MOVEMENT: (
        Section(
            title="What moved",
            fields=(
                Field(name="stage", label="To", needed=True, choices=choices(MovementStage, "Choose")),
                Field(name="amount", label="Amount", hint="Empty: not published; to cancel, all of it", is_number=True),
                Field(name="on", label="On", hint=WHEN),
                Field(name="note", label="Note", is_long=True),
            ),
        ),
        SOURCES,
    ),
    FormKind.AMENDMENT: (
        WHY,
        Section(title="What was promised", fields=_PROMISE),
        SOURCES,
        _ITEMS,
        Section(title="More", fields=(VERIFICATION, _OVERLAPS, NOTES)),
    ),
    FormKind.WITHDRAWAL: (WHY,),
    FormKind.MOVEMENT_WITHDRAWAL: (WHY,),
}  # fmt: skip

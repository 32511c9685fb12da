"""What the desk's forms consist of: fields below headings, and those that several forms have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.sources import SourceKind
from app.pledges.domain.model import Verification
from app.web.words import plain_words

# The lists that a field offers; what is not in them may be typed all the same.
DONORS: Final = "donors"
CURRENCY: Final = "currencies"
LINES: Final = "lines-asked-for"
ENACTED: Final = "enacted-lines"
BILLS: Final = "bills"
WHEN: Final = "2023-11-14, 2023-11, 2023, or 2023-11-01/2023-11-14"
AMOUNT: Final = "Plain digits, such as 820000000.00; empty where it was not published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    Attributes:
        name: the place of its value in the body; of a list, with ``{}`` for the number of the row.
        hint: how it is filled in.
        choices: by value; empty for what is typed.
        offers: the list that its values usually come from.
    """

    name: str
    label: str
    hint: str = ""
    needed: bool = False
    choices: Mapping[str, str] | None = None
    offers: str = ""
    is_long: bool = False
    is_wide: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Fields below one heading. Those of a list are repeated, row by row.

    Attributes:
        row: what one row of a list is called; empty where there is no list.
        least: so many rows are shown where none is filled in.
    """

    title: str
    fields: Sequence[Field]
    note: str = ""
    row: str = ""
    least: int = 1

    @property
    def is_list(self) -> bool:
        """Whether its fields are repeated."""
        return bool(self.row)

    @property
    def stem(self) -> str:
        """What the names of its fields begin with."""
        return self.fields[0].name.partition("/")[0]


def choices(kinds: type[StrEnum], empty: str | None = None) -> dict[str, str]:
    """The members of an enumeration to choose from, behind what stands for none of them."""
    named = {one.value: plain_words(one.value).capitalize() for one in kinds}
    return named if empty is None else {"": empty, **named}


DONOR: Final = Field(
    name="donor", label="Donor", hint="Code, such as DK, or EU, EPF, EIB", needed=True, offers=DONORS
)  # fmt: skip
TITLE: Final = Field(name="title", label="Title", hint="As the donor calls it", needed=True)
REASON: Final = Field(
    name="reason", label="Reason", hint="It stands in the history for ever", needed=True, is_long=True
)  # fmt: skip
NOTES: Final = Field(name="notes", label="Notes", is_long=True)
VERIFICATION: Final = Field(
    name="verification", label="Checked", hint="What you did to check it", choices=choices(Verification)
)  # fmt: skip
REFERENCE: Final = Field(name="reference", label="Reference", hint="Made up where it is left empty")
WHY: Final = Section(title="Why", fields=(REASON,))
SOURCES: Final = Section(
    title="Sources",
    note="Pages that say so.",
    row="source",
    least=2,
    fields=(
        Field(name="sources/{}/url", label="Address", hint="https://…"),
        Field(name="sources/{}/title", label="Title"),
        Field(name="sources/{}/kind", label="Kind", choices=choices(SourceKind, "Not said: other")),
    ),
)

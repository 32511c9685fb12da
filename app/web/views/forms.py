"""The desk's forms: which fields each has, and what stands in them and beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.desk.domain import FieldFindings, FormKind
from app.donors.domain import list_donors
from app.kernel.currencies import CURRENCIES
from app.kernel.errors import Finding
from app.kernel.sources import SourceKind
from app.legislation.domain import State
from app.legislation.domain.model import AmountKind, Component, Kind, Role
from app.pledges.domain import AidType, Instrument, MovementStage, Stage
from app.pledges.domain.model import Bound, Verification
from app.web.words import plain_words

# The lists that a field offers; what is not in them may be typed all the same.
DONORS: Final = "donors"
CURRENCY: Final = "currencies"
_WHEN: Final = "2023-11-14, 2023-11, 2023, or 2023-11-01/2023-11-14"
_AMOUNT: Final = "Plain digits, such as 820000000.00; empty where it was not published"
# A list shows so many rows at first, and always one more than are filled in.
_LEAST_ROWS: Final = 2
_ROW: Final = "{}"
_MISSING: Final = "missing"


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
    """Fields below one heading. Those of a list are repeated, row by row."""

    title: str
    fields: Sequence[Field]
    note: str = ""

    @property
    def is_list(self) -> bool:
        """Whether its fields are repeated."""
        return any(_ROW in one.name for one in self.fields)


def _choices(kinds: type[StrEnum], empty: str | None = None) -> dict[str, str]:
    named = {one.value: plain_words(one.value).capitalize() for one in kinds}
    return named if empty is None else {"": empty, **named}


_DONOR: Final = Field(
    name="donor", label="Donor", hint="Code, such as DK, or EU, EPF, EIB", needed=True, offers=DONORS
)  # fmt: skip
_TITLE: Final = Field(name="title", label="Title", hint="As the donor calls it", needed=True)
_REASON: Final = Field(
    name="reason", label="Reason", hint="It stands in the history for ever", needed=True, is_long=True
)  # fmt: skip
_NOTES: Final = Field(name="notes", label="Notes", is_long=True)
_VERIFICATION: Final = Field(
    name="verification", label="Checked", hint="What you did to check it", choices=_choices(Verification)
)  # fmt: skip
_SOURCES: Final = Section(
    title="Sources",
    note="Pages that say so. There is always an empty row: previewing or saving adds one.",
    fields=(
        Field(name="sources/{}/url", label="Address", hint="https://…"),
        Field(name="sources/{}/title", label="Title"),
        Field(
            name="sources/{}/kind", label="Kind", choices=_choices(SourceKind, "Not said: other")
        ),
    ),
)
_PROMISE: Final = (
    replace(_TITLE, is_wide=True),
    _DONOR,
    Field(name="aid_type", label="Kind of aid", needed=True, choices=_choices(AidType, "Choose")),
    Field(name="amount", label="Amount", hint=_AMOUNT, is_number=True),
    Field(name="currency", label="Currency", hint="Of the announcement, such as DKK", offers=CURRENCY),
    Field(name="bound", label="The amount is", choices=_choices(Bound)),
    Field(name="announced_on", label="Announced", hint=_WHEN),
    Field(name="status", label="Stage", hint="That all of it has reached", choices=_choices(Stage)),
    Field(name="instrument", label="Given as", choices=_choices(Instrument, "As usual for the kind")),
)  # fmt: skip
_OVERLAPS: Final = Field(
    name="overlaps", label="May hold the money of", hint="References, such as DK-2023-0007"
)

SECTIONS: Final[Mapping[FormKind, Sequence[Section]]] = {
    FormKind.PLEDGE: (
        Section(title="What was promised", fields=_PROMISE),
        _SOURCES,
        Section(
            title="More",
            fields=(
                _VERIFICATION,
                Field(name="reference", label="Reference", hint="Made up where it is left empty"),
                _OVERLAPS,
                _NOTES,
            ),
        ),
    ),
    FormKind.MOVEMENT: (
        Section(
            title="What moved",
            fields=(
                Field(name="stage", label="To", needed=True, choices=_choices(MovementStage, "Choose")),
                Field(name="amount", label="Amount", hint="Empty for all that has not got there", is_number=True),
                Field(name="on", label="On", hint=_WHEN),
                Field(name="note", label="Note", is_long=True),
            ),
        ),
        _SOURCES,
    ),
    FormKind.AMENDMENT: (
        Section(title="Why", fields=(_REASON,)),
        Section(title="What was promised", fields=_PROMISE),
        _SOURCES,
        Section(title="More", fields=(_VERIFICATION, _OVERLAPS, _NOTES)),
    ),
    FormKind.WITHDRAWAL: (Section(title="Why", fields=(_REASON,)),),
    FormKind.MOVEMENT_WITHDRAWAL: (Section(title="Why", fields=(_REASON,)),),
    FormKind.LEGISLATIVE_REQUEST: (
        Section(
            title="What is asked for",
            fields=(
                replace(_TITLE, is_wide=True),
                _DONOR,
                Field(name="kind", label="Kind of request", needed=True, choices=_choices(Kind, "Choose")),
                Field(name="currency", label="Currency", hint="Of all lines", needed=True, offers=CURRENCY),
                Field(name="requested_on", label="Requested", hint=_WHEN),
                Field(name="announced_on", label="Announced", hint="Where it was not requested yet"),
                Field(name="requesting_office", label="Asked by"),
                Field(name="addressed_to", label="Asked of", hint="Such as Congress"),
                Field(name="legal_basis", label="Legal basis"),
                Field(name="period", label="The money is for", hint="2023-10-01/2024-09-30"),
                Field(name="state", label="State", choices=_choices(State, "Submitted, or announced")),
                Field(name="state_on", label="Since", hint=_WHEN),
            ),
        ),
        Section(
            title="Lines",
            note="Each part of the money. There is always an empty row: previewing or saving adds one.",
            fields=(
                Field(name="lines/{}/component", label="For", choices=_choices(Component, "Choose")),
                Field(name="lines/{}/amount", label="Amount", is_number=True),
                Field(name="lines/{}/amount_kind", label="Counts as", choices=_choices(AmountKind, "Not said: cash")),
                Field(name="lines/{}/label", label="Name"),
            ),
        ),
        Section(
            title="Bills",
            note="The texts that carry it; the primary one first.",
            fields=(
                Field(name="vehicles/{}/identifier", label="Bill", hint="Such as H.R. 815"),
                Field(name="vehicles/{}/session", label="Session", hint="Such as 118"),
                Field(name="vehicles/{}/role", label="Role", choices=_choices(Role, "Not said: primary")),
            ),
        ),
        _SOURCES,
        Section(
            title="More",
            fields=(
                _VERIFICATION,
                Field(name="reference", label="Reference", hint="Made up where it is left empty"),
                _NOTES,
            ),
        ),
    ),
    FormKind.ACTION: (
        Section(
            title="What happened",
            fields=(
                Field(name="on", label="On", hint=_WHEN, needed=True),
                Field(name="state", label="It became", choices=_choices(State, "Nothing else: no new state")),
                Field(name="actor", label="Who acted", hint="Such as Senate"),
                Field(name="known_on", label="Public since", hint="Its own day where it is left empty"),
                Field(name="text", label="In words", is_long=True),
                Field(name="url", label="Source", hint="https://…", is_wide=True),
            ),
        ),
        Section(
            title="Vote",
            note="Where there was one.",
            fields=(
                Field(name="vote/yes", label="Yes", is_number=True),
                Field(name="vote/no", label="No", is_number=True),
                Field(name="vote/other", label="Others", hint="In words: 39 abstained"),
                Field(name="vote/roll", label="Roll call", is_number=True),
                Field(name="vote/chamber", label="Body", hint="Such as Senate"),
                Field(name="vote/session", label="Rolls of", hint="Session, such as 118-2"),
            ),
        ),
    ),
}  # fmt: skip
_DEFAULTS: Final[Mapping[str, str]] = {"bound": "exact", "status": "pledged", "verification": "unverified"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field with what stands in it.

    Attributes:
        problems: what is wrong with it.
    """

    field: Field
    name: str
    label: str
    value: str
    problems: Sequence[str]

    @property
    def id(self) -> str:
        """Of its element."""
        return "field-" + self.name.replace("/", "-")

    @property
    def described_by(self) -> str:
        """The elements that say more of it."""
        named = [f"hint-{self.id}"] if self.field.hint else []
        return " ".join([*named, f"problem-{self.id}"] if self.problems else named)

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """Its choices; a value that is none of them stands among them, so that it is not lost."""
        choices = dict(self.field.choices or {})
        if self.value not in choices:
            choices[self.value] = self.value
        return [*choices.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section with its fields as they are filled in, row by row."""

    title: str
    note: str
    rows: Sequence[Sequence[ShownField]]
    is_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form as it is shown.

    Attributes:
        general: what is wrong with the form as a whole, or with what has no field here.
    """

    sections: Sequence[ShownSection]
    general: Sequence[str]

    @property
    def wrong(self) -> list[ShownField]:
        """The fields that something is wrong with, in their order."""
        shown = [one for section in self.sections for row in section.rows for one in row]
        return [one for one in shown if one.problems]


def fill_in(kind: FormKind, fields: Mapping[str, str], findings: FieldFindings) -> FilledForm:
    """A form with what was filled in, and beside each field what was found."""
    said = {name: [_say(one) for one in found] for name, found in findings.items()}
    sections = [_show_section(section, fields, said) for section in SECTIONS[kind]]
    shown = {one.name for section in sections for row in section.rows for one in row}
    general = [
        f"{plain_words(name)}: {detail}" if name else detail
        for name, details in said.items()
        if name not in shown
        for detail in details
    ]
    return FilledForm(sections=sections, general=general)


def _say(finding: Finding) -> str:
    return "This is needed." if finding.code == _MISSING else finding.detail


def label_of(kind: FormKind, name: str) -> str:
    """What a field is called, by its name in the form."""
    return next(
        (one.label for section in SECTIONS[kind] for one in section.fields if one.name == name),
        plain_words(name.partition("/")[0]).capitalize(),
    )


def offers() -> dict[str, list[tuple[str, str]]]:
    """The lists that fields offer."""
    return {
        DONORS: [(one.code, one.name) for one in sorted(list_donors(), key=lambda one: one.name)],
        CURRENCY: [(code, "") for code in sorted(CURRENCIES)],
    }


def _show_section(
    section: Section, fields: Mapping[str, str], said: Mapping[str, Sequence[str]]
) -> ShownSection:
    numbers = [*_numbers(section, fields)] if section.is_list else [None]
    rows = [[_show(one, number, fields, said) for one in section.fields] for number in numbers]
    return ShownSection(
        title=section.title, note=section.note, rows=rows, is_list=section.is_list
    )  # fmt: skip


def _numbers(section: Section, fields: Mapping[str, str]) -> Iterator[int]:
    """The rows that are shown: all that are filled in, and one more."""
    stem = section.fields[0].name.partition("/")[0]
    filled = [
        int(parts[1])
        for name, value in fields.items()
        if value.strip()
        and (parts := name.split("/"))[0] == stem
        and len(parts) > 1
        and parts[1].isdigit()
        and len(parts[1]) <= len("999")
    ]
    yield from range(max([one + 2 for one in filled], default=0) or _LEAST_ROWS)


def _show(
    field: Field,
    number: int | None,
    fields: Mapping[str, str],
    said: Mapping[str, Sequence[str]],
) -> ShownField:
    name = field.name if number is None else field.name.format(number)
    label = field.label if number is None else f"{field.label} {number + 1}"
    value = fields.get(name, _DEFAULTS.get(name, "") if field.choices else "")
    return ShownField(field=field, name=name, label=label, value=value, problems=said.get(name, ()))

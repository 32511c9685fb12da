"""The desk's forms: what stands in their fields and beside them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.desk.domain import FieldFindings, FormKind
from app.donors.domain import list_donors
from app.kernel.currencies import CURRENCIES
from app.kernel.errors import Finding
from app.web.views import pledge_forms, request_forms, vehicle_forms
from app.web.views.fields import BILLS, CURRENCY, DONORS, ENACTED, LINES, Field, Section
from app.web.words import exact_words, plain_words

SECTIONS: Final[Mapping[FormKind, Sequence[Section]]] = {
    **pledge_forms.SECTIONS,
    **request_forms.SECTIONS,
    **vehicle_forms.SECTIONS,
}
_MISSING: Final = "missing"
_ROW: Final = "{}"
# No name of a field has a larger number, see ``app.desk.domain.fields``.
_LAST_ROW: Final = 999
_NUMBER: Final = re.compile(r"(?<=/)(?:0|[1-9][0-9]{0,2})(?=/)")
_DEFAULTS: Final[Mapping[str, str]] = {
    "bound": "exact",
    "status": "pledged",
    "verification": "unverified",
    "closes": "true",
}


# The fields with a row more or less, and the field or the list at which one goes on.
Reshaped = tuple[dict[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field with what stands in it.

    Attributes:
        problems: what is wrong with it.
        is_focused: whether one goes on here.
    """

    field: Field
    name: str
    label: str
    value: str
    problems: Sequence[str]
    is_focused: bool

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
class ShownRow:
    """Some fields that belong together; in a list one row of it.

    Attributes:
        stem: what the names of its fields begin with.
        removal: the button that takes the row away; empty where there is none.
    """

    stem: str
    name: str
    fields: Sequence[ShownField]
    removal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A section with its fields as they are filled in, row by row.

    Attributes:
        addition: the button that adds a row; empty where there is none.
        is_focused: whether one goes on at that button.
    """

    title: str
    note: str
    rows: Sequence[ShownRow]
    row: str
    addition: str
    is_focused: bool


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
        return [one for one in _all_fields(self.sections) if one.problems]


def fill_in(
    kind: FormKind,
    fields: Mapping[str, str],
    findings: FieldFindings,
    *,
    focus: str = "",
    too_long: Mapping[str, int] | None = None,
) -> FilledForm:
    """A form with what was filled in, and beside each field what was found.

    Args:
        kind: of the form.
        fields: what was filled in.
        findings: what is wrong, by field.
        focus: the field, or the list, at which one goes on.
        too_long: the lists that are too long for a form, each with how many there are.
    """
    said = {name: [_say(one) for one in found] for name, found in findings.items()}
    sections = [
        _leave_out(section, (too_long or {})[section.stem])
        if section.stem in (too_long or {})
        else _show_section(section, fields, said, focus)
        for section in SECTIONS[kind]
    ]
    shown = {one.name for one in _all_fields(sections)}
    called = {row.stem: row.name for section in sections for row in section.rows}
    general = [
        f"{called.get(name, plain_words(name))}: {detail}" if name else detail
        for name, details in said.items()
        if name not in shown
        for detail in details
    ]
    return FilledForm(sections=sections, general=general)


def add_row(kind: FormKind, fields: Mapping[str, str], stem: str) -> Reshaped:
    """The fields with one more row of a list, and the field at which one goes on."""
    section = _find_list(kind, stem)
    if section is None:
        return dict(fields), ""
    numbers = _numbers(section, fields)
    name = section.fields[0].name.format(min(numbers[-1] + 1, _LAST_ROW))
    present = {section.fields[0].name.format(one): "" for one in numbers}
    return {**present, **fields, name: fields.get(name, "")}, name


def remove_row(kind: FormKind, fields: Mapping[str, str], row: str) -> Reshaped:
    """The fields without a row, such as ``items/2``, and the list at which one goes on.

    The last one leaves an empty row, so that the list is sent as an empty one.
    """
    stem, _, number = row.partition("/")
    section = _find_list(kind, stem)
    if section is None or not number.isdigit():
        return dict(fields), ""
    left = {name: text for name, text in fields.items() if not name.startswith(f"{row}/")}
    return left, stem


# What a button does to a list, by its name.
RESHAPED: Final[Mapping[str, Callable[[FormKind, Mapping[str, str], str], Reshaped]]] = {
    "add": add_row,
    "remove": remove_row,
}


def label_of(kind: FormKind, name: str) -> str:
    """What a field is called, by its name in the form."""
    number = _NUMBER.search(name)
    pattern = _NUMBER.sub(_ROW, name, count=1)
    for section in SECTIONS[kind]:
        for one in section.fields:
            if one.name == pattern:
                return f"{one.label} {int(number[0]) + 1}" if number else one.label
    return plain_words(name.partition("/")[0]).capitalize()


def offers(kind: FormKind, document: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """The lists that the fields of a form offer; some come from what it is about."""
    wanted = {one.offers for section in SECTIONS[kind] for one in section.fields if one.offers}
    return {name: _offer(name, document) for name in sorted(wanted)}


def _offer(name: str, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    currency = document.get("currency")
    match name:
        case _ if name == DONORS:
            return [(one.code, one.name) for one in sorted(list_donors(), key=lambda one: one.name)]
        case _ if name == CURRENCY:
            return [(code, "") for code in sorted(CURRENCIES)]
        case _ if name == LINES:
            return [_line_offer(one, currency) for one in document.get("lines", [])]
        case _ if name == ENACTED:
            return [
                _line_offer(line, currency)
                for one in document.get("enactments", [])
                if not one["withdrawn"]
                for line in one["lines"]
            ]
        case _ if name == BILLS:
            return [(one["identifier"], one["session"] or "") for one in document["vehicles"]]
        case _:
            raise AssertionError(name)


def _line_offer(line: Mapping[str, Any], currency: str | None) -> tuple[str, str]:
    name = line["label"] or plain_words(line["component"])
    return line["key"], f"{name}, {exact_words(line['amount'], currency)}"


def _say(finding: Finding) -> str:
    return "This is needed." if finding.code == _MISSING else finding.detail


def _all_fields(sections: Sequence[ShownSection]) -> list[ShownField]:
    return [one for section in sections for row in section.rows for one in row.fields]


def _find_list(kind: FormKind, stem: str) -> Section | None:
    return next((one for one in SECTIONS[kind] if one.is_list and one.stem == stem), None)


def _leave_out(section: Section, count: int) -> ShownSection:
    note = f"{count} are on record: too many for a form. They stay as they are; the API or an import changes them."
    return ShownSection(
        title=section.title, note=note, rows=(), row="", addition="", is_focused=False
    )


def _show_section(
    section: Section, fields: Mapping[str, str], said: Mapping[str, Sequence[str]], focus: str
) -> ShownSection:
    if not section.is_list:
        row = [_show(one, None, fields, said, focus) for one in section.fields]
        rows = [ShownRow(stem=section.stem, name=section.title, fields=row, removal="")]
        return ShownSection(
            title=section.title, note=section.note, rows=rows, row="", addition="", is_focused=False
        )
    numbers = _numbers(section, fields)
    return ShownSection(
        title=section.title,
        note=section.note,
        rows=[
            ShownRow(
                stem=f"{section.stem}/{number}",
                name=f"{section.row.capitalize()} {place + 1}",
                fields=[_show(one, (number, place), fields, said, focus) for one in section.fields],
                removal=_removal(section, number, len(numbers), fields),
            )
            for place, number in enumerate(numbers)
        ],
        row=section.row,
        addition=f"add:{section.stem}" if numbers[-1] < _LAST_ROW else "",
        is_focused=focus == section.stem,
    )


def _removal(section: Section, number: int, rows: int, fields: Mapping[str, str]) -> str:
    """The button that takes a row away; the rows that every form begins with have none while they are empty."""
    own = (fields.get(one.name.format(number), "") for one in section.fields)
    if rows == 1 or (rows <= section.least and not any(own)):
        return ""
    return f"remove:{section.stem}/{number}"


def _numbers(section: Section, fields: Mapping[str, str]) -> list[int]:
    """The numbers of the rows that are shown: those that the form has, or the first ones."""
    numbers = {
        int(parts[1])
        for name in fields
        if (parts := name.split("/"))[0] == section.stem
        and len(parts) > 1
        and parts[1].isascii()
        and parts[1].isdigit()
        and len(parts[1]) <= len(str(_LAST_ROW))
    }
    return sorted(numbers) or list(range(section.least))


def _show(
    field: Field,
    row: tuple[int, int] | None,
    fields: Mapping[str, str],
    said: Mapping[str, Sequence[str]],
    focus: str,
) -> ShownField:
    """A field; of a row by its number in the names and its place on the page."""
    name = field.name if row is None else field.name.format(row[0])
    label = field.label if row is None else f"{field.label} {row[1] + 1}"
    return ShownField(
        field=field,
        name=name,
        label=label,
        value=fields.get(name, _DEFAULTS.get(name, "") if field.choices else ""),
        problems=said.get(name, ()),
        is_focused=name == focus,
    )

"""The forms about vehicles, that is bills, budgets and committee decisions: which fields each has."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.desk.domain import FormKind
from app.legislation.domain import FlagChange, State
from app.legislation.domain.states import Flag
from app.web.views.fields import DONORS, NOTES, SOURCES, WHEN, WHY, Field, Section, choices

_JURISDICTION: Final = Field(
    name="jurisdiction", label="Whose parliament", hint="Code of the donor, such as US", needed=True, offers=DONORS
)  # fmt: skip
_ABOUT: Final = (
    Field(name="title", label="Title", hint="As it is now", is_wide=True),
    Field(name="title_original", label="Title when introduced", hint="Where it differs", is_wide=True),
    Field(name="introduced_on", label="Introduced", hint=WHEN),
    Field(name="session_ends_on", label="Session ends", hint="When it dies undecided"),
    Field(name="law_citation", label="Law", hint="Once it is one, such as P.L. 118-50"),
    Field(name="url", label="Its page", hint="https://…"),
)  # fmt: skip
_ELSEWHERE: Final = Section(
    title="Names elsewhere",
    row="name",
    fields=(
        Field(name="external_ids/{}/scheme", label="Whose name", hint="Such as congress.gov"),
        Field(name="external_ids/{}/id", label="Name there", hint="Such as 118/hr/815"),
    ),
)
_ACTIONS: Final = Section(
    title="What happened",
    note="Every request that it carries follows.",
    row="action",
    fields=(
        Field(name="actions/{}/on", label="On", hint=WHEN),
        Field(name="actions/{}/state", label="It became", choices=choices(State, "Nothing else: no new state")),
        Field(name="actions/{}/body", label="Who acted", hint="Such as Senate"),
        Field(name="actions/{}/text", label="In words", is_wide=True),
        Field(name="actions/{}/source_url", label="Source", hint="https://…", is_wide=True),
        Field(name="actions/{}/known_on", label="Public since", hint="Its own day where it is left empty"),
        Field(name="actions/{}/flag/name", label="Mark", choices=choices(Flag, "None")),
        Field(name="actions/{}/flag/change", label="Mark is", choices=choices(FlagChange, "Choose")),
        Field(name="actions/{}/vote/yes", label="Yes", is_number=True),
        Field(name="actions/{}/vote/no", label="No", is_number=True),
        Field(name="actions/{}/vote/other", label="Others", hint="In words: 39 abstained"),
        Field(name="actions/{}/vote/roll", label="Roll call", is_number=True),
    ),
)  # fmt: skip

SECTIONS: Final[Mapping[FormKind, Sequence[Section]]] = {
    FormKind.VEHICLE: (
        Section(
            title="What it is",
            fields=(
                _JURISDICTION,
                Field(name="identifier", label="Name", hint="Such as H.R. 815", needed=True),
                Field(name="session", label="Session", hint="Such as 118; empty where texts are not numbered by it"),
                *_ABOUT,
            ),
        ),
        _ACTIONS,
        _ELSEWHERE,
        SOURCES,
        Section(title="More", fields=(NOTES,)),
    ),
    FormKind.VEHICLE_AMENDMENT: (
        WHY,
        Section(title="What it is", fields=_ABOUT, note="Its name stays."),
        _ELSEWHERE,
        SOURCES,
        Section(title="More", fields=(NOTES,)),
    ),
    FormKind.VEHICLE_ACTIONS: (_ACTIONS,),
    FormKind.VEHICLE_ACTION_WITHDRAWAL: (WHY,),
}  # fmt: skip

"""The forms about legislative requests: which fields each has."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.desk.domain import FormKind
from app.kernel.sources import SourceKind
from app.legislation.domain import AmountKind, Beneficiary, Component, FlagChange, Kind, Role, State
from app.legislation.domain.states import Flag
from app.pledges.domain.model import Bound, Verification
from app.web.views.fields import (
    BILLS,
    CURRENCY,
    DONOR,
    DONORS,
    ENACTED,
    LINES,
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

_YES: Final = {"": "No", "true": "Yes"}
_NOT_NAMED: Final = {"true": "Were denied", "false": "Are still pending"}
_ASKED: Final = (
    replace(TITLE, is_wide=True),
    DONOR,
    Field(name="kind", label="Kind of request", needed=True, choices=choices(Kind, "Choose")),
    Field(name="currency", label="Currency", hint="Of all lines", needed=True, offers=CURRENCY),
    Field(name="requested_on", label="Requested", hint=WHEN),
    Field(name="announced_on", label="Announced", hint="Where it was not requested yet"),
    Field(name="published_on", label="Public since", hint="Where that was later"),
    Field(name="requesting_office", label="Asked by"),
    Field(name="addressed_to", label="Asked of", hint="Such as Congress"),
    Field(name="legal_basis", label="Legal basis"),
    Field(name="period", label="The money is for", hint="2023-10-01/2024-09-30"),
)  # fmt: skip
_STATE: Final = (
    Field(name="state", label="State", choices=choices(State, "Submitted, or announced")),
    Field(name="state_on", label="Since", hint=WHEN),
)
_LINES: Final = Section(
    title="Lines",
    note="Each part of the money. A line with parts is not counted itself.",
    row="line",
    least=2,
    fields=(
        Field(name="lines/{}/component", label="For", choices=choices(Component, "Choose")),
        Field(name="lines/{}/amount", label="Amount", is_number=True),
        Field(name="lines/{}/amount_kind", label="Counts as", choices=choices(AmountKind, "Not said: cash")),
        Field(name="lines/{}/label", label="Name"),
        Field(name="lines/{}/beneficiary", label="For whom", choices=choices(Beneficiary, "Not said: recipient")),
        Field(name="lines/{}/key", label="Short name", hint="Its place, from 1, where it is left empty"),
        Field(name="lines/{}/parent", label="Is a part of", hint="Short name of another line"),
        Field(name="lines/{}/note", label="Remark"),
    ),
)  # fmt: skip
_LINK: Final = (
    Field(name="{}/identifier", label="Bill", hint="Such as H.R. 815"),
    Field(name="{}/session", label="Session", hint="Such as 118"),
    Field(name="{}/role", label="Role", choices=choices(Role, "Not said: primary")),
    Field(name="{}/division", label="Part of the bill", hint="Such as Division B"),
    Field(name="{}/became_vehicle_on", label="Carries it since", hint="What it did before does not count"),
    Field(name="{}/ceased_on", label="Until"),
    Field(name="{}/jurisdiction", label="Of the parliament of", hint="The donor's where left empty", offers=DONORS),
    Field(name="{}/reason", label="How one knows"),
)  # fmt: skip
_BILLS: Final = Section(
    title="Bills",
    note="The texts that carry it; the primary one first. One that nobody recorded yet is recorded with it.",
    row="bill",
    fields=[replace(one, name=one.name.replace("{}", "vehicles/{}")) for one in _LINK],
)
_ACTION: Final = (
    Field(name="on", label="On", hint=WHEN, needed=True),
    Field(name="state", label="It became", choices=choices(State, "Nothing else: no new state")),
    Field(name="body", label="Who acted", hint="Such as Senate"),
    Field(name="known_on", label="Public since", hint="Its own day where it is left empty"),
    Field(name="flag/name", label="Mark", choices=choices(Flag, "None")),
    Field(name="flag/change", label="Mark is", choices=choices(FlagChange, "Choose")),
    Field(name="text", label="In words", is_long=True),
    Field(name="source_url", label="Source", hint="https://…", is_wide=True),
)
_VOTE: Final = Section(
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
)
_CLAIMS: Final = Section(
    title="What sources say",
    note="Exactly one counts, and says why where there are several. The others are kept beside it.",
    row="statement",
    least=2,
    fields=(
        Field(name="claims/{}/amount", label="Amount", is_number=True),
        Field(name="claims/{}/preferred", label="Counts", choices={"": "No", "true": "Yes, this one"}),
        Field(name="claims/{}/bound", label="The amount is", choices=choices(Bound, "Not said: exact")),
        Field(name="claims/{}/verification", label="Checked", choices=choices(Verification, "Not said: unverified")),
        Field(name="claims/{}/source/url", label="Address of the source", hint="https://…"),
        Field(name="claims/{}/source/title", label="Title of the source"),
        Field(name="claims/{}/source/kind", label="Kind of source", choices=choices(SourceKind, "Not said: other")),
        Field(name="claims/{}/retrieved_on", label="Read on", hint=WHEN),
        Field(name="claims/{}/reason", label="Why it counts, or not", is_wide=True),
    ),
)  # fmt: skip
_LAW: Final = (
    Section(
        title="What became law",
        fields=(
            Field(name="on", label="On", hint=WHEN, needed=True),
            Field(name="law", label="Law", hint="Such as P.L. 118-50"),
            Field(name="vehicle", label="Bill", hint="That became it", offers=BILLS),
            Field(name="division", label="Part of the bill", hint="Such as Division B"),
            Field(name="closes", label="Lines that are not named", choices=_NOT_NAMED),
            Field(name="source_url", label="Source", hint="https://…", is_wide=True),
        ),
    ),
    Section(
        title="Enacted lines",
        note="Each with what was granted: 0 where it was denied. Without any, all that is open is law as asked for.",
        row="enacted line",
        fields=(
            Field(name="lines/{}/line", label="Answers the line", hint="Empty where it was added", offers=LINES),
            Field(name="lines/{}/amount", label="Granted", hint="As it was asked for where left empty", is_number=True),
            Field(name="lines/{}/rest_pends", label="The rest is still pending", choices=_YES),
            Field(name="lines/{}/label", label="Name"),
            Field(name="lines/{}/component", label="For", choices=choices(Component, "As it was asked for")),
            Field(name="lines/{}/amount_kind", label="Counts as", choices=choices(AmountKind, "As it was asked for")),
            Field(name="lines/{}/beneficiary", label="For whom", choices=choices(Beneficiary, "As it was asked for")),
            Field(name="lines/{}/available", label="May be used", hint=WHEN),
            Field(name="lines/{}/key", label="Short name", hint="Made up as E1, E2, …"),
            Field(name="lines/{}/note", label="Remark"),
        ),
    ),
)  # fmt: skip

SECTIONS: Final[Mapping[FormKind, Sequence[Section]]] = {
    FormKind.LEGISLATIVE_REQUEST: (
        Section(title="What is asked for", fields=(*_ASKED, *_STATE)),
        _LINES,
        _BILLS,
        SOURCES,
        Section(title="More", fields=(VERIFICATION, REFERENCE, NOTES)),
    ),
    FormKind.REQUEST_AMENDMENT: (
        WHY,
        Section(title="What is asked for", fields=_ASKED),
        replace(
            _LINES,
            note="What sources say of an amount is changed from the page of the request, line by line.",
        ),
        _BILLS,
        SOURCES,
        Section(title="More", fields=(VERIFICATION, NOTES)),
    ),
    FormKind.REQUEST_WITHDRAWAL: (WHY,),
    FormKind.ACTION: (Section(title="What happened", fields=_ACTION), _VOTE),
    FormKind.ACTION_WITHDRAWAL: (WHY,),
    FormKind.CLAIMS: (WHY, _CLAIMS),
    FormKind.ENACTMENT: _LAW,
    FormKind.ENACTED_LINE_AMENDMENT: (
        WHY,
        Section(
            title="The enacted line",
            fields=(
                Field(name="rescinded", label="Taken back", hint="Of it, in all", is_number=True),
                Field(name="annulled_on", label="Annulled", hint="Where all of it was taken back"),
                Field(name="available", label="May be used", hint=WHEN),
                Field(name="note", label="Remark", is_long=True),
            ),
        ),
    ),
    FormKind.ENACTMENT_WITHDRAWAL: (WHY,),
    FormKind.FUNDING: (
        Section(
            title="Which pledge is paid from it",
            fields=(
                Field(name="enacted_line", label="Enacted line", needed=True, offers=ENACTED),
                Field(name="pledge", label="Pledge", hint="Reference, such as US-PDA-45", needed=True),
                Field(name="amount", label="Amount", hint="In the request's currency", needed=True, is_number=True),
                Field(name="note", label="Note", is_long=True),
            ),
        ),
    ),
    FormKind.FUNDING_WITHDRAWAL: (WHY,),
    FormKind.VEHICLE_LINK: (
        WHY,
        Section(
            title="The bill",
            note="One that nobody recorded yet is recorded with it.",
            fields=[replace(one, name=one.name.replace("{}", "vehicle"), needed=one is _LINK[0]) for one in _LINK],
        ),
    ),
}  # fmt: skip

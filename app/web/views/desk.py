"""What the desk shows beside its forms: what stands against one, and the drafts that are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from app.desk.domain import Draft, FieldFindings, FormKind
from app.web.views.form_pages import FORM_PAGES
from app.web.views.forms import label_of
from app.web.words import NOTHING, instant_words

_NAMING: Final = ("title", "reason", "law", "identifier", "text", "note", "amount")
_STALE: Final = "precondition-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that reads otherwise on record than in the form."""

    name: str
    on_record: str
    filled_in: str


def is_stale(findings: FieldFindings) -> bool:
    """Whether what the form is based on has changed meanwhile."""
    return any(one.code == _STALE for one in findings.get("", ()))


def differences(
    kind: FormKind, now: Mapping[str, str], fields: Mapping[str, str]
) -> list[Difference]:
    """What an amendment says otherwise than one that is opened now."""
    names = dict.fromkeys([*now, *fields])
    return [
        Difference(
            name=label_of(kind, name),
            on_record=now.get(name, "") or NOTHING,
            filled_in=fields.get(name, "") or NOTHING,
        )
        for name in names
        if name != "reason" and now.get(name, "") != fields.get(name, "").replace("\r\n", "\n")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """One draft of the list."""

    id: str
    title: str
    about: str
    address: str
    kept: str


def draft_line(draft: Draft) -> DraftLine:
    """A draft as one line."""
    page = FORM_PAGES[draft.kind]
    path = page.path.format(name=draft.target, part=quote(draft.part or "", safe=""))
    words = next((text for name in _NAMING if (text := draft.fields.get(name))), "not named yet")
    return DraftLine(
        id=str(draft.id),
        title=page.title,
        about=words[:100],
        address=f"{path}?draft={draft.id}",
        kept=instant_words(draft.updated_at),
    )

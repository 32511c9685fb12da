"""What the desk shows beside its forms: what one would do, what stands against it, and the drafts that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.desk.domain import Draft, FieldFindings, FormKind, StageChange
from app.desk.schemas import show_fields
from app.desk.service import FormPreview
from app.kernel.money import format_minor
from app.legislation.domain import request_record
from app.pledges.domain import StoredPledge, decimals_of, pledge_record
from app.pledges.domain.model import STAGES
from app.pledges.service import Preview
from app.web.views.changes import FieldChange, tell_fields
from app.web.views.forms import label_of
from app.web.views.pledges import PledgeLine, pledge_line
from app.web.words import NOTHING, exact_words, instant_words

# Where each form is; ``{name}`` is a reference or an id.
PATHS: Final[Mapping[FormKind, str]] = {
    FormKind.PLEDGE: "/pledges/new",
    FormKind.MOVEMENT: "/pledges/{name}/movements/new",
    FormKind.AMENDMENT: "/pledges/{name}/amend",
    FormKind.WITHDRAWAL: "/pledges/{name}/withdraw",
    FormKind.MOVEMENT_WITHDRAWAL: "/pledges/{name}/movements/{part}/withdraw",
    FormKind.LEGISLATIVE_REQUEST: "/legislation/new",
    FormKind.ACTION: "/legislation/{name}/actions/new",
}
TITLES: Final[Mapping[FormKind, str]] = {
    FormKind.PLEDGE: "New pledge",
    FormKind.MOVEMENT: "New movement",
    FormKind.AMENDMENT: "Amend a pledge",
    FormKind.WITHDRAWAL: "Withdraw a pledge",
    FormKind.MOVEMENT_WITHDRAWAL: "Withdraw a movement",
    FormKind.LEGISLATIVE_REQUEST: "New legislative request",
    FormKind.ACTION: "New action",
}
BASES: Final[Mapping[FormKind, str]] = {
    FormKind.PLEDGE: "What a donor promised, as the source says it. A preview comes before anything is recorded.",
    FormKind.MOVEMENT: "A step of the pledge, or of a part of it; the stages before it follow.",
    FormKind.AMENDMENT: "A correction: the old values stay in the history, with the reason.",
    FormKind.WITHDRAWAL: "For what should never have been recorded. A broken promise is a movement to cancelled.",
    FormKind.MOVEMENT_WITHDRAWAL: "For a movement that should never have been recorded.",
    FormKind.LEGISLATIVE_REQUEST: "What a government asks its parliament for. It is in no total of pledges.",
    FormKind.ACTION: "What happened to the request, by its own date.",
}
_NEAR: Final[Mapping[str, str]] = {"announced_on": "date", "amount": "amount", "title": "title"}
_NAMING: Final = ("title", "reason", "text", "note", "amount")
_STALE: Final = "precondition-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLine:
    """One stage before and after: of the pledge in its own currency, and of its donor's total."""

    stage: str
    own_before: str
    own_after: str
    counted: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarLine:
    """A pledge that may be the same promise, and what of it is near."""

    line: PledgeLine
    near: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewShown:
    """What recording a form would do.

    Attributes:
        reference: of what it makes or changes.
        lines: the totals, stage by stage.
        remark: where no total moves, why.
    """

    reference: str
    currency: str
    lines: Sequence[StageLine]
    remark: str
    changes: Sequence[FieldChange]
    similar: Sequence[SimilarLine]


def show_preview(foreseen: FormPreview) -> PreviewShown | None:
    """What a form would do; ``None`` where it would be refused."""
    if foreseen.pledge is not None:
        return _show_pledge(foreseen, foreseen.pledge)
    if foreseen.legislative_request is None:
        return None
    shown = foreseen.legislative_request
    before = None if shown.before is None else request_record(shown.before)
    changes = tell_fields(before, request_record(shown.after), shown.after.currency)
    new_bills = [FieldChange("new bill", None, str(one.name)) for one in shown.vehicles]
    return PreviewShown(
        reference=shown.after.reference,
        currency=foreseen.currency,
        lines=(),
        remark="What is asked of a parliament is in no total of pledges.",
        changes=[*changes, *new_bills],
        similar=(),
    )


def _show_pledge(foreseen: FormPreview, shown: Preview) -> PreviewShown:
    pledge = shown.change.pledge
    before = None if shown.before is None else shown.before.stages
    after = shown.change.course.stages
    by_stage = {one.stage: one for one in foreseen.totals}
    return PreviewShown(
        reference=pledge.reference,
        currency=foreseen.currency,
        lines=[
            _stage_line(by_stage[stage], before, after, pledge.currency, foreseen.currency)
            for stage in STAGES
            if stage in by_stage
        ],
        remark="" if foreseen.totals else "No total moves.",
        changes=tell_fields(
            None if shown.before is None else pledge_record(shown.before.pledge),
            shown.change.record,
            pledge.currency,
        ),
        similar=[
            SimilarLine(
                line=pledge_line(one.stored),
                near=", ".join(_NEAR[name] for name in one.likeness.near),
            )
            for one in foreseen.similar
        ],
    )


def _stage_line(
    change: StageChange,
    before: Mapping[str, str | None] | None,
    after: Mapping[str, str | None],
    currency: str | None,
    total_currency: str,
) -> StageLine:
    name = change.stage.value
    parts = [f"{change.pledges:+} pledges"] if change.pledges else []
    parts += [f"{change.unvalued:+} without an amount"] if change.unvalued else []
    return StageLine(
        stage=name.capitalize(),
        own_before=NOTHING if before is None else exact_words(before[name], currency),
        own_after=exact_words(after[name], currency),
        counted=", ".join(parts).replace("+1 pledges", "+1 pledge").replace("-1 pledges", "-1 pledge"),
        before=_total(change.before, total_currency),
        after=_total(change.after, total_currency),
        change=_difference(change, total_currency),
    )  # fmt: skip


def _total(minor: int | None, currency: str) -> str:
    # To the last unit: of a large total a small pledge would move nothing that is rounded.
    if minor is None:
        return "no rate yet"
    return exact_words(format_minor(minor, decimals_of(currency)), currency)


def _difference(change: StageChange, currency: str) -> str:
    if change.before is None or change.after is None:
        return NOTHING
    moved = change.after - change.before
    return ("+" if moved > 0 else "") + _total(moved, currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that reads otherwise on record than in the form."""

    name: str
    on_record: str
    filled_in: str


def is_stale(findings: FieldFindings) -> bool:
    """Whether what the form is based on has changed meanwhile."""
    return any(one.code == _STALE for one in findings.get("", ()))


def differences(stored: StoredPledge, fields: Mapping[str, str]) -> list[Difference]:
    """What a stale amendment and the pledge as it is now say differently."""
    now = show_fields(stored.document)
    names = dict.fromkeys([*now, *fields])
    return [
        Difference(
            name=label_of(FormKind.AMENDMENT, name),
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
    path = PATHS[draft.kind].format(name=draft.target, part="")
    words = next((text for name in _NAMING if (text := draft.fields.get(name))), "not named yet")
    return DraftLine(
        id=str(draft.id),
        title=TITLES[draft.kind],
        about=words[:100],
        address=f"{path}?draft={draft.id}",
        kept=instant_words(draft.updated_at),
    )

"""What a form would do, in words: to the record, to the totals, and to what is pending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.desk.domain import StageChange
from app.desk.service import FormPreview
from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES
from app.kernel.money import format_minor
from app.legislation import service as legislation
from app.legislation.domain import Column, PendingChange, State, StateChange
from app.legislation.service import Foreseen
from app.pledges.domain import decimals_of, pledge_record
from app.pledges.domain.model import STAGES
from app.pledges.service import Preview
from app.web.views.changes import FieldChange, tell_fields
from app.web.views.pledges import PledgeLine, pledge_line
from app.web.words import NOTHING, donor_name, exact_words, plain_words

_NEAR: Final[Mapping[str, str]] = {"announced_on": "date", "amount": "amount", "title": "title"}
_NOT_PLEDGED: Final = "What is asked of a parliament is in no total of pledges."
_STAYS: Final = "What is pending stays as it is."
_COUNTED: Final[Mapping[Column, str]] = {
    Column.AMOUNT: "money",
    Column.AUTHORITY: "authority",
    Column.ENVELOPE: "a frame",
    Column.IN_KIND: "in kind",
    Column.GUARANTEE: "a guarantee",
    Column.OUT_OF_SCOPE: "outside the scope",
}
# Told apart from the record itself: what it is with its vehicles counts.
_DERIVED: Final = frozenset({"state", "flags"})


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
class PendingLine:
    """What is pending of a request in one column before and after, and of all requests of its donor."""

    reference: str
    counts: str
    own_before: str
    own_after: str
    whose: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewShown:
    """What recording a form would do.

    Attributes:
        reference: of what it makes or changes.
        lines: the totals, stage by stage.
        pending: what is pending, request by request.
        remark: where no total moves, why.
    """

    reference: str
    currency: str
    lines: Sequence[StageLine]
    pending: Sequence[PendingLine]
    remark: str
    changes: Sequence[FieldChange]
    similar: Sequence[SimilarLine]


def show_preview(foreseen: FormPreview) -> PreviewShown | None:
    """What a form would do; ``None`` where it would be refused."""
    if foreseen.pledge is not None:
        return _show_pledge(foreseen, foreseen.pledge)
    if foreseen.foreseen is None:
        return None
    return _show_legislation(foreseen, foreseen.foreseen)


def _show_legislation(shown: FormPreview, foreseen: Foreseen) -> PreviewShown:
    pending = [_pending_line(one) for one in foreseen.pending]
    reference, changes = _told(shown)
    states = [_state_change(one, reference) for one in foreseen.states]
    return PreviewShown(
        reference=reference,
        currency=shown.currency,
        lines=(),
        pending=pending,
        remark=_NOT_PLEDGED if pending else f"{_STAYS} {_NOT_PLEDGED}",
        changes=[*states, *changes],
        similar=(),
    )


def _told(shown: FormPreview) -> tuple[str, list[FieldChange]]:
    """The name of what is recorded, and what of it would change."""
    if shown.vehicle is not None:
        was, then = shown.vehicle.before, shown.vehicle.after
        before = None if was is None else legislation.show_vehicle(was)
        return str(then.name), tell_fields(before, legislation.show_vehicle(then), None)
    request = shown.legislative_request
    assert request is not None  # noqa: S101 -- what is foreseen is about the one or the other
    old, new = (
        None if one is None else _without_derived(legislation.show_request(one))
        for one in (request.before, request.after)
    )
    changes = tell_fields(old, new or {}, request.after.currency)
    new_bills = [FieldChange("new bill", None, str(one.name)) for one in request.vehicles]
    return request.after.reference, [*changes, *new_bills]


def _without_derived(fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if name not in _DERIVED}


def _pending_line(change: PendingChange) -> PendingLine:
    decimals = CURRENCIES[change.currency].decimals
    own_before, own_after, before, after = (
        exact_words(format_minor(minor, decimals), change.currency)
        for minor in (*change.own, *change.total)
    )
    return PendingLine(
        reference=change.reference,
        counts=_COUNTED[change.column],
        own_before=own_before,
        own_after=own_after,
        whose=donor_name(change.donor),
        before=before,
        after=after,
    )


def _state_change(change: StateChange, own: str) -> FieldChange:
    name = "state" if change.reference == own else f"state of {change.reference}"
    return FieldChange(name, _state(change.before), _state(change.after))


def _state(state: State | None) -> str | None:
    return None if state is None else plain_words(state.value)


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
        pending=(),
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

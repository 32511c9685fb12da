"""The lines of a request: what was asked for, what sources say of it, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.dates import format_span
from app.kernel.money import format_minor
from app.kernel.sources import Source
from app.legislation.domain import Claim, EnactedLine, LegislativeRequest, Line, LineStanding
from app.legislation.domain.pending import column_of
from app.web import charts
from app.web.charts import Bar
from app.web.views.board import NAMES_OF_COLUMNS
from app.web.views.drawings import Cell, Drawing, Exact, Head, exact_money
from app.web.views.happenings import span_words
from app.web.views.pledges import BOUNDS
from app.web.words import NOTHING, day_words, exact_words, plain_words

_LAW: Final = "band-6"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """What one source says of an amount."""

    amount: str
    source: Source | None
    retrieved: str
    is_preferred: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """One line of the request; a part of another one stands below it and is set in.

    Attributes:
        key: its name; ``None`` of one that the ledger made, of which no source says anything.
    """

    key: str | None
    css: str
    label: str
    note: str | None
    amount: str
    kind: str
    whom: str
    outcome: Sequence[str]
    claims: Sequence[ClaimLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawLine:
    """One line of a law, and what of it is left for pledges."""

    key: str
    label: str
    outcome: str
    asked: str
    granted: str
    standing: str
    left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What became law at once."""

    id: UUID
    name: str
    on: str
    lines: Sequence[LawLine]


def laws(request: LegislativeRequest) -> list[Law]:
    """What became law of a request, law by law."""
    return [
        Law(
            id=one.id,
            name=one.law or one.vehicle or "A decision",
            on=day_words(format_span(one.on)),
            lines=[_law_line(line, request) for line in one.lines],
        )
        for one in request.standing_enactments
    ]


def _law_line(line: EnactedLine, request: LegislativeRequest) -> LawLine:
    standing = line.standing
    left = None if standing is None else standing - request.funded_from(line.key)
    return LawLine(
        key=line.key,
        label=line.label or plain_words(line.component.value),
        outcome=plain_words(line.disposition.value),
        asked=NOTHING if line.line is None else money(line.asked, request),
        granted=money(line.amount, request),
        standing=money(standing, request),
        left=money(left, request) if line.may_fund_pledges else NOTHING,
    )


def asked_line(line: Line, request: LegislativeRequest, split: LineStanding | None) -> AskedLine:
    """One line with what became of it; ``split`` where it is counted."""
    depth, above = 0, line.parent
    while above is not None:
        parent = request.find_line(above)
        depth, above = depth + 1, parent.parent if parent else None
    outcome = []
    if split and line.amount is not None:
        outcome = [
            f"{name} {money(minor, request)}"
            for name, minor in (
                ("pending", split.pending),
                ("enacted", split.enacted),
                ("not granted", split.dead),
            )
            if minor
        ]
    year = f" {line.year}" if line.year else ""
    known = {False: "promised before", True: "new money", None: ""}[line.new_money]
    return AskedLine(
        key=None if line.residual else line.key,
        css=f"depth-{min(depth, 3)}",
        label=line.label or plain_words(line.subcomponent or line.component.value),
        note=" · ".join(part for part in (line.note, known) if part) or None,
        amount=BOUNDS[line.bound.value] * (line.amount is not None) + money(line.amount, request),
        kind=f"{line.component.value}, {plain_words(line.amount_kind.value)}{year}",
        whom=plain_words(line.beneficiary.value),
        outcome=outcome,
        claims=[_claim(one, request) for one in line.claims],
    )


def _claim(claim: Claim, request: LegislativeRequest) -> ClaimLine:
    bound = BOUNDS[claim.bound.value] if claim.amount is not None else ""
    return ClaimLine(
        amount=bound + money(claim.amount, request),
        source=claim.source,
        retrieved=span_words(claim.retrieved) or "",
        is_preferred=claim.preferred,
        reason=claim.reason,
    )


def money(minor: int | None, request: LegislativeRequest) -> str:
    """Minor units of the request's currency, in words."""
    text = None if minor is None else format_minor(minor, request.decimals).removesuffix(".00")
    return exact_words(text, request.currency)


def draw_against(
    request: LegislativeRequest, split: Sequence[LineStanding], on: date
) -> Drawing | None:
    """A bar for each line that is counted: what is law of it by a day, upon a rail of what was asked for.

    ``None`` where nothing is decided.
    """
    answered = [one for one in split if one.line.amount]
    answers = [
        line for one in request.standing_enactments if one.on.last <= on for line in one.lines
    ]
    added = [one for one in answers if one.line is None and one.standing]
    if not any(one.enacted or one.dead for one in answered) and not added:
        return None
    bars = [_bar(one, request, answers) for one in answered] + [
        _added(one, request) for one in added
    ]
    said = "; ".join(f"{one.name} {one.text}" for one in bars)
    title = f"What is law of {request.reference} against what was asked for"
    return Drawing(
        title=f"{title}, in {request.currency}",
        drawn=charts.stages(
            bars,
            0,
            name="against",
            title=title,
            description=f"In {request.currency}: {said}.",
        ),
        heads=[
            Head("Line", "line"),
            Head("Enacted", "enacted", is_number=True),
            Head("Asked for", "requested", is_number=True),
        ],
        rows=[_row(one, request) for one in bars],
        notes=[
            "The grey rail is what was asked for. Money, authority and frames are never added to each other."
        ],
    )


def _row(bar: Bar, request: LegislativeRequest) -> list[Cell]:
    asked = bar.of or 0
    return [
        bar.name,
        Exact(money(bar.value, request), exact_money(bar.value, request.currency)),
        Exact(money(asked, request), exact_money(asked, request.currency)),
    ]


def _bar(one: LineStanding, request: LegislativeRequest, answers: Sequence[EnactedLine]) -> Bar:
    line, given = one.line, _given(one, answers)
    column = NAMES_OF_COLUMNS[column_of(line)]
    name = line.label or plain_words(line.subcomponent or line.component.value)
    return Bar(
        name=f"{name}, {column}" if column else name,
        value=given,
        of=line.amount or 0,
        text=f"{_figure(given, request)} of {_figure(line.amount or 0, request)}",
        css=_LAW,
    )


def _given(one: LineStanding, answers: Sequence[EnactedLine]) -> int:
    """What stands of a line, also where the law gives more than was asked for."""
    own = [answer for answer in answers if answer.line == one.line.key]
    beyond = sum(max((answer.standing or 0) - (answer.asked or 0), 0) for answer in own)
    return one.enacted + (beyond if one.enacted else 0)


def _added(one: EnactedLine, request: LegislativeRequest) -> Bar:
    given = one.standing or 0
    name = one.label or plain_words(one.component.value)
    return Bar(name=name, value=given, of=0, text=f"{_figure(given, request)}, added", css=_LAW)


def _figure(minor: int, request: LegislativeRequest) -> str:
    """A figure in millions, as a chart has room for it."""
    millions = minor // 10 ** (request.decimals + 6)
    return f"{millions:,} m".replace(",", "\u202f") if millions else money(minor, request)

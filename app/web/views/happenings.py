"""What happened, in words and drawn: the actions of a request or a vehicle, with what was moved by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.dates import Span, format_span
from app.legislation.domain import Action, State, Step, Vote
from app.web import charts
from app.web.charts import MOST_MOMENTS, Moment
from app.web.views.board import address_of_vehicle
from app.web.views.drawings import Drawing, Exact, Head
from app.web.words import day_words, plain_words

# The colours of a chart's marks: what moves on, what is law, what is over without one.
_UNDER_WAY: Final = "band-1"
_LAW: Final = "band-6"
_OVER: Final = "band-4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One action: what happened, what the request or vehicle was after it, and how was voted.

    Attributes:
        id: of the action.
        is_own: whether it can be taken back by itself: it is no vehicle's, and no law or relation brought it about.
        vehicle_address: of the page of the vehicle whose action it is; ``None`` for an action of its own.
    """

    id: UUID
    is_own: bool
    on: str
    body: str
    text: str
    state: str
    state_css: str
    vote: str
    vehicle: str
    vehicle_address: str | None
    source_url: str | None


def draw_course(name: str, turns: Sequence[tuple[date, State]]) -> Drawing | None:
    """What changed the state of what is called so; of very many turns the first and the last ones; ``None`` of none."""
    moved = [
        turn for place, turn in enumerate(turns) if not place or turns[place - 1][1] is not turn[1]
    ]
    if len(moved) > MOST_MOMENTS:
        moved = [moved[0], *moved[1 - MOST_MOMENTS :]]
    if not moved:
        return None
    said = ", ".join(f"{plain_words(state.value)} on {day_words(day)}" for day, state in moved)
    title = f"What became of {name}"
    return Drawing(
        title=title,
        drawn=charts.timeline(
            [
                Moment(on=day, name=plain_words(state.value), css=_colour(state))
                for day, state in moved
            ],
            name="course",
            title=title,
            description=f"It was {said}.",
        ),
        heads=[Head("On", "on"), Head("State", "state")],
        rows=[
            [Exact(day_words(day), day.isoformat()), Exact(plain_words(state.value), state.value)]
            for day, state in moved
        ],
    )


def _colour(state: State) -> str:
    if state in {State.ENACTED, State.PARTLY_ENACTED}:
        return _LAW
    return _OVER if state.is_terminal else _UNDER_WAY


def happening(step: Step, state: State | None) -> Happening:
    """A step of a course, and what it made of what it happened to."""
    told = action_words(step.action)
    link = step.link
    if link is not None and link.vehicle_id is not None:
        told = replace(
            told,
            is_own=False,
            vehicle=str(link.name),
            vehicle_address=address_of_vehicle(link.vehicle_id),
        )
    return replace(
        told,
        state=plain_words(state.value) if state else "",
        state_css=state.value if state else "",
    )


def action_words(action: Action) -> Happening:
    """What happened, whatever became of it."""
    return Happening(
        id=action.id,
        is_own=action.cause is None,
        on=day_words(format_span(action.on)),
        body=action.body or "",
        text=action.text or (plain_words(action.state.value) if action.state else ""),
        state="",
        state_css="",
        vote=_vote(action.vote) if action.vote else "",
        vehicle=action.vehicle or "",
        vehicle_address=None,
        source_url=action.source_url,
    )


def _vote(vote: Vote) -> str:
    """``311 to 117, roll call 503``; what is not known is left out."""
    counted = f"{vote.yes} to {vote.no}" if vote.yes is not None and vote.no is not None else ""
    roll = f"roll call {vote.roll}" if vote.roll is not None else ""
    return ", ".join(part for part in (vote.question, counted, vote.other, roll) if part)


def span_words(span: Span | None) -> str | None:
    """A date as people read it; ``None`` for none and for an undated one."""
    text = format_span(span) if span else None
    return day_words(text) if text else None

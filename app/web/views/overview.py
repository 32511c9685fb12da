"""The overview: the figures of a view at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.pledges.domain import Stage
from app.totals.domain import Sum
from app.web.views.board import (
    BOARD,
    Board,
    board_pictures,
    moment_of,
    pending_twins,
    read_board,
    usual_query,
)
from app.web.views.changes import EntryStory, list_latest
from app.web.views.drawings import Drawing
from app.web.views.filters import SHARED, View, policy_words
from app.web.views.growth import GROWTH, draw_growth, growth_twins
from app.web.views.sharing import Sharing, share
from app.web.views.standings import (
    DONORS,
    DonorTable,
    Standings,
    donor_table,
    donor_twins,
    read_standings,
)
from app.web.views.twins import Twin, totals_path
from app.web.words import count_words, day_words, donor_name, share_words

NAMES: Final = (*SHARED, "sort")
MOST_DONORS: Final = 12
MOST_CHANGES: Final = 6
MOST_CARDS: Final = 4


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One large figure: its name, the figure with its unit, and a note in small type."""

    name: str
    figure: str
    unit: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the page shows."""

    title: str
    basis: str
    figures: Sequence[KeyFigure]
    notes: Sequence[str]
    growth: Drawing | None
    growth_twins: Sequence[Twin]
    sharing: Sharing
    table: DonorTable
    table_twins: Sequence[Twin]
    table_sharing: Sharing
    board: Board
    board_address: str
    board_twins: Sequence[Twin]
    board_sharing: Sharing
    latest: Sequence[EntryStory]
    program_path: str


def read_overview(session: ReadSession, view: View, snapshot: Snapshot, today: date) -> Overview:
    """The overview of a view as of a snapshot.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    standings = read_standings(session, view, snapshot)
    filters = standings.query.filters
    asked = usual_query(snapshot.day or today, standings.query.currency, filters.donors)
    board_view = _board_view(view, asked.currency)
    board = read_board(session, snapshot, asked, moment_of(board_view), most=MOST_CARDS)
    measure, title = standings.measure.value, title_of(view)
    return Overview(
        title=title,
        basis=basis_of(view, standings, snapshot),
        figures=[
            *_figures(standings),
            KeyFigure("Pending in parliaments", board.money, board.unit.name, board.note),
        ],
        notes=notes_of(standings),
        growth=draw_growth(standings),
        growth_twins=growth_twins(view, f"{measure} by donor and month")
        if standings.months
        else [],
        sharing=share(GROWTH, view, title, snapshot),
        table=donor_table(standings, view, MOST_DONORS),
        table_twins=donor_twins(view, standings, MOST_DONORS),
        table_sharing=share(DONORS, view, f"{title}, by donor", snapshot, most=str(MOST_DONORS)),
        board=board,
        board_address=board_view.address(),
        board_twins=[*pending_twins(board_view), *board_pictures(board_view, board, MOST_CARDS)],
        board_sharing=share(
            BOARD, board_view, "Pending legislative requests", snapshot, most=str(MOST_CARDS)
        ),
        latest=list_latest(session, snapshot, MOST_CHANGES),
        program_path=totals_path(view, "donor"),
    )


def _board_view(view: View, currency: str) -> View:
    """The page of legislation, about the same donors and as of the same moment."""
    texts = {name: text for name, text in view.texts.items() if name in {"donor", "as_of"}}
    return View("/legislation", texts).with_texts(currency=currency)


def title_of(view: View) -> str:
    """``Military aid to Ukraine, NATO members``."""
    kinds = view.get("aid_type").replace(",", " and ")
    what = f"{kinds} aid to Ukraine".strip()
    donors = [donor_name(code) for code in view.get("donor").split(",") if code]
    groups = [f"{one} members" for one in view.get("group").split(",") if one]
    return f"{what[0].upper()}{what[1:]}, {', '.join([*donors, *groups]) or 'all donors'}"


def basis_of(view: View, standings: Standings, snapshot: Snapshot) -> str:
    """What the figures rest on, in one line."""
    parts = []
    if standings.months:
        first, last = (day_words(standings.months[place]) for place in (0, -1))
        parts.append(f"Data of {first}" if first == last else f"Data from {first} to {last}")
    parts.append(f"ledger revision {snapshot.revision}")
    currency = standings.query.currency
    parts.append(f"nominal {currency} {policy_words(view.get('fx'))}")
    return " · ".join(parts)


def notes_of(standings: Standings) -> list[str]:
    """What stands beside the figures, because unknown is not zero."""
    total, unit = standings.total, standings.unit
    notes = []
    if total.unvalued:
        notes.append(
            f"{count_words(total.unvalued, 'pledge has', 'pledges have')} no published amount."
        )
    if total.undated:
        notes.append(f"{unit.format(total.undated)} {unit.name} is undated and in no month.")
    if standings.provisional:
        notes.append("The latest rates are provisional.")
    if standings.apart:
        notes.append(
            f"Amounts in {', '.join(standings.apart)} have no day to be converted at, and are in no figure."
        )
    return notes


def _figures(standings: Standings) -> list[KeyFigure]:
    pledged, committed, delivered = (
        standings.totals[stage] for stage in (Stage.PLEDGED, Stage.COMMITTED, Stage.DELIVERED)
    )
    unit = standings.unit
    share = share_words(delivered.amount, committed.amount)

    def figure(name: str, one: Sum, note: str) -> KeyFigure:
        return KeyFigure(name, unit.format(one.amount, 1), unit.name, note)

    return [
        figure("Pledged", pledged, f"announced in {count_words(pledged.pledges, 'pledge')}"),
        figure(
            "Committed", committed, f"legally bound in {count_words(committed.pledges, 'pledge')}"
        ),
        figure(
            "Delivered",
            delivered,
            f"{share} of committed" if committed.amount else "nothing is committed",
        ),
    ]

"""One donor: its figures, how they grew, what it asked its parliament for, and its largest pledges."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.db import ReadSession
from app.donors.domain import Donor, get_donor
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError, ValueRefusedError
from app.pledges import service as pledges
from app.pledges.domain.model import STAGES
from app.pledges.domain.query import Order
from app.web import charts
from app.web.charts import Bar
from app.web.views.board import Board, read_board
from app.web.views.filters import SHARED, View
from app.web.views.growth import Growth, draw_growth
from app.web.views.overview import basis_of, notes_of
from app.web.views.pledges import PledgeLine, pledge_line
from app.web.views.sharing import Sharing, share
from app.web.views.standings import read_standings
from app.web.views.twins import Twin, growth_twins

NAMES: Final = tuple(name for name in SHARED if name not in {"donor", "group"})
LIST_NAMES: Final = (*SHARED, "sort")
MOST_PLEDGES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorPage:
    """All that the page of one donor shows."""

    donor: Donor
    groups: Sequence[str]
    basis: str
    unit: str
    stages: str
    notes: Sequence[str]
    growth: Growth | None
    twins: Sequence[Twin]
    sharing: Sharing
    board: Board
    pledges: Sequence[PledgeLine]
    has_more: bool


def find_known_donor(code: str) -> Donor:
    """The donor of an address.

    Raises:
        NotFoundError: there is none of this code.
    """
    try:
        return get_donor(code)
    except ValueRefusedError:
        raise NotFoundError("There is no donor of this code.") from None


def read_donor(
    session: ReadSession, donor: Donor, view: View, snapshot: Snapshot, today: date
) -> DonorPage:
    """The page of one donor as of a snapshot.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    own = replace(view, texts={**view.texts, "donor": donor.code})
    own.check()
    standings = read_standings(session, own, snapshot)
    page, end = pledges.list_pledges(
        session, standings.query.filters, Order(), snapshot, after=(), limit=MOST_PLEDGES
    )
    unit, sums = standings.unit, standings.totals
    names = ", ".join(f"{stage.value} {unit.format(sums[stage].amount)}" for stage in STAGES)
    day = snapshot.day or today
    return DonorPage(
        donor=donor,
        groups=[group.value for group in donor.groups_on(day)],
        basis=basis_of(own, standings, snapshot),
        unit=unit.name,
        stages=charts.stages(
            [
                Bar(
                    name=stage.value.capitalize(),
                    value=max(sums[stage].amount, 0),
                    text=f"{unit.format(sums[stage].amount)} {unit.name}",
                )
                for stage in STAGES
            ],
            max(one.amount for one in sums.values()),
            name="stages",
            title=f"How far the money of {donor.name} has got",
            description=f"In {unit.name}: {names}.",
        ),
        notes=notes_of(standings),
        growth=draw_growth(standings),
        twins=growth_twins(own, f"{donor.name} by month"),
        sharing=share(view, f"Aid to Ukraine, {donor.name}", snapshot, donor=donor.code),
        board=read_board(session, snapshot, day, standings.query.currency, (donor.code,)),
        pledges=[pledge_line(one) for one in page],
        has_more=end is not None,
    )

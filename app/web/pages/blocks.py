"""The figures that also stand by themselves, each by its name: read as the page reads it that shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError, invalid
from app.legislation import service as legislation
from app.legislation.domain import LegislativeRequest
from app.pledges import service as pledge_service
from app.web.deps import Visit
from app.web.pages.changes import compare
from app.web.pages.legislation import read_name as read_request_name
from app.web.pages.pledges import read_name as read_pledge_name
from app.web.views import board, difference, donors, growth, overview, pledges, rates, requests
from app.web.views import standings as standings_view
from app.web.views.drawings import Drawing
from app.web.views.filters import View
from app.web.views.legislation import read_query
from app.web.views.twins import Block
from app.web.words import day_words, donor_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A block by itself.

    Attributes:
        title: what it is about.
        basis: what its figures rest on, with the revision.
        page: the address of the page that shows it among others.
        drawing: ``None`` where there is nothing to draw.
    """

    title: str
    basis: str
    page: str
    drawing: Drawing | None


Read = Callable[[Visit, View, Snapshot], Shown]


def find_block(name: str) -> tuple[Block, Read]:
    """The block of a name, and what reads it.

    Raises:
        NotFoundError: there is none.
    """
    found = _BLOCKS.get(name)
    if found is None:
        raise NotFoundError("There is no figure of this name.")
    return found


def _growth(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    standings = standings_view.read_standings(visit.session, view, snapshot)
    return Shown(
        title=overview.title_of(view),
        basis=overview.basis_of(view, standings, snapshot),
        page=view.address("/"),
        drawing=growth.draw_growth(standings),
    )


def _donors(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    most = standings_view.read_most(view)
    standings = standings_view.read_standings(visit.session, view, snapshot)
    return Shown(
        title=overview.title_of(view),
        basis=overview.basis_of(view, standings, snapshot),
        page=view.address("/donors", most=""),
        drawing=standings_view.draw_donors(standings, view, most),
    )


def _donor_stages(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    donor = donors.find_known_donor(_needed(view, "donor"))
    standings = standings_view.read_standings(visit.session, view, snapshot)
    return Shown(
        title=overview.title_of(view),
        basis=overview.basis_of(view, standings, snapshot),
        page=view.address(f"/donors/{donor.code}", donor="", group=""),
        drawing=donors.draw_stages(donor, standings),
    )


def _donor_kinds(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    donor = donors.find_known_donor(_needed(view, "donor"))
    standings = standings_view.read_standings(visit.session, view, snapshot)
    return Shown(
        title=overview.title_of(view),
        basis=overview.basis_of(view, standings, snapshot),
        page=view.address(f"/donors/{donor.code}", donor="", group=""),
        drawing=donors.draw_kinds(visit.session, view, standings, donor, snapshot),
    )


def _board(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    most = standings_view.read_most(view)
    query = read_query(view, snapshot, visit.clock.today())
    shown = board.read_board(visit.session, snapshot, query, board.moment_of(view), most=most)
    asked = ", ".join(map(donor_name, query.donors)) or "all donors"
    return Shown(
        title=f"Pending legislative requests, {asked}",
        basis=f"At the end of {day_words(query.on)} · ledger revision {snapshot.revision}"
        f" · sums in {query.currency} at the rate of each request's own day",
        page=view.address("/legislation", most=""),
        drawing=board.draw_board(shown),
    )


def _course(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    return _of_request(visit, view, snapshot, requests.draw_course)


def _against(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    return _of_request(visit, view, snapshot, requests.draw_against)


def _of_request(visit: Visit, view: View, snapshot: Snapshot, draw: requests.Draw) -> Shown:
    on = requests.read_on(view, snapshot, visit.clock.today())
    name = read_request_name(_needed(view, "request"))
    stored = legislation.get_request(visit.session, name, snapshot)
    request: LegislativeRequest = stored.dossier.request
    return Shown(
        title=f"{request.reference}: {request.title}",
        basis=f"{donor_name(request.donor)} · at the end of {day_words(on)} · ledger revision {snapshot.revision}",
        page=view.address(board.address_of_request(request.reference), request=""),
        drawing=draw(stored.dossier, on),
    )


def _changes(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    page = compare(visit, view, snapshot)
    return Shown(
        title="What moved the total of aid to Ukraine",
        basis=page.basis,
        page=view.address("/changes"),
        drawing=page.bridge,
    )


def _rates(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    page = rates.read_rates(visit.session, rates.read_view(view), snapshot)
    return Shown(
        title="Exchange rate",
        basis=f"{page.said or 'None is known for this view.'} Ledger revision {snapshot.revision}",
        page=view.address("/rates"),
        drawing=page.drawing,
    )


def _pledge_stages(visit: Visit, view: View, snapshot: Snapshot) -> Shown:
    name = read_pledge_name(_needed(view, "pledge"))
    stored = pledge_service.get_pledge(visit.session, name, snapshot)
    pledge = stored.pledge
    return Shown(
        title=f"{pledge.reference}: {pledge.title}",
        basis=f"{donor_name(pledge.donor)} · ledger revision {snapshot.revision}",
        page=view.address(f"/pledges/{pledge.reference}", pledge=""),
        drawing=pledges.draw_stages(stored),
    )


def _needed(view: View, name: str) -> str:
    """What the figure is about.

    Raises:
        InvalidError: the address does not say.
    """
    text = view.texts.get(name)
    if text is None:
        raise invalid(f"?{name}", "missing", f"Say whose figure: `{name}=`.")
    return text


_BLOCKS: Final[Mapping[str, tuple[Block, Read]]] = {
    block.name: (block, read)
    for block, read in (
        (growth.GROWTH, _growth),
        (standings_view.DONORS, _donors),
        (donors.STAGES_OF_DONOR, _donor_stages),
        (donors.KINDS_OF_DONOR, _donor_kinds),
        (board.BOARD, _board),
        (requests.COURSE, _course),
        (requests.AGAINST, _against),
        (difference.CHANGES, _changes),
        (rates.RATES, _rates),
        (pledges.STAGES_OF_PLEDGE, _pledge_stages),
    )
}

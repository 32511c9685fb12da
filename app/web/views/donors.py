"""One donor: its figures, how they grew, what it asked its parliament for, and its largest pledges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.db import ReadSession
from app.donors.domain import Donor, get_donor
from app.journal.domain import Snapshot
from app.kernel.errors import NotFoundError, ValueRefusedError
from app.legislation import service as legislation
from app.legislation.domain import PendingQuery
from app.pledges import service as pledges
from app.pledges.domain.model import STAGES
from app.pledges.domain.query import Filters, Order, SortKey
from app.totals import service as totals
from app.web import charts
from app.web.charts import Bar
from app.web.views.board import moment_of
from app.web.views.changes import EntryStory, tell_pledge
from app.web.views.drawings import Drawing, Exact, Head, money
from app.web.views.filters import SHARED, View
from app.web.views.growth import GROWTH, draw_growth, growth_twins
from app.web.views.legislation import RequestLine, lines_of
from app.web.views.overview import basis_of, notes_of
from app.web.views.pledges import PledgeLine, pledge_line
from app.web.views.sharing import Sharing, share
from app.web.views.standings import Standings, read_standings
from app.web.views.twins import Block, Twin, series_twins, summary_twins
from app.web.words import share_words

NAMES: Final = tuple(name for name in SHARED if name not in {"donor", "group"})
LIST_NAMES: Final = (*SHARED, "sort")
MOST_PLEDGES: Final = 12
MOST_CHANGES: Final = 5
STAGES_OF_DONOR: Final = Block(name="donor-stages", takes=SHARED, height=340)
KINDS_OF_DONOR: Final = Block(name="donor-kinds", takes=SHARED, height=320)


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorPage:
    """All that the page of one donor shows."""

    donor: Donor
    groups: Sequence[str]
    basis: str
    unit: str
    stages: Drawing
    stages_twins: Sequence[Twin]
    stages_sharing: Sharing
    notes: Sequence[str]
    growth: Drawing | None
    twins: Sequence[Twin]
    sharing: Sharing
    kinds: Drawing | None
    kinds_twins: Sequence[Twin]
    kinds_sharing: Sharing
    requests: Sequence[RequestLine]
    latest: Sequence[EntryStory]
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
    day = snapshot.day or today
    kinds = draw_kinds(session, own, standings, donor, snapshot)
    code, title = donor.code, f"Aid to Ukraine, {donor.name}"
    return DonorPage(
        donor=donor,
        groups=[group.value for group in donor.groups_on(day)],
        basis=basis_of(own, standings, snapshot),
        unit=standings.unit.name,
        stages=draw_stages(donor, standings),
        stages_twins=[
            *summary_twins(own, f"Stages of {donor.name}"),
            *STAGES_OF_DONOR.files(own, f"Stages of {donor.name}"),
        ],
        stages_sharing=share(STAGES_OF_DONOR, view, f"{title}, stages", snapshot, donor=code),
        notes=notes_of(standings),
        growth=draw_growth(standings),
        twins=growth_twins(own, f"{donor.name} by month") if standings.months else [],
        sharing=share(GROWTH, view, title, snapshot, donor=code),
        kinds=kinds,
        kinds_twins=[
            *series_twins(own, "aid_type", f"{donor.name} by kind", {}),
            KINDS_OF_DONOR.picture(own, f"{donor.name} by kind"),
        ]
        if kinds
        else [],
        kinds_sharing=share(KINDS_OF_DONOR, view, f"{title}, by kind", snapshot, donor=code),
        requests=_list_requests(session, donor, snapshot, day, moment_of(view)),
        latest=_list_latest(session, standings.query.filters, snapshot),
        pledges=[pledge_line(one) for one in page],
        has_more=end is not None,
    )


def draw_stages(donor: Donor, standings: Standings) -> Drawing:
    """A bar for each stage."""
    unit, sums = standings.unit, standings.totals
    names = ", ".join(f"{stage.value} {unit.format(sums[stage].amount)}" for stage in STAGES)
    title = f"How far the money of {donor.name} has got"
    return Drawing(
        title=f"{title}, in {unit.name}",
        drawn=charts.stages(
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
            title=title,
            description=f"In {unit.name}: {names}.",
        ),
        heads=[Head("Stage", "stage"), Head(unit.name, "amount", is_number=True)],
        rows=[
            [Exact(stage.value.capitalize(), stage.value), money(sums[stage].amount, unit)]
            for stage in STAGES
        ],
        notes=["Each stage is part of the one above it; stages are never added up."],
    )


def draw_kinds(
    session: ReadSession, view: View, standings: Standings, donor: Donor, snapshot: Snapshot
) -> Drawing | None:
    """A bar for each kind of aid, upon a rail of all kinds together; ``None`` where there is none."""
    found = totals.read_totals(session, view.to_totals("aid_type"), snapshot)
    sums = sorted(found.rows, key=lambda row: -row.figures.amount)
    if not sums:
        return None
    unit, whole = standings.unit, standings.total.amount
    bars = [
        Bar(
            name=str(row.key[0]).capitalize(),
            value=max(row.figures.amount, 0),
            text=f"{unit.format(row.figures.amount)} {unit.name}, {share_words(row.figures.amount, whole)}",
        )
        for row in sums
    ]
    said = ", ".join(f"{one.name} {one.text}" for one in bars)
    title, measure = f"What {donor.name} gives, by kind", standings.measure.value
    return Drawing(
        title=f"{title}: {measure}, in {unit.name}",
        drawn=charts.stages(
            bars,
            max(whole, 0),
            name="kinds",
            title=title,
            description=f"{measure.capitalize()}: {said}.",
        ),
        heads=[
            Head("Kind", "aid_type"),
            Head(unit.name, "amount", is_number=True),
            Head("Share", "share", is_number=True),
        ],
        rows=[
            [
                Exact(str(row.key[0]).capitalize(), str(row.key[0])),
                money(row.figures.amount, unit),
                share_words(row.figures.amount, whole),
            ]
            for row in sums
        ],
    )


def _list_requests(
    session: ReadSession, donor: Donor, snapshot: Snapshot, day: date, moment: Mapping[str, str]
) -> list[RequestLine]:
    dossiers = legislation.list_dossiers(session, snapshot, donors=(donor.code,))
    query = PendingQuery(on=day, known_on=snapshot.day)
    return lines_of(dossiers, query, lambda _: True, moment)


def _list_latest(session: ReadSession, filters: Filters, snapshot: Snapshot) -> list[EntryStory]:
    """What was last recorded of the pledges that changed last, one entry of each."""
    order = Order(SortKey.REVISION, descending=True)
    page, _ = pledges.list_pledges(session, filters, order, snapshot, after=(), limit=MOST_CHANGES)
    return [
        replace(
            tell_pledge(
                pledges.list_history(session, one.pledge.id, snapshot)[-1],
                one.pledge.reference,
                one.pledge.currency,
            ),
            title=one.pledge.title,
        )
        for one in page
    ]

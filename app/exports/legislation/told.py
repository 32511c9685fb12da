"""The requests that a report is about, each with all that its rows are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from app.db import ReadSession
from app.donors.domain import get_donor
from app.journal.domain import Snapshot
from app.kernel.money import to_decimal
from app.legislation import service as legislation
from app.legislation.domain import (
    Column,
    Component,
    Course,
    Dossier,
    EnactedLine,
    LegislativeRequest,
    Line,
    PendingQuery,
    State,
    standings,
)
from app.legislation.domain.pending import column_of
from app.legislation.domain.query import Filters, Order, SortKey
from app.legislation.domain.standing import LineStanding

# The columns of pending amounts, by their names in a workbook.
KINDS: Final = {
    Column.AMOUNT: "money",
    Column.AUTHORITY: "authority",
    Column.ENVELOPE: "envelope",
    Column.IN_KIND: "in_kind",
    Column.GUARANTEE: "guarantee",
    Column.OUT_OF_SCOPE: "out_of_scope",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One request.

    Attributes:
        revision: of the entry that made the version.
        state: at the end of the day ``on``, that of the report.
        components: which of them the report is about; empty means all.
        lines: what became of each counted line by then; of these components.
    """

    request: LegislativeRequest
    revision: int
    course: Course
    state: State
    on: date
    components: Sequence[Component]
    lines: tuple[LineStanding, ...]

    @property
    def donor_name(self) -> str:
        """Its donor's name."""
        return get_donor(self.request.donor).name

    def admits(self, component: Component) -> bool:
        """Whether the report is about it."""
        return not self.components or component in self.components

    def amount(self, minor: int) -> Decimal:
        """Minor units of its currency in major ones."""
        return to_decimal(minor, self.request.decimals)

    def find_amount(self, minor: int | None) -> Decimal | None:
        """The same, where there is an amount."""
        return None if minor is None else self.amount(minor)


def list_told(session: ReadSession, query: PendingQuery, snapshot: Snapshot) -> list[Told]:
    """The requests that match and that were public and had a state on the day, by reference."""
    filters = Filters(
        donors=query.donors,
        kinds=query.kinds,
        states=query.states,
        on=query.on,
        known_on=query.known_on,
    )
    order = Order(SortKey.REFERENCE, descending=False)
    found = legislation.iter_requests(session, filters, order, snapshot)
    told = (_tell(stored.dossier, stored.revision, query) for stored in found)
    return [one for one in told if one is not None]


def kind_of(line: Line | EnactedLine) -> str:
    """What kind of amount a line is of, by its name in a workbook."""
    return KINDS[column_of(line)]


def _tell(dossier: Dossier, revision: int, query: PendingQuery) -> Told | None:
    request, course = dossier.request, dossier.course(query.known_on)
    state = course.state_on(query.on)
    if state is None:
        return None
    lines = tuple(
        one
        for one in standings(request, state, query.on)
        if not query.components or one.line.component in query.components
    )
    return Told(request, revision, course, state, query.on, query.components, lines)

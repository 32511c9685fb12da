"""What moved the totals between two states of the ledger: the difference in parts, and the entries behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from typing_extensions import override

from app.db import ReadSession
from app.donors.domain import get_donor
from app.journal.domain import Snapshot
from app.kernel.dates import parse_day
from app.kernel.errors import ValueRefusedError, invalid
from app.pledges.domain import Cause, Pledge
from app.pledges.domain.query import Filters
from app.totals import service as totals
from app.totals.domain import NATIVE, Changes, Difference, TotalsQuery
from app.totals.schemas import ChangesParams
from app.web import charts
from app.web.charts import Stride
from app.web.views.changes import EntryStory, list_between
from app.web.views.drawings import Drawing, Exact, Head, exact_money
from app.web.views.filters import FilterBar, Option, View, policy_words, read_params
from app.web.views.sharing import Sharing, cite_address, share
from app.web.views.twins import Block, Twin, file_address, in_target
from app.web.words import NOTHING, Unit, count_words, donor_name, instant_words

FILTERS: Final = ("donor", "group", "aid_type", "measure", "currency", "fx")
MOMENTS: Final = ("from", "to")
NAMES: Final = (*MOMENTS, *FILTERS, "before")
CHANGES: Final = Block(name="changes", takes=(*MOMENTS, *FILTERS), height=400)
USUAL_DAYS: Final = 30
USUAL_REVISIONS: Final = 100
MOST_ENTRIES: Final = 30
_CAUSES: Final[Mapping[Cause, tuple[str, str]]] = {
    Cause.NEW: ("New", "pledges that were recorded"),
    Cause.RESTATED: ("Restated", "amendments of an amount, its currency or the stage it began at"),
    Cause.RECLASSIFIED: ("Reclassified", "amendments of donor, kind, instrument or date"),
    Cause.MOVED: ("Moved", "movements into a later stage"),
    Cause.CANCELLED: ("Cancelled", "movements that took back what was not delivered"),
    Cause.WITHDRAWN: ("Withdrawn", "what had been recorded in error"),
}


@dataclass(frozen=True, slots=True)
class ChangesFilterBar(FilterBar):
    """The fields of the page's own bar."""

    @property
    @override
    def policies(self) -> list[Option]:
        """How amounts are converted; announcements may change as well, so not by these."""
        # The decorator makes the class anew, so it is named here.
        every = super(ChangesFilterBar, self).policies
        return [one for one in every if one.value != "announcement" or one.is_chosen]


@dataclass(frozen=True, slots=True)
class CauseLine:
    """One part of the difference."""

    name: str
    about: str
    amount: str
    entries: str


@dataclass(frozen=True, slots=True)
class DonorLine:
    """What changed of one donor: its parts in the order of the causes, and their sum."""

    code: str
    name: str
    parts: Sequence[str]
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencePage:
    """All that the page shows.

    Attributes:
        bridge: the difference taken cause by cause, drawn; ``None`` where nothing moved.
        unit: of all parts.
        earlier_address: of the same page with the entries before those shown.
        permanent: of the same page, by revisions.
    """

    basis: str
    before: tuple[str, str]
    after: tuple[str, str]
    change: tuple[str, str]
    entries_note: str
    before_at: str
    after_at: str
    unit: str
    bridge: Drawing | None
    bridge_twins: Sequence[Twin]
    sharing: Sharing
    causes: Sequence[CauseLine]
    columns: Sequence[str]
    donors: Sequence[DonorLine]
    total: DonorLine
    notes: Sequence[str]
    entries: Sequence[EntryStory]
    earlier_address: str | None
    permanent: str
    twins: Sequence[Twin]


def read_moments(view: View, today: date) -> tuple[str | None, str | None]:
    """The two states that an address names, as the API names them; days are read as whole days in UTC.

    ``from`` a day is its start, ``to`` a day is its end; of today that is now.
    """
    return _start(view.texts.get("from")), _end(view.texts.get("to"), today)


def usual_start(month_ago: Snapshot, head: Snapshot) -> str:
    """Where a comparison begins that does not say: 30 days ago, or in a younger ledger 100 revisions ago."""
    return str(month_ago.revision or max(head.revision - USUAL_REVISIONS, 0))


def month_before(today: date) -> str:
    """The start of the day, 30 days ago."""
    return f"{today - timedelta(days=USUAL_DAYS)}T00:00:00Z"


def read_query(view: View) -> TotalsQuery:
    """The totals whose change a view asks for.

    Raises:
        InvalidError: it cannot be read; also native currencies, which a page cannot add up.
    """
    view.check()
    asked = {name: view.get(name) for name in FILTERS if view.get(name)}
    query = read_params(ChangesParams, {**asked, "from": "0"}).to_query()
    if query.currency == NATIVE:
        raise invalid(
            "?currency", "needs-currency", "These figures are added up: choose a currency."
        )
    return query


def read_before(view: View) -> int | None:
    """Before which revision the entries that are shown stand.

    Raises:
        InvalidError: it is no number.
    """
    text = view.texts.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):  # noqa: PLR2004 -- fits any column
        # No field holds it: it is said above all of them.
        raise invalid("", "invalid-integer", "`before` is a revision, such as 1482.")
    return int(text)


def read_difference(
    session: ReadSession, view: View, earlier: Snapshot, later: Snapshot
) -> DifferencePage:
    """The page of a view.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    query, before = read_query(view), read_before(view)
    changes = totals.read_changes(session, query, earlier, later)
    grand = changes.by_currency[query.currency]
    highest = max([abs(grand.amount), *(abs(one) for one in grand.parts.values())])
    unit = Unit.fitting(query.currency, highest)
    until = later.revision if before is None else min(later.revision, max(before - 1, 0))
    entries, further = list_between(
        session,
        (earlier.revision, until),
        later,
        MOST_ENTRIES,
        lambda pledge: _is_asked_for(pledge, query.filters),
    )
    own = view.with_texts(**{"from": str(earlier.revision), "to": str(later.revision)})
    moved = any(grand.parts.values())
    return DifferencePage(
        basis=f"{query.measure.value.capitalize()}, nominal {query.currency} {policy_words(view.get('fx'))}"
        f" as known at the later state · revisions {earlier.revision} to {later.revision}",
        before=_figure(grand.before.amount, query.currency),
        after=_figure(grand.after.amount, query.currency),
        change=(_signed(grand.amount, unit), unit.name),
        entries_note=count_words(sum(changes.entries.values()), "change")
        + f" in {count_words(later.revision - earlier.revision, 'entry', 'entries')}",
        before_at=_moment(earlier),
        after_at=_moment(later),
        unit=unit.name,
        bridge=_bridge(grand, changes.entries, unit) if moved else None,
        bridge_twins=CHANGES.files(own, "Changes by cause") if moved else [],
        sharing=_share(view, own, later),
        causes=_causes(changes, grand, unit),
        columns=[name for name, _ in _CAUSES.values()],
        donors=_donors(changes, unit),
        total=_line("", grand, unit),
        notes=_notes(changes, grand),
        entries=entries,
        earlier_address=own.address(before=str(further)) + "#entries" if further else None,
        permanent=own.address(before=""),
        twins=_twins(own),
    )


def _share(view: View, own: View, later: Snapshot) -> Sharing:
    """Texts for others: the frame of the view as it was asked for, the citation of the two states that it came to."""
    return share(
        CHANGES,
        view.with_texts(before=""),
        "Aid to Ukraine, what moved the total",
        later,
        own.address(before=""),
        cite_address("/v1/changes", own, (*MOMENTS, *FILTERS)),
    )


def _causes(changes: Changes, grand: Difference, unit: Unit) -> list[CauseLine]:
    return [
        CauseLine(name, about, _signed(grand.parts[cause], unit), str(changes.entries[cause]))
        for cause, (name, about) in _CAUSES.items()
    ]


def _donors(changes: Changes, unit: Unit) -> list[DonorLine]:
    """Where most changed first."""
    rows = sorted(changes.rows, key=lambda row: (-abs(row.figures.amount), row.donor))
    return [_line(row.donor, row.figures, unit) for row in rows]


def _start(text: str | None) -> str | None:
    day = _find_day(text)
    return f"{day}T00:00:00Z" if day else text


def _end(text: str | None, today: date) -> str | None:
    day = _find_day(text)
    if day is None:
        return text
    if day == today:
        return None
    # A day to come is refused as what it is.
    return f"{day if day > today else day + timedelta(days=1)}T00:00:00Z"


def _find_day(text: str | None) -> date | None:
    if text is None or "-" not in text:
        return None
    try:
        return parse_day(text)
    except ValueRefusedError:
        return None


def _is_asked_for(pledge: Pledge, filters: Filters) -> bool:
    """Whether the pledge as it is now is within the filters; one that moved out of them is not shown."""
    groups = get_donor(pledge.donor).groups_on(pledge.announced.last) if filters.groups else ()
    return (
        (not filters.donors or pledge.donor in filters.donors)
        and (not filters.aid_types or pledge.aid_type in filters.aid_types)
        and (not filters.groups or not set(groups).isdisjoint(filters.groups))
    )


def _figure(minor: int, currency: str) -> tuple[str, str]:
    unit = Unit.fitting(currency, minor)
    return unit.format(minor), unit.name


def _moment(snapshot: Snapshot) -> str:
    return f"revision {snapshot.revision}, {instant_words(snapshot.recorded_at)}"


def _signed(minor: int, unit: Unit) -> str:
    """A difference with its sign; none is a stroke."""
    if not minor:
        return NOTHING
    text = unit.format(minor)
    return f"+{text}" if minor > 0 else "\u2212" + text.removeprefix("-")


def _line(code: str, figures: Difference, unit: Unit) -> DonorLine:
    parts = [_signed(figures.parts[cause], unit) for cause in _CAUSES]
    return DonorLine(
        code, donor_name(code) if code else "Total", parts, _signed(figures.amount, unit)
    )


def _bridge(grand: Difference, entries: Mapping[Cause, int], unit: Unit) -> Drawing:
    strides = [
        Stride(name, grand.parts[cause], _signed(grand.parts[cause], unit))
        for cause, (name, _) in _CAUSES.items()
        if grand.parts[cause]
    ]
    total = _signed(grand.amount, unit)
    said = ", ".join(f"{one.name.lower()} {one.text}" for one in strides)
    title = f"What moved the total, in {unit.name}"
    return Drawing(
        title=title,
        drawn=charts.bridge(
            strides,
            total,
            name="bridge",
            title=title,
            description=f"{said}; together {total}.",
        ),
        heads=[
            Head("Cause", "cause"),
            Head("What it is", "about"),
            Head(unit.name, "amount", is_number=True),
            Head("Entries", "entries", is_number=True),
        ],
        rows=[
            [
                Exact(name, cause.value),
                about,
                _exact(grand.parts[cause], unit),
                Exact(str(entries[cause]), entries[cause]),
            ]
            for cause, (name, about) in _CAUSES.items()
        ],
        total=["Change", "", _exact(grand.amount, unit), ""],
    )


def _exact(minor: int, unit: Unit) -> Exact:
    return Exact(_signed(minor, unit), exact_money(minor, unit.currency))


def _notes(changes: Changes, grand: Difference) -> list[str]:
    notes = []
    if grand.before.unvalued != grand.after.unvalued:
        notes.append(
            f"Pledges without a published amount went from {grand.before.unvalued} to {grand.after.unvalued}."
        )
    if any(before != after for before, after in changes.apart.values()):
        notes.append(
            f"Amounts in {', '.join(changes.apart)} have no day to be converted at, and are in no figure."
        )
    if changes.provisional:
        notes.append("The latest rates are provisional.")
    return notes


def _twins(view: View) -> list[Twin]:
    def address(path: str) -> str:
        return file_address(path, view, (*MOMENTS, *FILTERS), {})

    workbook = Twin("XLSX", address("/v1/reports/changes.xlsx"), "Changes by donor, workbook")
    return [
        *in_target(view, workbook),
        Twin("CSV", address("/v1/changes.csv"), "Changes by donor, CSV"),
        Twin("JSON", address("/v1/changes"), "Changes by donor, JSON"),
    ]

"""Pledges: a page of the list, and one with all that the ledger knows of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from app.db import ReadSession
from app.journal.domain import Snapshot
from app.kernel.page import Cursor, filters_digest
from app.legislation import service as legislation
from app.legislation.domain import Condition
from app.pledges import service as pledges
from app.pledges.domain import AidType, Instrument, Status, StoredPledge
from app.pledges.domain.model import STAGES
from app.pledges.domain.query import SortKey
from app.pledges.schemas import PledgeListParams
from app.web import charts
from app.web.charts import Bar
from app.web.views.changes import EntryStory, tell_pledge
from app.web.views.drawings import Drawing, Exact, Head
from app.web.views.filters import FilterBar, Option, View, read_params
from app.web.views.sharing import Sharing, cite_address, share
from app.web.views.standings import Column
from app.web.views.twins import Block, Twin, file_address
from app.web.words import day_words, donor_name, exact_words, plain_words

FILTERS: Final = (
    "q",
    "donor",
    "group",
    "aid_type",
    "instrument",
    "status",
    "from",
    "to",
    "unvalued",
    "undated",
    "as_of",
    "sort",
)
NAMES: Final = (*FILTERS, "cursor")
STAGES_OF_PLEDGE: Final = Block(name="pledge-stages", takes=("pledge", "as_of"), height=340)
PER_PAGE: Final = 50
_DEFAULT_SORT: Final = "-announced_on"
BOUNDS: Final[Mapping[str, str]] = {
    "exact": "",
    "up_to": "up to ",
    "at_least": "at least ",
    "about": "about ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeLine:
    """One line of a list."""

    reference: str
    address: str
    donor: str
    title: str
    kind: str
    announced: str
    amount: str
    status: str
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeList:
    """One page of the list.

    Attributes:
        next_address: of the page behind it; ``None`` on the last.
        first_address: of the first page, where this is another.
    """

    columns: Sequence[Column]
    lines: Sequence[PledgeLine]
    next_address: str | None
    first_address: str | None
    twins: Sequence[Twin]


def list_params(view: View) -> PledgeListParams:
    """The query of the API's list that a view stands for.

    Raises:
        InvalidError: it cannot be read.
    """
    view.check()
    return read_params(PledgeListParams, {**view.texts, "limit": PER_PAGE})


def read_cursor(view: View, now: datetime) -> Cursor | None:
    """Where the page begins; ``None`` for the first.

    Raises:
        InvalidCursorError: it is not one of this list.
    """
    text = view.texts.get("cursor")
    return Cursor.decode(text, digest=_digest(view), now=_age(view, now)) if text else None


def read_list(session: ReadSession, view: View, snapshot: Snapshot, now: datetime) -> PledgeList:
    """One page of pledges as of a snapshot.

    Raises:
        InvalidError: the view cannot be read.
        InvalidCursorError: the cursor is not one of this list.
    """
    params = list_params(view)
    order = params.to_order()
    cursor = read_cursor(view, now)
    after = order.read_key(cursor.after) if cursor else ()
    page, end = pledges.list_pledges(
        session, params.to_filters(), order, snapshot, after=after, limit=PER_PAGE
    )
    aged = _age(view, now)
    issued_at = int(aged.timestamp()) if aged else 0
    following = Cursor(snapshot.revision, end, _digest(view), issued_at).encode() if end else None
    return PledgeList(
        columns=[_column(view, key, order.text) for key in SortKey],
        lines=[pledge_line(one) for one in page],
        next_address=view.address(cursor=following) if following else None,
        first_address=view.address(cursor="") if cursor else None,
        twins=_twins(view),
    )


def pledge_line(stored: StoredPledge) -> PledgeLine:
    """A pledge as one line."""
    document = stored.document
    return PledgeLine(
        reference=document["reference"],
        address=f"/pledges/{document['reference']}",
        donor=donor_name(document["donor"]),
        title=document["title"],
        kind=f"{document['aid_type']}, {plain_words(document['instrument'])}",
        announced=day_words(document["announced_on"]),
        amount=_amount(document),
        status=stored.status,
        sources=len(document["sources"]),
    )


def _amount(document: Mapping[str, Any]) -> str:
    words = exact_words(_short(document["amount"]), document["currency"])
    return BOUNDS[document["bound"]] + words if document["amount"] else words


def _short(amount: str | None) -> str | None:
    """An amount without a fraction that says nothing."""
    return None if amount is None else amount.removesuffix(".00")


def _digest(view: View) -> str:
    texts = {name: text for name, text in view.texts.items() if name in FILTERS}
    return filters_digest({**texts, "sort": texts.get("sort", _DEFAULT_SORT)})


def _age(view: View, now: datetime) -> datetime | None:
    # A walk that names its moment is the same for ever, so its cursors do not age.
    return None if view.as_of else now


def _column(view: View, key: SortKey, order: str) -> Column:
    is_sorted = key.value == order.removeprefix("-")
    falls = order.startswith("-")
    next_falls = not falls if is_sorted else key is SortKey.ANNOUNCED_ON
    direction = ("descending" if falls else "ascending") if is_sorted else "none"
    address = view.address(sort=("-" if next_falls else "") + key.value, cursor="")
    return Column(_LABELS[key], "", address, direction)


_LABELS: Final[Mapping[SortKey, str]] = {
    SortKey.ANNOUNCED_ON: "Announced",
    SortKey.REFERENCE: "Reference",
    SortKey.DONOR: "Donor",
    SortKey.REVISION: "Last recorded",
}


def _twins(view: View) -> list[Twin]:
    texts = {name: text for name, text in view.texts.items() if name in FILTERS}
    query = f"?{urlencode(texts, safe=',:')}" if texts else ""
    return [
        Twin("XLSX", f"/v1/pledges.xlsx{query}", "Pledges, workbook"),
        Twin("CSV", f"/v1/pledges.csv{query}", "Pledges, CSV"),
        Twin("JSON", f"/v1/pledges{query}", "Pledges, JSON"),
    ]


@dataclass(frozen=True, slots=True)
class PledgeFilterBar(FilterBar):
    """The fields of the list's own bar."""

    @property
    def instruments(self) -> list[Option]:
        """All, then each."""
        named = {one.value: plain_words(one.value).capitalize() for one in Instrument}
        return self._options("instrument", {"": "Any", **named})

    @property
    def statuses(self) -> list[Option]:
        """All, then each."""
        named = {one.value: one.value.capitalize() for one in Status}
        return self._options("status", {"": "Any", **named})

    @property
    def aid_types(self) -> list[Option]:
        """All, then the types."""
        named = {one.value: one.value.capitalize() for one in AidType}
        return self._options("aid_type", {"": "All aid", **named})


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgePage:
    """All that the page of one pledge shows.

    Attributes:
        stages: how far its money has got, drawn; ``None`` where no amount is known.
        overlaps: what may hold the same money: the pledges that it names, then those that name it.
        waits_for: the requests to parliaments that it depends on, and what became of them.
    """

    stored: StoredPledge
    document: Mapping[str, Any]
    donor: str
    amount: str
    announced: str
    stages: Drawing | None
    twins: Sequence[Twin]
    stages_twins: Sequence[Twin]
    stages_sharing: Sharing
    overlaps: Sequence[tuple[str, str]]
    waits_for: Sequence[Condition]
    history: Sequence[EntryStory]


def read_pledge(
    session: ReadSession, view: View, stored: StoredPledge, snapshot: Snapshot
) -> PledgePage:
    """The page of one pledge as of a snapshot."""
    document = stored.document
    pledge = stored.pledge
    items = pledges.list_history(session, pledge.id, snapshot)
    stages = draw_stages(stored)
    reference, own = pledge.reference, {"pledge": pledge.reference}
    return PledgePage(
        stored=stored,
        document={"items": [], **document},
        donor=donor_name(pledge.donor),
        amount=_amount(document),
        announced=day_words(document["announced_on"]),
        stages=stages,
        twins=[
            Twin(
                "JSON",
                file_address(f"/v1/pledges/{reference}", view, ("as_of",), {}),
                "This pledge, JSON",
            )
        ],
        stages_twins=STAGES_OF_PLEDGE.files(view, f"Stages of {reference}", **own)
        if stages
        else [],
        stages_sharing=share(
            STAGES_OF_PLEDGE,
            view,
            f"How far the money of {reference} has got",
            snapshot,
            cited=cite_address(f"/v1/pledges/{reference}", view, as_of=str(snapshot.revision)),
            **own,
        ),
        overlaps=_overlaps(session, view, stored, snapshot),
        waits_for=legislation.list_conditions(session, snapshot, pledge.id),
        history=[tell_pledge(item, pledge.reference, pledge.currency) for item in reversed(items)],
    )


def _overlaps(
    session: ReadSession, view: View, stored: StoredPledge, snapshot: Snapshot
) -> list[tuple[str, str]]:
    """References and addresses of the pledges that may hold the same money, whichever of the two says so."""
    naming = pledges.list_naming(session, stored.pledge, snapshot)
    names = [*stored.pledge.overlaps, *(one.pledge.reference for one in naming)]
    return [(name, view.address(f"/pledges/{name}")) for name in dict.fromkeys(names)]


def draw_stages(stored: StoredPledge) -> Drawing | None:
    """A bar for each stage; ``None`` where no amount is known."""
    pledge, texts = stored.pledge, stored.stages
    known = [text for text in texts.values() if text is not None]
    if pledge.amount is None or not known:
        return None
    minor = {name: int(text.replace(".", "")) for name, text in texts.items() if text is not None}
    whole = max(minor.values())
    names = ", ".join(f"{name} {texts[name]}" for name in minor)
    words = {stage: exact_words(_short(texts[stage.value]), pledge.currency) for stage in STAGES}
    title = f"How far the money of {pledge.reference} has got"
    return Drawing(
        title=title,
        drawn=charts.stages(
            [
                Bar(
                    name=stage.value.capitalize(),
                    value=minor.get(stage.value, 0),
                    text=words[stage],
                )
                for stage in STAGES
            ],
            whole,
            name="stages",
            title=title,
            description=f"In {pledge.currency}: {names}.",
        ),
        heads=[Head("Stage", "stage"), Head("Amount", "amount", is_number=True)],
        rows=[
            [Exact(stage.value.capitalize(), stage.value), Exact(words[stage], texts[stage.value])]
            for stage in STAGES
        ],
        notes=["Each stage is part of the one above it; stages are never added up."],
    )

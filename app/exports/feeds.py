"""Pledges as a feed: what was recorded or changed last comes first."""

from collections.abc import Iterable

from app import atom
from app.atom import Item
from app.donors.domain import get_donor
from app.kernel.dates import format_span
from app.pledges.domain import StoredPledge

PLEDGES = "/v1/pledges"


def write_pledges(
    page: Iterable[StoredPledge], origin: str, *, scope: str, self_: str, following: str | None
) -> bytes:
    """One page of the feed. Equal pledges give equal bytes: no clock is asked.

    Args:
        page: its pledges, the newest version first.
        origin: what the ledger calls itself.
        scope: what tells this feed from others of the ledger: its filters.
        self_: where the page stands.
        following: where the next one stands.
    """
    shown = list(page)
    feed = atom.Feed(
        id=atom.tag(origin, f"pledges{scope}"),
        title="Aid Ledger: pledges",
        updated=shown[0].recorded_at if shown else None,
        self_=self_,
        alternate=PLEDGES,
        following=following,
    )
    return atom.write_feed(feed, (_item(one, origin) for one in shown))


def _item(stored: StoredPledge, origin: str) -> Item:
    pledge = stored.pledge
    source = pledge.sources[0].url if pledge.sources else None
    return Item(
        id=atom.tag(origin, f"pledges/{pledge.id}"),
        title=f"{pledge.reference}: {get_donor(pledge.donor).name}, {_amount(stored)}",
        updated=stored.recorded_at,
        alternate=f"{PLEDGES}/{pledge.id}",
        via=source,
        terms=(
            pledge.donor,
            pledge.aid_type.value,
            pledge.instrument.value,
            stored.status,
            "new" if pledge.version == 1 else "changed",
        ),
        lines=(pledge.title, f"Announced: {format_span(pledge.announced) or 'undated'}"),
    )


def _amount(stored: StoredPledge) -> str:
    """``DKK 1000000000.00, committed``; of an amount that was not published, that it is not."""
    pledge = stored.pledge
    amount = pledge.format(pledge.amount)
    stated = "amount unknown" if amount is None else f"{pledge.currency} {amount}"
    return f"{stated}, {stored.status}"

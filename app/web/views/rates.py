"""The rates of one currency: how they moved, who published them, and when they were loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from typing_extensions import override

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import ECB
from app.fx.domain.listing import ListedRate
from app.fx.schemas import RatesParams
from app.journal.domain import Snapshot
from app.web import charts
from app.web.views.drawings import Drawing, Exact, Head
from app.web.views.filters import FilterBar, Option, View, read_params
from app.web.views.sharing import Sharing, share
from app.web.views.twins import Block, Twin, file_address
from app.web.words import count_words, day_words, instant_words

NAMES: Final = ("currency", "from", "to", "as_of")
RATES: Final = Block(name="rates", takes=NAMES)
CURRENCY: Final = "USD"
FIRST: Final = "2022"
_CURRENCIES: Final = (
    "AUD", "BGN", "CAD", "CHF", "CZK", "DKK", "GBP", "HUF", "ISK", "JPY", "KRW", "NOK", "NZD", "PLN", "RON", "SEK",
    "TRY", "UAH", "USD",
)  # fmt: skip


class RatesBar(FilterBar):
    """The fields of the page."""

    @property
    @override
    def currencies(self) -> list[Option]:
        """Those that have rates."""
        return self._options("currency", {code: code for code in _CURRENCIES})


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where rates come from: a package or an import, what it spans, when it was loaded and by whom."""

    source: str
    label: str
    spans: str
    loaded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesPage:
    """All that the page shows.

    Attributes:
        drawing: the line, and as a table the last rate of each month; ``None`` where there is no rate.
        others: sources of the same currency that are not drawn.
    """

    currency: str
    title: str
    said: str
    drawing: Drawing | None
    others: Sequence[str]
    twins: Sequence[Twin]
    sharing: Sharing
    sources: Sequence[SourceLine]


def read_view(view: View) -> View:
    """The view with its usual currency and period where it is silent."""
    return view.with_texts(
        currency=view.texts.get("currency") or CURRENCY, **{"from": view.texts.get("from") or FIRST}
    )


def read_rates(session: ReadSession, view: View, snapshot: Snapshot) -> RatesPage:
    """The rates of a view.

    Raises:
        InvalidError: the view cannot be read.
    """
    asked = {name: text for name, text in view.texts.items() if name != "as_of"}
    filters = read_params(RatesParams, asked).to_filters()
    horizon = fx.find_horizon(session, snapshot)
    by_source: dict[str, list[ListedRate]] = {}
    for rate in fx.iter_rates(session, filters, snapshot, horizon):
        by_source.setdefault(rate.source, []).append(rate)
    # The central bank's go before all others, as where amounts are converted.
    ranked = sorted(by_source, key=lambda source: (source != ECB, source))
    shown = by_source[ranked[0]] if ranked else []
    currency = view.get("currency")
    chart = _chart(shown, currency) if shown else None
    about = f"{currency} for one euro"
    return RatesPage(
        currency=currency,
        title=about,
        said=chart.description if chart else "",
        drawing=_draw(chart, shown) if chart else None,
        others=ranked[1:],
        twins=[
            *(
                Twin(name, file_address(path, view, NAMES, {}), f"{about}, {name}")
                for name, path in (("CSV", "/v1/fx/rates.csv"), ("JSON", "/v1/fx/rates"))
            ),
            *([RATES.picture(view, about)] if chart else []),
        ],
        sharing=share(RATES, view, f"Exchange rate, {about}", snapshot),
        sources=_sources(session, snapshot),
    )


def _chart(rates: Sequence[ListedRate], currency: str) -> charts.LineChart:
    values = [Decimal(one.rate) for one in rates]
    decimals = max(max(-int(one.as_tuple().exponent), 0) for one in values)
    lowest, highest = (pick(rates, key=lambda one: Decimal(one.rate)) for pick in (min, max))
    last = rates[-1]
    return charts.LineChart(
        name="rate",
        title=f"{currency} for one euro",
        description=(
            f"{count_words(len(rates), 'rate')}: {last.rate} on {day_words(last.on)};"
            f" lowest {lowest.rate} on {day_words(lowest.on)}, highest {highest.rate} on {day_words(highest.on)}."
        ),
        days=[one.on for one in rates],
        values=[int(one.scaleb(decimals)) for one in values],
        decimals=decimals,
    )


def _draw(chart: charts.LineChart, rates: Sequence[ListedRate]) -> Drawing:
    lasts = {one.on.isoformat()[:7]: one for one in rates}
    return Drawing(
        title=chart.title,
        drawn=chart.drawn(),
        heads=[
            Head("Month", "month"),
            Head("Last rate", "rate", is_number=True),
            Head("Of", "on"),
            Head("Source", "source"),
        ],
        rows=[
            [month, one.rate, Exact(day_words(one.on), one.on.isoformat()), one.source]
            for month, one in lasts.items()
        ],
        caption=", the last rate of each month",
        notes=["The axis does not begin at zero."],
    )


def _sources(session: ReadSession, snapshot: Snapshot) -> list[SourceLine]:
    known = fx.list_sources(session, snapshot)
    until = f"until {day_words(known.loaded_until)}" if known.loaded_until else "none is loaded"
    package = SourceLine(
        ECB, "euro reference rates of the European Central Bank", until, "with this release"
    )
    imports = [
        SourceLine(
            one.source,
            one.label,
            f"{day_words(one.first_day)} to {day_words(one.last_day)}, {count_words(one.rows, 'row')}",
            f"{instant_words(one.imported_at)}, {one.imported_by}",
        )
        for one in known.imports
    ]
    return [package, *imports]  # fmt: skip

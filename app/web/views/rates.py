"""The rates of one currency: how they moved, who published them, and when they were loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from markupsafe import Markup
from typing_extensions import override

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import ECB
from app.fx.domain.listing import ListedRate
from app.fx.schemas import RatesParams
from app.journal.domain import Snapshot
from app.web import charts
from app.web.views.filters import FilterBar, Option, View, read_params
from app.web.views.twins import Twin, file_address
from app.web.words import count_words, day_words, instant_words

NAMES: Final = ("currency", "from", "to", "as_of")
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
        rows: the last rate of each month: its month, rate, day and source.
        others: sources of the same currency that are not drawn.
    """

    currency: str
    title: str
    said: str
    wide: Markup
    narrow: Markup
    rows: Sequence[tuple[str, str, str, str]]
    others: Sequence[str]
    twins: Sequence[Twin]
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
        wide=chart.draw(charts.WIDE) if chart else Markup(""),
        narrow=chart.draw(charts.NARROW) if chart else Markup(""),
        rows=_months(shown),
        others=ranked[1:],
        twins=[
            Twin(name, file_address(path, view, NAMES, {}), f"{about}, {name}")
            for name, path in (("CSV", "/v1/fx/rates.csv"), ("JSON", "/v1/fx/rates"))
        ],
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


def _months(rates: Sequence[ListedRate]) -> list[tuple[str, str, str, str]]:
    lasts = {one.on.isoformat()[:7]: one for one in rates}
    return [(month, one.rate, day_words(one.on), one.source) for month, one in lasts.items()]


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

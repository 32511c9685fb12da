"""All files that the ledger can be had as, with rows and sizes before one clicks; and how other programs take them.

A new report or format is one more line of a table here. What the application has no route for is not shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.db import ReadSession
from app.fx import service as fx
from app.fx.domain import TARGETS
from app.fx.schemas import RatesParams
from app.journal.domain import Snapshot
from app.legislation import service as legislation
from app.pledges.domain import Instrument
from app.totals import service as totals
from app.totals.domain import Totals
from app.web.views.filters import SHARED, View, read_params
from app.web.views.twins import file_address
from app.web.words import count_words, group_digits
from reports import REPORTS

HasRoute = Callable[[str], bool]
_LISTED: Final = ("from", "to", "donor", "group", "aid_type", "as_of")
_OF_REPORTS: Final = (*_LISTED, "currency")
_KILO: Final = 1_000
# Rates reach back to 1999; what this ledger converts does not.
_FIRST_RATES: Final = "2022"


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its suffix, name, what it is good for, and its size as a share of that of CSV, in per cents."""

    suffix: str
    name: str
    about: str
    per_cent: int
    extra: int = 0


FORMATS: Final = (
    Format(".xlsx", "XLSX", "an Excel workbook, ready to read and to print", 40, 20_000),
    Format(".csv", "CSV", "a table in UTF-8 that any program reads; a text that a spreadsheet would run has an"
           " apostrophe in front", 100),
    Format(".json", "JSON", "one document with the figures as decimal texts and what they rest on", 220),
    Format(".ndjson", "NDJSON", "one JSON object on each line, for streams and large lists", 220),
    Format(".parquet", "Parquet", "typed columns, amounts as decimals: for pandas, DuckDB, R", 35, 4_000),
    Format(".zip", "Data package", "the CSV with a description of every column (Frictionless Data Package)", 30, 3_000),
    Format(".iati.xml", "IATI XML", "activities by the standard of international aid (IATI 2.03)", 700),
    Format(".atom", "Atom", "a feed to subscribe to", 300),
    Format(".ics", "iCalendar", "dates for a calendar", 100),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that can be downloaded.

    Attributes:
        path: of its JSON; the formats follow by their suffixes.
        names: the filters of the page that it takes.
        more: what else stands in its address.
        rows: the name of the count of its rows.
        row_bytes: of one line of its CSV, about.
        is_paged: whether its JSON comes page by page, and so is no file.
    """

    title: str
    about: str
    path: str
    names: Sequence[str]
    rows: str
    row_bytes: int
    more: Mapping[str, str] = field(default_factory=dict)
    is_paged: bool = False


TABLES: Final = (
    Table(title="Totals by donor", about="one line for each donor, with unvalued and undated beside it",
          path="/v1/totals", names=SHARED, more={"by": "donor"}, rows="totals", row_bytes=55),
    Table(title="Totals by donor and month", about="cumulative: the figures of the chart",
          path="/v1/totals", names=SHARED, more={"by": "donor,month", "cumulative": "true"},
          rows="months", row_bytes=55),
    Table(title="Pledges", about="one line for each pledge, with every stage, date and source",
          path="/v1/pledges", names=_LISTED, rows="pledges", row_bytes=430, is_paged=True),
    Table(title="Pending amounts", about="what parliaments have still to decide, by donor and component",
          path="/v1/legislative-requests/pending", names=("donor", "currency", "as_of"), rows="pending", row_bytes=75),
    Table(title="Legislative requests", about="one line for each request to a parliament",
          path="/v1/legislative-requests", names=("donor", "as_of"), rows="requests", row_bytes=300, is_paged=True),
    Table(title="Exchange rates", about="units of the currency for one euro, with their source",
          path="/v1/fx/rates", names=("from", "to", "currency", "as_of"), rows="rates", row_bytes=36, is_paged=True),
    Table(title="Entries", about="the journal itself: every change, who recorded it, when and why",
          path="/v1/entries", names=(), rows="entries", row_bytes=700, is_paged=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A report. ``needs`` says what has to be chosen first, if anything."""

    about: str
    title: str = ""
    names: Sequence[str] = _OF_REPORTS
    rows: str = "pledges"
    row_bytes: int = 430
    needs: str = ""


WORKBOOKS: Final[Mapping[str, Workbook]] = {
    "summary": Workbook(about="totals by donor and stage, commitments over time, every pledge, pending requests"),
    "timeline": Workbook(about="one stage by month, quarter and year, with charts", names=(*_OF_REPORTS, "measure"),
                         rows="months", row_bytes=60),
    "donor": Workbook(about="one donor: totals, pledges, requests, latest changes", needs="donor"),
    "changes": Workbook(about="what moved the total since the first entry, and why",
                        names=("donor", "group", "aid_type", "measure", "currency"), rows="totals", row_bytes=200,
                        needs="entries"),
    "legislation": Workbook(about="every request with its age, timeline, votes and lines",
                            names=("donor", "currency", "as_of"), rows="requests", row_bytes=2_000),
    "pledges": Workbook(title="Pledges", about="every pledge, however many, streamed", names=_LISTED),
    "journal": Workbook(title="The journal", about="every entry, for auditors", names=("as_of",), rows="entries",
                        row_bytes=300),
    "reconciliation": Workbook(about="this ledger beside a published data set", names=("as_of",)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """One file: the name of its format, its address, its size, and the whole of it for those who only hear it."""

    name: str
    address: str
    size: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to be had; without links ``hint`` says what has to be chosen first."""

    title: str
    about: str
    rows: str
    links: Sequence[Link]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Snippet:
    """How a program takes a table: its name, where one types this, and the text."""

    name: str
    where: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads:
    """All that the page shows."""

    workbooks: Sequence[Line]
    tables: Sequence[Line]
    ledger: Sequence[Line]
    formats: Sequence[Format]
    snippets: Sequence[Snippet]
    path: str


def read_downloads(
    session: ReadSession,
    view: View,
    snapshot: Snapshot,
    *,
    today: date,
    signed: int | None,
    has_route: HasRoute,
) -> Downloads:
    """What can be had of a view.

    Args:
        session: reads the ledger.
        view: the filters.
        snapshot: the ledger that is counted.
        today: what is pending is counted at its end.
        signed: how many entries the newest checkpoint covers.
        has_route: whether the application answers at a path.

    Raises:
        InvalidError: the view cannot be read.
        NoExchangeRateError: an amount cannot be converted.
    """
    counts = _count(session, view, snapshot, today)
    tables = [line for one in TABLES if (line := _table_line(one, view, counts, has_route))]
    used = {link.name for line in tables for link in line.links} | {"XLSX"}
    path = file_address("/v1/totals.csv", view, SHARED, {"by": "donor"})
    return Downloads(
        workbooks=list(_workbook_lines(view, snapshot, counts, has_route)),
        tables=tables,
        ledger=list(_ledger_lines(snapshot, signed, has_route)),
        formats=[one for one in FORMATS if one.name in used],
        snippets=_snippets(path),
        path=path,
    )


def _count(session: ReadSession, view: View, snapshot: Snapshot, today: date) -> dict[str, int]:
    def total(by: str, **more: str) -> Totals:
        return totals.read_totals(session, view.to_totals(by, **more), snapshot)

    every = ",".join(one.value for one in Instrument)
    pledged = total("donor", measure="pledged", instrument=every)
    donors = tuple(view.get("donor").split(",")) if view.get("donor") else ()
    dossiers = legislation.list_dossiers(session, snapshot, donors=donors)
    pending = legislation.list_pending_lines(
        session, snapshot.day or today, snapshot, donors=donors
    )
    rates = read_params(RatesParams, _rate_texts(view)).to_filters()
    horizon = fx.find_horizon(session, snapshot)
    return {
        "totals": len(total("donor").rows),
        "months": len(total("donor,month", cumulative="true").rows),
        "pledges": sum(one.pledges for one in pledged.by_currency.values()),
        "pending": len({(one.request.donor, one.line.component) for one in pending}),
        "requests": len(dossiers),
        "rates": sum(1 for _ in fx.iter_rates(session, rates, snapshot, horizon)),
        "entries": snapshot.revision,
    }  # fmt: skip


def _rate_texts(view: View) -> dict[str, str]:
    """The rates that convert what the view shows: one euro in its currency, or in dollars."""
    currency = view.get("currency")
    return {
        "currency": "USD" if currency == "EUR" else currency,
        "from": view.get("from") or _FIRST_RATES,
        **({"to": view.get("to")} if view.get("to") else {}),
    }


def _table_line(
    table: Table, view: View, counts: Mapping[str, int], has_route: HasRoute
) -> Line | None:
    rows = counts[table.rows]
    names, more = list(table.names), dict(table.more)
    if table.rows == "rates":
        names, more = ["as_of"], _rate_texts(view)
    if table.rows == "pending" and view.get("currency") not in TARGETS:
        names.remove("currency")
    links = []
    for one in FORMATS:
        path = table.path + one.suffix
        if one.suffix == ".json" and not has_route(path) and not table.is_paged:
            path = table.path
        if has_route(path):
            address = file_address(path, view, names, more)
            size = size_words(_size(one, rows, table.row_bytes))
            links.append(Link(one.name, address, size, f"{table.title}, {one.name}"))
    if not links:
        return None
    return Line(title=table.title, about=table.about, rows=count_words(rows, "row"), links=links)


def _workbook_lines(
    view: View, snapshot: Snapshot, counts: Mapping[str, int], has_route: HasRoute
) -> Iterator[Line]:
    xlsx = FORMATS[0]
    known = {**WORKBOOKS, **{name: Workbook(about="") for name in REPORTS if name not in WORKBOOKS}}
    for name, report in known.items():
        path = f"/v1/reports/{name}.xlsx"
        if not has_route(path):
            continue
        title = REPORTS[name].title if name in REPORTS else report.title
        rows = counts[report.rows]
        told = count_words(rows, *_NOUNS[report.rows])
        hint = _hint(report, view, snapshot)
        if hint:
            yield Line(title=title, about=report.about, rows=told, links=[], hint=hint)
            continue
        names = [one for one in report.names if one != "currency" or view.get(one) in TARGETS]
        more = {"from": "1", "to": str(snapshot.revision)} if name == "changes" else {}
        address = file_address(path, view, names, more)
        size = size_words(_size(xlsx, rows, report.row_bytes))
        yield Line(
            title=title,
            about=report.about,
            rows=told,
            links=[Link(xlsx.name, address, size, f"{title}, workbook")],
        )


_NOUNS: Final = {
    "pledges": ("pledge", "pledges"),
    "months": ("row", "rows"),
    "totals": ("donor", "donors"),
    "requests": ("request", "requests"),
    "entries": ("entry", "entries"),
}


def _hint(report: Workbook, view: View, snapshot: Snapshot) -> str:
    """What has to be there first."""
    if report.needs == "donor" and ("," in view.get("donor") or not view.get("donor")):
        return "Choose one donor above."
    if report.needs == "entries" and snapshot.revision == 0:
        return "Nothing has been recorded yet."
    return ""


def _ledger_lines(snapshot: Snapshot, signed: int | None, has_route: HasRoute) -> Iterator[Line]:
    package = "/v1/ledger.zip"
    if has_route(package):
        size = size_words(3_000 + 400 * snapshot.revision)
        yield Line(
            title="The whole ledger",
            about="every table in one data package",
            rows=count_words(snapshot.revision, "entry", "entries"),
            links=[Link("Data package", package, size, "The whole ledger, data package")],
        )
    yield Line(
        title="The signed ledger",
        about="every entry with the rates that its figures need, to be checked offline",
        rows=count_words(signed or 0, "entry", "entries"),
        links=[
            Link("Bundle", "/v1/log/bundle", size_words(100_000 + 500 * signed), "The signed ledger, bundle")
        ] if signed else [],
        hint="" if signed else "Nothing has been signed yet.",
    )  # fmt: skip


def _size(one: Format, rows: int, row_bytes: int) -> int:
    return one.extra + (100 + rows * row_bytes) * one.per_cent // 100


def size_words(size: int) -> str:
    """``about 1 kB``, ``about 340 kB``, ``about 12 MB``: an estimate, with two digits that count."""
    for power, unit in ((3, "GB"), (2, "MB")):
        if size >= 10 * _KILO**power:
            return f"about {group_digits(str(size // _KILO**power))} {unit}"
        if size >= _KILO**power:
            tenths = 10 * size // _KILO**power
            return f"about {tenths // 10}.{tenths % 10} {unit}"
    return f"about {max(size // _KILO, 1)} kB"


def _snippets(path: str) -> list[Snippet]:
    return [
        Snippet(
            "Excel (Power Query)",
            "Data → Get Data → Blank Query → Advanced Editor",
            "let\n"
            f'    Source = Csv.Document(Web.Contents("{path}"), [Delimiter = ",", Encoding = 65001]),\n'
            "    Named = Table.PromoteHeaders(Source),\n"
            '    Typed = Table.TransformColumnTypes(Named, {{"amount", type number}}, "en-US")\n'
            "in\n"
            "    Typed",
        ),
        Snippet("Google Sheets", "in a cell", f'=IMPORTDATA("{path}", ",", "en_US")'),
        Snippet(
            "pandas",
            "Python; NA is Namibia, so it must not be read as missing",
            "import pandas as pd\n\n"
            f'totals = pd.read_csv("{path}", dtype={{"amount": str}}, keep_default_na=False)',
        ),
        Snippet(
            "R",
            "with readr",
            f'totals <- readr::read_csv("{path}", na = "", col_types = list(amount = "c"))',
        ),
        Snippet("curl", "in a shell", f"curl -OJ '{path}'"),
    ]

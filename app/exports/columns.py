"""The columns of the twins, and how what the API answers becomes their rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.exports.ledger_columns import TABLES
from app.exports.tabular import Column, Kind, Row
from app.fx.schemas import RATE_COLUMNS
from app.journal.domain import Entry
from app.kernel.canonical import Json, canonical_bytes
from app.kernel.clock import format_instant
from app.pledges.domain import Cause, columns
from reports.journal import what_changed

_CONDITIONAL: Final = (
    "conditional", "conditional_pledges", "conditional_unvalued", "conditional_undated",
)  # fmt: skip
_PENDING: Final = (
    "amount", "authority", "envelope", "in_kind", "guarantee", "out_of_scope", "requests", "unvalued",
)  # fmt: skip
_CHANGES: Final = (
    "before", *(cause.value for cause in Cause), "change", "after",
    "pledges_before", "pledges_after", "unvalued_before", "unvalued_after",
)  # fmt: skip
_COUNTS: Final = frozenset(
    (
        "pledges",
        "unvalued",
        "requests",
        "conditional_pledges",
        "conditional_unvalued",
        *_CHANGES[-4:],
    )
)
_AMOUNTS: Final = frozenset(("undated", *_CONDITIONAL, *_PENDING, *_CHANGES)) - _COUNTS
_TEXTS: Final = frozenset({"request", "month", "quarter", "year"})
_PLEDGE_KINDS: Final = {
    **dict.fromkeys(("amount", "pledged", "committed", "allocated", "delivered"), Kind.AMOUNT),
    **dict.fromkeys(("version", "revision"), Kind.COUNT),
    **dict.fromkeys(
        ("donor", "aid_type", "instrument", "currency", "bound", "status", "verification", "source_kind"),
        Kind.CODE,
    ),
    "recorded_at": Kind.INSTANT,
}  # fmt: skip
_EMPTY_ANYWAY: Final = frozenset(
    ("amount", "currency", "pledged", "committed", "allocated", "delivered", "announced_on", "notes",
     "source_url", "source_title", "source_kind")
)  # fmt: skip

PLEDGES: Final = tuple(
    Column(
        column.name,
        _PLEDGE_KINDS.get(column.name, Kind.TEXT),
        needed=column.name not in _EMPTY_ANYWAY,
    )
    for column in columns.COLUMNS
)
RATES: Final = tuple(
    Column(
        name,
        {"on": Kind.DAY, "rate": Kind.RATE, "import": Kind.COUNT}.get(name, Kind.CODE),
        needed=name != "import",
    )
    for name in RATE_COLUMNS
)
DONORS: Final = (
    Column("code", Kind.CODE, needed=True),
    Column("name", needed=True),
    Column("kind", Kind.CODE, needed=True),
    Column("groups", note="Each with its first day inside and, behind a slash, the first outside."),
    Column("pledges", Kind.COUNT, needed=True),
    Column("first_pledge_on", Kind.DAY),
    Column("last_pledge_on", Kind.DAY),
)
REQUESTS: Final = (
    Column("reference", needed=True),
    Column("donor", Kind.CODE, needed=True),
    Column("title", needed=True),
    Column("kind", Kind.CODE, needed=True),
    Column("requesting_office"),
    Column("addressed_to"),
    Column("legal_basis"),
    Column("period"),
    Column("currency", Kind.CODE, needed=True),
    Column("requested_on"),
    Column("announced_on"),
    Column("published_on"),
    Column("state", Kind.CODE),
    Column("flags"),
    Column("pending_since", Kind.DAY),
    Column("ended_on"),
    Column("days_pending", Kind.COUNT),
    Column("days_in_state", Kind.COUNT),
    Column("days_since_substantive_action", Kind.COUNT),
    Column("days_to_decision", Kind.COUNT),
    Column("dormant", Kind.FLAG, needed=True),
    Column("lines", Kind.COUNT, needed=True),
    Column("vehicles"),
    Column("verification", Kind.CODE, needed=True),
    Column("notes"),
    Column("source_url"),
    Column("source_title"),
    Column("source_kind", Kind.CODE),
    Column("id", needed=True),
    Column("version", Kind.COUNT, needed=True),
    Column("revision", Kind.COUNT, needed=True),
    Column("recorded_at", Kind.INSTANT, needed=True),
)
*_ENTRY, _LEAF_HASH = TABLES["entries"].columns
ENTRIES: Final = (
    *_ENTRY,
    Column("changed", note="The fields that it sets, as the workbook of the journal tells them."),
    _LEAF_HASH,
)
HISTORY: Final = (
    Column("version", Kind.COUNT, needed=True),
    Column("revision", Kind.COUNT, needed=True),
    Column("entry_id", needed=True),
    Column("kind", Kind.CODE, needed=True),
    Column("recorded_at", Kind.INSTANT, needed=True),
    Column("actor", needed=True),
    Column("reason"),
    Column("field", note="Empty where the entry changed nothing that is shown."),
    Column("before", note="A text as it is, anything else as JSON."),
    Column("after", note="As before."),
    Column("leaf_hash", needed=True),
)
_NO_CHANGE: Final = {"field": None, "before": None, "after": None}
_NO_SOURCE: Final = {"url": None, "title": None, "kind": None}


def pledge_row(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A pledge as a row; of several sources the first."""
    return {
        **shown,
        **shown["stages"],
        "overlaps": " ".join(shown["overlaps"]),
        **_first_source(shown),
    }


def donor_row(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A donor as a row: ``EU:1995-01-01/ NATO:2023-04-04/``."""
    groups = (f"{one['group']}:{one['since']}/{one['until'] or ''}" for one in shown["groups"])
    return {**shown, "groups": " ".join(groups)}


def request_row(shown: Mapping[str, Any]) -> dict[str, Any]:
    """A legislative request as a row; its amounts stand in its lines, and some of them are never added up."""
    vehicles = (
        "/".join((one["jurisdiction"], one["session"], one["identifier"]))
        for one in shown["vehicles"]
    )
    return {
        **shown,
        "flags": " ".join(shown["flags"]),
        "lines": len(shown["lines"]),
        "vehicles": "; ".join(vehicles),
        **_first_source(shown),
    }


def entry_row(entry: Entry) -> dict[str, Any]:
    """An entry as a row."""
    return {
        "revision": entry.revision,
        "id": str(entry.id),
        "stream_kind": entry.stream_kind,
        "stream_id": str(entry.stream_id),
        "version": entry.version,
        "kind": entry.kind,
        "recorded_at": format_instant(entry.recorded_at),
        "actor": entry.actor,
        "reason": entry.reason,
        "leaf_hash": entry.leaf_hash.hex(),
    }


def told_entry_row(entry: Entry) -> dict[str, Any]:
    """The same, with what the entry says."""
    return entry_row(entry) | {"changed": what_changed(entry.read()["data"])}


def history_rows(answer: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a history: each field that an entry changed by itself."""
    for item in answer["data"]:
        for change in item["changes"] or [_NO_CHANGE]:
            values = {name: _cell(change[name]) for name in _NO_CHANGE}
            yield {**item, **values}


def _cell(value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return canonical_bytes(value).decode()


def totals_rows(answer: Mapping[str, Any]) -> tuple[list[Column], Iterator[Row]]:
    """Columns and rows of totals: what the JSON has, and measure and currency beside each figure."""
    meta = answer["meta"]
    keys = [
        *meta["by"],
        *(["currency"] if meta["currency"] == "native" and "currency" not in meta["by"] else []),
    ]
    target = [] if meta["currency"] == "native" else ["in_currency"]
    names = [*keys, "measure", "amount", *target, "pledges", "unvalued", "undated"]
    names += _CONDITIONAL if meta["firm"] else ()
    fixed = {"measure": meta["measure"], "in_currency": meta["currency"]}
    return _figures(names), ({**row, **fixed} for row in answer["data"])


def changes_rows(answer: Mapping[str, Any]) -> tuple[list[Column], Iterator[Row]]:
    """Columns and rows of changes: what the JSON has, and measure and currency beside each figure."""
    meta = answer["meta"]
    named = "currency" if meta["currency"] == "native" else "in_currency"
    fixed = {"measure": meta["measure"], "in_currency": meta["currency"]}
    names = ["donor", "measure", named, *_CHANGES]
    return _figures(names), ({**row, **fixed} for row in answer["data"])


def pending_rows(answer: Mapping[str, Any]) -> tuple[list[Column], Iterator[Row]]:
    """Columns and rows of pending amounts, each with its day and its currency."""
    meta = answer["meta"]
    fixed = {"on": meta["on"], "currency": meta["currency"]}
    names = ["on", *meta["by"], "standing", "currency", *_PENDING]
    # What is only announced comes last, and says so.
    rows = [*answer["data"], *answer["announced"]["data"]]
    return _figures(names), ({**fixed, **row} for row in rows)


def _figures(names: Iterable[str]) -> list[Column]:
    """The columns of figures, which are counts or money, and of what they are split by."""
    return [Column(name, _figure_kind(name)) for name in names]


def _figure_kind(name: str) -> Kind:
    if name in _COUNTS:
        return Kind.COUNT
    if name in _AMOUNTS:
        return Kind.AMOUNT
    if name == "on":
        return Kind.DAY
    return Kind.TEXT if name in _TEXTS else Kind.CODE


def _first_source(shown: Mapping[str, Any]) -> dict[str, Any]:
    source = shown["sources"][0] if shown["sources"] else _NO_SOURCE
    return {f"source_{name}": source[name] for name in _NO_SOURCE}

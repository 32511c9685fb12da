"""Turns requests, histories and figures into what we answer."""

from datetime import date
from typing import Any

from app.kernel.canonical import Json
from app.kernel.clock import format_instant
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import format_span
from app.kernel.money import format_minor
from app.legislation.domain import (
    NATIVE,
    Column,
    Course,
    LegislativeRequest,
    PendingFigures,
    Sums,
    request_record,
)
from app.legislation.schemas.shapes import LegislativeRequestOut
from app.legislation.store import StoredRequest


def request_json(stored: StoredRequest, on: date | None = None) -> dict[str, Any]:
    """A request as it is answered; its shape is ``LegislativeRequestOut``."""
    shown = {
        **request_record(stored.request),
        **_course_json(stored.request, on),
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
    }
    return {name: shown[name] for name in LegislativeRequestOut.model_fields}


def figures_json(figures: PendingFigures) -> dict[str, Json]:
    """Pending amounts as the API answers and the command line prints them."""
    query = figures.query
    names = [dimension.value for dimension in query.by]
    data: list[Json] = [
        {
            **dict(zip(names, row.key, strict=True)),
            **_sums_json(row.sums, native=_is_native(figures)),
        }
        for row in figures.rows
    ]
    return {
        "data": data,
        "total": _total_json(figures),
        "next_cursor": None,
        "meta": {
            "on": query.on.isoformat(),
            "by": [*names],
            "currency": query.currency,
            "fx": None if _is_native(figures) else "requested_on",
            "provisional_rates": [
                {
                    "currency": rate.currency,
                    "on": rate.asked_for.isoformat(),
                    "rate_on": rate.on.isoformat(),
                }
                for rate in figures.provisional
            ],
            **figures.snapshot.meta(),
            "donor": [*query.donors],
            "component": [one.value for one in query.components],
        },
    }


def _course_json(request: LegislativeRequest, on: date | None) -> dict[str, Json]:
    course = Course(request)
    state = course.state if on is None else course.state_on(on)
    flags = course.flags if on is None else course.flags_on(on)
    since, end = course.pending_since, course.end
    return {
        "state": state.value if state else None,
        "flags": [flag.value for flag in flags],
        "pending_since": since.isoformat() if since else None,
        "ended_on": format_span(end.action.on) if end else None,
        "days_pending": course.days_pending(on),
    }


def _is_native(figures: PendingFigures) -> bool:
    return figures.query.currency == NATIVE


def _sums_json(sums: Sums, *, native: bool) -> dict[str, Json]:
    named: dict[str, Json] = {"currency": sums.currency} if native else {}
    columns: dict[str, Json] = {column.value: sums.format(column) for column in Column}
    return {**named, **columns, "requests": sums.requests, "unvalued": sums.unvalued}


def _total_json(figures: PendingFigures) -> dict[str, Json]:
    """Sums where they are all of one currency; nulls where adding would need a conversion."""
    by_currency = figures.by_currency
    columns: dict[str, Json]
    if len(by_currency) > 1:
        columns = dict.fromkeys((column.value for column in Column), None)
    elif by_currency:
        columns = {column.value: by_currency[0].format(column) for column in Column}
    else:
        code = figures.query.currency
        decimals = 0 if code == NATIVE else CURRENCIES[code].decimals
        columns = dict.fromkeys((column.value for column in Column), format_minor(0, decimals))
    return {
        **columns,
        "requests": figures.requests,
        "unvalued": figures.unvalued,
        "by_currency": [_sums_json(sums, native=True) for sums in by_currency],
    }

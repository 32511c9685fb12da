"""Turns requests, histories and figures into what we answer."""

from collections.abc import Sequence
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
    Dossier,
    FigureRow,
    LegislativeRequest,
    PendingFigures,
    State,
    Step,
    Sums,
    Totals,
    action_record,
    age,
    course_of_vehicle,
    request_record,
    standings,
    vehicle_record,
)
from app.legislation.schemas.shapes import LegislativeRequestOut, VehicleOut
from app.legislation.store import StoredRequest, StoredVehicle


def request_json(
    stored: StoredRequest, on: date | None = None, known_on: date | None = None
) -> dict[str, Any]:
    """A request as it is answered; its shape is ``LegislativeRequestOut``."""
    course = stored.dossier.course(known_on)
    state = course.state if on is None else course.state_on(on)
    record = request_record(stored.request)
    shown = {
        **record,
        **_course_json(course, on),
        "lines": _lines_json(stored.request, record["lines"], state, on),
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
    }
    return {name: shown[name] for name in LegislativeRequestOut.model_fields}


def timeline_json(dossier: Dossier, on: date, known_on: date | None = None) -> dict[str, Any]:
    """What happened to a request and its vehicles by a day, and the steps ahead; without ``meta``."""
    course = dossier.course(known_on)
    data: list[Json] = [
        {
            **_step_json(point.step),
            "state": point.state.value if point.state else None,
            "flags": [flag.value for flag in point.flags],
            "action": action_record(point.step.action),
        }
        for point in course.points
        if point.step.day <= on
    ]
    ahead: list[Json] = [
        {**_step_json(step), "action": action_record(step.action)}
        for step in course.steps
        if step.day > on
    ]
    return {"data": data, "ahead": ahead, "next_cursor": None}


def vehicle_json(stored: StoredVehicle) -> dict[str, Any]:
    """A vehicle as it is answered; its shape is ``VehicleOut``."""
    state, flags = course_of_vehicle(stored.vehicle)
    shown = {
        **vehicle_record(stored.vehicle),
        "name": str(stored.vehicle.name),
        "state": state.value if state else None,
        "flags": [flag.value for flag in flags],
        "revision": stored.revision,
        "recorded_at": format_instant(stored.recorded_at),
    }
    return {name: shown[name] for name in VehicleOut.model_fields}


def figures_json(figures: PendingFigures) -> dict[str, Json]:
    """Pending amounts as the API answers and the command line prints them."""
    query, native = figures.query, figures.query.currency == NATIVE
    names = [dimension.value for dimension in query.by]
    return {
        "data": _rows_json(names, figures.rows, native=native),
        "total": _total_json(figures.total, query.currency),
        "awaiting_signature": _total_json(figures.awaiting_signature, query.currency),
        "announced": {
            "data": _rows_json(names, figures.announced, native=native),
            "total": _total_json(figures.announced_total, query.currency),
        },
        "next_cursor": None,
        "meta": {
            "on": query.on.isoformat(),
            "known_on": _iso(query.known_on),
            "by": [*names],
            "currency": query.currency,
            "fx": None if native else query.rate_of.value,
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
            "state": [one.value for one in query.states],
            "kind": [one.value for one in query.kinds],
        },
    }


def _course_json(course: Course, on: date | None) -> dict[str, Json]:
    state = course.state if on is None else course.state_on(on)
    flags = course.flags if on is None else course.flags_on(on)
    since, end = course.pending_since, course.end
    ageing = None if on is None else age(course, on)
    return {
        "state": state.value if state else None,
        "flags": [flag.value for flag in flags],
        "pending_since": _iso(since),
        "ended_on": format_span(end.action.on) if end else None,
        "days_pending": course.days_pending(on),
        "days_in_state": ageing.days_in_state if ageing else None,
        "days_since_substantive_action": (ageing.days_since_substantive_action if ageing else None),
        "days_to_decision": ageing.days_to_decision if ageing else None,
        "dormant": ageing.dormant if ageing else False,
    }


def _lines_json(
    request: LegislativeRequest, lines: Json, state: State | None, on: date | None
) -> list[Json]:
    """The lines, each with what became of it; null beside those that are not counted or not valued."""
    told = standings(request, state, on or date.max)
    split = {one.line.key: one for one in told if one.line.amount is not None}
    answered: list[Json] = []
    for line in lines if isinstance(lines, list) else []:
        one = split.get(str(line["key"])) if isinstance(line, dict) else None
        answered.append(
            {
                **(line if isinstance(line, dict) else {}),
                "pending": format_minor(one.pending, request.decimals) if one else None,
                "enacted": format_minor(one.enacted, request.decimals) if one else None,
                "dead": format_minor(one.dead, request.decimals) if one else None,
            }
        )
    return answered


def _step_json(step: Step) -> dict[str, Json]:
    return {
        "on": format_span(step.action.on),
        "day": step.day.isoformat(),
        "vehicle": str(step.link.name) if step.link else None,
        "vehicle_id": str(step.link.vehicle_id) if step.link else None,
    }


def _rows_json(names: list[str], rows: Sequence[FigureRow], *, native: bool) -> list[Json]:
    return [
        {
            **dict(zip(names, row.key, strict=True)),
            "standing": row.standing.value,
            **_sums_json(row.sums, native=native),
        }
        for row in rows
    ]


def _sums_json(sums: Sums, *, native: bool) -> dict[str, Json]:
    named: dict[str, Json] = {"currency": sums.currency} if native else {}
    columns: dict[str, Json] = {column.value: sums.format(column) for column in Column}
    return {**named, **columns, "requests": sums.requests, "unvalued": sums.unvalued}


def _total_json(total: Totals, currency: str) -> dict[str, Json]:
    """Sums where they are all of one currency; nulls where adding would need a conversion."""
    by_currency = total.by_currency
    columns: dict[str, Json]
    if len(by_currency) > 1:
        columns = dict.fromkeys((column.value for column in Column), None)
    elif by_currency:
        columns = {column.value: by_currency[0].format(column) for column in Column}
    else:
        decimals = 0 if currency == NATIVE else CURRENCIES[currency].decimals
        columns = dict.fromkeys((column.value for column in Column), format_minor(0, decimals))
    return {
        **columns,
        "requests": total.requests,
        "unvalued": total.unvalued,
        "by_currency": [_sums_json(sums, native=True) for sums in by_currency],
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()

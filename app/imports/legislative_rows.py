"""Rows of legislative requests: which are new, which are there, and the commands that record them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.db import ReadSession, WriteSession
from app.imports.domain.facts import Outcome, Row, RowReport
from app.imports.importer import Importer
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import ConflictError, InvalidError, invalid
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import (
    LegislativeRequest,
    RawAction,
    RecordLegislativeRequest,
    RecordRelation,
    RecordVehicleActions,
    decide,
    request_record,
)

# What a file does not say, or what the ledger says by itself.
_NOT_COMPARED: Final = frozenset(
    {
        "id",
        "version",
        "recorded_on",
        "withdrawn",
        "actions",
        "vehicles",
        "relations",
        "enactments",
        "funding",
        "dependencies",
    }
)
# What the ledger adds to a part of a request that a file names.
_ADDED: Final = frozenset({"id", "recorded_on", "vehicle_id", "other_id"})


class LegislativeRows(Importer):
    """Legislative requests, matched by reference."""

    def compare(self, session: ReadSession, rows: Sequence[Row], clock: Clock) -> list[RowReport]:
        """New where nobody has the reference; otherwise what differs is named, never overwritten."""
        snapshot = journal.read_snapshot(session, None, now=clock.now())
        taken = legislation.find_references(session, [row.name for row in rows])
        held = {
            name: legislation.get_request(session, request_id, snapshot).request
            for name, request_id in taken.items()
        }
        return [_compare(row, held.get(row.name), clock) for row in rows]

    def record(
        self, session: WriteSession, rows: Sequence[Row], *, actor: str, clock: Clock
    ) -> None:
        """Record new requests, and then what they are to each other.

        Raises:
            InvalidError: findings under ``/0/lines/2/amount``, by place in ``rows``.
        """
        if not rows:
            return
        recorded = legislation.record(
            session,
            [_command(row.fields) for row in rows],
            actor=actor,
            clock=clock,
            pointer=lambda index: f"/{index}",
        )
        requests = {one.request.reference: one.request for one in recorded}
        _relate(session, rows, requests, actor=actor, clock=clock)
        for row in rows:
            folds = list(_folds(row, requests[row.name]))
            if folds:
                legislation.record_vehicles(session, folds, actor=actor, clock=clock)


def _command(fields: Mapping[str, Any]) -> RecordLegislativeRequest:
    actions = [RawAction(action_id=new_id(), **action) for action in fields["actions"]]
    own = {name: value for name, value in fields.items() if name != "relations"}
    return RecordLegislativeRequest(
        request_id=new_id(), opening_id=new_id(), **{**own, "actions": actions}
    )


def _relate(
    session: WriteSession,
    rows: Sequence[Row],
    requests: Mapping[str, LegislativeRequest],
    *,
    actor: str,
    clock: Clock,
) -> None:
    """Record the relations between requests; the other one is in the file or in the ledger already.

    Raises:
        InvalidError: ``unknown-request`` where it is in neither.
    """
    told = [
        (place, row, one)
        for place, row in enumerate(rows)
        for one in row.fields["relations"]
        if one["scope"] == "request"
    ]
    known = {name: one.id for name, one in requests.items()}
    known |= legislation.find_references(session, [one["to"] for _, _, one in told])
    for place, _row, one in told:
        if one["to"] not in known:
            raise invalid(f"/{place}/relations", "unknown-request", f"There is no {one['to']}.")
    commands = [
        RecordRelation(
            request_id=requests[row.name].id,
            relation_id=new_id(),
            kind=one["type"],
            other_id=known[one["to"]],
            other=one["to"],
            effective_on=one["effective_on"],
            rationale=one["rationale"],
        )
        for _, row, one in told
    ]
    if commands:
        legislation.record(session, commands, actor=actor, clock=clock)


def _folds(row: Row, request: LegislativeRequest) -> Iterator[RecordVehicleActions]:
    """A vehicle that went into another one is over; the request that both carry lives on."""
    ids = {link.name.identifier: link.vehicle_id for link in request.vehicles}
    for one in row.fields["relations"]:
        vehicle_id = ids.get(one.get("from"))
        if one["scope"] == "vehicle" and one["type"] == "folded_into" and vehicle_id:
            action = RawAction(
                action_id=new_id(),
                on=one["effective_on"],
                state="folded",
                text=f"Folded into {one['to']}. {one['rationale']}",
            )
            yield RecordVehicleActions(vehicle_id=vehicle_id, actions=[action])


def _compare(row: Row, held: LegislativeRequest | None, clock: Clock) -> RowReport:
    if held is None:
        return RowReport(row, Outcome.NEW)
    try:
        wanted = decide(None, _command(row.fields), clock.today()).request
    except InvalidError as refused:
        return RowReport(row, Outcome.REFUSED, tuple(one.detail for one in refused.findings))
    except ConflictError as refused:
        return RowReport(row, Outcome.REFUSED, (refused.detail,))
    differing = tuple(_differing(row, request_record(wanted), request_record(held)))
    return RowReport(row, Outcome.DIFFERENT if differing else Outcome.UNCHANGED, differing)


def _differing(row: Row, wanted: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
    names = [name for name in wanted if name not in _NOT_COMPARED and wanted[name] != held[name]]
    names += [part for part in ("actions", "vehicles") if _told(wanted[part]) != _told(held[part])]
    relations = {(one["kind"], one["other"], one["effective_on"]) for one in held["relations"]}
    asked = {
        (one["type"], one["to"], one["effective_on"])
        for one in row.fields["relations"]
        if one["scope"] == "request"
    }
    return [*names, "relations"] if asked - relations else names


def _told(parts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Parts of a request as a file tells them: without what another record brought about."""
    return [
        {name: value for name, value in part.items() if name not in _ADDED}
        for part in parts
        if part.get("cause") is None
    ]

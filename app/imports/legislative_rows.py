"""Rows of legislative requests: which are new, which are there, and the commands that record them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.db import ReadSession, WriteSession
from app.imports.domain.facts import Outcome, Row, RowReport
from app.imports.importer import Importer
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.ids import new_id
from app.legislation import service as legislation
from app.legislation.domain import (
    LegislativeRequest,
    RawAction,
    RecordLegislativeRequest,
    decide,
    request_record,
)

# What a file does not say, or what the ledger says by itself.
_NOT_COMPARED: Final = frozenset({"id", "version", "recorded_on", "withdrawn", "actions"})


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
        """Record new requests.

        Raises:
            InvalidError: findings under ``/0/lines/2/amount``, by place in ``rows``.
        """
        commands = [_command(row.fields) for row in rows]
        if commands:
            legislation.record(
                session, commands, actor=actor, clock=clock, pointer=lambda index: f"/{index}"
            )


def _command(fields: Mapping[str, Any]) -> RecordLegislativeRequest:
    actions = [RawAction(action_id=new_id(), **action) for action in fields["actions"]]
    return RecordLegislativeRequest(
        request_id=new_id(), opening_id=new_id(), **{**fields, "actions": actions}
    )


def _compare(row: Row, held: LegislativeRequest | None, clock: Clock) -> RowReport:
    if held is None:
        return RowReport(row, Outcome.NEW)
    try:
        wanted = decide(None, _command(row.fields), clock.today()).request
    except InvalidError as refused:
        return RowReport(row, Outcome.REFUSED, tuple(one.detail for one in refused.findings))
    except ConflictError as refused:
        return RowReport(row, Outcome.REFUSED, (refused.detail,))
    differing = tuple(_differing(request_record(wanted), request_record(held)))
    return RowReport(row, Outcome.DIFFERENT if differing else Outcome.UNCHANGED, differing)


def _differing(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> list[str]:
    names = [name for name in wanted if name not in _NOT_COMPARED and wanted[name] != held[name]]
    if _without_ids(wanted["actions"]) != _without_ids(held["actions"]):
        names.append("actions")
    return names


def _without_ids(actions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in action.items() if name not in {"id", "recorded_on"}}
        for action in actions
    ]

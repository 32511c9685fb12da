"""Rows of pledges and movements: which are new, which are there, and the commands that record them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.db import ReadSession, WriteSession
from app.imports.domain.facts import Outcome, Row, RowReport
from app.imports.importer import Importer
from app.journal import service as journal
from app.kernel.clock import Clock
from app.kernel.errors import InvalidError
from app.kernel.ids import new_id
from app.pledges import service as pledges
from app.pledges.domain import RecordMovement, RecordPledge, decide, pledge_record

# What a file does not say, or what the ledger says by itself.
_NOT_COMPARED = frozenset({"id", "version", "recorded_on", "movements", "withdrawn"})


class PledgeRows(Importer):
    """Pledges, matched by reference."""

    def compare(self, session: ReadSession, rows: Sequence[Row], clock: Clock) -> list[RowReport]:
        """New where nobody has the reference; otherwise the fields that differ are named, never overwritten."""
        held = _read_held(session, rows, clock)
        return [_compare(row, held.get(row.name), clock) for row in rows]

    def record(
        self, session: WriteSession, rows: Sequence[Row], *, actor: str, clock: Clock
    ) -> None:
        """Record new pledges.

        Raises:
            InvalidError: findings under ``/0/amount``, by place in ``rows``.
        """
        if rows:
            pledges.record(
                session, [_command(row) for row in rows], actor=actor, clock=clock, pointer=_place
            )


class MovementRows(Importer):
    """Movements, matched by pledge, stage, amount, day and source."""

    def compare(self, session: ReadSession, rows: Sequence[Row], clock: Clock) -> list[RowReport]:
        """New where the pledge has no such movement."""
        held = _read_held(session, rows, clock)
        return [_compare_movement(row, held.get(row.name)) for row in rows]

    def record(
        self, session: WriteSession, rows: Sequence[Row], *, actor: str, clock: Clock
    ) -> None:
        """Record new movements.

        Raises:
            InvalidError: findings under ``/0/amount``, by place in ``rows``.
        """
        ids = pledges.find_references(session, sorted({row.name for row in rows}))
        commands = [_movement(row, ids[row.name]) for row in rows]
        if commands:
            pledges.record(session, commands, actor=actor, clock=clock, pointer=_place)


def _place(index: int) -> str:
    return f"/{index}"


def _command(row: Row) -> RecordPledge:
    return RecordPledge(pledge_id=new_id(), **row.fields)


def _movement(row: Row, pledge_id: UUID) -> RecordMovement:
    fields = {name: value for name, value in row.fields.items() if name != "currency"}
    return RecordMovement(pledge_id=pledge_id, movement_id=new_id(), **fields)


def _read_held(
    session: ReadSession, rows: Sequence[Row], clock: Clock
) -> dict[str, Mapping[str, Any]]:
    """The pledges that the ledger has under the rows' references."""
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    taken = pledges.find_references(session, sorted({row.name for row in rows}))
    return {
        name: pledges.get_pledge(session, pledge_id, snapshot).document
        for name, pledge_id in taken.items()
    }


def _compare(row: Row, held: Mapping[str, Any] | None, clock: Clock) -> RowReport:
    if held is None:
        return RowReport(row, Outcome.NEW)
    try:
        wanted = pledge_record(decide(None, _command(row), clock.today()).pledge)
    except InvalidError as refused:
        return RowReport(row, Outcome.REFUSED, tuple(one.detail for one in refused.findings))
    differing = tuple(
        name for name in wanted if name not in _NOT_COMPARED and wanted[name] != held[name]
    )
    return RowReport(row, Outcome.DIFFERENT if differing else Outcome.UNCHANGED, differing)


def _compare_movement(row: Row, held: Mapping[str, Any] | None) -> RowReport:
    if held is None:
        return RowReport(row, Outcome.REFUSED, ("reference: no pledge has it (unknown-reference)",))
    if held["currency"] != row.fields["currency"]:
        return RowReport(
            row, Outcome.REFUSED, ("currency: the pledge has another (currency-differs)",)
        )
    known = {_signature(one, held["currency"]) for one in held["movements"] if not one["withdrawn"]}
    return RowReport(
        row, Outcome.UNCHANGED if _signature(row.fields, held["currency"]) in known else Outcome.NEW
    )


def _signature(movement: Mapping[str, Any], currency: str) -> tuple[object, ...]:
    amount = movement["amount"] and Decimal(movement["amount"])
    url = movement["sources"][0]["url"] if movement["sources"] else None
    return movement["stage"], amount, movement["on"], url, currency

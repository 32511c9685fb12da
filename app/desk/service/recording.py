"""What a form would do, and doing it: the same for every form, whatever its page looks like."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.access.domain import Caller
from app.db import ReadSession, WriteSession
from app.desk import store
from app.desk.domain import (
    Command,
    FieldFindings,
    FormSent,
    Places,
    ReadForm,
    StageChange,
    by_field,
)
from app.fx.errors import NoExchangeRateError
from app.journal import service as journal
from app.journal.domain import Answer, Call
from app.kernel.clock import Clock
from app.kernel.errors import AppError, ConflictError, Finding, InvalidError
from app.legislation import service as legislation
from app.legislation.domain import (
    Alteration,
    RecordLegislativeRequest,
    RecordVehicle,
    VehicleAlteration,
    VehicleCommand,
)
from app.legislation.domain import Command as LegislationCommand
from app.pledges import service as pledges
from app.pledges.domain import Instrument, Posting, RecordPledge, Stage
from app.totals import service as totals
from app.totals.domain import Dimension, TotalsQuery

_RECORDED: Final = 201
# Of no kind of their own: that the version has moved on, and that another form was recorded under the same id.
_ABOUT_THE_WHOLE: Final = frozenset({"precondition-failed", "idempotency-key-reused"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPreview:
    """What a form would do, or why it would be refused.

    Attributes:
        findings: why, by field; empty where it would be accepted.
        pledge: what it would make of a pledge.
        legislative_request: what it would make of a request, which is in no total of pledges.
        vehicle: what it would make of a vehicle.
        foreseen: what it would do to what is pending.
        totals: what it would do to them, stage by stage; a stage that stays as it is is left out.
        currency: of ``StageChange.before`` and ``after``.
        similar: pledges that a new one may be a second record of.
    """

    findings: FieldFindings
    pledge: pledges.Preview | None = None
    legislative_request: legislation.Preview | None = None
    vehicle: legislation.VehiclePreview | None = None
    foreseen: legislation.Foreseen | None = None
    totals: tuple[StageChange, ...] = ()
    currency: str
    similar: tuple[pledges.Similar, ...] = ()


def preview(
    session: ReadSession, read: ReadForm, *, clock: Clock, currency: str = "EUR"
) -> FormPreview:
    """What recording the form would do now; nothing is written, nobody waits for it.

    Args:
        session: shows the ledger as it is.
        read: the form.
        clock: tells the day of recording.
        currency: that totals are converted to.

    Raises:
        NotFoundError: what it changes is not there.
    """
    if read.command is None:
        return FormPreview(findings=read.findings, currency=currency)
    try:
        match read.command:
            case RecordLegislativeRequest() | Alteration() | RecordVehicle() | VehicleAlteration():
                return _preview_legislation(session, read.command, clock, currency)
            case _:
                [pledge] = pledges.preview(session, [read.command], clock=clock)
    except AppError as refused:
        return FormPreview(findings=explain_refusal(refused, read.places), currency=currency)
    is_new = isinstance(read.command, RecordPledge)
    return FormPreview(
        findings={},
        pledge=pledge,
        totals=tuple(_foresee(session, pledge.change.postings, clock, currency)),
        currency=currency,
        similar=tuple(pledges.find_similar(session, pledge.change.pledge) if is_new else ()),
    )


def record(session: WriteSession, read: ReadForm, caller: Caller, clock: Clock) -> FormSent:
    """Record a form, and let go of its draft. A form that was recorded before is not recorded again.

    Raises:
        InvalidError, ConflictError, NotFoundError, VersionMovedError: it is refused; see ``explain_refusal``. The
            transaction must not be committed then.
        IdempotencyKeyReusedError: another form was recorded under its id.
    """
    command, form = read.command, read.form
    if command is None:
        raise InvalidError([one for found in read.findings.values() for one in found])

    def perform() -> Answer:
        target, reference, revision = _record(session, command, caller.name, clock)
        told = {"target": str(target), "reference": reference, "revision": revision}
        return Answer(_RECORDED, {}, json.dumps(told).encode())

    call = Call(caller.name, f"form-{form.id}", form.fingerprint)
    [(answer, repeated)] = journal.answer_once(
        session, [call], now=clock.now(), perform=lambda fresh: [perform() for _ in fresh]
    )
    if caller.key_id is not None:
        store.drop_draft(session, form.id, caller.key_id)
    told = json.loads(answer.body)
    return FormSent(
        target=UUID(told["target"]),
        reference=told["reference"],
        revision=told["revision"],
        repeated=repeated,
    )


def explain_refusal(refused: AppError, places: Places) -> FieldFindings:
    """Why a form was refused, by field; what the state of the ledger does not allow is about the whole form.

    Raises:
        AppError: the refusal itself, where it is not about what was filled in.
    """
    if isinstance(refused, InvalidError):
        return by_field(refused.findings, places)
    if isinstance(refused, ConflictError) or refused.code in _ABOUT_THE_WHOLE:
        return {"": (Finding("", refused.code, refused.detail, refused.facts),)}
    raise refused


def _record(
    session: WriteSession, command: Command, actor: str, clock: Clock
) -> tuple[UUID, str, int]:
    if isinstance(command, RecordLegislativeRequest | Alteration):
        [made] = legislation.record(session, [command], actor=actor, clock=clock)
        return made.request.id, made.request.reference, made.entry.revision
    if isinstance(command, RecordVehicle | VehicleAlteration):
        [kept] = legislation.record_vehicles(session, [command], actor=actor, clock=clock)
        vehicle = kept.stored.vehicle
        return vehicle.id, str(vehicle.name), kept.entry.revision
    [recorded] = pledges.record(session, [command], actor=actor, clock=clock)
    return recorded.pledge.id, recorded.pledge.reference, recorded.entry.revision


def _preview_legislation(
    session: ReadSession,
    command: LegislationCommand | VehicleCommand,
    clock: Clock,
    currency: str,
) -> FormPreview:
    snapshot, today = journal.read_snapshot(session, None, now=clock.now()), clock.today()
    if isinstance(command, RecordVehicle | VehicleAlteration):
        vehicle = legislation.preview_vehicle(session, command, clock=clock)
        foreseen = legislation.foresee_vehicle(session, vehicle, snapshot, today)
        return FormPreview(findings={}, vehicle=vehicle, foreseen=foreseen, currency=currency)
    shown = legislation.preview(session, command, clock=clock)
    foreseen = legislation.foresee_request(session, shown, snapshot, today)
    return FormPreview(
        findings={}, legislative_request=shown, foreseen=foreseen, currency=currency
    )  # fmt: skip


def _foresee(
    session: ReadSession, postings: Sequence[Posting], clock: Clock, currency: str
) -> Iterator[StageChange]:
    """What the postings do to the totals, stage by stage; a frame is in none."""
    snapshot = journal.read_snapshot(session, None, now=clock.now())
    counted = [one for one in postings if one.cell.instrument != Instrument.AUTHORITY.value]
    for stage in Stage:
        of_stage = [one for one in counted if one.cell.stage == stage.value]
        if not of_stage:
            continue
        query = TotalsQuery(measure=stage, by=(Dimension.DONOR,), currency=currency)
        before = after = None
        try:
            now, then = totals.foresee_totals(session, query, of_stage, snapshot)
            before, after = (
                sum(one.amount for one in each.by_currency.values()) for each in (now, then)
            )
        except NoExchangeRateError:
            pass
        yield StageChange(
            stage=stage,
            native=_add_up(of_stage),
            pledges=sum(one.effect.pledges for one in of_stage),
            unvalued=sum(one.effect.unvalued for one in of_stage),
            before=before,
            after=after,
        )


def _add_up(postings: Sequence[Posting]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.cell.currency] += posting.effect.amount
    return sums

"""Which command the body of each form makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel

from app.desk.domain import Command, Form, FormKind, OnRecord, Places
from app.desk.schemas.bodies import FurtherVehicleIn, LineClaimsIn
from app.desk.schemas.showing import LINE_FIELDS, find_line
from app.kernel.errors import NotFoundError, invalid
from app.kernel.ids import new_id
from app.legislation import schemas as legislation
from app.legislation.domain import (
    AmendLegislativeRequest,
    WithdrawAction,
    WithdrawEnactment,
    WithdrawFunding,
    WithdrawLegislativeRequest,
    WithdrawVehicleAction,
)
from app.pledges import schemas as pledges
from app.pledges.domain import WithdrawMovement, WithdrawPledge
from app.pledges.errors import PledgeNotFoundError


@dataclass(frozen=True, slots=True)
class Reading:
    """How the fields of a form become a command.

    Attributes:
        body: its model.
        make: the command.
        nullable: of a body that changes what is there, the members that may be emptied; ``None`` of another.
        places: where parts of the command stand that the body has elsewhere: place by prefix.
    """

    body: type[BaseModel]
    make: Callable[[Form, Any, OnRecord], Command]
    nullable: tuple[str, ...] | None = None
    places: Callable[[Form, OnRecord, Places], Places] = lambda _form, _record, places: places


def target_of(form: Form) -> UUID:
    """What the form changes.

    Raises:
        NotFoundError: it does not say so.
    """
    if form.target is None:
        raise NotFoundError("The form does not say what it is about.")
    return form.target


def _version(form: Form) -> int:
    if form.version is None:
        raise NotFoundError("The form does not say which version it is based on.")
    return form.version


def _part(form: Form) -> UUID:
    if not isinstance(form.part, UUID):
        raise NotFoundError("The form does not say which part it is about.")
    return form.part


def _amend_request(
    form: Form, body: legislation.AmendmentIn, on_record: OnRecord
) -> AmendLegislativeRequest:
    """The amendment; what the form does not show of a line stays as it is, by its key."""
    command = body.to_command(target_of(form), _version(form))
    if not command.changes.get("lines"):
        return command
    lines = [_completed(line, on_record) for line in command.changes["lines"]]
    return _replaced(command, lines=lines)


def _completed(line: Mapping[str, Any], on_record: OnRecord) -> dict[str, Any]:
    known = find_line(on_record.document, line["key"])
    if known is None:
        return dict(line)
    return {**known, **{name: line[name] for name in LINE_FIELDS}}


def _change_claims(form: Form, body: LineClaimsIn, on_record: OnRecord) -> AmendLegislativeRequest:
    """The amendment that gives one line these claims; the preferred one gives it its amount."""
    target, version = target_of(form), _version(form)
    claims = [one.model_dump() for one in body.claims]
    if not claims:
        raise invalid("/claims", "one-preferred-claim", "Exactly one claim is the preferred one.")
    if find_line(on_record.document, form.part) is None:
        raise NotFoundError("There is no line with this key.")
    lines = [
        {**line, "amount": None, "claims": claims} if line["key"] == form.part else line
        for line in _told_lines(on_record)
    ]
    return AmendLegislativeRequest(
        request_id=target, changes={"lines": lines}, reason=body.reason, expected_version=version
    )


def _claims_places(form: Form, on_record: OnRecord, places: Places) -> Places:
    keys = [line["key"] for line in _told_lines(on_record)]
    if form.part not in keys:
        return places
    line = f"/lines/{keys.index(str(form.part))}"
    moved = {f"{line}{pointer}": name for pointer, name in places.items()}
    return {**places, f"{line}/claims": "claims", **moved}


def _told_lines(on_record: OnRecord) -> list[Mapping[str, Any]]:
    return [line for line in on_record.document.get("lines", []) if not line["residual"]]


def _add_vehicle(
    form: Form, body: FurtherVehicleIn, on_record: OnRecord
) -> AmendLegislativeRequest:
    target, version = target_of(form), _version(form)
    vehicles = [*on_record.document.get("vehicles", []), body.vehicle.model_dump()]
    return AmendLegislativeRequest(
        request_id=target,
        changes={"vehicles": vehicles},
        reason=body.reason,
        expected_version=version,
    )


def _vehicle_places(_form: Form, on_record: OnRecord, places: Places) -> Places:
    return {**places, f"/vehicles/{len(on_record.document.get('vehicles', []))}": "vehicle"}


def _fund(form: Form, body: legislation.FundingIn, on_record: OnRecord) -> Command:
    """The funding link.

    Raises:
        InvalidError: ``unknown-pledge`` at ``/pledge``.
    """
    target, pledge = target_of(form), on_record.pledges.get(body.pledge)
    if pledge is None:
        raise invalid("/pledge", "unknown-pledge", PledgeNotFoundError().detail)
    return body.to_command(target, pledge, form.version)


def _withdraw_movement(form: Form, body: pledges.WithdrawalIn, _: OnRecord) -> WithdrawMovement:
    return WithdrawMovement(
        pledge_id=target_of(form),
        movement_id=_part(form),
        reason=body.reason,
        expected_version=_version(form),
    )


def _withdraw_pledge(form: Form, body: pledges.WithdrawalIn, _: OnRecord) -> WithdrawPledge:
    return WithdrawPledge(
        pledge_id=target_of(form), reason=body.reason, expected_version=_version(form)
    )


def _withdraw_request(
    form: Form, body: legislation.WithdrawalIn, _: OnRecord
) -> WithdrawLegislativeRequest:
    return WithdrawLegislativeRequest(
        request_id=target_of(form), reason=body.reason, expected_version=_version(form)
    )


def _withdraw_action(form: Form, body: legislation.WithdrawalIn, _: OnRecord) -> WithdrawAction:
    return WithdrawAction(
        request_id=target_of(form),
        action_id=_part(form),
        reason=body.reason,
        expected_version=_version(form),
    )


def _withdraw_enactment(
    form: Form, body: legislation.WithdrawalIn, _: OnRecord
) -> WithdrawEnactment:
    return WithdrawEnactment(
        request_id=target_of(form),
        enactment_id=_part(form),
        reason=body.reason,
        expected_version=_version(form),
    )


def _withdraw_funding(form: Form, body: legislation.WithdrawalIn, _: OnRecord) -> WithdrawFunding:
    return WithdrawFunding(
        request_id=target_of(form),
        funding_id=_part(form),
        reason=body.reason,
        expected_version=_version(form),
    )


def _withdraw_vehicle_action(
    form: Form, body: legislation.WithdrawalIn, _: OnRecord
) -> WithdrawVehicleAction:
    return WithdrawVehicleAction(
        vehicle_id=target_of(form),
        action_id=_part(form),
        reason=body.reason,
        expected_version=_version(form),
    )


def _replaced(command: AmendLegislativeRequest, **changes: Any) -> AmendLegislativeRequest:
    return AmendLegislativeRequest(
        request_id=command.request_id,
        changes={**command.changes, **changes},
        reason=command.reason,
        expected_version=command.expected_version,
    )


READINGS: Final[Mapping[FormKind, Reading]] = {
    FormKind.PLEDGE: Reading(pledges.PledgeIn, lambda _form, body, _: body.to_command(new_id())),
    FormKind.MOVEMENT: Reading(
        pledges.MovementIn,
        lambda form, body, _: body.to_command(target_of(form), new_id(), form.version),
    ),
    FormKind.AMENDMENT: Reading(
        pledges.AmendmentIn,
        lambda form, body, _: body.to_command(target_of(form), _version(form)),
        nullable=("amount", "currency", "announced_on", "notes"),
    ),
    FormKind.WITHDRAWAL: Reading(pledges.WithdrawalIn, _withdraw_pledge),
    FormKind.MOVEMENT_WITHDRAWAL: Reading(pledges.WithdrawalIn, _withdraw_movement),
    FormKind.LEGISLATIVE_REQUEST: Reading(
        legislation.LegislativeRequestIn, lambda _form, body, _: body.to_command()
    ),
    FormKind.REQUEST_AMENDMENT: Reading(
        legislation.AmendmentIn,
        _amend_request,
        nullable=(
            "requesting_office",
            "addressed_to",
            "legal_basis",
            "period",
            "requested_on",
            "announced_on",
            "published_on",
            "notes",
        ),
    ),
    FormKind.REQUEST_WITHDRAWAL: Reading(legislation.WithdrawalIn, _withdraw_request),
    FormKind.ACTION: Reading(
        legislation.ActionIn, lambda form, body, _: body.to_command(target_of(form), form.version)
    ),
    FormKind.ACTION_WITHDRAWAL: Reading(legislation.WithdrawalIn, _withdraw_action),
    FormKind.CLAIMS: Reading(LineClaimsIn, _change_claims, places=_claims_places),
    FormKind.ENACTMENT: Reading(
        legislation.EnactmentIn,
        lambda form, body, _: body.to_command(target_of(form), _version(form)),
    ),
    FormKind.ENACTED_LINE_AMENDMENT: Reading(
        legislation.EnactedLineAmendmentIn,
        lambda form, body, _: body.to_command(target_of(form), str(form.part), _version(form)),
        nullable=("annulled_on", "rescinded", "available", "note"),
    ),
    FormKind.ENACTMENT_WITHDRAWAL: Reading(legislation.WithdrawalIn, _withdraw_enactment),
    FormKind.FUNDING: Reading(legislation.FundingIn, _fund),
    FormKind.FUNDING_WITHDRAWAL: Reading(legislation.WithdrawalIn, _withdraw_funding),
    FormKind.VEHICLE_LINK: Reading(FurtherVehicleIn, _add_vehicle, places=_vehicle_places),
    FormKind.VEHICLE: Reading(legislation.VehicleIn, lambda _form, body, _: body.to_command()),
    FormKind.VEHICLE_AMENDMENT: Reading(
        legislation.VehicleAmendmentIn,
        lambda form, body, _: body.to_command(target_of(form), _version(form)),
        nullable=(
            "title",
            "title_original",
            "introduced_on",
            "session_ends_on",
            "law_citation",
            "url",
            "notes",
        ),
    ),
    FormKind.VEHICLE_ACTIONS: Reading(
        legislation.VehicleActionsIn,
        lambda form, body, _: body.to_command(target_of(form), form.version),
    ),
    FormKind.VEHICLE_ACTION_WITHDRAWAL: Reading(legislation.WithdrawalIn, _withdraw_vehicle_action),
}

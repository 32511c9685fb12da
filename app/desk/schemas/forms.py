"""Which body each form makes, and which command the body."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ValidationError

from app.desk.domain import Command, Form, FormKind, Places, ReadForm, by_field, flatten, nest
from app.desk.schemas.fields import to_body
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.ids import new_id
from app.legislation import schemas as legislation
from app.pledges import schemas as pledges
from app.pledges.domain import AMENDABLE, WithdrawMovement, WithdrawPledge
from app.problems import finding_of

_BODIES: Final[Mapping[FormKind, type[BaseModel]]] = {
    FormKind.PLEDGE: pledges.PledgeIn,
    FormKind.MOVEMENT: pledges.MovementIn,
    FormKind.AMENDMENT: pledges.AmendmentIn,
    FormKind.WITHDRAWAL: pledges.WithdrawalIn,
    FormKind.MOVEMENT_WITHDRAWAL: pledges.WithdrawalIn,
    FormKind.LEGISLATIVE_REQUEST: legislation.LegislativeRequestIn,
    FormKind.ACTION: legislation.ActionIn,
}
# What an amendment makes unknown by leaving it empty.
_NULLABLE: Final = ("amount", "currency", "announced_on", "notes")


def read_form(form: Form) -> ReadForm:
    """Read what was filled in, as the API would read the body.

    Raises:
        NotFoundError: the form does not say what it changes.
    """
    nullable = _NULLABLE if form.kind is FormKind.AMENDMENT else None
    model = _BODIES[form.kind]
    raw, places = to_body(model, nest(form.fields), nullable=nullable)
    try:
        command = _to_command(form, model.model_validate(raw))
    except ValidationError as error:
        found = [finding_of({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        return _refused(form, InvalidError(found), places)
    except InvalidError as refused:
        return _refused(form, refused, places)
    return ReadForm(form=form, command=command, places=places, findings={})


def show_fields(document: Mapping[str, Any]) -> dict[str, str]:
    """The fields of an amendment as they are filled in at first: the pledge as it is.

    The lines that it consists of are left out: they have no form.
    """
    current = {**document, "status": document["opening"]}
    return flatten({name: current[name] for name in AMENDABLE if name != "items"})


def _refused(form: Form, refused: InvalidError, places: Places) -> ReadForm:
    return ReadForm(
        form=form, command=None, places=places, findings=by_field(refused.findings, places)
    )


def _to_command(form: Form, body: BaseModel) -> Command:
    match body:
        case pledges.PledgeIn():
            return body.to_command(new_id())
        case pledges.MovementIn():
            return body.to_command(_target(form), new_id(), form.version)
        case pledges.AmendmentIn():
            return body.to_command(_target(form), _version(form))
        case pledges.WithdrawalIn():
            return _withdraw(form, body.reason)
        case legislation.LegislativeRequestIn():
            return body.to_command()
        case legislation.ActionIn():
            return body.to_command(_target(form), form.version)
        case _:
            raise AssertionError(body)


def _withdraw(form: Form, reason: str) -> Command:
    if form.kind is FormKind.WITHDRAWAL:
        return WithdrawPledge(
            pledge_id=_target(form), reason=reason, expected_version=_version(form)
        )
    if form.part is None:
        raise NotFoundError("The form does not say which movement it is about.")
    return WithdrawMovement(
        pledge_id=_target(form),
        movement_id=form.part,
        reason=reason,
        expected_version=_version(form),
    )


def _target(form: Form) -> UUID:
    if form.target is None:
        raise NotFoundError("The form does not say what it is about.")
    return form.target


def _version(form: Form) -> int:
    if form.version is None:
        raise NotFoundError("The form does not say which version it is based on.")
    return form.version

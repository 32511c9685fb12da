"""What the desk's pages ask for: to read a form that was sent, and to record one."""

import re
from typing import Final
from uuid import UUID

from fastapi import Request

from app.access.service import SignedIn
from app.access.visitors import check_form
from app.deps import check_write, get_clock, get_database
from app.desk import service
from app.desk.domain import FieldFindings, Form, FormKind, FormSent, ReadForm
from app.forms import receive_fields
from app.kernel.errors import AppError, invalid
from app.kernel.ids import parse_id

# The fields of a form that say what it is rather than what was filled in.
FORM_TOKEN: Final = "form_token"  # noqa: S105 -- a name, not a token
FORM_ID: Final = "form_id"
VERSION: Final = "version"
STEP: Final = "step"
_VERSION: Final = re.compile(r"[1-9][0-9]{0,8}")


async def receive_form(
    request: Request,
    officer: SignedIn,
    kind: FormKind,
    *,
    target: UUID | None = None,
    part: UUID | str | None = None,
) -> tuple[Form, str]:
    """The form that a page of ours sends, and the button that was pressed (``step``).

    Raises:
        CrossSiteFormError, FormTokenError: it was not sent from a page of ours, in this session.
        NotFoundError: the id of the form is none.
        InvalidError: ``invalid-version``.
        UnsupportedMediaTypeError, BodyTooLargeError, MalformedFormError: as their names say.
    """
    fields = await receive_fields(request)
    check_form(request, officer, fields.pop(FORM_TOKEN, None))
    form_id = parse_id(fields.pop(FORM_ID, ""), "form")
    step, version = fields.pop(STEP, ""), _read_version(fields)
    form = Form(
        id=form_id, kind=kind, target=target, part=part, version=version, fields=fields
    )  # fmt: skip
    return form, step


def record_form(
    request: Request, officer: SignedIn, read: ReadForm
) -> tuple[FormSent | None, FieldFindings]:
    """Record a form in a transaction of its own: what was recorded, or why nothing was, by field.

    Raises:
        AppError: it is refused for another reason than what was filled in.
    """
    if read.command is None:
        return None, read.findings
    check_write(request)
    try:
        # Whatever is refused must leave the transaction as an error, so that nothing of it stays.
        with get_database(request).transaction() as session:
            return service.record(session, read, officer.caller, get_clock(request)), {}
    except AppError as refused:
        return None, service.explain_refusal(refused, read.places)


def _read_version(fields: dict[str, str]) -> int | None:
    text = fields.pop(VERSION, "")
    if not text:
        return None
    if not _VERSION.fullmatch(text):
        raise invalid(f"/{VERSION}", "invalid-version", "A version is a whole number above zero.")
    return int(text)

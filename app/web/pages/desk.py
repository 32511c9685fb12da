"""The desk: a form for everything that can be recorded by hand, its preview, its drafts; each is recorded once.

Every form goes the same way: it is shown, previewed as often as one likes, which keeps a draft, and recorded. The
button that was pressed is the field ``step``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.access.service import SignedIn
from app.access.visitors import check_form
from app.db import ReadSession
from app.deps import check_write, get_clock, get_database
from app.desk import service
from app.desk.domain import About, FieldFindings, Form, FormKind, FormSent, OnRecord
from app.desk.errors import DraftNotFoundError
from app.desk.receiving import FORM_ID, FORM_TOKEN, receive_form, record_form
from app.desk.schemas import read_form
from app.desk.service import FormPreview
from app.forms import receive_fields
from app.journal.deps import snapshot_of
from app.kernel.ids import new_id, parse_id
from app.legislation.errors import LegislativeRequestNotFoundError
from app.web.answers import answer_form, said_of
from app.web.deps import OfficerDep, VisitDep
from app.web.views import desk, forms
from app.web.views.board import address_of_request, address_of_vehicle
from app.web.views.filters import SAID
from app.web.views.form_pages import FORM_PAGES
from app.web.views.previews import show_preview
from app.web.views.subjects import Subject, find_subject, new_subject

router: Final = APIRouter()
_DESK: Final = "/desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """How a form is shown.

    Attributes:
        findings: what is wrong with it.
        foreseen: what it would do.
        is_kept: whether it is a draft.
        focus: the field or the list at which one goes on.
    """

    findings: FieldFindings
    foreseen: FormPreview | None = None
    is_kept: bool = False
    focus: str = ""


@router.get(_DESK)
def show_desk(visit: VisitDep, officer: OfficerDep) -> Response:
    """Where to begin, and the drafts of this key."""
    drafts = service.list_drafts(visit.session, officer.caller.key_id or "", visit.clock)
    snapshot = snapshot_of(visit.request, visit.session, None)
    model = {
        "drafts": [*map(desk.draft_line, drafts)],
        "said": said_of(visit.request, snapshot),
    }
    return answer_form(visit.request, "desk.html", model)


@router.post(f"{_DESK}/discard")
async def discard(request: Request, officer: OfficerDep) -> Response:
    """Let go of a draft."""
    fields = await receive_fields(request)
    check_form(request, officer, fields.get(FORM_TOKEN))
    draft_id = parse_id(fields.get(FORM_ID, ""), "draft")
    await run_in_threadpool(_drop, request, officer, draft_id)
    return _go(_DESK)


@router.get("/legislation/vehicles/{vehicle_id}/attach")
def attach(request: Request, _officer: OfficerDep, vehicle_id: str) -> Response:
    """On to the form that attaches a vehicle to the request that was chosen."""
    chosen = quote(request.query_params.get("request", ""), safe="")
    if not chosen:
        raise LegislativeRequestNotFoundError
    path = FORM_PAGES[FormKind.VEHICLE_LINK].path.format(name=chosen)
    return _go(f"{path}?vehicle={parse_id(vehicle_id, 'vehicle')}")


def _add_routes(kind: FormKind) -> None:
    def show(request: Request, officer: OfficerDep) -> Response:
        return _open(request, officer, _find_subject(request, kind))

    async def take(request: Request, officer: OfficerDep) -> Response:
        subject = await run_in_threadpool(_find_subject, request, kind)
        form, step = await receive_form(
            request, officer, kind, target=subject.id, part=subject.part
        )
        return await run_in_threadpool(_take, request, officer, subject, form, step)

    router.add_api_route(FORM_PAGES[kind].path, show, methods=["GET"])
    router.add_api_route(FORM_PAGES[kind].path, take, methods=["POST"])


for _kind in FormKind:
    _add_routes(_kind)


def _find_subject(request: Request, kind: FormKind) -> Subject:
    """What the address is about, as it is now.

    Raises:
        NotFoundError: there is no such thing.
    """
    path, query = request.url.path, request.query_params
    if kind.makes_new:
        return new_subject(kind, path, query)
    with get_database(request).reading() as session:
        snapshot = snapshot_of(request, session, None)
        return find_subject(session, kind, path, request.path_params, query, snapshot)


def _open(request: Request, officer: SignedIn, subject: Subject) -> Response:
    """A form as it is opened: empty, as what it is about is, or as it was kept."""
    form = Form(
        id=new_id(), kind=subject.kind, target=subject.id, part=subject.part,
        version=subject.version, fields=subject.fields,
    )  # fmt: skip
    kept = request.query_params.get("draft")
    if kept is not None:
        form = _reopen(request, officer, form, kept)
    return _page(request, subject, form, _Shown(findings={}, is_kept=kept is not None))


def _reopen(request: Request, officer: SignedIn, form: Form, kept: str) -> Form:
    """A form as it was kept, based on what it was based on then."""
    draft_id = parse_id(kept, "draft")
    with get_database(request).reading() as session:
        key_id, clock = officer.caller.key_id or "", get_clock(request)
        draft = service.get_draft(session, draft_id, key_id, clock)
    part = None if form.part is None else str(form.part)
    if (draft.kind, draft.target, draft.part) != (form.kind, form.target, part):
        raise DraftNotFoundError
    version = form.version if draft.version is None else draft.version
    return replace(form, id=draft.id, fields=draft.fields, version=version)


def _take(request: Request, officer: SignedIn, subject: Subject, form: Form, step: str) -> Response:
    match step.partition(":"):
        case ("record", _, _):
            return _record(request, officer, subject, form)
        case ("save", _, _):
            _save(request, officer, form)
            return _go(f"{subject.path}?draft={form.id}")
        case ("discard", _, _):
            _drop(request, officer, form.id)
            return _go(subject.address or _DESK)
        case ("add" | "remove" as change, _, place):
            reshaped = forms.RESHAPED[change](form.kind, form.fields, place)
            return _reshape(request, officer, subject, form, reshaped)
        case ("rebase", _, _):
            return _preview(request, officer, subject, replace(form, version=subject.version))
        case _:
            return _preview(request, officer, subject, form)


def _record(request: Request, officer: SignedIn, subject: Subject, form: Form) -> Response:
    with get_database(request).reading() as session:
        read = read_form(form, _on_record(request, session, subject, form))
    sent, findings = record_form(request, officer, read)
    if sent is None:
        return _page(request, subject, form, _Shown(findings=findings))
    address = _address_of(subject.kind.about, sent)
    # A document of the API says nothing to a person.
    onward = _DESK if address.startswith("/v1/") else address
    return _go(f"{onward}?{SAID}={sent.revision}")


def _address_of(about: About, sent: FormSent) -> str:
    match about:
        case About.PLEDGE:
            return f"/pledges/{quote(sent.reference)}"
        case About.LEGISLATIVE_REQUEST:
            return address_of_request(sent.reference)
        case About.VEHICLE:
            return address_of_vehicle(sent.target)


def _reshape(
    request: Request,
    officer: SignedIn,
    subject: Subject,
    form: Form,
    reshaped: tuple[Mapping[str, str], str],
) -> Response:
    """The form with a row more or less; nothing of it is judged yet."""
    fields, focus = reshaped
    form = replace(form, fields=fields)
    _save(request, officer, form)
    return _page(request, subject, form, _Shown(findings={}, is_kept=True, focus=focus))


def _preview(request: Request, officer: SignedIn, subject: Subject, form: Form) -> Response:
    _save(request, officer, form)
    with get_database(request).reading() as session:
        read = read_form(form, _on_record(request, session, subject, form))
        foreseen = service.preview(session, read, clock=get_clock(request))
    shown = _Shown(findings=foreseen.findings, foreseen=foreseen, is_kept=True)
    return _page(request, subject, form, shown)


def _on_record(request: Request, session: ReadSession, subject: Subject, form: Form) -> OnRecord:
    named = service.find_pledges(session, form, snapshot_of(request, session, None))
    return OnRecord(document=subject.document, pledges=named)


def _page(request: Request, subject: Subject, form: Form, shown: _Shown) -> Response:
    kind, findings = subject.kind, shown.findings
    refused = desk.is_stale(findings) and subject.current is not None
    # A draft may be older than what it is about now: nobody goes on from there without seeing it.
    stale = refused or (kind.is_versioned and form.version != subject.version)
    opened = not findings and not shown.foreseen and not shown.focus
    model: dict[str, Any] = {
        "subject": subject,
        "form": form,
        "title": FORM_PAGES[kind].title,
        "basis": FORM_PAGES[kind].basis,
        "filled": forms.fill_in(
            kind,
            form.fields,
            {} if stale else findings,
            focus=shown.focus,
            too_long=subject.too_long,
        ),
        "offers": forms.offers(kind, subject.document),
        "preview": show_preview(shown.foreseen) if shown.foreseen and not findings else None,
        "is_kept": shown.is_kept and not kind.is_withdrawal,
        "can_be_kept": not kind.is_withdrawal,
        "stale": stale,
        "differences": _differences(subject, form) if stale or (opened and shown.is_kept) else [],
    }
    return answer_form(request, "form.html", model, _status(findings, refused=refused))


def _status(findings: FieldFindings, *, refused: bool) -> HTTPStatus:
    if refused:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if findings else HTTPStatus.OK


def _differences(subject: Subject, form: Form) -> list[desk.Difference]:
    if not subject.kind.is_amendment:
        return []
    return desk.differences(subject.kind, subject.fields, form.fields)


def _save(request: Request, officer: SignedIn, form: Form) -> None:
    if form.kind.is_withdrawal:
        return
    check_write(request)
    with get_database(request).transaction() as session:
        service.save_draft(session, form, officer.caller.key_id or "", get_clock(request))


def _drop(request: Request, officer: SignedIn, draft_id: UUID) -> None:
    with get_database(request).transaction() as session:
        service.drop_draft(session, draft_id, officer.caller.key_id or "")


def _go(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})

"""The desk: a form for everything that can be recorded by hand, its preview, its drafts; each is recorded once.

Every form goes the same way: it is shown, previewed as often as one likes, which keeps a draft, and recorded. The
button that was pressed is the field ``step``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from app.access.service import SignedIn
from app.access.visitors import check_form
from app.deps import check_write, get_clock, get_database
from app.desk import service
from app.desk.domain import FieldFindings, Form, FormKind
from app.desk.errors import DraftNotFoundError
from app.desk.receiving import FORM_ID, FORM_TOKEN, receive_form, record_form
from app.desk.schemas import read_form, show_fields
from app.desk.service import FormPreview
from app.forms import receive_fields
from app.journal.deps import snapshot_of
from app.kernel.errors import NotFoundError
from app.kernel.ids import new_id, parse_id
from app.legislation import service as legislation
from app.legislation.domain import is_reference as is_request_reference
from app.legislation.errors import LegislativeRequestNotFoundError
from app.pledges import service as pledges
from app.pledges.domain import StoredPledge
from app.pledges.domain.reading import is_reference
from app.pledges.errors import PledgeNotFoundError
from app.web.answers import answer_form, said_of
from app.web.deps import OfficerDep, VisitDep
from app.web.views import desk, forms
from app.web.views.board import address_of_request
from app.web.views.filters import SAID

router: Final = APIRouter()
_DESK: Final = "/desk"
# What is based on a version, so that nobody changes what he has not seen.
_VERSIONED: Final = frozenset(
    {FormKind.AMENDMENT, FormKind.WITHDRAWAL, FormKind.MOVEMENT_WITHDRAWAL}
)
# A withdrawal is one sentence; there is nothing to keep.
_KEPT: Final = frozenset(FormKind) - {FormKind.WITHDRAWAL, FormKind.MOVEMENT_WITHDRAWAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a form is about.

    Attributes:
        path: of the form.
        id: of the pledge or request; ``None`` where it is new.
        part: the movement, where it is about one.
        name, address: how it is called, and where one reads about it.
        stored: the pledge as it is now.
    """

    kind: FormKind
    path: str
    id: UUID | None = None
    part: UUID | None = None
    name: str = ""
    address: str = ""
    stored: StoredPledge | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def version(self) -> int | None:
        """That a form is based on which is opened now."""
        if self.stored is None or self.kind not in _VERSIONED:
            return None
        version: int = self.stored.document["version"]
        return version


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


def _add_routes(kind: FormKind) -> None:
    def show(request: Request, officer: OfficerDep) -> Response:
        return _open(request, officer, _find_subject(request, kind))

    async def take(request: Request, officer: OfficerDep) -> Response:
        subject = await run_in_threadpool(_find_subject, request, kind)
        form, step = await receive_form(
            request, officer, kind, target=subject.id, part=subject.part
        )
        return await run_in_threadpool(_take, request, officer, subject, form, step)

    router.add_api_route(desk.PATHS[kind], show, methods=["GET"])
    router.add_api_route(desk.PATHS[kind], take, methods=["POST"])


for _kind in FormKind:
    _add_routes(_kind)


def _find_subject(request: Request, kind: FormKind) -> Subject:
    """What the address is about, as it is now.

    Raises:
        NotFoundError: there is no such thing.
    """
    path, name = request.url.path, request.path_params.get("name", "")
    if kind.makes_new:
        donor = request.query_params.get("donor", "")[:10]
        return Subject(kind=kind, path=path, fields={"donor": donor})
    with get_database(request).reading() as session:
        snapshot = snapshot_of(request, session, None)
        if kind.is_about_legislation:
            found = legislation.get_request(session, _request_name(name), snapshot).request
            return Subject(
                kind=kind, path=path, id=found.id, name=f"{found.reference}: {found.title}",
                address=address_of_request(found.reference),
            )  # fmt: skip
        stored = pledges.get_pledge(session, _pledge_name(name), snapshot)
    document = stored.document
    part = request.path_params.get("part")
    return Subject(
        kind=kind,
        path=path,
        id=stored.pledge.id,
        part=parse_id(part, "movement") if part else None,
        name=f"{document['reference']}: {document['title']}",
        address=f"/pledges/{document['reference']}",
        stored=stored,
        fields=show_fields(document) if kind is FormKind.AMENDMENT else {},
    )


def _open(request: Request, officer: SignedIn, subject: Subject) -> Response:
    """A form as it is opened: empty, as the pledge is, or as it was kept."""
    form = Form(
        id=new_id(), kind=subject.kind, target=subject.id, part=subject.part,
        version=subject.version, fields=subject.fields,
    )  # fmt: skip
    kept = request.query_params.get("draft")
    if kept is not None:
        draft_id = parse_id(kept, "draft")
        with get_database(request).reading() as session:
            key_id, clock = officer.caller.key_id or "", get_clock(request)
            draft = service.get_draft(session, draft_id, key_id, clock)
        if (draft.kind, draft.target) != (subject.kind, subject.id):
            raise DraftNotFoundError
        form = replace(form, id=draft.id, fields=draft.fields)
    return _page(request, subject, form, {}, kept=kept is not None)


def _take(request: Request, officer: SignedIn, subject: Subject, form: Form, step: str) -> Response:
    match step:
        case "record":
            return _record(request, officer, subject, form)
        case "save":
            _save(request, officer, form)
            return _go(f"{subject.path}?draft={form.id}")
        case "discard":
            _drop(request, officer, form.id)
            return _go(subject.address or _DESK)
        case "rebase":
            return _preview(request, officer, subject, replace(form, version=subject.version))
        case _:
            return _preview(request, officer, subject, form)


def _record(request: Request, officer: SignedIn, subject: Subject, form: Form) -> Response:
    sent, findings = record_form(request, officer, read_form(form))
    if sent is None:
        return _page(request, subject, form, findings)
    address = f"/pledges/{quote(sent.reference)}"
    if subject.kind.is_about_legislation:
        address = address_of_request(sent.reference)
    # A document of the API says nothing to a person.
    onward = _DESK if address.startswith("/v1/") else address
    return _go(f"{onward}?{SAID}={sent.revision}")


def _preview(request: Request, officer: SignedIn, subject: Subject, form: Form) -> Response:
    _save(request, officer, form)
    with get_database(request).reading() as session:
        foreseen = service.preview(session, read_form(form), clock=get_clock(request))
    return _page(request, subject, form, foreseen.findings, foreseen=foreseen)


def _page(
    request: Request,
    subject: Subject,
    form: Form,
    findings: FieldFindings,
    *,
    foreseen: FormPreview | None = None,
    kept: bool = False,
) -> Response:
    stale = desk.is_stale(findings) and subject.stored is not None
    model: dict[str, Any] = {
        "subject": subject,
        "form": form,
        "title": desk.TITLES[subject.kind],
        "basis": desk.BASES[subject.kind],
        "filled": forms.fill_in(subject.kind, form.fields, {} if stale else findings),
        "offers": forms.offers(),
        "preview": desk.show_preview(foreseen) if foreseen and not findings else None,
        "is_kept": subject.kind in _KEPT and (kept or foreseen is not None),
        "can_be_kept": subject.kind in _KEPT,
        "stale": stale,
        # A draft may be older than what it is about now.
        "differences": _differences(subject, form) if stale or kept else [],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if findings else HTTPStatus.OK
    return answer_form(request, "form.html", model, HTTPStatus.CONFLICT if stale else status)


def _differences(subject: Subject, form: Form) -> list[desk.Difference]:
    if subject.stored is None or subject.kind is not FormKind.AMENDMENT:
        return []
    return desk.differences(subject.stored, form.fields)


def _save(request: Request, officer: SignedIn, form: Form) -> None:
    if form.kind not in _KEPT:
        return
    check_write(request)
    with get_database(request).transaction() as session:
        service.save_draft(session, form, officer.caller.key_id or "", get_clock(request))


def _drop(request: Request, officer: SignedIn, draft_id: UUID) -> None:
    with get_database(request).transaction() as session:
        service.drop_draft(session, draft_id, officer.caller.key_id or "")


def _go(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def _pledge_name(text: str) -> UUID | str:
    return _name(text, "pledge", known=is_reference(text), missing=PledgeNotFoundError())


def _request_name(text: str) -> UUID | str:
    missing = LegislativeRequestNotFoundError()
    return _name(text, "legislative request", known=is_request_reference(text), missing=missing)


def _name(text: str, what: str, *, known: bool, missing: NotFoundError) -> UUID | str:
    """An id or a reference. What can be neither names nothing."""
    try:
        return parse_id(text, what)
    except NotFoundError:
        if known:
            return text
        raise missing from None

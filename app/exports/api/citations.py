"""``/v1/cite``: a permanent address for a figure, with what it is now beside what it was then.

What is cited stands behind ``/v1/cite`` in the address as it stands behind ``/v1`` where it is read; totals alone
have no name of their own.
"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.access.deps import Reader
from app.db import ReadSession
from app.deps import ReadSessionDep, get_clock
from app.exports.api.names import read_pledge_name, read_request_name
from app.exports.citing.citable import Answer, Citable, P, State
from app.exports.citing.citation import (
    CHANGES,
    PENDING,
    PLEDGE,
    REQUEST,
    TOTALS,
    Cited,
    cite,
    kind_of,
)
from app.exports.citing.errors import CitationDiffersError
from app.exports.citing.records import PledgeParams, RequestParams
from app.exports.citing.references import BIBTEX, CSL, to_bibtex, to_csl, to_text
from app.exports.citing.tokens import read_token, unknown
from app.fx import service as fx
from app.journal.deps import AsOfParam, pinned_snapshot, snapshot_of, snapshots_of
from app.kernel.clock import format_instant
from app.kernel.errors import InvalidError
from app.legislation import service as legislation
from app.legislation.schemas import OneParams, PendingParams
from app.pledges import service as pledges
from app.settings import Settings
from app.totals.schemas import ChangesParams, TotalsParams
from app.wire import StrictRoute, etag, is_fresh, not_modified, to_json

_NO_CACHE: Final = {"Cache-Control": "no-cache"}
router: Final = APIRouter(prefix="/v1/cite", tags=["exports"], route_class=StrictRoute)


class CiteParams(TotalsParams):
    """The query string of a citation: that of the figure."""

    of: Literal["totals"] = Field("totals", description="What is cited.")


class CitationOut(BaseModel):
    """A citation: the figure then and now."""

    address: str = Field(description="The permanent address, without its host.")
    of: str = Field(description="totals, changes, pending, pledge or legislative_request.")
    question: dict[str, str] = Field(description="All that the answer depends on.")
    title: str
    citation: str = Field(description="For a footnote.")
    then: dict[str, Any] = Field(
        description="The `total` and `data` that are cited, and of which state."
    )
    now: dict[str, Any] = Field(description="The same question now.")
    difference: str | None = Field(
        description="What was added since; null over several currencies, and of unknown amounts."
    )
    links: dict[str, str]


@router.get("", response_model=CitationOut, summary="Cite a total")
def cite_totals(
    request: Request,
    params: Annotated[CiteParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """Give a figure a permanent address, which shows what it was and what it is."""
    return _cite(request, session, TOTALS, params, params.as_of)


@router.get("/changes", response_model=CitationOut, summary="Cite what made a total change")
def cite_changes(
    request: Request,
    params: Annotated[ChangesParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The change from one state to a later one; now, it is the change from the same state to the last one."""
    return _cite(request, session, CHANGES, params, params.to)


@router.get(
    "/legislative-requests/pending", response_model=CitationOut, summary="Cite what is pending"
)
def cite_pending_amounts(
    request: Request,
    params: Annotated[PendingParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """What parliaments had still to decide; without `on`, it is about the day of the citation, and now about today."""
    return _cite(request, session, PENDING, params, params.as_of)


@router.get("/pledges/{pledge_id}", response_model=CitationOut, summary="Cite a pledge")
def cite_pledge(
    request: Request,
    pledge_id: str,
    session: ReadSessionDep,
    _caller: Reader,
    as_of: AsOfParam = None,
) -> Response:
    """The amounts of one pledge, by id or by reference: what was promised and what stands at each stage."""
    name, snapshot = read_pledge_name(pledge_id), snapshot_of(request, session, as_of)
    found = pledges.get_pledge(session, name, snapshot)
    return _cite(request, session, PLEDGE, PledgeParams(id=found.pledge.id), as_of)


@router.get(
    "/legislative-requests/{request_id}",
    response_model=CitationOut,
    summary="Cite a legislative request",
)
def cite_legislative_request(
    request: Request,
    request_id: str,
    params: Annotated[OneParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """One request, by id or by reference: its state, what it asks for, and what became of each line."""
    name, snapshot = read_request_name(request_id), snapshot_of(request, session, params.as_of)
    found = legislation.get_request(session, name, snapshot)
    asked = RequestParams(id=found.request.id, **params.model_dump())
    return _cite(request, session, REQUEST, asked, params.as_of)


@router.get("/{token}.bib", response_class=Response, summary="A citation for BibTeX")
def get_citation_as_bibtex(
    request: Request, token: str, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The figure as it was cited, for BibTeX."""
    cited = _read(request, session, token)
    return Response(to_bibtex(cited, _host(request)), 200, _NO_CACHE, BIBTEX)


@router.get("/{token}.csl.json", response_class=Response, summary="A citation as CSL-JSON")
def get_citation_as_csl(
    request: Request, token: str, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The figure as it was cited, for Zotero, pandoc and others that read CSL-JSON."""
    cited = _read(request, session, token)
    return Response(to_json(to_csl(cited, _host(request))), 200, _NO_CACHE, CSL)


@router.get("/{token}", response_model=CitationOut, summary="Visit a citation")
def get_citation(
    request: Request, token: str, session: ReadSessionDep, _caller: Reader
) -> Response:
    """The figure as it was cited, and the same question now."""
    return _answer(request, session, _read(request, session, token))


def _cite(
    request: Request, session: ReadSession, kind: Citable[P], params: P, named: str | None
) -> Response:
    """Cite a figure for the first time, at the moment that is named or at present."""
    kind.check(params, get_clock(request).today())
    moves = kind.follows_today(params)
    at = _moment(request, session, moves=moves) if named is None else named
    question = kind.ask(params, at)
    then, now = _states(request, session, question.at, kind.since(params))
    return _answer(request, session, cite(session, question, then, now))


def _moment(request: Request, session: ReadSession, *, moves: bool) -> str:
    """The present as a moment whose answers stay the same for ever.

    The last revision, unless rates were loaded since: as of that revision they are not known yet, and the figure that
    is cited would not be the one that is shown. Then it is this instant; and also where the figure moves from one
    day to the next and the revision is of an earlier one.
    """
    clock = get_clock(request)
    now = snapshot_of(request, session, None)
    named = pinned_snapshot(request, session, now.revision)
    is_same_day = not moves or named.day == clock.today()
    if is_same_day and fx.describe_state(session, named) == fx.describe_state(session, now):
        return str(now.revision)
    return format_instant(clock.now())


def _states(
    request: Request, session: ReadSession, at: str, since: str | None
) -> tuple[State, State]:
    """What a question is put to: the state of its moment, and the last one."""
    today = get_clock(request).today()
    if since is None:
        earlier, then = None, snapshot_of(request, session, at)
    else:
        earlier, then = snapshots_of(request, session, since, at)
    now = snapshot_of(request, session, None)
    return State(then, today, earlier), State(now, today, earlier)


def _read(request: Request, session: ReadSession, token: str) -> Cited:
    """The citation at a permanent address.

    Raises:
        NotFoundError: it is no address that we gave.
        CitationDiffersError: its figure is not the one that was cited.
    """
    question, expected = read_token(token)
    kind = kind_of(question)
    params = kind.read(question)
    try:
        kind.check(params, get_clock(request).today())
    except InvalidError:
        raise unknown() from None
    try:
        then, now = _states(request, session, question.at, kind.since(params))
    except InvalidError:
        # This ledger has not come so far, so it is another one's.
        raise CitationDiffersError from None
    return cite(session, question, then, now, expected=expected)


def _answer(request: Request, session: ReadSession, cited: Cited) -> Response:
    revision = cited.now["meta"]["revision"]
    state = fx.describe_state(session, snapshot_of(request, session, None))
    # Today moves without a revision.
    today = get_clock(request).today()
    tag = etag(request, revision, beside=f"{cited.token} {state} {today}")
    if is_fresh(request, tag):
        return not_modified(tag)
    body = {
        "address": cited.address,
        "of": cited.question.of,
        "question": dict(cited.question.query),
        "title": cited.title,
        "citation": to_text(cited, _host(request)),
        "then": _shown(cited.then),
        "now": _shown(cited.now),
        "difference": cited.difference,
        "links": cited.links(),
    }
    return Response(to_json(body), 200, {"ETag": tag, **_NO_CACHE}, "application/json")


def _shown(answer: Answer) -> dict[str, Any]:
    meta = answer["meta"]
    state = {name: meta[name] for name in ("revision", "as_of", "checkpoint", "on") if name in meta}
    return {"total": answer["total"], "data": answer["data"], **state}


def _host(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.public_url

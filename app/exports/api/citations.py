"""``/v1/cite``: a permanent address for a figure, with what it is now beside what it was then."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.access.deps import Reader
from app.db import ReadSession
from app.deps import ReadSessionDep, get_clock
from app.exports.citing.errors import CitationDiffersError
from app.exports.citing.figures import Answer, Cited, cite, params_of, question_of
from app.exports.citing.references import BIBTEX, CSL, to_bibtex, to_csl, to_text
from app.exports.citing.tokens import read_token
from app.fx import service as fx
from app.journal.deps import pinned_snapshot, snapshot_of
from app.kernel.clock import format_instant
from app.kernel.errors import InvalidError, NotFoundError
from app.settings import Settings
from app.totals.schemas import TotalsParams
from app.wire import StrictRoute, etag, is_fresh, not_modified, to_json

_NO_CACHE: Final = {"Cache-Control": "no-cache"}
router: Final = APIRouter(prefix="/v1/cite", tags=["exports"], route_class=StrictRoute)


class CiteParams(TotalsParams):
    """The query string of a citation: that of the figure."""

    of: Literal["totals"] = Field("totals", description="What is cited.")


class CitationOut(BaseModel):
    """A citation: the figure then and now."""

    address: str = Field(description="The permanent address, without its host.")
    of: str
    question: dict[str, str] = Field(description="All that the answer depends on.")
    title: str
    citation: str = Field(description="For a footnote.")
    then: dict[str, Any] = Field(
        description="The `total` and `data` that are cited, and of which state."
    )
    now: dict[str, Any] = Field(description="The same question now.")
    difference: str | None = Field(
        description="What was added since; null over several currencies."
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
    params.to_query()
    at = _moment(request, session) if params.as_of is None else params.as_of
    question = question_of(params, at)
    then = snapshot_of(request, session, question.at)
    now = snapshot_of(request, session, None)
    return _answer(request, session, cite(session, question, then, now))


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


def _moment(request: Request, session: ReadSession) -> str:
    """The present as a moment whose answers stay the same for ever.

    The last revision, unless rates were loaded since: as of that revision they are not known yet, and the figure that
    is cited would not be the one that is shown. Then it is this instant.
    """
    now = snapshot_of(request, session, None)
    named = pinned_snapshot(request, session, now.revision)
    if fx.describe_state(session, named) == fx.describe_state(session, now):
        return str(now.revision)
    return format_instant(get_clock(request).now())


def _read(request: Request, session: ReadSession, token: str) -> Cited:
    """The citation at a permanent address.

    Raises:
        NotFoundError: it is no address that we gave.
        CitationDiffersError: its figure is not the one that was cited.
    """
    question, expected = read_token(token)
    try:
        params_of(question).to_query()
    except InvalidError:
        raise NotFoundError("There is no such citation.") from None
    try:
        then = snapshot_of(request, session, question.at)
    except InvalidError:
        # This ledger has not come so far, so it is another one's.
        raise CitationDiffersError from None
    return cite(session, question, then, snapshot_of(request, session, None), expected=expected)


def _answer(request: Request, session: ReadSession, cited: Cited) -> Response:
    revision = cited.now["meta"]["revision"]
    state = fx.describe_state(session, snapshot_of(request, session, None))
    tag = etag(request, revision, beside=f"{cited.token} {state}")
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
    state = {name: meta[name] for name in ("revision", "as_of", "checkpoint") if name in meta}
    return {"total": answer["total"], "data": answer["data"], **state}


def _host(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.public_url

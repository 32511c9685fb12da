"""``/verify``: what was signed last, what it proves, and a check of any entry."""

from typing import Any, Final

from fastapi import APIRouter, Response

from app.journal.domain import Snapshot
from app.web.answers import answer
from app.web.deps import VisitDep
from app.web.views import verify
from app.web.views.filters import View

router: Final = APIRouter()


@router.get("/verify")
def show_verify(visit: VisitDep) -> Response:
    """The newest checkpoint, and the proof of the entry that ``?entry=`` names."""
    view = View.read("/verify", visit.request.query_params, verify.NAMES)
    signed = verify.find_checkpoint(visit.session)

    def build(snapshot: Snapshot) -> dict[str, Any]:
        return {
            "checkpoint": verify.tell_checkpoint(signed, snapshot) if signed else None,
            "check": verify.check_entry(visit.session, view, signed, snapshot),
            "revision": snapshot.revision,
        }

    # Signing makes no revision.
    return answer(visit, "verify.html", view, build, beside=signed.note if signed else "")

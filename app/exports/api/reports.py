"""``/v1/reports/{name}.xlsx``, its checksum at ``.xlsx.sha256``, and orders at ``/v1/reports/{name}/jobs``."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from app.access.deps import Reader
from app.db import Database, ReadSession
from app.deps import get_clock, get_database
from app.exports import asking, schemas
from app.exports.api.answers import ledger_headers
from app.exports.api.jobs import LATER, take_order
from app.exports.asked import AskedReport, unheeded
from app.exports.shelf import ExportShelf
from app.journal.deps import snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.kernel.clock import Clock
from app.legislation.schemas import PendingFilterParams
from app.wire import StrictRoute, etag, is_fresh, not_modified
from reports.kit.workbook import MEDIA_TYPE as XLSX

router: Final = APIRouter(prefix="/v1/reports", tags=["exports"], route_class=StrictRoute)
_OF_CHECKSUMS: Final = (
    "The line that `sha256sum --check` reads. Name `as_of` in both calls, so that both are about one"
    " revision."
)
_OF_ORDERS: Final = (
    "Have it made and kept for a day; the same order again is the same job."
    " `Prefer: respond-async` does not wait."
)


@dataclass(frozen=True, slots=True)
class _Sight:
    """The ledger of this application, at the moments that a call names."""

    request: Request

    @property
    def database(self) -> Database:
        return get_database(self.request)

    @property
    def clock(self) -> Clock:
        return get_clock(self.request)

    def read_snapshot(self, session: ReadSession, as_of: str | None) -> Snapshot:
        return snapshot_of(self.request, session, as_of)

    def read_snapshots(
        self, session: ReadSession, first: str, last: str | None
    ) -> tuple[Snapshot, Snapshot]:
        return snapshots_of(self.request, session, first, last)


# What each address takes; the caller first, so that nobody else has anything read.


def _summary(
    request: Request, _caller: Reader, params: Annotated[schemas.SummaryParams, Query()]
) -> AskedReport:
    return asking.ask_summary(_Sight(request), params)


def _timeline(
    request: Request, _caller: Reader, params: Annotated[schemas.TimelineParams, Query()]
) -> AskedReport:
    return asking.ask_timeline(_Sight(request), params)


def _donor(
    request: Request, _caller: Reader, params: Annotated[schemas.DonorParams, Query()]
) -> AskedReport:
    return asking.ask_donor(_Sight(request), params)


def _changes(
    request: Request, _caller: Reader, params: Annotated[schemas.ChangesReportParams, Query()]
) -> AskedReport:
    return asking.ask_changes(_Sight(request), params)


def _legislation(
    request: Request, _caller: Reader, params: Annotated[PendingFilterParams, Query()]
) -> AskedReport:
    return asking.ask_legislation(_Sight(request), params)


def _pledges(
    request: Request, _caller: Reader, params: Annotated[schemas.PledgesReportParams, Query()]
) -> AskedReport:
    return asking.ask_pledges(_Sight(request), params)


def _journal(
    request: Request, _caller: Reader, params: Annotated[schemas.JournalReportParams, Query()]
) -> AskedReport:
    return asking.ask_journal(_Sight(request), params)


def _add(name: str, asked: Any, title: str, about: str) -> None:
    """A report's three addresses: the workbook, its checksum, and orders.

    Args:
        name: in the addresses.
        asked: the dependency that reads what is asked for.
        title: what the workbook is called within a sentence.
        about: what it shows, in a sentence.
    """

    def get_file(request: Request, report: AskedReport = asked) -> Response:
        return _answer_file(request, report)

    def get_checksum(request: Request, report: AskedReport = asked) -> Response:
        return _answer_checksum(request, report)

    async def order(request: Request, report: AskedReport = asked) -> Response:
        return await take_order(request, report)

    router.add_api_route(
        f"/{name}.xlsx",
        get_file,
        name=f"get_{name}_report",
        summary=title[0].upper() + title[1:],
        description=f"{about} Rows and revision stand in the headers.",
        response_class=StreamingResponse,
    )
    router.add_api_route(
        f"/{name}.xlsx.sha256",
        get_checksum,
        name=f"get_{name}_checksum",
        summary=f"The checksum of {title}",
        description=_OF_CHECKSUMS,
        response_class=PlainTextResponse,
    )
    router.add_api_route(
        f"/{name}/jobs",
        order,
        methods=["POST"],
        name=f"order_{name}_report",
        summary=f"Order {title}",
        description=_OF_ORDERS,
        response_model=schemas.ReportJobOut,
        responses=LATER,
    )


def _answer_file(request: Request, report: AskedReport) -> Response:
    tag = _tag(request, report)
    if is_fresh(request, tag):
        return not_modified(tag)
    book = report.make(unheeded)
    headers = _headers(report, tag, book.count)
    headers["Content-Disposition"] = f'attachment; filename="{report.file_name}"'
    return StreamingResponse(shelf_of(request).send(report, book), 200, headers, XLSX)


def _answer_checksum(request: Request, report: AskedReport) -> Response:
    tag = _tag(request, report)
    if is_fresh(request, tag):
        return not_modified(tag)
    found = shelf_of(request).checksum(report)
    line = f"{found.sha256}  {report.file_name}\n"
    return PlainTextResponse(line, 200, _headers(report, tag, found.rows))


_add(
    "summary",
    Depends(_summary),
    "the summary workbook",
    "Totals by donor and stage, commitments over time, every pledge, and pending requests, for Excel.",
)
_add(
    "timeline",
    Depends(_timeline),
    "the workbook of aid over time",
    "One stage by month, quarter and year, in each period and running, for Excel.",
)
_add(
    "donor",
    Depends(_donor),
    "the workbook on one donor",
    "A donor's totals, its commitments over time, every pledge, its requests and the latest changes, for Excel.",
)
_add(
    "changes",
    Depends(_changes),
    "the workbook on what changed",
    "A total at two revisions side by side, by donor, and what led from one to the other, for Excel.",
)
_add(
    "legislation",
    Depends(_legislation),
    "the legislation workbook",
    "What is pending, every request with its age, its timeline, what became of it, and its lines, for Excel.",
)
_add(
    "pledges",
    Depends(_pledges),
    "the workbook of pledges",
    "Every pledge with all that is known of it, its stages converted; sent while it is made.",
)
_add(
    "journal",
    Depends(_journal),
    "the workbook of the journal",
    "Every entry: when, who, what, why, and its hash; sent while it is made.",
)


def shelf_of(request: Request) -> ExportShelf:
    """What this process keeps for its exports."""
    shelf: ExportShelf = request.app.state.exports
    return shelf


def _tag(request: Request, report: AskedReport) -> str:
    return etag(request, report.snapshot.revision, beside=report.depends_on)


def _headers(report: AskedReport, tag: str, rows: int) -> dict[str, str]:
    """How many rows there will be is known before the first: whoever counts fewer has less than all."""
    return {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Aid-Ledger-Rows": str(rows),
        **ledger_headers(report.snapshot),
    }

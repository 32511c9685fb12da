"""The twins of lists and figures: the same table in every format, by the suffix of the address.

``/v1/totals.csv``, ``.ndjson``, ``.parquet`` and ``.zip`` hold the same rows in the same columns. ``.json`` is what the
address without a suffix answers; of a list that comes in pages, all of them in one.
"""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from app.access.deps import Reader
from app.deps import ClockDep, ReadSessionDep, get_database
from app.exports import twins
from app.exports.api.answers import answer_table
from app.exports.api.names import read_pledge_name, read_request_name
from app.exports.formats import Format
from app.exports.parquet import demand_parquet
from app.exports.twins import Twin
from app.fx import service as fx
from app.fx.schemas import RatesParams
from app.journal.deps import After, Most, SnapshotDep, snapshot_of, snapshots_of
from app.journal.domain import Snapshot
from app.kernel.ids import parse_id
from app.legislation import service as legislation
from app.legislation.schemas import ListParams, PendingParams
from app.pledges import service as pledges
from app.pledges.schemas import PledgeListParams
from app.totals.schemas import ChangesParams, TotalsParams
from app.wire import StrictRoute, etag, is_fresh, not_modified


class FormatConvertor(StringConvertor):
    """Takes the suffixes that tables have, so that any other leads nowhere."""

    regex = "|".join(Format)


class OtherFormatConvertor(StringConvertor):
    """Leaves NDJSON to the feed of the journal, whose lines are the entries byte for byte."""

    regex = "|".join(one for one in Format if one is not Format.NDJSON)


register_url_convertor("table", FormatConvertor())
register_url_convertor("table_beside_feed", OtherFormatConvertor())
SUFFIX: Final = ".{suffix:table}"
_BESIDE_FEED: Final = ".{suffix:table_beside_feed}"
SUFFIXES: Final = (SUFFIX, _BESIDE_FEED)
router: Final = APIRouter(prefix="/v1", tags=["exports"], route_class=StrictRoute)
_DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The table.",
        "content": {
            one.media_type.partition(";")[0]: {"schema": {"type": "string"}} for one in Format
        },
    }
}


# Asynchronous, because the framework would take a thread from its pool for a plain function.
async def _read_format(
    suffix: Annotated[Format, Path(description="The format of the table.")],
) -> Format:
    if suffix is Format.PARQUET:
        demand_parquet()
    return suffix


Wanted = Annotated[Format, Depends(_read_format)]
_table: Final = partial(router.get, response_class=Response, responses=_DESCRIBED)


@_table("/totals" + SUFFIX, summary="Totals as a table")
def get_totals_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[TotalsParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/totals`, with measure and currency beside each figure."""
    params.to_query()
    snapshot = snapshot_of(request, session, params.as_of)
    explained = wanted is Format.JSON
    return _answer(
        request,
        wanted,
        snapshot,
        lambda: twins.totals_twin(session, params, snapshot, explained=explained),
        beside=fx.describe_state(session, snapshot),
    )


@_table("/changes" + SUFFIX, summary="What made a total change, as a table")
def get_changes_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[ChangesParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/changes`, with measure and currency beside each figure."""
    params.to_query()
    earlier, later = snapshots_of(request, session, params.from_, params.to)
    return _answer(
        request,
        wanted,
        later,
        lambda: twins.changes_twin(session, params, earlier, later),
        beside=fx.describe_state(session, later),
    )


@_table("/donors" + SUFFIX, summary="Donors as a table")
def get_donors_table(
    request: Request,
    wanted: Wanted,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/donors`."""
    return _answer(request, wanted, snapshot, lambda: twins.donors_twin(session, snapshot))


@_table("/pledges" + SUFFIX, summary="Pledges as a table")
def get_pledges_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[PledgeListParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """All pledges that match, whatever `limit` says, streamed."""
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    return _answer(
        request,
        wanted,
        snapshot,
        lambda: twins.pledges_twin(get_database(request), params, snapshot),
    )


@_table("/legislative-requests" + SUFFIX, summary="Legislative requests as a table")
def get_legislative_requests_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[ListParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """All requests that match, whatever `limit` says, streamed."""
    today = clock.today()
    params.to_filters(today)
    snapshot = snapshot_of(request, session, params.as_of)
    return _answer(
        request,
        wanted,
        snapshot,
        lambda: twins.requests_twin(get_database(request), params, snapshot, today),
    )


@_table("/legislative-requests/pending" + SUFFIX, summary="Pending amounts as a table")
def get_pending_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[PendingParams, Query()],
    session: ReadSessionDep,
    clock: ClockDep,
    _caller: Reader,
) -> Response:
    """The rows of `/v1/legislative-requests/pending`, each with its day and its currency."""
    snapshot = snapshot_of(request, session, params.as_of)
    on = params.to_query(clock.today(), snapshot.day).on
    beside = f"{on} {fx.describe_state(session, snapshot)}"
    return _answer(
        request,
        wanted,
        snapshot,
        lambda: twins.pending_twin(session, params, snapshot, clock.today()),
        beside=beside,
    )


@_table("/fx/rates" + SUFFIX, summary="Exchange rates as a table")
def get_rates_table(
    request: Request,
    wanted: Wanted,
    params: Annotated[RatesParams, Query()],
    session: ReadSessionDep,
    _caller: Reader,
) -> Response:
    """All rates that match, whatever `limit` says, streamed."""
    params.to_filters()
    snapshot = snapshot_of(request, session, params.as_of)
    return _answer(
        request,
        wanted,
        snapshot,
        lambda: twins.rates_twin(get_database(request), session, params, snapshot),
        beside=fx.describe_state(session, snapshot),
    )


@_table("/entries" + _BESIDE_FEED, summary="The journal as a table")
def get_entries_table(
    request: Request,
    wanted: Wanted,
    snapshot: SnapshotDep,
    _caller: Reader,
    after: After = 0,
    limit: Most = None,
) -> Response:
    """Every entry behind a revision with what it says, streamed; as NDJSON it is the feed of the journal."""
    database = get_database(request)
    return _answer(
        request, wanted, snapshot, lambda: twins.entries_twin(database, snapshot, after, limit)
    )


@_table("/pledges/{pledge_id}/history" + SUFFIX, summary="A pledge's history as a table")
def get_pledge_history_table(
    request: Request,
    pledge_id: str,
    wanted: Wanted,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry, a row for each field that it changed."""
    record = pledges.get_pledge(session, read_pledge_name(pledge_id), snapshot).pledge.id

    def open_twin() -> Twin:
        items = pledges.list_history(session, record, snapshot)
        return twins.history_twin("pledge", record, items, snapshot)

    return _answer(request, wanted, snapshot, open_twin)


@_table(
    "/legislative-requests/{request_id}/history" + SUFFIX,
    summary="A legislative request's history as a table",
)
def get_legislative_history_table(
    request: Request,
    request_id: str,
    wanted: Wanted,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry, a row for each field that it changed."""
    record = legislation.get_request(session, read_request_name(request_id), snapshot).request.id

    def open_twin() -> Twin:
        items = legislation.list_history(session, record, snapshot)
        return twins.history_twin("legislative-request", record, items, snapshot)

    return _answer(request, wanted, snapshot, open_twin)


@_table("/vehicles/{vehicle_id}/history" + SUFFIX, summary="A vehicle's history as a table")
def get_vehicle_history_table(
    request: Request,
    vehicle_id: str,
    wanted: Wanted,
    session: ReadSessionDep,
    snapshot: SnapshotDep,
    _caller: Reader,
) -> Response:
    """Every entry, a row for each field that it changed."""
    record = parse_id(vehicle_id, "vehicle")
    items = legislation.list_vehicle_history(session, record, snapshot)
    return _answer(
        request, wanted, snapshot, lambda: twins.history_twin("vehicle", record, items, snapshot)
    )


def _answer(
    request: Request,
    wanted: Format,
    snapshot: Snapshot,
    open_twin: Callable[[], Twin],
    *,
    beside: str = "",
) -> Response:
    """The table of a snapshot, read only where the caller does not hold it; ``beside`` moves without a revision."""
    tag = etag(request, snapshot.revision, beside=beside)
    if is_fresh(request, tag):
        return not_modified(tag)
    return answer_table(request, tag, open_twin(), wanted)

"""Every SQL statement of the imports room."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_

from app.db import ReadSession, WriteSession, insert_rows, table_of
from app.imports.domain.proposals import Outcome
from app.imports.domain.runs import ImportOrder, ImportResult, ImportRun, State
from app.imports.tables import ImportLinkRow, ImportRunRow

Links = Mapping[tuple[str, str], UUID]
_RUN = table_of(ImportRunRow)
_LINK = table_of(ImportLinkRow)
# All but the report, which may be large.
_SHOWN: Final = tuple(column for column in _RUN.c if column.name != "report")
After = tuple[datetime, UUID]
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500
# A dry run is never kept.
_ORDER_COLUMNS: Final = (
    "file_name", "actor", "layout", "label", "coverage", "retrieved_on", "skip_bad_rows", "withdraw_missing",
)  # fmt: skip


def insert_run(session: WriteSession, run: ImportRun, report: bytes) -> None:
    """Keep what was imported, and its packed report."""
    result = run.result
    order = {name: getattr(run.order, name) for name in _ORDER_COLUMNS}
    session.execute(
        insert(_RUN).values(
            {
                **order,
                "id": run.id,
                "started_at": run.started_at,
                "sha256": run.sha256,
                "size": run.size,
                "layout": result.layout,
                "finished_at": result.finished_at,
                "state": result.state.value,
                "first_revision": result.first_revision,
                "last_revision": result.last_revision,
                "counts": json.dumps(dict(result.counts)),
                "report": report,
            }
        )
    )


def find_recorded(session: ReadSession, sha256: str, layout: str) -> ImportRun | None:
    """The first import that has recorded all of a file of these bytes in this layout."""
    statement = (
        select(*_SHOWN)
        .where(_RUN.c.sha256 == sha256, _RUN.c.layout == layout)
        .where(_RUN.c.state == State.RECORDED.value)
        .order_by(_RUN.c.started_at)
    )
    runs = map(_run, session.execute(statement))
    return next((one for one in runs if _is_whole(one)), None)


def find_run(session: ReadSession, run_id: UUID) -> ImportRun | None:
    """One import."""
    row = session.execute(select(*_SHOWN).where(_RUN.c.id == run_id)).one_or_none()
    return _run(row) if row else None


def find_report(session: ReadSession, run_id: UUID) -> bytes | None:
    """The packed report of one import."""
    return session.execute(select(_RUN.c.report).where(_RUN.c.id == run_id)).scalar_one_or_none()


def list_runs(session: ReadSession, after: After | None, limit: int) -> list[ImportRun]:
    """Imports, the newest first, from behind a place."""
    statement = select(*_SHOWN).order_by(_RUN.c.started_at.desc(), _RUN.c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(_RUN.c.started_at, _RUN.c.id) < after)
    return [*map(_run, session.execute(statement))]


def find_links(session: ReadSession, series: str, external_ids: Collection[str]) -> dict[str, UUID]:
    """The pledges that these external ids mean."""
    found: dict[str, UUID] = {}
    ids = list(external_ids)
    for start in range(0, len(ids), _CHUNK):
        statement = select(_LINK.c.external_id, _LINK.c.pledge_id).where(
            _LINK.c.series == series, _LINK.c.external_id.in_(ids[start : start + _CHUNK])
        )
        found.update({row.external_id: row.pledge_id for row in session.execute(statement)})
    return found


def iter_links(session: ReadSession, series: str) -> Iterator[tuple[str, UUID]]:
    """All external ids of a series, with their pledges."""
    statement = select(_LINK.c.external_id, _LINK.c.pledge_id).where(_LINK.c.series == series)
    for row in session.execute(statement.order_by(_LINK.c.external_id)):
        yield row.external_id, row.pledge_id


def insert_links(session: WriteSession, import_id: UUID, links: Links) -> None:
    """Keep which pledges these external ids mean, by series and id."""
    rows = [
        {
            "series": series,
            "external_id": external_id,
            "pledge_id": pledge_id,
            "import_id": import_id,
        }
        for (series, external_id), pledge_id in links.items()
    ]
    if rows:
        insert_rows(session, _LINK, rows)


def _run(row: Row[Any]) -> ImportRun:
    result = ImportResult(
        finished_at=row.finished_at,
        state=State(row.state),
        layout=row.layout,
        first_revision=row.first_revision,
        last_revision=row.last_revision,
        counts=json.loads(row.counts),
    )
    return ImportRun(
        id=row.id,
        started_at=row.started_at,
        order=ImportOrder(**{name: getattr(row, name) for name in _ORDER_COLUMNS}),
        sha256=row.sha256,
        size=row.size,
        result=result,
    )


def _is_whole(run: ImportRun) -> bool:
    """Whether no row of the file was left out."""
    return not any(run.result.counts[one.value] for one in (Outcome.REFUSED, Outcome.STALE))

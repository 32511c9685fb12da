"""Every SQL statement of the imports room."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, delete, insert, or_, select

from app.db import ReadSession, WriteSession, insert_rows, table_of
from app.imports.domain.proposals import Outcome
from app.imports.domain.runs import ImportOrder, ImportResult, ImportRun, State
from app.imports.tables import ImportFileRow, ImportLinkRow, ImportResultRow, ImportRunRow

_RUN = table_of(ImportRunRow)
_RESULT = table_of(ImportResultRow)
_LINK = table_of(ImportLinkRow)
_FILE = table_of(ImportFileRow)
# Both engines limit how many values one statement may bind.
_CHUNK: Final = 500
_RESULT_COLUMNS: Final = (
    _RESULT.c.finished_at, _RESULT.c.state, _RESULT.c.layout.label("found_layout"), _RESULT.c.first_revision,
    _RESULT.c.last_revision, _RESULT.c.counts,
)  # fmt: skip
_ORDER_COLUMNS: Final = (
    "file_name", "actor", "layout", "label", "coverage", "retrieved_on", "dry_run", "skip_bad_rows",
    "withdraw_missing",
)  # fmt: skip


def insert_run(session: WriteSession, run: ImportRun) -> None:
    """Keep that a file was sent."""
    session.execute(
        insert(_RUN).values(
            id=run.id,
            started_at=run.started_at,
            sha256=run.sha256,
            size=run.size,
            **asdict(run.order),
        )
    )


def insert_result(
    session: WriteSession, import_id: UUID, result: ImportResult, report: bytes
) -> None:
    """Keep what became of it."""
    session.execute(
        insert(_RESULT).values(
            import_id=import_id,
            finished_at=result.finished_at,
            state=result.state.value,
            layout=result.layout,
            first_revision=result.first_revision,
            last_revision=result.last_revision,
            counts=json.dumps(dict(result.counts)),
            report=report,
        )
    )


def find_run(session: ReadSession, import_id: UUID) -> ImportRun | None:
    """One import."""
    row = session.execute(_select_runs().where(_RUN.c.id == import_id)).one_or_none()
    return _run(row) if row else None


def list_runs(
    session: ReadSession, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[ImportRun]:
    """Imports, the newest first, from behind ``after``."""
    columns = _RUN.c
    statement = _select_runs().order_by(columns.started_at.desc(), columns.id.desc()).limit(limit)
    if after is not None:
        started_at, import_id = after
        statement = statement.where(
            or_(
                columns.started_at < started_at,
                and_(columns.started_at == started_at, columns.id < import_id),
            )
        )
    return [_run(row) for row in session.execute(statement)]


def find_recorded(session: ReadSession, sha256: str, layout: str) -> ImportRun | None:
    """The import that has recorded all of a file of these bytes in this layout."""
    statement = (
        _select_runs()
        .where(_RUN.c.sha256 == sha256, _RESULT.c.layout == layout)
        .where(_RESULT.c.state == State.RECORDED.value)
        .order_by(_RUN.c.started_at)
    )
    runs = map(_run, session.execute(statement))
    return next((one for one in runs if _is_whole(one)), None)


def find_report(session: ReadSession, import_id: UUID) -> bytes | None:
    """The packed report of an import that is finished."""
    statement = select(_RESULT.c.report).where(_RESULT.c.import_id == import_id)
    return session.execute(statement).scalar_one_or_none()


def keep_file(session: WriteSession, import_id: UUID, content: bytes, now: datetime) -> None:
    """Keep the bytes of a file for a while."""
    session.execute(insert(_FILE).values(import_id=import_id, kept_since=now, content=content))


def find_file(session: ReadSession, import_id: UUID) -> bytes | None:
    """The bytes of a file, where they are still kept."""
    statement = select(_FILE.c.content).where(_FILE.c.import_id == import_id)
    return session.execute(statement).scalar_one_or_none()


def drop_files(session: WriteSession, *, before: datetime) -> None:
    """Forget the files that have been kept for long enough."""
    session.execute(delete(_FILE).where(_FILE.c.kept_since < before))


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


def insert_links(
    session: WriteSession, series: str, import_id: UUID, links: Mapping[str, UUID]
) -> None:
    """Keep which pledges these external ids mean."""
    rows = [
        {
            "series": series,
            "external_id": external_id,
            "pledge_id": pledge_id,
            "import_id": import_id,
        }
        for external_id, pledge_id in links.items()
    ]
    if rows:
        insert_rows(session, _LINK, rows)


def _select_runs() -> Select[Any]:
    joined = _RUN.outerjoin(_RESULT, _RESULT.c.import_id == _RUN.c.id)
    return select(_RUN, *_RESULT_COLUMNS).select_from(joined)


def _run(row: Row[Any]) -> ImportRun:
    result = None
    if row.state is not None:
        result = ImportResult(
            finished_at=row.finished_at,
            state=State(row.state),
            layout=row.found_layout,
            first_revision=row.first_revision,
            last_revision=row.last_revision,
            counts=json.loads(row.counts),
        )
    order = ImportOrder(**{name: getattr(row, name) for name in _ORDER_COLUMNS})
    return ImportRun(
        id=row.id,
        started_at=row.started_at,
        order=order,
        sha256=row.sha256,
        size=row.size,
        result=result,
    )


def _is_whole(run: ImportRun) -> bool:
    """Whether no row of the file was left out."""
    counts = run.result.counts if run.result else {}
    return not any(counts.get(one.value) for one in (Outcome.REFUSED, Outcome.STALE))

"""All SQL on exchange rates."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, String, cast, func, insert, select

from app.db import ReadSession, WriteSession
from app.fx.domain import YARDSTICK
from app.fx.tables import FxRateRow, RateLoadRow


def find_last_day(session: ReadSession) -> date | None:
    """The last day of all rates; ``None`` when there is no rate."""
    last = select(func.max(FxRateRow.on_day)).where(FxRateRow.currency == YARDSTICK)
    return session.scalar(last)


def find_last_day_known(session: ReadSession, revision: int) -> date | None:
    """The last day of the rates that were known by a revision; ``None`` where no load is on record."""
    known = RateLoadRow.since_revision <= revision
    return session.scalar(select(func.max(RateLoadRow.last_day)).where(known))


def insert_load(session: WriteSession, last_day: date, since_revision: int) -> None:
    """Say since when the rates up to ``last_day`` are known."""
    session.execute(insert(RateLoadRow).values(last_day=last_day, since_revision=since_revision))


def select_series(
    session: ReadSession, currencies: Iterable[str], first: date, last: date
) -> dict[str, list[str]]:
    """By currency, its rates from ``first`` to ``last`` included, each as ``"2023-11-14 7.4580"``.

    A currency travels as one text: some thousand rates come in a few milliseconds, where a row for
    each of them takes five times as long (measured on both engines).
    """
    day_and_rate = cast(FxRateRow.on_day, String).concat(" ").concat(FxRateRow.rate)
    statement = (
        select(FxRateRow.currency, func.aggregate_strings(day_and_rate, ","))
        .where(FxRateRow.currency.in_(sorted(currencies)))
        .where(FxRateRow.on_day.between(first, last))
        .group_by(FxRateRow.currency)
    )
    return {currency: text.split(",") for currency, text in session.execute(statement)}


def insert_rates(session: WriteSession, rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Insert currency, ISO day, rate and source of each row, all in one go."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, rows)
    elif rows:
        connection.exec_driver_sql(
            "INSERT INTO fx_rate (currency, on_day, rate, source) VALUES (?, ?, ?, ?)", list(rows)
        )


def _copy(connection: Connection, rows: Iterable[tuple[str, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY fx_rate (currency, on_day, rate, source) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)

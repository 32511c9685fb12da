"""The wire of alerts: the query string, what is answered, and how it is written."""

from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kernel.canonical import Json
from app.kernel.findings import Collector
from app.kernel.page import DEFAULT_LIMIT, MAX_LIMIT
from app.legislation.domain.alerts import Alert, AlertQuery, Ceased, Rule
from app.legislation.domain.states import State
from app.legislation.schemas.queries import read_day, read_donor, read_several, reader_of

AS_OF: Final = "The ledger as it stood: a revision, or an instant with its zone."
ON: Final = "The day, at its end; by default today, or that of `as_of`."
KNOWN_ON: Final = (
    "What the public knew at the end of this day. By default the day of `as_of`, else all."
)
DONOR: Final = "Codes, such as `US,DE`."


class AlertParams(BaseModel):
    """The query string of alerts; the command line asks with the same words."""

    model_config = ConfigDict(extra="ignore")

    on: str | None = Field(None, description=ON)
    known_on: str | None = Field(None, description=KNOWN_ON)
    as_of: str | None = Field(None, description=AS_OF)
    donor: str | None = Field(None, description=DONOR)
    rule: str | None = Field(None, description="Rules, such as `no_action,session_ends`.")
    state: str | None = Field(None, description="States of the requests, such as `floor,passed`.")
    ceased: Literal["true", "false", "any"] = Field(
        "false", description="Alerts that stand no longer: none, only these, or all."
    )
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = None

    def to_query(self, today: date, usual_on: date | None = None) -> AlertQuery:
        """The query, read. Without ``on`` it is about ``usual_on``, the day of ``as_of``, or about today.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        on = collector.find(lambda text: read_day(text, today), "?on", self.on)
        known_on = collector.find(lambda text: read_day(text, today), "?known_on", self.known_on)
        query = AlertQuery(
            on=on or usual_on or today,
            known_on=known_on or usual_on,
            donors=read_several(collector, "?donor", self.donor, read_donor),
            rules=read_several(collector, "?rule", self.rule, reader_of(Rule)),
            states=read_several(collector, "?state", self.state, reader_of(State)),
            ceased=Ceased(self.ceased),
        )
        collector.finish()
        return query


class AlertOut(BaseModel):
    """That a rule found something in a request."""

    id: UUID = Field(description="The same cause has the same id, on any day.")
    rule: str
    severity: str = Field(description="`notice`, `warning` or `urgent`.")
    request_id: UUID
    reference: str
    donor: str
    title: str
    state: str | None = Field(description="Of the request on the day asked for.")
    sentence: str
    cause: dict[str, str] = Field(description="What brought it about, by name.")
    began_on: str
    ceased_on: str | None = Field(description="From when it stood no longer.")


class AlertPageOut(BaseModel):
    """A page of alerts, the newest first."""

    data: list[AlertOut]
    next_cursor: str | None
    meta: dict[str, Any]


def alert_json(alert: Alert) -> dict[str, Json]:
    """An alert as it is answered; its shape is ``AlertOut``."""
    request = alert.request
    return {
        "id": str(alert.id),
        "rule": alert.rule.value,
        "severity": alert.severity.value,
        "request_id": str(request.id),
        "reference": request.reference,
        "donor": request.donor,
        "title": request.title,
        "state": alert.state.value if alert.state else None,
        "sentence": alert.sentence,
        "cause": dict(alert.cause),
        "began_on": alert.began.isoformat(),
        "ceased_on": alert.ceased.isoformat() if alert.ceased else None,
    }

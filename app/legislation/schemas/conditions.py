"""The wire of what pledges wait for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.donors.domain import get_donor
from app.journal.domain import Snapshot
from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.dates import format_span
from app.kernel.findings import Collector
from app.legislation.domain import Condition, LegislativeRequest, Outcome
from app.legislation.schemas.queries import AS_OF, read_several


class DependencyParams(BaseModel):
    """The query string of the list of dependencies. Several values are separated by commas."""

    model_config = ConfigDict(extra="ignore")

    donor: str | None = Field(None, description="Codes of the requests' donors, such as `US,DE`.")
    outcome: str | None = Field(None, description="waiting, met, failed or review.")
    as_of: str | None = Field(None, description=AS_OF)

    def to_choice(self) -> Callable[[Condition], bool]:
        """Which conditions are asked for.

        Raises:
            InvalidError: everything that cannot be read.
        """
        collector = Collector()
        donors = read_several(collector, "?donor", self.donor, lambda one: get_donor(one).code)
        outcomes = read_several(
            collector, "?outcome", self.outcome, lambda one: read_choice(Outcome, one)
        )
        collector.finish()

        def is_asked_for(condition: Condition) -> bool:
            donor_fits = not donors or condition.request.donor in donors
            return donor_fits and (not outcomes or condition.outcome in outcomes)

        return is_asked_for


class AwaitedOut(BaseModel):
    """A request, or a line of it, that a pledge depends on."""

    request_id: UUID
    reference: str
    title: str
    line: str | None


class ConditionOut(BaseModel):
    """A dependency of a pledge, and what became of it."""

    pledge_id: UUID
    pledge: str | None = Field(description="Its reference.")
    dependency_id: UUID
    kind: str
    request: AwaitedOut
    awaits: AwaitedOut = Field(description="The request that carries it on, where that is another.")
    state: str | None
    days_pending: int | None
    outcome: str = Field(
        description="waiting; met: it is law; failed: it will not be; review: another request carries the"
        " need on, and nobody said in which line."
    )
    conditional: bool = Field(description="Whether it keeps the pledge out of firm totals.")
    on_fail: str
    due_on: str | None
    note: str | None


class ConditionsOut(BaseModel):
    """What pledges wait for. ``meta.on`` is the day that days are counted to."""

    data: list[ConditionOut]
    next_cursor: None
    meta: dict[str, Any]


class PledgeConditionsOut(ConditionsOut):
    """What one pledge waits for."""

    conditional: bool = Field(description="Whether the pledge is in no firm total.")


def conditions_json(
    conditions: Iterable[Condition], references: Mapping[UUID, str], on: date, snapshot: Snapshot
) -> dict[str, Any]:
    """Conditions as they are answered; ``references`` are those of their pledges."""
    return {
        "data": [_condition_json(one, references, on) for one in conditions],
        "next_cursor": None,
        "meta": {**snapshot.meta(), "on": on.isoformat()},
    }


def _condition_json(
    condition: Condition, references: Mapping[UUID, str], on: date
) -> dict[str, Json]:
    dependency, awaited = condition.dependency, condition.awaited
    return {
        "pledge_id": str(dependency.pledge_id),
        "pledge": references.get(dependency.pledge_id),
        "dependency_id": str(dependency.id),
        "kind": dependency.kind.value,
        "request": _awaited_json(condition.request, dependency.line),
        "awaits": _awaited_json(awaited.request, condition.line),
        "state": condition.state.value if condition.state else None,
        "days_pending": awaited.course().days_pending(on),
        "outcome": condition.outcome.value,
        "conditional": condition.keeps_from_firm,
        "on_fail": dependency.on_fail.value,
        "due_on": format_span(dependency.due) if dependency.due else None,
        "note": dependency.note,
    }


def _awaited_json(request: LegislativeRequest, line: str | None) -> dict[str, Json]:
    return {
        "request_id": str(request.id),
        "reference": request.reference,
        "title": request.title,
        "line": line,
    }

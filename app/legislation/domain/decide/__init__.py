"""The rules: what a command does to a legislative request or a vehicle, or why it is refused. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from app.legislation.domain.commands import (
    Alteration,
    AmendEnactedLine,
    AmendLegislativeRequest,
    Command,
    RecordAction,
    RecordDependency,
    RecordEnactment,
    RecordFunding,
    RecordLegislativeRequest,
    RecordRelation,
    WithdrawAction,
    WithdrawDependency,
    WithdrawEnactment,
    WithdrawFunding,
    WithdrawLegislativeRequest,
    WithdrawRelation,
)
from app.legislation.domain.decide import enactments, requests, ties
from app.legislation.domain.decide.changes import Change, VehicleChange
from app.legislation.domain.decide.enactments import open_lines
from app.legislation.domain.decide.ties import endings
from app.legislation.domain.decide.vehicles import decide_vehicle
from app.legislation.domain.model import LegislativeRequest
from app.legislation.errors import (
    AlreadyWithdrawnError,
    LegislativeRequestNotFoundError,
    VersionMovedError,
)

__all__ = ["Change", "VehicleChange", "decide", "decide_vehicle", "endings", "open_lines"]


def decide(state: LegislativeRequest | None, command: Command, today: date) -> Change:
    """What ``command`` does to ``state``.

    Args:
        state: the current version; ``None`` where there is no such request.
        command: what is asked for.
        today: the day on which it is asked for, UTC.

    Raises:
        InvalidError: values that cannot be accepted, each with its place.
        IllegalTransitionError: the state machine does not know the step.
        AlreadyWithdrawnError: what was recorded in error changes no more.
        VersionMovedError: another version than the expected one is current.
        FundingExceededError, StillFundingError, NoMoneyForPledgesError, RelatedToItselfError: as they say.
        LegislativeRequestNotFoundError, PartNotFoundError: there is nothing to change.
    """
    if isinstance(command, RecordLegislativeRequest):
        return requests.record_request(command, today)
    if state is None:
        raise LegislativeRequestNotFoundError
    if command.expected_version is not None and command.expected_version != state.version:
        raise VersionMovedError(state.version)
    if state.withdrawn:
        raise AlreadyWithdrawnError("The legislative request was withdrawn and changes no more.")
    return _RULES[type(command)](state, command, today)


_RULES: Final[Mapping[type[Alteration], Callable[[LegislativeRequest, Any, date], Change]]] = {
    RecordAction: requests.record_action,
    AmendLegislativeRequest: requests.amend,
    WithdrawAction: requests.withdraw_action,
    WithdrawLegislativeRequest: requests.withdraw_request,
    RecordEnactment: enactments.record_enactment,
    AmendEnactedLine: enactments.amend_enacted_line,
    WithdrawEnactment: enactments.withdraw_enactment,
    RecordFunding: enactments.record_funding,
    WithdrawFunding: enactments.withdraw_funding,
    RecordRelation: ties.record_relation,
    WithdrawRelation: ties.withdraw_relation,
    RecordDependency: ties.record_dependency,
    WithdrawDependency: ties.withdraw_dependency,
}

"""The rules of legislative requests, pure: what one is, what a command does to it, what pends."""

from app.legislation.domain.commands import (
    AMENDABLE,
    AmendLegislativeRequest,
    Command,
    Raw,
    RawAction,
    RecordAction,
    RecordLegislativeRequest,
    WithdrawAction,
    WithdrawLegislativeRequest,
)
from app.legislation.domain.course import Course
from app.legislation.domain.decide import Change, decide
from app.legislation.domain.figures import (
    NATIVE,
    Dimension,
    FigureRow,
    PendingFigures,
    PendingQuery,
    Sums,
    convert,
    summarise,
)
from app.legislation.domain.lines import PendingLine, pending_lines
from app.legislation.domain.model import (
    STREAM_KIND,
    Action,
    AmountKind,
    Beneficiary,
    Component,
    Kind,
    LegislativeRequest,
    Line,
    Vehicle,
    Vote,
)
from app.legislation.domain.pending import Column, PendingRow, pending, pending_state
from app.legislation.domain.reading import is_reference
from app.legislation.domain.record import action_record, read_record, request_record
from app.legislation.domain.replay import apply
from app.legislation.domain.states import TRANSITIONS, Flag, FlagChange, State

__all__ = [
    "AMENDABLE",
    "NATIVE",
    "STREAM_KIND",
    "TRANSITIONS",
    "Action",
    "AmendLegislativeRequest",
    "AmountKind",
    "Beneficiary",
    "Change",
    "Column",
    "Command",
    "Component",
    "Course",
    "Dimension",
    "FigureRow",
    "Flag",
    "FlagChange",
    "Kind",
    "LegislativeRequest",
    "Line",
    "PendingFigures",
    "PendingLine",
    "PendingQuery",
    "PendingRow",
    "Raw",
    "RawAction",
    "RecordAction",
    "RecordLegislativeRequest",
    "State",
    "Sums",
    "Vehicle",
    "Vote",
    "WithdrawAction",
    "WithdrawLegislativeRequest",
    "action_record",
    "apply",
    "convert",
    "decide",
    "is_reference",
    "pending",
    "pending_lines",
    "pending_state",
    "read_record",
    "request_record",
    "summarise",
]

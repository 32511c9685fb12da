"""How requests and vehicles are written down in the journal and its projections, and read again."""

from app.legislation.domain.records.actions import action_record, read_action
from app.legislation.domain.records.enactments import (
    dependency_record,
    enactment_record,
    funding_record,
)
from app.legislation.domain.records.relations import relation_record
from app.legislation.domain.records.requests import read_record, request_record
from app.legislation.domain.records.vehicles import read_vehicle, vehicle_record

__all__ = [
    "action_record",
    "dependency_record",
    "enactment_record",
    "funding_record",
    "read_action",
    "read_record",
    "read_vehicle",
    "relation_record",
    "request_record",
    "vehicle_record",
]

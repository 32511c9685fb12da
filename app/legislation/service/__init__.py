"""What one can do with legislative requests and vehicles: record, read, list, read a history, see what pends."""

from app.legislation.service.conditions import list_conditional_pledges, list_conditions
from app.legislation.service.reading import (
    find_references,
    find_vehicle,
    get_request,
    get_vehicle,
    iter_requests,
    list_history,
    list_requests,
    list_vehicle_history,
    list_vehicles,
)
from app.legislation.service.recording import (
    Preview,
    Recorded,
    RecordedVehicle,
    preview,
    record,
    record_vehicles,
)
from app.legislation.service.waiting import (
    break_down_pending,
    list_dossiers,
    list_pending_lines,
    read_pending,
)

__all__ = [
    "Preview",
    "Recorded",
    "RecordedVehicle",
    "break_down_pending",
    "find_references",
    "find_vehicle",
    "get_request",
    "get_vehicle",
    "iter_requests",
    "list_conditional_pledges",
    "list_conditions",
    "list_dossiers",
    "list_history",
    "list_pending_lines",
    "list_requests",
    "list_vehicle_history",
    "list_vehicles",
    "preview",
    "read_pending",
    "record",
    "record_vehicles",
]

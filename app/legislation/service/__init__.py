"""What one can do with legislative requests and vehicles: record, read, list, read a history, see what pends."""

from app.legislation.service.conditions import list_conditional_pledges, list_conditions
from app.legislation.service.foreseeing import (
    Foreseen,
    foresee_request,
    foresee_vehicle,
    list_carried,
)
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
    show_request,
    show_vehicle,
)
from app.legislation.service.recording import (
    Preview,
    Recorded,
    RecordedVehicle,
    VehiclePreview,
    preview,
    preview_vehicle,
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
    "Foreseen",
    "Preview",
    "Recorded",
    "RecordedVehicle",
    "VehiclePreview",
    "break_down_pending",
    "find_references",
    "find_vehicle",
    "foresee_request",
    "foresee_vehicle",
    "get_request",
    "get_vehicle",
    "iter_requests",
    "list_carried",
    "list_conditional_pledges",
    "list_conditions",
    "list_dossiers",
    "list_history",
    "list_pending_lines",
    "list_requests",
    "list_vehicle_history",
    "list_vehicles",
    "preview",
    "preview_vehicle",
    "read_pending",
    "record",
    "record_vehicles",
    "show_request",
    "show_vehicle",
]

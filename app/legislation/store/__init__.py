"""Every SQL statement of the legislation room."""

from app.legislation.store.requests import (
    StoredRequest,
    count_requests,
    find_references,
    find_request,
    iter_requests,
    iter_standing,
    list_awaited,
    list_related,
    load_states,
    project,
    sort_key,
    stored_request,
)
from app.legislation.store.vehicles import (
    StoredVehicle,
    find_names,
    list_vehicles,
    load_vehicles,
    project_vehicles,
    words_of_vehicle,
)
from app.legislation.store.vehicles import load_states as load_vehicle_states

__all__ = [
    "StoredRequest",
    "StoredVehicle",
    "count_requests",
    "find_names",
    "find_references",
    "find_request",
    "iter_requests",
    "iter_standing",
    "list_awaited",
    "list_related",
    "list_vehicles",
    "load_states",
    "load_vehicle_states",
    "load_vehicles",
    "project",
    "project_vehicles",
    "sort_key",
    "stored_request",
    "words_of_vehicle",
]

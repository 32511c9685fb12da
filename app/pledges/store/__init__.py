"""Every SQL statement of the pledges room."""

from app.pledges.store.reading import (
    count_pledges,
    find_current,
    find_pledge,
    find_pledge_by_reference,
    iter_pledges,
    list_like,
    list_naming,
    list_pledges,
    list_references,
    list_valuations,
    sort_key,
)
from app.pledges.store.versions import (
    matching_ids,
    member_condition,
    version_conditions,
)
from app.pledges.store.writing import (
    Series,
    TakeNumbers,
    find_references,
    foresee_numbers,
    load_states,
    project,
    take_numbers,
)

__all__ = [
    "Series",
    "TakeNumbers",
    "count_pledges",
    "find_current",
    "find_pledge",
    "find_pledge_by_reference",
    "find_references",
    "foresee_numbers",
    "iter_pledges",
    "list_like",
    "list_naming",
    "list_pledges",
    "list_references",
    "list_valuations",
    "load_states",
    "matching_ids",
    "member_condition",
    "project",
    "sort_key",
    "take_numbers",
    "version_conditions",
]

"""Requests to a parliament, small enough that their figures can be worked out by hand."""

from typing import Any, Final

from tests.client import Api

PATH: Final = "/v1/legislative-requests"
PAPER: Final = {"url": "https://example.org/paper", "title": "The paper", "kind": "official"}
LETTER: Final = {"url": "https://example.org/letter", "title": "The letter", "kind": "other"}
# 90 million of money in two parts, one of which two sources disagree on, and 5 of authority.
LINES: Final = [
    {"key": "all", "component": "mixed", "label": "Support", "amount": "90000000.00"},
    {
        "key": "arms",
        "parent": "all",
        "component": "military",
        "label": "Arms",
        "claims": [
            {"amount": "60000000.00", "source": PAPER, "preferred": True, "reason": "it is law"},
            {"amount": "66000000.00", "source": LETTER},
        ],
    },
    {
        "key": "budget",
        "parent": "all",
        "component": "financial",
        "label": "Budget",
        "amount": "30000000.00",
    },
    {
        "key": "stocks",
        "component": "military",
        "label": "Stocks",
        "amount": "5000000.00",
        "amount_kind": "authority_ceiling",
    },
]


def record_request(api: Api, **fields: Any) -> dict[str, Any]:
    """A request of the United States of 20 October 2023, by default ``US-1``."""
    body = {
        "reference": "US-1",
        "donor": "US",
        "title": "Supplemental",
        "kind": "supplemental",
        "currency": "USD",
        "requested_on": "2023-10-20",
        "lines": LINES,
        "sources": [PAPER],
        **fields,
    }
    return post(api, PATH, body)


def act(api: Api, request: dict[str, Any], on: str, state: str | None, **fields: Any) -> None:
    """Something happened to a request."""
    body = {"on": on, **({"state": state} if state else {}), **fields}
    post(api, f"{PATH}/{request['id']}/actions", body)


def post(api: Api, path: str, body: Any) -> dict[str, Any]:
    """A call that must succeed; the body of its answer."""
    answer = api.post(path, body)
    assert answer.status_code in {200, 201}, answer.text
    found: dict[str, Any] = answer.json()
    return found

"""A client that says what a journey means, so that tests need not spell out addresses and headers."""

from collections.abc import Mapping
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

PLEDGE: Mapping[str, Any] = {
    "donor": "DK",
    "title": "Donation package",
    "aid_type": "military",
    "amount": "1000.00",
    "currency": "DKK",
    "announced_on": "2023-11-14",
}


class Api:
    """Calls with a key. Methods that end in a noun assert success and return the answer's body."""

    def __init__(self, client: TestClient, key: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **parameters: Any) -> Any:
        """The body of a GET that must succeed."""
        answer = self.client.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, **headers: str) -> Response:
        """A POST, whatever it answers."""
        return self.client.post(path, json=body, headers=self.headers | headers)

    def patch(self, path: str, body: Any, **headers: str) -> Response:
        """A PATCH, whatever it answers."""
        return self.client.patch(path, json=body, headers=self.headers | headers)

    def record_pledge(self, **fields: Any) -> dict[str, Any]:
        """Record a pledge, by default one of 1000 Danish kroner of 14 November 2023."""
        return _created(self.post("/v1/pledges", {**PLEDGE, **fields}))

    def record_movement(
        self, pledge: Mapping[str, Any], stage: str, **fields: Any
    ) -> dict[str, Any]:
        """Commit, allocate, deliver or cancel."""
        return _created(
            self.post(f"/v1/pledges/{pledge['id']}/movements", {"stage": stage, **fields})
        )

    def amend_pledge(self, pledge: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """Amend the version that is given."""
        answer = self.patch(
            f"/v1/pledges/{pledge['id']}",
            {"reason": "it was so", **changes},
            **{"If-Match": f'"{pledge["version"]}"'},
        )
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def _created(answer: Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body

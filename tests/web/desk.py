"""A browser at the desk: signs in, keeps its cookie, fills in the forms that it is shown."""

import re
from collections.abc import Mapping

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.page import BROWSER, Page

HOST = "https://ledger.example"
FROM_HERE = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Origin": HOST}


class Browser:
    """One browser; it follows no redirection by itself, so that tests see each."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(
            app, base_url=HOST, raise_server_exceptions=False, follow_redirects=False
        )

    def sign_in(self, key: str, onward: str = "") -> Response:
        """Send the form for the key."""
        fields = {"key": key, "next": onward}
        return self.client.post("/sign-in", data=fields, headers=FROM_HERE)

    def open(self, path: str) -> Page:
        """Look at a page."""
        answer = self.client.get(path, headers=BROWSER)
        return Page(answer.status_code, answer.headers, answer.text)

    def send(self, page: Page, path: str, step: str, fields: Mapping[str, str] = {}) -> Response:
        """Press a button of the form on a page, once these fields are filled in."""
        filled = {**filled_in(page), **fields, "step": step}
        return self.client.post(path, data=filled, headers=FROM_HERE)

    def press(self, page: Page, path: str, step: str, fields: Mapping[str, str] = {}) -> Page:
        """The page that a button leads to."""
        answer = self.send(page, path, step, fields)
        return Page(answer.status_code, answer.headers, answer.text)


def filled_in(page: Page) -> dict[str, str]:
    """What the desk's form on a page holds."""
    found = re.search(r'<form class="desk".*?</form>', page.text, re.DOTALL)
    assert found, page.said
    form = Page(0, {}, found[0])
    fields = {str(one["name"]): one.get("value") or "" for one in form.all("input")}
    for area in re.finditer(
        r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form.text, re.DOTALL
    ):
        fields[area[1]] = area[2]
    for choice in re.finditer(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form.text, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', choice[2])
        fields[choice[1]] = chosen[1] if chosen else ""
    return fields

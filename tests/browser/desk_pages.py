"""The pages of the desk, one after another in one signed-in window, as somebody who works there meets them."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Page

from tests.imports.sending import BAD, ONE, workbook

PLEDGE: Final = {
    "Title": "Donation package 13",
    "Donor": "DK",
    "Amount": "1000000.00",
    "Currency": "DKK",
    "Announced": "2023-11-14",
    "Address 1": "https://www.fmn.dk/en/",
}
# Of the facts of the demo.
_WITH_MOVEMENT: Final = "/pledges/BE-2022-07"
_REQUEST: Final = "/legislation/EU-2023-06"


REQUEST = {
    "title": "Supplemental request",
    "donor": "US",
    "currency": "USD",
    "requested_on": "2026-10-20",
    "lines/0/amount": "60000000.00",
    "lines/1/amount": "30000000.00",
    "vehicles/0/identifier": "S. 9999",
    "vehicles/0/session": "119",
}


def sign_in(page: Page, address: str, key: str) -> None:
    """Sign in by the form."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk")


def fill_in_pledge(page: Page, address: str, **others: str) -> None:
    """A new pledge, filled in and not sent; ``others`` are values other than those of ``PLEDGE``."""
    page.goto(f"{address}/pledges/new")
    for label, text in {**PLEDGE, **others}.items():
        page.get_by_label(label, exact=label not in {"Title", "Donor"}).first.fill(text)
    page.locator("[name=aid_type]").select_option("military")


def fill_in_request(page: Page, address: str) -> None:
    """A new request with two lines and a bill that nobody recorded yet, filled in and not sent."""
    page.goto(f"{address}/legislation/new")
    for name, text in REQUEST.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator("[name=kind]").select_option("supplemental")
    page.locator('[name="lines/0/component"]').select_option("military")
    page.locator('[name="lines/1/component"]').select_option("financial")
    page.locator('[name="lines/1/amount_kind"]').select_option("authority_ceiling")


def press(page: Page, name: str) -> None:
    """Press a button, and see what comes of it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def record(page: Page) -> None:
    """Look at what a form would do, and record it."""
    press(page, "Preview")
    press(page, "Record")
    page.get_by_role("status").get_by_text(re.compile(r"Recorded\.")).wait_for()


def send_file(page: Page, address: str, name: str = "desk.xlsx", content: bytes = b"") -> None:
    """A workbook, by default with a good and a bad row; its report is not waited for."""
    page.goto(f"{address}/imports")
    with TemporaryDirectory(prefix="aidledger-") as folder:
        file = Path(folder) / name
        file.write_bytes(content or workbook(ONE, BAD))
        page.get_by_label("File", exact=True).set_input_files(file)
        press(page, "Read the file")


def request_pages(page: Page, address: str) -> Iterator[str]:
    """The pages of the desk that are about requests and bills; one is previewed, one is wrong."""
    for name, path in {
        "new-request": "/legislation/new",
        "amend-request": "/legislation/US-2023-10/amend",
        "withdraw-request": "/legislation/US-2023-10/withdraw",
        "enact": "/legislation/EU-2023-06/enact",
        "funding": "/legislation/US-2023-10/funding/new",
        "attach": "/legislation/US-2023-10/vehicles/new",
        "new-vehicle": "/legislation/vehicles/new",
        "request-signed-in": "/legislation/US-2023-10",
    }.items():
        page.goto(address + path)
        yield name
    page.goto(f"{address}/legislation/US-2023-10")
    page.get_by_role("link", name="What sources say").first.click()
    yield "claims"
    page.goto(f"{address}/legislation/vehicles/US/118/H.R.%20815")
    yield "vehicle-signed-in"
    bill = page.url
    page.goto(f"{bill}/amend")
    yield "amend-vehicle"
    page.goto(f"{bill}/actions/new")
    page.get_by_label("On 1", exact=True).fill("soon")
    press(page, "Add another action")
    press(page, "Preview")
    yield "vehicle-actions-wrong"
    fill_in_request(page, address)
    press(page, "Preview")
    yield "new-request-preview"


def desk_pages(page: Page, address: str) -> Iterator[str]:
    """Each page of the desk, opened; its name. Nothing is recorded."""
    for name, path in {
        "desk": "/desk",
        "new-pledge": "/pledges/new",
        "amend": "/pledges/EU-EPF-01/amend",
        "movement": "/pledges/EU-EPF-01/movements/new",
        "withdraw": "/pledges/EU-EPF-01/withdraw",
        "imports": "/imports",
        "pledge-signed-in": "/pledges/EU-EPF-01",
    }.items():
        page.goto(address + path)
        yield name
    page.goto(f"{address}/pledges/new")
    page.get_by_label("Amount", exact=True).fill("0,5")
    press(page, "Preview")
    yield "new-pledge-wrong"
    fill_in_pledge(page, address)
    press(page, "Preview")
    yield "new-pledge-preview"
    page.goto(f"{address}/desk")
    yield "desk-drafts"
    send_file(page, address)
    page.get_by_role("heading", name="Row by row").wait_for()
    yield "import-report"


def desk_states(page: Page, address: str) -> Iterator[str]:
    """What forms look like on the way, also where they are refused; nothing is recorded."""
    page.goto(f"{address}/pledges/EU-EPF-01/movements/new")
    press(page, "Preview")
    yield "movement-wrong"
    page.locator("[name=stage]").select_option("delivered")
    page.locator("[name=on]").fill("2024-03-01")
    press(page, "Preview")
    yield "movement-preview"
    page.goto(f"{address}/pledges/EU-EPF-01/amend")
    page.get_by_label("Reason").fill("The ministry corrected it.")
    page.get_by_label("Amount", exact=True).fill("7000000000.00")
    press(page, "Preview")
    yield "amend-preview"
    for path in ("/pledges/EU-EPF-01", _WITH_MOVEMENT):
        page.goto(address + path)
        page.get_by_role("link", name=re.compile("^Withdraw")).last.click()
        press(page, "Preview")
        yield f"withdraw-wrong of {path}"
        page.get_by_label("Reason").fill("It was recorded twice.")
        press(page, "Preview")
        yield f"withdraw-preview of {path}"
    page.goto(f"{address}/legislation/new")
    press(page, "Preview")
    yield "new-request-wrong"
    page.get_by_label("Title").first.fill("Supplemental budget")
    page.get_by_label("Donor").fill("US")
    page.locator("[name=kind]").select_option("supplemental")
    page.locator("[name=currency]").fill("USD")
    page.locator("[name=requested_on]").fill("2023-10-20")
    press(page, "Preview")
    yield "new-request-preview"
    page.goto(f"{address}{_REQUEST}/actions/new")
    press(page, "Preview")
    yield "action-wrong"
    page.locator("[name=on]").fill("2023-11-20")
    page.get_by_label("In words").fill("The committee heard the minister.")
    press(page, "Preview")
    yield "action-preview"
    page.goto(f"{address}/imports")
    press(page, "Read the file")
    yield "imports-without-a-file"
    send_file(page, address, "desk.xlsx", b"PK\x03\x04 and no more")
    yield "import-refused"

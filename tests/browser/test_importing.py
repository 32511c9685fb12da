"""Promise: a file is looked at row by row before anything is recorded, however long that takes."""

import re
from collections.abc import Iterator
from threading import Event
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from app.imports import jobs, runs
from app.web.pages import imports as pages
from tests.browser.desk_pages import press, send_file
from tests.browser.looks import check_looks
from tests.browser.watching import PATIENCE, Watched
from tests.imports.sending import BAD, ONE, TWO, table, workbook

UNREAD: Final = re.compile("The file (waits for its turn|is being read)")
SEEN: Final = ("DK-X-2", None, "DK", "Package two", "military", "7", "DKK", "2023-11-14")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Files are read once it is set, as if they were large."""
    go_on = Event()

    def wait(*parameters: Any, **more: Any) -> Any:
        assert go_on.wait(timeout=120)
        return runs.run_import(*parameters, **more)

    monkeypatch.setattr(jobs, "run_import", wait)
    monkeypatch.setattr(pages, "_WAIT_SECONDS", 0)
    yield go_on
    go_on.set()


def rows_of(page: Page) -> list[str]:
    """The rows of the report, in words."""
    return page.locator("section", has_text="Row by row").locator("tbody tr").all_inner_texts()


def test_a_file_with_a_bad_row_is_recorded_without_it_and_then_corrected(desk: Watched) -> None:
    page = desk.page
    send_file(page, desk.address)
    bad, good = rows_of(page)
    # The row says where its fault is: no such donor in C3, no such month in H3.
    assert "cell C3" in bad
    assert "cell H3" in bad
    assert "refused" in bad
    assert "new" in good
    with page.expect_download() as download:
        page.get_by_role("link", name="The workbook with comments").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    press(page, "Record without the bad rows")
    expect(page.get_by_role("heading", name="The file is recorded")).to_be_visible()
    page.goto(f"{desk.address}/pledges/DK-X-1")
    expect(page.get_by_role("heading", level=1)).to_have_text("Package one")
    send_file(page, desk.address, content=workbook(ONE, SEEN))
    # What is recorded already is not recorded again.
    assert len(rows_of(page)) == 1
    press(page, "Record all of it")
    expect(page.get_by_role("heading", name="The file is recorded")).to_be_visible()
    page.goto(f"{desk.address}/pledges/DK-X-2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Package two")


def test_a_file_of_bad_rows_alone_cannot_be_recorded(desk: Watched) -> None:
    page = desk.page
    send_file(page, desk.address, "bad.csv", table(BAD))
    assert len(rows_of(page)) == 1
    expect(page.get_by_role("button", name="Record")).to_have_count(0)
    expect(page.locator("#main")).to_contain_text("There is nothing in it to record")


def test_a_file_that_takes_long_shows_its_report_by_itself(desk: Watched, slow: Event) -> None:
    page = desk.page
    send_file(page, desk.address, "long.csv", table(TWO))
    expect(page.get_by_role("status")).to_contain_text(UNREAD)
    expect(page.get_by_role("progressbar")).to_be_visible()
    check_looks(page, "import-running")
    with page.expect_response("**/state") as asked:
        pass
    assert asked.value.json() == {"is_unfinished": True}
    slow.set()
    expect(page.get_by_role("heading", name="Row by row")).to_be_visible(timeout=PATIENCE)


def test_without_a_script_one_asks_oneself_whether_a_file_is_read(
    plain_desk: Watched, slow: Event
) -> None:
    page = plain_desk.page
    send_file(page, plain_desk.address, "long-too.csv", table(TWO, SEEN))
    expect(page.get_by_role("status")).to_contain_text(UNREAD)
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("status")).to_contain_text(UNREAD)
    slow.set()
    refresh(page)
    expect(page.get_by_role("heading", name="Row by row")).to_be_visible()
    press(page, "Record all of it")
    refresh(page)
    expect(page.get_by_role("heading", name="The file is recorded")).to_be_visible()


def refresh(page: Page) -> None:
    """Ask again until nothing more is to come."""
    again = page.get_by_role("link", name="Refresh")
    while again.count():
        again.click()
        page.wait_for_load_state()


@pytest.mark.parametrize("which", ["desk", "plain_desk"])
def test_what_is_no_table_is_refused_in_words(which: str, request: pytest.FixtureRequest) -> None:
    desk: Watched = request.getfixturevalue(which)
    send_file(desk.page, desk.address, "desk.xlsx", b"PK\x03\x04 and no more")
    expect(desk.page.get_by_role("heading", name="The file was refused")).to_be_visible()
    assert desk.page.locator("p.problem").inner_text()

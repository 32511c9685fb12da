"""Whatever stands in a ledger goes out and comes in unchanged; no bytes that are sent as a file take the service down.

Hypothesis makes up the pledges and spoils the files.
"""

import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.imports import template
from app.imports.files.reading import SECONDS
from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text
from tests.client import Api
from tests.imports.sending import ONE, TWO, edited, read, send, table, workbook
from tests.inputs.ledger import read_problem
from tests.inputs.uploads import SHEET, repacked

# A file is read by a process of its own, which takes its time to start: few examples, and many where time is no matter.
FEW: Final = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY: Final = settings(FEW, max_examples=15, derandomize=False)
HOW: Final = pytest.mark.parametrize(
    "how", [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.slow)]
)


def is_clean(text: str) -> bool:
    """Whether a field may hold the text."""
    try:
        return clean_text(text, max_length=500) == text
    except ValueRefusedError:
        return False


# What spreadsheets take for something else, and any other text.
TEXTS: Final = (
    st.text(st.sampled_from("=+-@|'\"\n\r\t,;_x0041_ aé\u4e2d\uff1d\u00a0\u2028<&"), min_size=1, max_size=16)
    | st.text(min_size=1, max_size=16)
    | st.sampled_from(["TRUE", "1e5", "007", "2023-11", "1,000.00", "_x000D_", "'=1", "\U0001f1fa\U0001f1e6", "nan"])
).filter(is_clean)  # fmt: skip
AMOUNTS: Final = {
    "EUR": st.decimals("0.01", "1000000000000", places=2),
    "KWD": st.decimals("0.001", "1000000000000", places=3),
    "KRW": st.integers(1, 10**12),
}
DATES: Final = st.sampled_from(
    [None, "2023-11-14", "2023-11", "2023", "2023-11-01/2023-11-14", "1900-01-01", "1900-02-28", "2024-02-29"]
)  # fmt: skip


@st.composite
def pledges(draw: st.DrawFn) -> dict[str, Any]:
    """A pledge that the ledger takes."""
    currency = draw(st.sampled_from([None, *AMOUNTS]))
    sources = st.fixed_dictionaries(
        {"url": st.sampled_from(["https://www.fmn.dk/a?b=c,d", "https://www.fmn.dk/%C3%A9"])},
        optional={"title": TEXTS, "kind": st.sampled_from(["official", "media", "other"])},
    )
    return {
        "donor": draw(st.sampled_from(["DK", "KW", "KR", "EU", "CI"])),
        "title": draw(TEXTS),
        "aid_type": draw(st.sampled_from(["military", "financial", "humanitarian"])),
        "instrument": draw(st.sampled_from(["in_kind", "grant", "loan", "guarantee", "authority"])),
        "amount": None if currency is None else str(draw(AMOUNTS[currency])),
        "currency": currency,
        "bound": "exact" if currency is None else draw(st.sampled_from(["exact", "up_to", "about"])),
        "announced_on": draw(DATES),
        "status": draw(st.sampled_from(["pledged", "committed", "allocated", "delivered"])),
        "verification": draw(st.sampled_from(["official", "secondary", "unverified"])),
        "notes": draw(st.none() | TEXTS),
        "overlaps": draw(st.lists(st.sampled_from(["A-1", "B.2"]), unique=True)),
        "sources": draw(st.lists(sources, max_size=2)),
    }  # fmt: skip


LEDGERS: Final = st.lists(st.tuples(pledges(), st.booleans()), min_size=1, max_size=5)


@HOW
def test_what_goes_out_comes_in_unchanged(api: Api, client: TestClient, how: settings) -> None:
    recorded = 0

    @how
    @given(LEDGERS)
    def example(ledger: list[tuple[dict[str, Any], bool]]) -> None:
        nonlocal recorded
        for body, moves in ledger:
            answer = api.post("/v1/pledges", body)
            assert answer.status_code == 201, (answer.text, body)
            recorded += 1
            if moves:
                # It may be a step that the pledge does not allow; whatever became of it, the ledger is a ledger.
                path = f"/v1/pledges/{answer.json()['id']}/movements"
                api.post(path, {"stage": "cancelled", "note": "It was taken back."})
        for kind in ("csv", "xlsx"):
            sent = client.get(f"/v1/pledges.{kind}").content
            imported = send(api, sent, f"pledges.{kind}", dry_run="true")
            counts = {name: count for name, count in imported.json()["counts"].items() if count}
            report = f"{imported.headers['Location']}/report"
            assert counts == {"unchanged": recorded}, read(api, report)["data"]

    example()


@cache
def real_files() -> tuple[bytes, ...]:
    """Files that are fine."""
    filled = edited(template.workbook(), {"B3": "DK", "C3": "Package", "D3": "military"})
    return workbook(ONE, TWO), filled, table(ONE, TWO), template.csv()


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A real file, with some bytes changed or cut off; or a workbook whose sheet is spoilt before it is packed."""
    content = draw(st.sampled_from(real_files()))
    spoil = draw(st.sampled_from([_cut, _overwrite, _spoil_sheet]))
    return spoil(draw, content)


def _cut(draw: st.DrawFn, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


def _overwrite(draw: st.DrawFn, content: bytes) -> bytes:
    changed = bytearray(content)
    for place in draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        changed[place] = draw(st.integers(0, 255))
    return bytes(changed)


def _spoil_sheet(draw: st.DrawFn, content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return _overwrite(draw, content)

    def change(name: str, part: bytes) -> bytes:
        return _overwrite(draw, part) if name in {SHEET, "xl/workbook.xml"} else part

    return repacked(change, content=content)


def answered(api: Api, content: bytes, name: str) -> None:
    """Whatever was sent, it is answered soon; and what is refused leaves nothing in the ledger."""
    before, begun = api.get("/v1/entries")["meta"]["revision"], time.monotonic()
    answer = send(api, content, name)
    assert time.monotonic() - begun < SECONDS
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        read_problem(answer)
        assert api.get("/v1/entries")["meta"]["revision"] == before


FILES: Final = pytest.mark.parametrize(
    "files",
    [
        pytest.param(spoilt, id="spoilt"),
        pytest.param(lambda: st.binary(max_size=400), id="any bytes"),
        pytest.param(lambda: st.binary(max_size=400).map(lambda end: b"PK\x03\x04" + end), id="a zip"),
        pytest.param(lambda: TEXTS.map(lambda text: f"donor,title\nDK,{text}".encode()), id="a text"),
    ],
)  # fmt: skip


@HOW
@FILES
def test_whatever_is_sent_is_answered(
    api: Api, files: Callable[[], st.SearchStrategy[bytes]], how: settings
) -> None:
    @how
    @given(files(), st.sampled_from(["pledges.xlsx", "pledges.csv", "\u202e", "a\\b/c"]))
    def example(content: bytes, name: str) -> None:
        answered(api, content, name)

    example()

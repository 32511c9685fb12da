"""Files in a body: each whole, with its name; anything else is refused, and no body makes the parser fall."""

import pytest
from fastapi import FastAPI, Request
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app import problems
from app.uploads import MAX_FILES, MULTIPART, describe_files, files_in
from app.wire import MAX_BATCH_BODY, StrictRoute, fingerprint

BOUNDARY = "b"
FORM = {"Content-Type": f"{MULTIPART}; boundary={BOUNDARY}"}


def make_client() -> TestClient:
    """An application that tells which files came in."""
    app = FastAPI()
    app.router.route_class = StrictRoute
    problems.install(app)
    read = files_in("text/csv")

    @app.post("/files", openapi_extra=describe_files("text/csv"))
    async def list_files(request: Request) -> dict[str, object]:
        files = await read(request)
        digest = fingerprint(request).hex()
        return {"files": [[one.name, len(one.content)] for one in files], "digest": digest}

    return TestClient(app, raise_server_exceptions=False)


CLIENT = make_client()


def post(content: bytes, headers: dict[str, str]) -> Response:
    return CLIENT.post("/files", content=content, headers=headers)


def part(disposition: str, content: bytes = b"a") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


NAMED = 'form-data; name="file"; filename="{}"'


def test_a_body_that_is_one_file_has_no_name() -> None:
    answer = post(b"a,b\n", {"Content-Type": "text/csv; charset=utf-8"})
    assert answer.json()["files"] == [["", 4]]


def test_several_files_keep_their_order_their_names_and_every_byte() -> None:
    content = form(
        part(NAMED.format("b.csv"), b"\r\n--\x00\xff"), part(NAMED.format("é.xlsx"), b"")
    )
    assert post(content, FORM).json()["files"] == [["b.csv", 6], ["é.xlsx", 0]]


def test_other_files_make_another_call() -> None:
    one, other = (post(form(part(NAMED.format("f"), text)), FORM) for text in (b"a", b"b"))
    assert one.json()["digest"] != other.json()["digest"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"canary",
        form(),
        form(part('form-data; name="file"', b"canary")),
        form(part('form-data; filename="canary"')),
        form(part(NAMED.format("a")))[:-6],
        form(*[part(NAMED.format("a"))] * (MAX_FILES + 1)),
        form(part(NAMED.format("x" * 5_000))),
        b"--b\r\nX: canary\r\n\r\na\r\n--b--\r\n",
    ],
    ids=["empty", "no form", "no part", "a field", "no name", "cut off", "too many", "long name", "no disposition"],
)  # fmt: skip
def test_what_is_no_form_of_files_is_refused(content: bytes) -> None:
    answer = post(content, FORM)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-multipart")
    assert "canary" not in answer.text


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=%0a", "; charset=idna"])
def test_a_form_names_its_boundary(boundary: str) -> None:
    answer = post(b"--b\r\n", {"Content-Type": MULTIPART + boundary})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-multipart")


def test_files_are_bounded_together() -> None:
    half = b"x" * (MAX_BATCH_BODY // 2)
    answer = post(form(part(NAMED.format("a"), half), part(NAMED.format("b"), half)), FORM)
    assert (answer.status_code, answer.json()["limit"]) == (413, MAX_BATCH_BODY)


@given(
    st.binary(max_size=80), st.integers(0, 120), st.sampled_from(["utf-8", "idna", "base64", "x"])
)
def test_no_damage_to_a_form_makes_the_parser_fall(junk: bytes, at: int, charset: str) -> None:
    whole = form(part(NAMED.format("a"), b"content"))
    damaged = whole[:at] + junk + whole[at + len(junk) :]
    answer = post(damaged, {"Content-Type": f"{MULTIPART}; charset={charset}; boundary={BOUNDARY}"})
    assert answer.status_code in {200, 400}

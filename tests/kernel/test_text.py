"""Promise: a stored text shows every reader the same, and a source's address is safe to click."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import ValueRefusedError
from app.kernel.text import clean_text, clean_url, fold


def refusal(text: str, max_length: int = 20) -> tuple[str, dict[str, object]]:
    with pytest.raises(ValueRefusedError) as refused:
        clean_text(text, max_length=max_length)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    "text",
    [
        "Donation package 13",
        "=1+1",
        "  blanks at both ends are kept  ",
        "two\nlines\tand a tab\r\n",
        "Міністерство оборони",
        "Ægir Þór, Côte d’Ivoire",
        "ڤولوديمير",
        "👩\u200d👩\u200d👧 🇺🇦",
        "<script>alert(1)</script>",
        "'; DROP TABLE entry; --",
        "\u00ad\u200e",
    ],
)
def test_a_text_is_kept_as_it_was_given(text: str) -> None:
    assert clean_text(text, max_length=100) is text


# Unicode 15, chapter 23; Trojan Source (CVE-2021-42574) names the bidirectional ones.
FORBIDDEN = [
    *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"),
    *(chr(code) for code in range(0x7F, 0xA0)),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\ufeff\ufffe\uffff",
    *(chr(code) for code in (0xD800, 0xDBFF, 0xDC00, 0xDFFF)),
]


@pytest.mark.parametrize("character", FORBIDDEN, ids=lambda one: f"U+{ord(one):04X}")
def test_a_character_that_misleads_or_cannot_be_stored_is_refused_and_named(character: str) -> None:
    assert refusal(f"a{character}b") == (
        "forbidden-character",
        {"codepoint": f"U+{ord(character):04X}"},
    )


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0\u2003", "\u3000"])
def test_blanks_alone_are_no_text(text: str) -> None:
    assert refusal(text) == ("blank", {})


def test_a_text_is_at_most_as_long_as_its_field() -> None:
    assert clean_text(20 * "ж", max_length=20) == 20 * "ж"
    assert refusal(21 * "ж") == ("too-long", {"max_length": 20})


@given(st.text())
def test_what_is_let_through_can_be_stored_as_utf_8(text: str) -> None:
    try:
        clean_text(text, max_length=1_000)
    except ValueRefusedError:
        return
    assert text.encode().decode() == text
    assert "\x00" not in text


@pytest.mark.parametrize(
    "address",
    [
        "https://www.fmn.dk/en/news/2023/donation-package-13/",
        "http://example.com",
        "HTTPS://EXAMPLE.COM/A?b=c&d=%20#e",
        "https://example.com:8443/",
        "https://міноборони.укр/новини",
        "https://xn--80ak6aa92e.com/",
        "https://en.wikipedia.org/wiki/Foo_(bar)",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
    ],
)
def test_a_public_web_address_is_kept_as_it_was_given(address: str) -> None:
    assert clean_url(address) is address


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:alert(1)", "javascript://example.com/%0aalert(1)",
     "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
     "file:///etc/passwd", "ftp://example.com/", "mailto:a@example.com", "//example.com/",
     "example.com", "/relative", "https:", "https://", "https:///path", "https:example.com",
     "http:\\\\example.com"],
)  # fmt: skip
def test_only_http_and_https_are_web_addresses(address: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        clean_url(address)
    assert refused.value.code == "invalid-url"


@pytest.mark.parametrize(
    "address",
    ["https://user:password@example.com/", "https://user@example.com/", "https://@example.com/",
     "https://www.fmn.dk@evil.example.com/"],
)  # fmt: skip
def test_an_address_carries_no_user_and_password(address: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        clean_url(address)
    assert refused.value.code == "invalid-url"


@pytest.mark.parametrize(
    "address",
    ["http://localhost/", "http://localhost:8000/", "http://localhost./", "http://intranet/",
     "http://printer.local/", "http://db.internal/", "http://app.localhost/",
     "http://PRINTER.LOCAL/", "http://127.0.0.1/", "http://0.0.0.0/", "http://10.1.2.3/",
     "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
     "http://100.64.0.1/", "http://2130706433/", "http://[::1]/", "http://[::]/",
     "http://[fe80::1]/", "http://[fc00::1]/", "http://[::ffff:127.0.0.1]/"],
)  # fmt: skip
def test_a_private_host_is_no_source(address: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        clean_url(address)
    assert refused.value.code == "invalid-url"


# WHATWG URL, section 3.5: to a browser, a host whose last label is a number is an IPv4 address; and
# a host with a dot at its end is the same host.
@pytest.mark.parametrize(
    "address",
    ["http://127.1/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://10.0.0.1./",
     "http://127.0.0.0x1/", "http://printer.local./", "http://db.internal./"],
)  # fmt: skip
def test_a_private_host_in_disguise_is_no_source(address: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        clean_url(address)
    assert refused.value.code == "invalid-url"


@pytest.mark.parametrize(
    "address",
    ["https://example.com/a b", "https://example.com/\n", "https://exam\tple.com/",
     "https://example.com/<b>", 'https://example.com/"onclick=', "https://example.com\\@evil.com/",
     "https://example.com:99999/", "https://example.com:port/", "https://[::1/", "https://.com/"],
)  # fmt: skip
def test_an_address_that_two_programs_may_read_differently_is_refused(address: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        clean_url(address)
    assert refused.value.code == "invalid-url"


def test_an_address_is_a_text_too() -> None:
    for address, code in (
        ("https://example.com/\x00", "forbidden-character"),
        ("https://example.com/\u202egpj.exe", "forbidden-character"),
        ("", "blank"),
        ("https://example.com/" + 2_000 * "a", "too-long"),
    ):
        with pytest.raises(ValueRefusedError) as refused:
            clean_url(address)
        assert refused.value.code == code


@given(st.text())
def test_any_address_is_taken_or_refused(text: str) -> None:
    for address in (text, f"https://{text}", f"http://example.com/{text}"):
        try:
            assert clean_url(address) == address
        except ValueRefusedError:
            continue


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Straße  von\tKyjiw", "STRASSE VON KYJIW"),
        ("  Patriot ", "patriot"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_searches_see_neither_case_nor_blanks(left: str, right: str) -> None:
    assert fold(left) == fold(right)

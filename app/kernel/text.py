"""Text that is safe to store, to compare and to print, and addresses that are safe to show."""

import ipaddress
import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from app.kernel.errors import ValueRefusedError

# C0 without tab, line feed and carriage return; DEL and C1; bidirectional overrides and isolates; the byte
# order mark; surrogates; non-characters. PostgreSQL cannot store NUL, Excel rejects most of the others, and
# the bidirectional ones make two readers see two different texts (Trojan Source, CVE-2021-42574).
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# What XML 1.0 cannot hold, not even as a reference (section 2.2).
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_URL: Final = re.compile(r"[\s\\<>\"]")
# What stands before the path (RFC 3986 appendix B); blanks have been refused by then.
_SITE: Final = re.compile(r"[^/?#]*//[^/?#]*")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
MAX_URL: Final = 2_000


def clean_text(text: str, *, max_length: int) -> str:
    """The text itself, unchanged, once it is known to be safe.

    Raises:
        ValueRefusedError: ``forbidden-character`` (with its code point), ``blank`` or ``too-long``.
    """
    found = _FORBIDDEN.search(text)
    if found:
        raise ValueRefusedError(
            "forbidden-character",
            "The text holds a control, bidirectional or otherwise unsafe character.",
            codepoint=f"U+{ord(found[0]):04X}",
        )
    if not text.strip():
        raise ValueRefusedError("blank", "The text is empty.")
    if len(text) > max_length:
        raise ValueRefusedError(
            "too-long", f"At most {max_length} characters.", max_length=max_length
        )
    return text


def clean_url(text: str) -> str:
    """A web address that may be shown as a source: http or https, a public host, no user and password.

    It is never fetched.

    Raises:
        ValueRefusedError: ``invalid-url``, or what ``clean_text`` raises.
    """
    clean_text(text, max_length=MAX_URL)
    site = _SITE.match(text)
    if site is None or _NOT_IN_URL.search(text) or not _is_public_site(site[0]):
        raise _invalid_url()
    return text


def xml_text(text: str) -> str:
    """The text with a replacement character for whatever XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def fold(text: str) -> str:
    """How texts are compared in searches: without regard to case, blanks collapsed."""
    return " ".join(text.casefold().split())


# The pages of a few ministries are cited again and again.
@lru_cache(maxsize=1024)
def _is_public_site(site: str) -> bool:
    """Whether this scheme and host, such as ``https://www.fmn.dk``, can be seen by everybody."""
    try:
        parts = urlsplit(site)
        host = parts.hostname or ""
        _ = parts.port  # an impossible port raises
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "@" not in parts.netloc and _is_public(host)


def _is_public(host: str) -> bool:
    name = host.removesuffix(".")
    # A browser takes a name whose last part is a number for an address, however it is written.
    if ":" in name or _NUMBER.fullmatch(name.rpartition(".")[2]):
        try:
            return ipaddress.ip_address(name).is_global
        except ValueError:
            return False
    return "." in name.strip(".") and not name.endswith((".local", ".internal", ".localhost"))


def _invalid_url() -> ValueRefusedError:
    return ValueRefusedError(
        "invalid-url", "A source is an http or https address of a public host."
    )

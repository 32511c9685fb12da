"""A citation in the forms that reference managers read: plain text, BibTeX and CSL-JSON."""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.exports.citing.citation import Cited

BIBTEX: Final = "application/x-bibtex"
CSL: Final = "application/vnd.citationstyles.csl+json"
AUTHOR: Final = "Aid Ledger"
# BibTeX counts braces whether or not a backslash is before them, so they become commands.
_ESCAPED: Final[Mapping[str, str]] = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_SPECIAL: Final = re.compile("|".join(map(re.escape, _ESCAPED)))


def to_text(cited: Cited, origin: str) -> str:
    """One sentence for a footnote; ``origin`` is where the ledger is reached, may be empty."""
    year = f" ({cited.day.year})" if cited.day else ""
    return f"{AUTHOR}{year}. {cited.title}: {cited.value}. {_capital(cited.moment)}. {origin}{cited.address}"


def to_bibtex(cited: Cited, origin: str) -> str:
    """One entry; whatever stands in the question, it is balanced and stays text."""
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": f"{{{escape_bibtex(f'{cited.title}: {cited.value}')}}}",
        **({"year": str(cited.day.year), "month": str(cited.day.month)} if cited.day else {}),
        "howpublished": f"\\url{{{origin}{cited.address}}}",
        "url": f"{origin}{cited.address}",
        "note": escape_bibtex(_capital(cited.moment)),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{_key(cited)},\n{lines}\n}}\n"


def to_csl(cited: Cited, origin: str) -> list[dict[str, Any]]:
    """CSL-JSON: a list of one item."""
    day = cited.day
    issued = {"issued": {"date-parts": [[day.year, day.month, day.day]]}} if day else {}
    return [
        {
            "id": _key(cited),
            "type": "dataset",
            "title": f"{cited.title}: {cited.value}",
            "author": [{"literal": AUTHOR}],
            **issued,
            "version": str(cited.then["meta"]["revision"]),
            "URL": f"{origin}{cited.address}",
            "note": _capital(cited.moment),
        }
    ]


def escape_bibtex(text: str) -> str:
    """The text as BibTeX and LaTeX print it."""
    blank = " ".join(text.split())
    return _SPECIAL.sub(lambda sign: _ESCAPED[sign[0]], blank)


def _key(cited: Cited) -> str:
    return f"aidledger-r{cited.then['meta']['revision']}-{cited.token[:8]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""How two rows of action text are known to say the same."""

import re
from typing import Final

from app.kernel.text import fold

# The Library of Congress repeats a chamber's row behind one of these.
_PREFIX: Final = re.compile(
    r"(?:(?:Passed/agreed to|Failed of passage/not agreed to) in (?:House|Senate)"
    r"|Resolving differences -- (?:House|Senate) actions"
    r"|Conference report (?:dis)?agreed to in (?:House|Senate)"
    r"|(?:Passed|Failed of passage in) (?:House|Senate) over veto): "
)
# Pages of the Congressional Record, with or without what they hold; and the website's note on who acted.
_REFERENCE: Final = re.compile(r" ?\((?:[^()]*\bCR:? [^()]*|Action By: [^()]*)\)")
_LINK: Final = re.compile(r"</?a\b[^<>]*>", re.IGNORECASE)


def plain(text: str) -> str:
    """The text without the Library's prefix, links and references to the Congressional Record, blanks collapsed.

    Blanks first: a long run of them would otherwise take time in step with its square.
    """
    collapsed = " ".join(text.split())
    return _REFERENCE.sub("", _PREFIX.sub("", _LINK.sub("", collapsed), count=1)).strip()


def normalise(text: str) -> str:
    """The text as it is compared: plain, without regard to case, blanks collapsed."""
    return fold(plain(text))

"""Stylesheets, scripts and icon: each under an address that names its content, so that it may be kept for ever."""

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

_ROOT: Final = re.compile(r":root \{(.*?)\}", re.DOTALL)
_VARIABLE: Final = re.compile(r"(--[\w-]+): ([^;]+);")
_USE: Final = re.compile(r"var\((--[\w-]+)\)")
_ALONE: Final = """
svg.poster { max-width: 100%; height: auto; }
svg.poster .ground { fill: var(--chart-ground); }
svg.poster .heading { font-size: 17px; font-weight: 600; }
"""
# The API's docs are shown by a library whose files come with another, so that they work offline.
_OF_SWAGGER: Final = ("swagger-ui-bundle.js", "swagger-ui.css")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that pages refer to.

    Attributes:
        name: of the file, such as ``style.css``.
        digest: names the content: the first 12 digits of its SHA-256.
        content: the bytes.
        packed: the same, compressed.
    """

    name: str
    digest: str
    content: bytes
    packed: bytes

    @property
    def media_type(self) -> str:
        """What it is."""
        return MEDIA_TYPES[self.name[self.name.rindex(".") :]]

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/static/{self.digest}/{self.name}"


def find_asset(digest: str, name: str) -> Asset | None:
    """The asset of this name, if this is its content."""
    asset = _assets().get(name)
    return asset if asset and asset.digest == digest else None


def address_of(name: str) -> str:
    """The address of an asset by its file name."""
    return _assets()[name].address


@cache
def version() -> str:
    """Tells two releases of the pages apart: a digest of all assets and templates."""
    templates = sorted((files("app.web") / "templates").iterdir(), key=lambda one: one.name)
    texts = [one.read_bytes() for one in templates if one.name.endswith(".html")]
    digests = [one.digest.encode() for one in _assets().values()]
    return sha256(b"\0".join([*digests, *texts])).hexdigest()[:12]


@cache
def chart_style() -> str:
    """What gives a chart its looks where no stylesheet of ours is: by day and by night, no variable left in it."""
    text = _assets()["chart.css"].content.decode()
    by_day, by_night = (dict(_VARIABLE.findall(block)) for block in _ROOT.findall(text))
    # Of the rules, those of the chart itself: alone it has the size that it says, and is never the narrow one.
    rules = text[text.index("svg.chart {") : text.index("@media screen and (max-width")]
    sized = rules.replace("width: 100%; height: auto; ", "").splitlines()
    lines = [line for line in sized if "max-width" not in line] + _ALONE.splitlines()
    coloured = "".join(line for line in lines if "var(" in line)
    day, night = (
        _USE.sub(lambda use: colours[use[1]], rule)  # noqa: B023 -- used at once
        for rule, colours in (("".join(lines), by_day), (coloured, by_night))
    )
    return f"{day}@media screen and (prefers-color-scheme: dark){{{night}}}"


@cache
def _assets() -> dict[str, Asset]:
    found = [
        *(files("app.web") / "static").iterdir(),
        *(files("fastapi_swagger.resources") / name for name in _OF_SWAGGER),
    ]
    return {
        one.name: _read(one.name, one.read_bytes())
        for one in sorted(found, key=lambda one: one.name)
        if one.name.endswith(tuple(MEDIA_TYPES))
    }


def _read(name: str, content: bytes) -> Asset:
    # Without the time of compression in it, every process answers with the same bytes.
    packed = gzip.compress(content, mtime=0)
    return Asset(name, sha256(content).hexdigest()[:12], content, packed)

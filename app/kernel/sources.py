"""Where a fact comes from: an address, what it is, and how far we have checked it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.canonical import Json
from app.kernel.choices import read_choice
from app.kernel.findings import Collector
from app.kernel.text import clean_text, clean_url

MAX_SOURCES: Final = 20
MAX_TITLE: Final = 500


class SourceKind(StrEnum):
    """What the cited page is."""

    OFFICIAL = "official"
    MEDIA = "media"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Source:
    """One cited page."""

    url: str
    title: str | None = None
    kind: SourceKind = SourceKind.OTHER

    def to_json(self) -> Json:
        """The source as it is stored and answered."""
        return {"url": self.url, "title": self.title, "kind": self.kind.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> "Source":
        """The inverse of ``to_json``."""
        return cls(stored["url"], stored["title"], SourceKind(stored["kind"]))


def read_sources(
    collector: Collector, pointer: str, raw: list[Mapping[str, str | None]]
) -> tuple[Source, ...]:
    """Read sources as given (``url``, ``title``, ``kind``), noting what is refused under ``pointer``."""
    if len(raw) > MAX_SOURCES:
        collector.note(pointer, "too-many", f"At most {MAX_SOURCES} sources.")
        return ()
    return tuple(
        read_source(collector, f"{pointer}/{index}", item) for index, item in enumerate(raw)
    )


def read_source(collector: Collector, pointer: str, raw: Mapping[str, str | None]) -> Source:
    """One source, as it stands at ``pointer``."""
    return Source(
        collector.read(f"{pointer}/url", clean_url, raw.get("url") or "", ""),
        collector.find(
            lambda text: clean_text(text, max_length=MAX_TITLE),
            f"{pointer}/title",
            raw.get("title"),
        ),
        collector.read(f"{pointer}/kind", _read_kind, raw.get("kind") or "other", SourceKind.OTHER),
    )


def _read_kind(text: str) -> SourceKind:
    return read_choice(SourceKind, text)

"""Where in a file something stands, and what was found wrong there."""

from dataclasses import dataclass
from typing import Final

from app.kernel.canonical import Json
from app.kernel.errors import Finding, ValueRefusedError

_MAX_FOUND: Final = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file that somebody handed in.

    Attributes:
        file: the file's name, as given.
        where: ``line 12`` of a text, an RFC 6901 pointer into a JSON document, or empty for the whole.
    """

    file: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.where}" if self.where else self.file


NOWHERE: Final = Place("")


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What is wrong with a file; while there is one, nothing of the file may be recorded.

    Attributes:
        code: stable and machine-readable, such as ``unknown-code``.
        detail: one sentence for people, which quotes nothing of the file.
        found: what stands there, where that helps; it is shown to whoever handed the file in, and to nobody else.
    """

    place: Place
    code: str
    detail: str
    found: str | None = None

    def __str__(self) -> str:
        found = f" Found: {self.found!r}." if self.found is not None else ""
        return f"{self.place}: {self.detail}{found} ({self.code})"

    def to_problem(self) -> Finding:
        """The same as a finding of a problem, which never repeats what was sent; the file is named by us."""
        pointer = self.place.where if self.place.where.startswith("/") else ""
        facts = {"file": self.place.file, "place": self.place.where}
        return Finding(pointer, self.code, self.detail, facts)

    def to_json(self) -> Json:
        """The line of a report."""
        return {
            "file": self.place.file,
            "place": self.place.where,
            "code": self.code,
            "detail": self.detail,
            "found": self.found,
        }


class FileRefusedError(Exception):
    """A reader cannot go on with a file, or with one of its rows."""

    def __init__(self, place: Place, code: str, detail: str, *, found: str | None = None) -> None:
        super().__init__(detail)
        self.finding = FileFinding(place, code, detail, found)

    @classmethod
    def of(cls, place: Place, refused: ValueRefusedError) -> "FileRefusedError":
        """The refusal of a single value, with its place."""
        return cls(place, refused.code, refused.detail, found=found_in(refused))


def found_in(refused: ValueRefusedError) -> str | None:
    """What a refusal says that it found, shortened."""
    found = refused.facts.get("found")
    return None if found is None else str(found)[:_MAX_FOUND]

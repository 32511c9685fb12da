"""Where in a file something stands, and what was found wrong there."""

from dataclasses import dataclass

from app.kernel.canonical import Json
from app.kernel.errors import ValueRefusedError


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


@dataclass(frozen=True, slots=True)
class FileFinding:
    """What is wrong with a file; while there is one, nothing of the file may be recorded.

    Attributes:
        code: stable and machine-readable, such as ``unknown-code``.
        detail: one sentence for people. Unlike a problem's, it may quote what the file says.
    """

    place: Place
    code: str
    detail: str

    def to_json(self) -> Json:
        """The line of a report."""
        return {
            "file": self.place.file,
            "place": self.place.where,
            "code": self.code,
            "detail": self.detail,
        }


class FileRefusedError(Exception):
    """A reader cannot go on with a file, or with one of its rows."""

    def __init__(self, place: Place, code: str, detail: str) -> None:
        super().__init__(detail)
        self.finding = FileFinding(place, code, detail)

    @classmethod
    def of(cls, place: Place, refused: ValueRefusedError) -> "FileRefusedError":
        """The refusal of a single value, with its place."""
        return cls(place, refused.code, refused.detail)

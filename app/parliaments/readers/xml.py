"""XML as a small tree that knows its lines. No document type, so no entities; bounded in depth.

The standard library's expat with its own hook against document types: a hardened parser on top of it would hide the
line of an element, and whoever has to find an error in a file of 5,000 lines needs it.
"""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from app.parliaments.domain.places import FileRefusedError, Place
from app.parliaments.readers.files import SourceFile, read_text

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 250_000


@dataclass(slots=True)
class Element:
    """An element of a document.

    Attributes:
        place: the line on which it begins.
        parts: its own text as it came, without that of its children.
    """

    name: str
    place: Place
    parts: list[str] = field(default_factory=list)
    children: list["Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, trimmed."""
        return "".join(self.parts).strip()

    def find(self, path: str) -> "Element | None":
        """The first element down the path, ``sourceSystem/code``."""
        found: Element | None = self
        for name in path.split("/"):
            found = (
                next((one for one in found.children if one.name == name), None) if found else None
            )
        return found

    def find_text(self, *paths: str) -> str | None:
        """The text of the first path that leads to one."""
        for path in paths:
            found = self.find(path)
            if found and found.text:
                return found.text
        return None

    def list_all(self, path: str) -> "list[Element]":
        """Every element at the end of the path."""
        found = [self]
        for name in path.split("/"):
            found = [child for one in found for child in one.children if child.name == name]
        return found

    def place_of(self, path: str) -> Place:
        """Where to look for something below, whether it is there or not."""
        found = self.find(path)
        return found.place if found else self.place


def parse_xml(file: SourceFile) -> Element:
    """The root of the document.

    Raises:
        FileRefusedError: what ``read_text`` raises; ``not-xml`` with the line, also for a file that is cut off;
            ``doctype`` for a document type; ``too-deep``; ``too-large`` for too many elements.
    """
    text = read_text(file)
    builder = _Builder(file)
    try:
        builder.parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        place = Place(file.name, f"line {error.lineno}")
        reason = expat.errors.messages[error.code]
        raise FileRefusedError(place, "not-xml", f"Not well-formed: {reason}.") from None
    return builder.root


class _Builder:
    """Collects what expat reports."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._open: list[Element] = [Element("", file.place)]
        self._elements = 0
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    @property
    def root(self) -> Element:
        """The document's one outermost element."""
        return self._open[0].children[0]

    def _here(self) -> Place:
        return Place(self._file.name, f"line {self.parser.CurrentLineNumber}")

    def _refuse_doctype(self, *_: object) -> None:
        raise FileRefusedError(self._here(), "doctype", "A document type is not accepted.")

    def _start(self, name: str, _: dict[str, str]) -> None:
        if len(self._open) > MAX_DEPTH:
            raise FileRefusedError(self._here(), "too-deep", f"At most {MAX_DEPTH} levels.")
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise FileRefusedError(self._here(), "too-large", f"At most {MAX_ELEMENTS} elements.")
        element = Element(name, self._here())
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].parts.append(text)

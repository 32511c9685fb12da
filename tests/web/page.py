"""Pages as a browser reads them: headings, links, forms, and what must not be in them."""

from collections.abc import Mapping
from html.parser import HTMLParser

from starlette.testclient import TestClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Page(HTMLParser):
    """A parsed page."""

    def __init__(self, status: int, headers: Mapping[str, str], text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.text = status, headers, text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._heading: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in {"h1", "h2", "h3", "h4"}:
            self._heading = tag
            self.headings.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._heading:
            self._heading = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._heading:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def title(self) -> str:
        """The heading of the page."""
        return next(text.strip() for level, text in self.headings if level == "h1")

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [str(one["href"]) for one in self.all("a") if "href" in one]

    @property
    def loaded(self) -> list[str]:
        """The files that it loads: stylesheets, icon, scripts."""
        links = [one for one in self.all("link") if one["rel"] in {"stylesheet", "icon"}]
        scripts = [one for one in self.all("script") if "src" in one]
        return [str(one["href"]) for one in links] + [str(one["src"]) for one in scripts]

    @property
    def said(self) -> str:
        """All its words, blanks collapsed."""
        return " ".join(" ".join(self.words).split())


def visit(client: TestClient, path: str, **headers: str) -> Page:
    """What a browser gets at this address."""
    answer = client.get(path, headers={**BROWSER, **headers}, follow_redirects=False)
    return Page(answer.status_code, answer.headers, answer.text)

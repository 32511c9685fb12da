"""The pages that header and footer lead to. A new page that belongs there is one more line here."""

from typing import Final, NamedTuple


class Place(NamedTuple):
    """One link."""

    name: str
    path: str

    def holds(self, path: str) -> bool:
        """Whether the page at ``path`` is this one, or below it."""
        if self.path == "/":
            return path in {"/", "/overview"}
        return path == self.path or path.startswith(f"{self.path}/")


NAVIGATION: Final = (
    Place("Overview", "/"),
    Place("Donors", "/donors"),
    Place("Pledges", "/pledges"),
    Place("Legislation", "/legislation"),
    Place("Changes", "/changes"),
    Place("Downloads", "/downloads"),
    Place("Verify", "/verify"),
    Place("Method", "/method"),
)
FOOTER: Final = (
    Place("Groups", "/groups"),
    Place("Rates", "/rates"),
    Place("API", "/docs"),
    Place("About", "/about"),
)

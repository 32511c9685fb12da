"""The pages that header and footer lead to. A new page that belongs there is one more line here."""

import re
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
# What whoever may write can do about what a page shows, by the page's path.
_AT_THE_DESK: Final = (
    (r"/donors/([A-Z]{2,3})", (("New pledge", "/pledges/new?donor={}"),)),
    (
        r"/pledges/([^/]+)",
        (
            ("New movement", "/pledges/{}/movements/new"),
            ("Amend", "/pledges/{}/amend"),
            ("Withdraw", "/pledges/{}/withdraw"),
        ),
    ),
    (
        r"/legislation",
        (
            ("New legislative request", "/legislation/new"),
            ("New bill or decision", "/legislation/vehicles/new"),
        ),
    ),
    (
        r"/legislation/vehicles/([^/]+)",
        (
            ("New actions", "/legislation/vehicles/{}/actions/new"),
            ("Amend", "/legislation/vehicles/{}/amend"),
        ),
    ),
    (
        r"/legislation/([^/]+)",
        (
            ("New action", "/legislation/{}/actions/new"),
            ("Became law", "/legislation/{}/enact"),
            ("Pays for a pledge", "/legislation/{}/funding/new"),
            ("Attach a bill", "/legislation/{}/vehicles/new"),
            ("Amend", "/legislation/{}/amend"),
            ("Withdraw", "/legislation/{}/withdraw"),
        ),
    ),
)


def desk_links(path: str) -> list[Place]:
    """The forms that a page leads to. The forms themselves lead to none."""
    for pattern, links in _AT_THE_DESK:
        found = re.fullmatch(pattern, path)
        if found and not path.endswith("/new"):
            return [Place(name, address.format(*found.groups())) for name, address in links]
    return []

"""The templates, with the words that they may use: everything is escaped, and a name that nobody gave is a fault."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined

from app.access.domain import Role
from app.access.service import SignedIn
from app.settings import Settings
from app.web import assets, words
from app.web.navigation import FOOTER, NAVIGATION, desk_links
from app.web.routes import list_feeds

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("app.web", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters |= {
    "count": words.count_words,
    "day": words.day_words,
    "donor": words.donor_name,
    "exact": words.exact_words,
    "grouped": lambda number: words.group_digits(str(number)),
    "host": words.host_of,
    "instant": words.instant_words,
    "plain": words.plain_words,
    "web_address": words.web_address,
}
_ENVIRONMENT.globals |= {"asset": assets.address_of, "navigation": NAVIGATION, "footer": FOOTER}


def render(request: Request, template: str, model: Mapping[str, Any]) -> bytes:
    """A page as UTF-8.

    Args:
        request: says which page it is.
        template: a file of ``templates/``.
        model: the names that the template uses.
    """
    settings: Settings = request.app.state.settings
    visitor = seen_by(request)
    may_write = visitor is not None and visitor.caller.role.may(Role.CONTRIBUTOR)
    # What was is not what would be changed.
    is_now = "as_of" not in request.query_params
    common = {
        "here": request.url.path,
        "is_demo": settings.is_demo,
        "feeds": list_feeds(request.app),
        "visitor": visitor,
        "may_write": may_write,
        "desk_links": desk_links(request.url.path) if may_write and is_now else [],
        "said": None,
        "alternates": [],
    }
    return _ENVIRONMENT.get_template(template).render({**common, **model}).encode()


def seen_by(request: Request) -> SignedIn | None:
    """Who is signed in, as far as the route asked."""
    visitor: SignedIn | None = getattr(request.state, "visitor", None)
    return visitor

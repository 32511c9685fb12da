"""How others show a view and name it: a frame for their pages, a citation whose address always shows the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.exports.stamps import as_of_words
from app.journal.domain import Snapshot
from app.web.views.filters import SHARED, View
from app.web.views.twins import file_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Texts to be copied. Each holds a path; the script of the page writes this host in front of it.

    Attributes:
        embed_path: of the chart alone, of the latest figures.
        permanent_path: of the page as of this revision.
        figure_path: where the figure itself gets an address that shows what it was beside what it is.
    """

    embed_path: str
    frame: str
    permanent_path: str
    figure_path: str
    citation: str
    bibtex: str


def share(view: View, title: str, snapshot: Snapshot, **own: str) -> Sharing:
    """The texts of a view.

    Args:
        view: of the page.
        title: what it shows; without characters that HTML or BibTeX would read otherwise.
        snapshot: what is cited.
        own: the filters that the page itself stands for, as the donor's.
    """
    embed_path = view.address("/embed/growth", sort="", **own)
    permanent_path = view.address(as_of=str(snapshot.revision))
    moment = as_of_words(snapshot)
    year = f"  year = {{{snapshot.recorded_at.year}}},\n" if snapshot.recorded_at else ""
    return Sharing(
        embed_path=embed_path,
        frame=f'<iframe src="{embed_path}" title="{title}" width="100%" height="540" loading="lazy"></iframe>',
        permanent_path=permanent_path,
        figure_path=file_address(
            "/v1/cite", view, SHARED, {**own, "as_of": str(snapshot.revision)}
        ),
        citation=f"Aid Ledger: {title}. Ledger revision {snapshot.revision}, as of {moment}. {permanent_path}",
        bibtex=(
            f"@misc{{aidledger-r{snapshot.revision},\n"
            "  author = {{Aid Ledger}},\n"
            f"  title = {{{title}}},\n"
            f"{year}"
            f"  note = {{Ledger revision {snapshot.revision}, as of {moment}}},\n"
            f"  url = {{{permanent_path}}}\n"
            "}"
        ),
    )


def cite_address(path: str, view: View, names: Iterable[str] = (), **more: str) -> str:
    """Where the figures at an address of the API get one that shows what they were beside what they are."""
    return file_address("/v1/cite" + path.removeprefix("/v1"), view, names, more)

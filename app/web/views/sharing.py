"""How others show a block and name it: a frame for their pages, a citation whose address always shows the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.exports.stamps import as_of_words
from app.journal.domain import Snapshot
from app.web.views.filters import SHARED, View
from app.web.views.twins import Block, file_address


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Texts to be copied. Each holds a path; the script of the page writes this host in front of it.

    Attributes:
        name: of the block, unique on the page.
        about: the same in words, for those who cannot see its place.
        embed_path: of the block alone, of the latest figures.
        permanent_path: of the page as of this revision.
        figure_path: where the figure itself gets an address that shows what it was beside what it is, if it has one.
    """

    name: str
    about: str
    embed_path: str
    frame: str
    permanent_path: str
    figure_path: str | None
    citation: str
    bibtex: str


def share(
    block: Block,
    view: View,
    title: str,
    snapshot: Snapshot,
    permanent: str | None = None,
    cited: str | None = None,
    **own: str,
) -> Sharing:
    """The texts of a block as a view shows it.

    Args:
        block: what is shown.
        view: of the page.
        title: what it shows; without characters that HTML or BibTeX would read otherwise.
        snapshot: what is cited.
        permanent: the path of the page that shows this for ever, where it is not that of the view as of now.
        cited: where the figures get an address of their own, of what is no total.
        own: the parameters that the page itself stands for, as the donor's.
    """
    embed_path = block.embed_path(view, **own)
    revision = str(snapshot.revision)
    permanent_path = permanent or view.address(as_of=revision)
    asked = {name: text for name, text in own.items() if name in SHARED}
    moment = as_of_words(snapshot)
    year = f"  year = {{{snapshot.recorded_at.year}}},\n" if snapshot.recorded_at else ""
    return Sharing(
        name=block.name,
        about=title,
        embed_path=embed_path,
        frame=f'<iframe src="{embed_path}" title="{title}" width="100%" height="{block.height}"'
        ' loading="lazy"></iframe>',
        permanent_path=permanent_path,
        figure_path=file_address("/v1/cite", view, SHARED, {**asked, "as_of": revision})
        if block.is_total
        else cited,
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

"""docs/verify-bundle.md names what bundles hold: the verifier's own names, and files that are there."""

import re
from typing import Final

from app.exports import bundle as writer
from tests.architecture.source import ROOT
from verifier import bundle, entries

PAGE: Final = (ROOT / "docs" / "verify-bundle.md").read_text(encoding="utf-8")


def test_both_sides_speak_of_one_format() -> None:
    assert writer.FORMAT == bundle.FORMAT
    assert writer.TILE == bundle.TILE


def test_the_page_names_every_file_and_member() -> None:
    files = {bundle.MANIFEST, bundle.CHECKPOINT, bundle.RATES, bundle.TOTALS}
    for name in {bundle.FORMAT, *files, *bundle._MEMBERS, *entries._MEMBERS}:
        assert f"`{name}`" in PAGE, name


def test_the_page_speaks_of_modules_that_are_there() -> None:
    named = re.findall(r"`((?:app|verifier)/[a-z_/]+\.py)`", PAGE)
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).exists()] == []

"""On which terms the figures of every workbook are given."""

from typing import Final

LICENCE: Final = (
    "Figures are facts and free to use; name the source. The software is under Apache-2.0."
)

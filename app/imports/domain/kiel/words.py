"""The words that the workbook uses: what is missing, what kind of aid it is, and how it is given."""

import re
from dataclasses import dataclass
from typing import Final

from app.imports.domain.cells import Cell, Value
from app.kernel.text import fold
from app.pledges.domain import AidType, Instrument

# Nothing is known, and nobody says why.
_BLANK: Final = frozenset({"", ".", "-", "\u2013", "n/a", "na", "nan", "#n/a", "#name?", "#value!"})
# The source keeps it to itself, or was not precise: said once, and worth repeating beside the line.
_WITHHELD: Final = frozenset(
    {"not given", "undisclosed", "no price", "unspecified", "not specified", "unclear", "unknown", "dozens",
     "partially", "several", "some"}
)  # fmt: skip
_TYPING_SLIPS: Final = {"assitance": "assistance"}
_YES: Final = frozenset({"yes", "1", "true"})


@dataclass(frozen=True, slots=True)
class Form:
    """One way of giving, as the column of specific types has it.

    Attributes:
        name: the spelling that stands for all of them.
        instrument: what the ledger calls it.
    """

    name: str
    instrument: Instrument


_FORMS: Final = {
    fold(form.name): form
    for form in (
        Form("Weapons", Instrument.IN_KIND),
        Form("Weapons and equipment", Instrument.IN_KIND),
        Form("Weapons and assistance", Instrument.IN_KIND),
        Form("Weapons and training", Instrument.IN_KIND),
        Form("Weapons, equipment and assistance", Instrument.IN_KIND),
        Form("Military equipment", Instrument.IN_KIND),
        Form("Equipment", Instrument.IN_KIND),
        Form("Equipment and assistance", Instrument.IN_KIND),
        Form("Assistance and equipment", Instrument.IN_KIND),
        Form("Equipment and medicines", Instrument.IN_KIND),
        Form("Protective equipment and medical supplies", Instrument.IN_KIND),
        Form("Medicines", Instrument.IN_KIND),
        Form("Material assistance", Instrument.IN_KIND),
        Form("Training", Instrument.IN_KIND),
        Form("Assistance", Instrument.GRANT),
        Form("Humanitarian", Instrument.GRANT),
        Form("Reconstruction", Instrument.GRANT),
        Form("Infrastructure", Instrument.GRANT),
        Form("Grant", Instrument.GRANT),
        Form("European Peace Facility", Instrument.GRANT),
        Form("Funding for weapon acquisition program", Instrument.GRANT),
        Form("Loan", Instrument.LOAN),
        # A central bank's swap line is drawn and paid back.
        Form("Swap-line", Instrument.LOAN),
        Form("Central bank swap line", Instrument.LOAN),
        Form("Guarantee", Instrument.GUARANTEE),
    )
}


def text_of(cell: Cell) -> str:
    """What stands in a cell as text, without the blanks around it (no-break spaces too), blanks inside collapsed."""
    return plain_words(cell.value)


def plain_words(value: Value) -> str:
    """The same of its value."""
    return "" if value is None else " ".join(str(value).split())


def is_missing(text: str) -> bool:
    """Whether a text means that nothing is known."""
    return text.casefold() in _BLANK or is_withheld(text)


def is_withheld(text: str) -> bool:
    """Whether a text says that somebody knows and does not tell, such as ``undisclosed``."""
    return text.casefold() in _WITHHELD


def is_yes(text: str) -> bool:
    """Whether a flag is set: ``Yes``, ``Yes `` or 1."""
    return text.casefold() in _YES


def find_aid_type(text: str) -> AidType | None:
    """The aid type of the column of general types, whatever its case."""
    try:
        return AidType(text.casefold())
    except ValueError:
        return None


def find_form(text: str) -> Form | None:
    """The way of giving, whatever its case and blanks; ``None`` where the workbook has a new one."""
    words = [_TYPING_SLIPS.get(word, word) for word in fold(text).split()]
    return _FORMS.get(" ".join(words))


def sentence_case(text: str) -> str:
    """``Aviation and Drones`` and ``Aviation and drones`` are one class of items; acronyms are left as they are."""
    return " ".join(
        word if place and word.isupper() else _lower(word, first=not place)
        for place, word in enumerate(text.split())
    )


def _lower(word: str, *, first: bool) -> str:
    if re.fullmatch(r"[A-Z]?[a-z&-]+", word) is None:
        return word
    return word.capitalize() if first else word.lower()

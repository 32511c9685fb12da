"""The columns of a table of pledges, which exports write and imports read: what each holds, which words it takes."""

from dataclasses import dataclass
from typing import Final

from app.donors.domain import list_donors
from app.kernel.currencies import CURRENCIES
from app.kernel.sources import SourceKind
from app.pledges.domain.model import AidType, Bound, Instrument, Stage, Verification

# No pledge can have this reference, so no pledge is ever taken for the example.
EXAMPLE_REFERENCE: Final = "(example)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeColumn:
    """One column.

    Attributes:
        name: in the first row.
        note: what it holds, for people.
        words: all that may stand in it; empty where anything may.
        example: of the template's example; ``None`` where it stays empty.
        is_number: it holds numbers.
        is_derived: the ledger works it out; an import does not read it.
    """

    name: str
    note: str
    words: tuple[str, ...] = ()
    example: str | None = None
    is_number: bool = False
    is_derived: bool = False


def _stage(stage: Stage) -> PledgeColumn:
    return PledgeColumn(
        name=stage.value,
        note="Worked out by the ledger; not read.",
        is_number=True,
        is_derived=True,
    )


def _derived(name: str, *, is_number: bool = False) -> PledgeColumn:
    note = "Given by the ledger; not read."
    return PledgeColumn(name=name, note=note, is_number=is_number, is_derived=True)


COLUMNS: Final[tuple[PledgeColumn, ...]] = (
    PledgeColumn(
        name="reference",
        note="The pledge's short name. Empty for a new one, which gets a name.",
        example=EXAMPLE_REFERENCE,
    ),
    PledgeColumn(
        name="donor",
        note="Needed. A code, or a name that is known: DK, Denmark.",
        words=tuple(donor.code for donor in list_donors()),
        example="DK",
    ),
    PledgeColumn(name="title", note="Needed. What was promised.", example="Donation package 13"),
    PledgeColumn(name="aid_type", note="Needed.", words=tuple(AidType), example="military"),
    PledgeColumn(
        name="instrument",
        note="Empty: in_kind for military aid, grant for the rest. An authority is a frame that is in no total.",
        words=tuple(Instrument),
        example="in_kind",
    ),
    PledgeColumn(
        name="amount",
        note="A number in whole units of the currency. Empty where none was published: unknown is not zero.",
        example="1000000000",
        is_number=True,
    ),
    PledgeColumn(
        name="currency",
        note="An ISO 4217 code. Needed beside an amount.",
        words=tuple(CURRENCIES),
        example="DKK",
    ),
    PledgeColumn(
        name="bound",
        note="How the amount was worded. Empty: exact.",
        words=tuple(Bound),
        example="exact",
    ),
    PledgeColumn(
        name="announced_on",
        note="As precise as the source: 2023-11-14, 2023-11, 2023, 2023-11-01/2023-11-14; empty where nobody says."
        " The column is text, so that no spreadsheet makes a day of a month.",
        example="2023-11-14",
    ),
    PledgeColumn(
        name="status",
        note="The stage that the whole amount has reached. Empty: pledged. With movements it stays as it is.",
        words=tuple(Stage),
        example="pledged",
    ),
    *map(_stage, Stage),
    PledgeColumn(
        name="verification",
        note="Empty: unverified.",
        words=tuple(Verification),
        example="official",
    ),
    PledgeColumn(name="notes", note="Whatever a reader should know."),
    PledgeColumn(
        name="overlaps",
        note="References of pledges that may contain the same money, with blanks between them.",
    ),
    PledgeColumn(
        name="source_url",
        note="The page that says so. Of several sources the first; the others stay.",
        example="https://www.fmn.dk/en/news/2023/",
    ),
    PledgeColumn(name="source_title", note="What the page is called."),
    PledgeColumn(
        name="source_kind",
        note="Who published it. Empty: other.",
        words=tuple(SourceKind),
        example="official",
    ),
    _derived("id"),
    PledgeColumn(
        name="version",
        note="For a pledge that the ledger has: the version that the row is based on. Leave it as it was exported.",
        is_number=True,
    ),
    _derived("revision", is_number=True),
    _derived("recorded_at"),
)
# Of the template's example, by column.
EXAMPLE: Final = {column.name: column.example for column in COLUMNS if not column.is_derived}

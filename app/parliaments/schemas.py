"""What is answered about an import of actions."""

from typing import Literal

from pydantic import BaseModel, Field


class FileFindingOut(BaseModel):
    """What is wrong with a file."""

    file: str = Field(description="`file 1` is the first, or the only one.")
    place: str = Field(
        description="`line 12`, a JSON pointer into the file, or empty for the whole."
    )
    code: str
    detail: str
    found: str | None = Field(description="What stands there, where that helps.")


class ImportedActionOut(BaseModel):
    """An action of the files, and what becomes of it."""

    file: str
    place: str
    outcome: Literal["new", "unchanged", "different", "withdrawn"]
    on: str
    state: str | None = Field(description="What it makes of the vehicle.")
    text: str
    detail: str | None = Field(description="How the ledger has it, where that differs.")


class SuggestionOut(BaseModel):
    """Something for a person to look at; nothing follows from it."""

    code: Literal["text-replaced", "title-changed", "names-recipient"]
    detail: str
    file: str | None
    place: str | None


class ImportReportOut(BaseModel):
    """What an import did, or would do."""

    dry_run: bool
    revision: int | None = Field(description="Of the last entry made; null where none was.")
    vehicle: str | None
    vehicle_id: str | None
    vehicle_is_new: bool
    new: int
    unchanged: int
    different: int = Field(description="The ledger has them otherwise; it is left as it is.")
    withdrawn: int = Field(description="Somebody took them back, and so it stays.")
    repeated_rows: int = Field(description="Rows that say again what another row says.")
    findings: list[FileFindingOut] = Field(description="With any, nothing is recorded.")
    actions: list[ImportedActionOut]
    suggestions: list[SuggestionOut]

"""What the codes of parliaments and trackers mean in our states: tables, each row with its evidence.

The tables are data (``codes/*.csv``). A code that stands in none of them means nothing here: it is reported by
scheme and name, and never guessed at.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from app.kernel.errors import ValueRefusedError
from app.legislation.domain import Flag, FlagChange, State
from app.parliaments.domain.actions import Effect

_RANGE: Final = re.compile(r"([0-9]+)\.\.([0-9]+)")
FOLDER: Final = files("app.parliaments") / "codes"
COLUMNS: Final = (
    "code", "label", "states", "rule", "body", "flag", "change", "note", "evidence",
)  # fmt: skip


class Scheme(StrEnum):
    """The lists of codes that are known.

    Attributes:
        CONGRESS_GOV: action codes of the Library of Congress, source system 9.
        GOVTRACK: bill status of GovTrack and unitedstates/congress.
        LEGISCAN: status and progress of LegiScan.
        OPEN_STATES: classification of actions in Open Civic Data.
        FOLKETING_ODA: ``Sag.statusid`` of oda.ft.dk.
        BUNDESTAG_DIP: ``Vorgang.beratungsstand`` of the Bundestag's DIP, exact texts.
        STORTING: events of a ``saksgang`` of data.stortinget.no.
        EU: milestones of the ordinary legislative procedure.
    """

    CONGRESS_GOV = "congress_gov"
    GOVTRACK = "govtrack"
    LEGISCAN = "legiscan"
    OPEN_STATES = "open_states"
    FOLKETING_ODA = "folketing_oda"
    BUNDESTAG_DIP = "bundestag_dip"
    STORTING = "storting"
    EU = "eu"


class Rule(StrEnum):
    """How one of several states is chosen.

    Attributes:
        PASSAGE: by whether the other chamber has passed it, and with an amendment or without.
        CONCURRENCE: one chamber on the other's amendment; a refusal blocks and moves nothing.
        CONFERENCE: by whether the other chamber has agreed to the conference report.
        OVERRIDE: a veto is overridden once both chambers have.
        FAILURE: a failed passage ends it; a failed suspension of the rules only blocks it.
        TEXT: the code alone does not say, the text does.
        STATED: only whoever reports it can say; without a state of its own the row is refused.
    """

    PASSAGE = "passage"
    CONCURRENCE = "concurrence"
    CONFERENCE = "conference"
    OVERRIDE = "override"
    FAILURE = "failure"
    TEXT = "text"
    STATED = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code or a wording means.

    Attributes:
        states: none for an event that moves nothing; several where ``rule`` chooses.
        body: who acts, where the code says so.
    """

    states: tuple[State, ...]
    rule: Rule | None
    body: str | None
    flag: Flag | None
    change: FlagChange | None

    @property
    def effect(self) -> Effect:
        """What it does, where no rule has to choose."""
        return Effect(self.states[0] if self.states else None, self.flag, self.change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row of a table."""

    code: str
    label: str | None
    meaning: Meaning
    note: str | None
    evidence: str


class MappingError(ValueError):
    """A table of ours is wrong; it names the table and the line."""


class CodeTable:
    """The codes of one scheme."""

    def __init__(self, scheme: Scheme, codes: Iterable[Code]) -> None:
        self.scheme = scheme
        self.codes = tuple(codes)
        self._single = {one.code: one for one in self.codes if not _is_open(one.code)}
        self._open = [one for one in self.codes if _is_open(one.code)]

    def find(self, code: str) -> Code | None:
        """The row of a code, of the range that holds it, or of its prefix."""
        return self._single.get(code) or next(
            (one for one in self._open if _covers(one.code, code)), None
        )

    def get(self, code: str) -> Code:
        """As ``find``.

        Raises:
            ValueRefusedError: ``unknown-code``, naming the scheme, with the code as ``found``.
        """
        found = self.find(code)
        if found is None:
            detail = f"The code is not known in {self.scheme.value}."
            raise ValueRefusedError("unknown-code", detail, found=code)
        return found


@cache
def code_table(scheme: Scheme) -> CodeTable:
    """The table of a scheme, as shipped."""
    return read_table(scheme, (FOLDER / f"{scheme.value}.csv").read_text(encoding="utf-8"))


def read_table(scheme: Scheme, text: str) -> CodeTable:
    """Read and check a table.

    Raises:
        MappingError: other columns, an unknown state, flag or rule, states without a rule to choose among
            them, no evidence, or a code that an earlier row has already.
    """
    codes: list[Code] = []
    for line, cells in read_rows(text, COLUMNS, scheme.value):
        code = _read_code(cells, f"{scheme.value}.csv, line {line}")
        if any(_overlaps(code.code, earlier.code) for earlier in codes):
            raise MappingError(f"{scheme.value}.csv, line {line}: {code.code} is there already.")
        codes.append(code)
    return CodeTable(scheme, codes)


def read_rows(
    text: str, columns: tuple[str, ...], name: str
) -> Iterable[tuple[int, dict[str, str]]]:
    """Line numbers and cells of a table of ours.

    Raises:
        MappingError: it has other columns.
    """
    reader = csv.DictReader(text.splitlines(), strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        raise MappingError(f"{name}.csv has other columns than {', '.join(columns)}.")
    for cells in reader:
        yield reader.line_num, cells


def read_meaning(cells: Mapping[str, str], place: str) -> Meaning:
    """The part of a row that says what it does.

    Raises:
        MappingError: it is not possible.
    """
    try:
        meaning = Meaning(
            states=tuple(map(State, cells["states"].split())),
            rule=Rule(cells["rule"]) if cells["rule"] else None,
            body=cells["body"] or None,
            flag=Flag(cells["flag"]) if cells["flag"] else None,
            change=FlagChange(cells["change"]) if cells["change"] else None,
        )
    except ValueError as error:
        raise MappingError(f"{place}: {error}.") from None
    if len(meaning.states) > 1 and meaning.rule is None:
        raise MappingError(f"{place}: several states, and no rule to choose among them.")
    if (meaning.flag is None) is not (meaning.change is None):
        raise MappingError(f"{place}: a flag is set or cleared.")
    if not cells["evidence"].strip():
        raise MappingError(f"{place}: no evidence.")
    return meaning


def _read_code(cells: Mapping[str, str], place: str) -> Code:
    return Code(
        code=cells["code"],
        label=cells["label"] or None,
        meaning=read_meaning(cells, place),
        note=cells["note"] or None,
        evidence=cells["evidence"],
    )


def _overlaps(one: str, other: str) -> bool:
    return one == other or _covers(one, other) or _covers(other, one)


def _is_open(code: str) -> bool:
    return _RANGE.fullmatch(code) is not None or code.endswith("*")


def _covers(pattern: str, code: str) -> bool:
    """``71000..75000`` covers the numbers between; ``amendment-*`` whatever begins so."""
    if bounds := _RANGE.fullmatch(pattern):
        return code.isdecimal() and int(bounds[1]) <= int(code) <= int(bounds[2])
    return pattern.endswith("*") and code.startswith(pattern[:-1])

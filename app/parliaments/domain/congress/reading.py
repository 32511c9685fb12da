"""Rows of an action list become actions with their votes, states and flags."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.kernel.dates import day_span
from app.kernel.errors import ValueRefusedError
from app.parliaments.domain.actions import (
    NOTHING,
    Effect,
    Reading,
    ReportedAction,
    VehicleFacts,
)
from app.parliaments.domain.codes import Meaning, Rule, Scheme, code_table
from app.parliaments.domain.congress.course import Event, Progress, advance
from app.parliaments.domain.congress.rows import Row, merge
from app.parliaments.domain.congress.votes import find_vote
from app.parliaments.domain.patterns import Wording, find_wording
from app.parliaments.domain.places import FileFinding, found_in

LANGUAGE: Final = "en"
# The House's own codes are no closed list (api.congress.gov, BillEndpoint.md).
_HOUSE_CODE: Final = "H"


def read_rows(
    facts: VehicleFacts, rows: Sequence[Row], findings: Iterable[FileFinding] = ()
) -> Reading:
    """The actions of a bill, from rows that stand oldest first.

    ``findings`` is what was wrong before the rows were reached.
    """
    merged, repeats = merge(rows)
    reader = _Reader(facts, [*findings, *_unknown_codes(rows)])
    actions = [reader.read(row) for row in merged]
    return Reading(
        vehicle=facts,
        actions=_one_vote_each(actions),
        repeats=tuple(repeats),
        findings=tuple(reader.findings),
    )


def _unknown_codes(rows: Iterable[Row]) -> Iterator[FileFinding]:
    """Codes of the Library that no table of ours has. The House's own are no closed list, so they may be anything."""
    for row in rows:
        for code in row.codes if row.is_of_library else ():
            if code.startswith(_HOUSE_CODE):
                continue
            try:
                code_table(Scheme.CONGRESS_GOV).get(code)
            except ValueRefusedError as refused:
                yield FileFinding(row.place, refused.code, refused.detail, found_in(refused))


@dataclass(slots=True)
class _Reader:
    """Reads row by row, and remembers how far the bill is."""

    facts: VehicleFacts
    findings: list[FileFinding]
    progress: Progress = field(default_factory=Progress)

    def read(self, row: Row) -> ReportedAction:
        """The action of a row."""
        wording = find_wording(row.text)
        meaning = _meaning(row, wording)
        body = row.chamber or (meaning.body if meaning else None)
        effect = self._advance(row, meaning, body) if meaning else NOTHING
        vote = find_vote(row, int(self.facts.session))
        return ReportedAction(
            on=day_span(row.on),
            time=row.time,
            body=body,
            text=row.text,
            language=LANGUAGE,
            scheme=Scheme.CONGRESS_GOV.value if row.codes else None,
            codes=row.codes,
            effect=effect,
            vote=vote,
            substantive=vote is not None or _is_substantive(wording, effect),
            source_url=(vote.url if vote else None) or self.facts.url,
            place=row.place,
        )

    def _advance(self, row: Row, meaning: Meaning, body: str | None) -> Effect:
        event = Event(meaning=meaning, text=row.text, identifier=self.facts.identifier, body=body)
        self.progress, effect, wrong = advance(self.progress, event)
        if wrong:
            self.findings.append(
                FileFinding(
                    row.place,
                    "illegal-transition",
                    f"A bill that is {wrong.before.value} cannot become {wrong.after.value}.",
                )
            )
        return effect


def _meaning(row: Row, wording: Wording | None) -> Meaning | None:
    """What the Library's code says; what the text says where no code does."""
    for code in row.codes:
        found = code_table(Scheme.CONGRESS_GOV).find(code)
        if found and found.meaning.rule is not Rule.TEXT and found.meaning.states:
            return found.meaning
    return wording.meaning if wording else None


def _is_substantive(wording: Wording | None, effect: Effect) -> bool:
    return wording.kind.is_substantive if wording else bool(effect)


def _one_vote_each(actions: Iterable[ReportedAction]) -> tuple[ReportedAction, ...]:
    """The same roll call stands on two rows at times, worded differently: the vote is the first one's."""
    seen: set[tuple[str, ...]] = set()
    single: list[ReportedAction] = []
    for action in actions:
        counted = replace(action, vote=None) if action.vote and action.key in seen else action
        seen.add(action.key)
        single.append(counted)
    return tuple(single)

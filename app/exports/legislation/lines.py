"""What was asked for and what became of it: line by line with all claims, and added up by component."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.exports.legislation.told import Told, kind_of
from app.legislation.domain import Claim, EnactedLine, Enactment, Line
from app.legislation.domain.standing import LineStanding, is_by
from reports.legislation_figures import AskedAndEnacted, ClaimLine, add_up


def asked(one: Told) -> Iterator[AskedAndEnacted]:
    """Each component and kind of amount of a request, in the order of its lines."""
    rows = [_asked_line(one, line) for line in one.lines]
    rows += [_added_line(one, law) for _, law in _added(one)]
    groups: defaultdict[tuple[str, str], list[AskedAndEnacted]] = defaultdict(list)
    for row in rows:
        groups[row.component, row.column].append(row)
    return map(add_up, groups.values())


def claim_lines(one: Told) -> Iterator[ClaimLine]:
    """Each line, as often as there are statements of its amount, and then what the legislature added."""
    told = {standing.line.key: standing for standing in one.lines}
    for line in one.request.lines:
        if not one.admits(line.component):
            continue
        # The figures of a line stand once, or a reader who adds the column up counts them twice.
        [first, *others] = line.claims or [None]
        yield _first_claim(one, line, told.get(line.key), first)
        for claim in others:
            yield _claim_line(one, line, claim)
    for enactment, law in _added(one):
        yield _added_claim(one, enactment, law)


def _asked_line(one: Told, standing: LineStanding) -> AskedAndEnacted:
    """A line of the request. What a law gave beyond it was never asked for."""
    line = standing.line
    return AskedAndEnacted(
        reference=one.request.reference,
        revision=one.revision,
        donor=one.request.donor,
        donor_name=one.donor_name,
        component=line.component.value,
        column=kind_of(line),
        currency=one.request.currency,
        asked=one.amount(standing.pending + standing.enacted + standing.dead),
        pending=one.amount(standing.pending),
        enacted=one.amount(standing.enacted),
        dead=one.amount(standing.dead),
        beyond=one.amount(_beyond(one, standing)),
        unvalued=int(line.amount is None),
    )


def _added_line(one: Told, law: EnactedLine) -> AskedAndEnacted:
    """A line that the legislature added."""
    return AskedAndEnacted(
        reference=one.request.reference,
        revision=one.revision,
        donor=one.request.donor,
        donor_name=one.donor_name,
        component=law.component.value,
        column=kind_of(law),
        currency=one.request.currency,
        asked=one.amount(0),
        pending=one.amount(0),
        enacted=one.amount(0),
        dead=one.amount(0),
        beyond=one.amount(_stands(law, one.on)),
        unvalued=int(law.amount is None),
    )


def _beyond(one: Told, standing: LineStanding) -> int:
    """What is law of a line and was not asked for, in minor units."""
    answers = (law for enacted in _laws(one) for law in enacted.lines)
    law = sum(_stands(answer, one.on) for answer in answers if answer.line == standing.line.key)
    return max(0, law - standing.enacted)


def _laws(one: Told) -> list[Enactment]:
    """What was enacted by the day."""
    return [law for law in one.request.standing_enactments if law.on.last <= one.on]


def _added(one: Told) -> list[tuple[Enactment, EnactedLine]]:
    """The lines that the legislature added by the day, each with its law."""
    return [
        (enactment, law)
        for enactment in _laws(one)
        for law in enactment.lines
        if law.line is None and one.admits(law.component)
    ]


def _stands(law: EnactedLine, on: date) -> int:
    """What stands of an enacted line at the end of the day, in minor units; what was asked where nobody says."""
    if is_by(law.annulled, on):
        return 0
    granted = (law.asked or 0) if law.amount is None else law.amount
    return granted - law.rescinded


def _first_claim(
    one: Told, line: Line, standing: LineStanding | None, claim: Claim | None
) -> ClaimLine:
    """The row with the line's own figures, which it has where it is counted and asked for."""
    row = replace(_claim_line(one, line, claim), is_first=True, amount=one.find_amount(line.amount))
    if standing is None:
        return row
    beyond = _beyond(one, standing)
    if line.amount is None:
        return replace(row, beyond=one.amount(beyond) if beyond else None, unvalued=1)
    return replace(
        row,
        asked=row.amount,
        pending=one.amount(standing.pending),
        enacted=one.amount(standing.enacted),
        dead=one.amount(standing.dead),
        beyond=one.amount(beyond),
    )


def _claim_line(one: Told, line: Line, claim: Claim | None) -> ClaimLine:
    """One statement of a line's amount."""
    source = claim.source if claim else next(iter(one.request.sources), None)
    leaves: Sequence[Line] = one.request.leaves
    return ClaimLine(
        reference=one.request.reference,
        revision=one.revision,
        donor=one.request.donor,
        key=line.key,
        parent=line.parent,
        component=line.component.value,
        subcomponent=line.subcomponent,
        label=line.label,
        amount_kind=line.amount_kind.value,
        beneficiary=line.beneficiary.value,
        column=kind_of(line),
        year=line.year,
        new_money=line.new_money,
        is_added=False,
        is_first=False,
        is_counted=line in leaves,
        amount=None,
        asked=None,
        pending=None,
        enacted=None,
        dead=None,
        beyond=None,
        unvalued=0,
        currency=one.request.currency,
        claim=one.find_amount(claim.amount) if claim else None,
        bound=(claim or line).bound.value,
        verification=(claim or line).verification.value,
        preferred=claim.preferred if claim else None,
        reason=claim.reason if claim else None,
        retrieved=claim.retrieved if claim else None,
        source_title=source.title if source else None,
        source_url=source.url if source else None,
        note=line.note,
    )


def _added_claim(one: Told, enactment: Enactment, law: EnactedLine) -> ClaimLine:
    """The row of a line that the legislature added."""
    return ClaimLine(
        reference=one.request.reference,
        revision=one.revision,
        donor=one.request.donor,
        key=law.key,
        parent=None,
        component=law.component.value,
        subcomponent=None,
        label=law.label,
        amount_kind=law.amount_kind.value,
        beneficiary=law.beneficiary.value,
        column=kind_of(law),
        year=None,
        new_money=None,
        is_added=True,
        is_first=True,
        is_counted=True,
        amount=one.find_amount(law.amount),
        asked=None,
        pending=None,
        enacted=None,
        dead=None,
        beyond=one.amount(_stands(law, one.on)),
        unvalued=int(law.amount is None),
        currency=one.request.currency,
        claim=None,
        bound=None,
        verification=None,
        preferred=None,
        reason=None,
        retrieved=None,
        source_title=enactment.law,
        source_url=enactment.source_url,
        note=law.note,
    )

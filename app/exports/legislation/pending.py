"""What is pending: sums, and the lines that they add up."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from app.donors.domain import get_donor
from app.exports.legislation.told import KINDS, Told
from app.kernel.currencies import CURRENCIES
from app.kernel.money import to_decimal
from app.legislation.domain import FigureRow, PendingPart, Sums
from reports.legislation_figures import Columns, LiveLine, PendingSum, PendingTotal


def pending_sum(row: FigureRow) -> PendingSum:
    """The sum of a donor and component."""
    donor, component = row.key
    return PendingSum(
        donor=donor,
        donor_name=get_donor(donor).name,
        component=component,
        standing=row.standing.value,
        currency=row.sums.currency,
        amounts=_columns_of(row.sums),
        requests=row.sums.requests,
        unvalued=row.sums.unvalued,
    )


def pending_total(sums: Sums) -> PendingTotal:
    """The total of a currency."""
    return PendingTotal(
        currency=sums.currency,
        amounts=_columns_of(sums),
        requests=sums.requests,
        unvalued=sums.unvalued,
    )


def live_lines(parts: Sequence[PendingPart], told: Sequence[Told]) -> Iterator[LiveLine]:
    """The lines behind the sums, in the order given."""
    by_id = {one.request.id: one for one in told}
    seen: set[tuple[UUID, str | None]] = set()
    for part in parts:
        yield _live_line(part, by_id, seen)


def _live_line(
    part: PendingPart, told: Mapping[UUID, Told], seen: set[tuple[UUID, str | None]]
) -> LiveLine:
    native, row = part.native, part.told
    one, line = told[row.request_id], row.line
    claims = [claim for claim in line.claims if claim.preferred] if line else []
    source = claims[0].source if claims else next(iter(one.request.sources), None)
    of_component = (row.request_id, row.component.value)
    is_new, is_new_of_component = (row.request_id, None) not in seen, of_component not in seen
    seen.update({(row.request_id, None), of_component})
    return LiveLine(
        reference=row.reference,
        revision=one.revision,
        donor=row.donor,
        donor_name=one.donor_name,
        title=one.request.title,
        state=row.state.value,
        standing=row.standing.value,
        days_pending=one.course.days_pending(one.on),
        key=line.key if line else None,
        label=line.label if line else None,
        component=row.component.value,
        column=KINDS[row.column],
        beneficiary=line.beneficiary.value if line else None,
        native=one.find_amount(native.minor),
        native_currency=native.currency,
        valued_on=None if native.currency == row.currency else row.valued_on,
        amount=None
        if row.minor is None
        else to_decimal(row.minor, CURRENCIES[row.currency].decimals),
        currency=row.currency,
        requests=int(is_new),
        of_component=int(is_new_of_component),
        verification=(line or one.request).verification.value,
        source_url=source.url if source else None,
    )


def _columns_of(sums: Sums) -> Columns:
    decimals = CURRENCIES[sums.currency].decimals
    return Columns(
        **{name: to_decimal(sums.minor.get(one, 0), decimals) for one, name in KINDS.items()}
    )

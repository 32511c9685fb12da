"""The rules on what becomes law of a request, and on the pledges that it pays for or that wait for it."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from app.kernel.canonical import Json
from app.kernel.currencies import CURRENCIES
from app.kernel.dates import UNDATED
from app.kernel.money import format_minor, parse_amount
from app.kernel.text import clean_url
from app.legislation.domain.commands import (
    AMENDABLE_ENACTED,
    AmendEnactedLine,
    Raw,
    RecordEnactment,
    RecordFunding,
    WithdrawEnactment,
    WithdrawFunding,
)
from app.legislation.domain.course import place
from app.legislation.domain.decide.changes import Change, changed, field_changes, read_reason
from app.legislation.domain.decide.requests import check_order, without_action
from app.legislation.domain.model import (
    Action,
    AmountKind,
    Beneficiary,
    Component,
    EnactedLine,
    Enactment,
    FundingLink,
    LegislativeRequest,
    Line,
)
from app.legislation.domain.reading.limits import (
    MAX_ENACTMENTS,
    MAX_LINES,
    MAX_LINKS,
    MAX_NAME,
    MAX_NOTES,
    MAX_TITLE,
)
from app.legislation.domain.reading.lines import read_key
from app.legislation.domain.reading.reader import Reader
from app.legislation.domain.records import action_record, enactment_record, funding_record
from app.legislation.domain.states import State
from app.legislation.errors import (
    AlreadyWithdrawnError,
    FundingExceededError,
    NoMoneyForPledgesError,
    PartNotFoundError,
    StillFundingError,
)


def record_enactment(state: LegislativeRequest, command: RecordEnactment, today: date) -> Change:
    """A part of it, or all of it, became law: the amount leaves pending and the enacted line opens in one entry."""
    reader = Reader(today)
    if len(state.enactments) >= MAX_ENACTMENTS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_ENACTMENTS}.")
    enactment = Enactment(
        id=command.enactment_id,
        on=reader.date("/on", command.on) or UNDATED,
        law=reader.text("/law", command.law, MAX_TITLE),
        vehicle=reader.text("/vehicle", command.vehicle, MAX_NAME),
        division=reader.text("/division", command.division, MAX_NAME),
        closes=command.closes,
        lines=_read_lines(reader, state, command),
        source_url=reader.collector.find(clean_url, "/source_url", command.source_url),
    )
    reader.finish()
    enacted = replace(state, enactments=(*state.enactments, enactment))
    action = _action_of(reader, enacted, enactment, command.action_id)
    actions = state.actions if action is None else place(state.actions, action)
    request = replace(enacted, version=state.version + 1, actions=actions)
    data: dict[str, Json] = {
        "enactment": enactment_record(enactment, state.currency),
        "action": None if action is None else action_record(action),
        "position": None if action is None else actions.index(action),
    }
    return changed(request, "enacted", None, data)


def amend_enacted_line(state: LegislativeRequest, command: AmendEnactedLine, today: date) -> Change:
    """An enacted line was annulled, or rescinded in part, or more is known of it."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    enactment, line = _get_line(state, command.key)
    amended = _amended(reader, state, line, command.changes)
    reader.finish()
    after = replace(
        enactment, lines=tuple(amended if one is line else one for one in enactment.lines)
    )
    enactments = tuple(after if one is enactment else one for one in state.enactments)
    request = replace(state, version=state.version + 1, enactments=enactments)
    _check_funding(request, amended)
    changes = field_changes(
        enactment_record(enactment, state.currency), enactment_record(after, state.currency)
    )
    data: dict[str, Json] = {"enactment_id": str(enactment.id), "lines": changes["lines"]}
    return changed(request, "enacted_line_amended", reason, data)


def withdraw_enactment(
    state: LegislativeRequest, command: WithdrawEnactment, today: date
) -> Change:
    """It did not become law, or not so."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    enactment = next((one for one in state.enactments if one.id == command.enactment_id), None)
    if enactment is None:
        raise PartNotFoundError("enactment")
    if enactment.withdrawn:
        raise AlreadyWithdrawnError("The enactment was withdrawn before.")
    keys = {line.key for line in enactment.lines}
    links = [link.id for link in state.standing_funding if link.enacted_line in keys]
    if links:
        raise StillFundingError(links)
    caused = [one.id for one in state.standing_actions if one.cause == enactment.id]
    enactments = tuple(
        replace(one, withdrawn=True) if one is enactment else one for one in state.enactments
    )
    request = replace(
        state,
        version=state.version + 1,
        actions=without_action(state.actions, caused),
        enactments=enactments,
    )
    data: dict[str, Json] = {
        "enactment_id": str(enactment.id),
        "action_ids": [str(one) for one in caused],
    }
    return changed(request, "enactment_withdrawn", reason, data)


def record_funding(state: LegislativeRequest, command: RecordFunding, today: date) -> Change:
    """A pledge is paid from an enacted line; all of them never take more than still stands of it."""
    reader = Reader(today)
    if len(state.funding) >= MAX_LINKS:
        reader.note("", "too-many", f"A legislative request has at most {MAX_LINKS} of these.")
    currency = CURRENCIES[state.currency]
    amount = reader.collector.find(
        lambda given: parse_amount(given, currency), "/amount", command.amount
    )
    link = FundingLink(
        id=command.funding_id,
        enacted_line=command.enacted_line,
        pledge_id=command.pledge_id,
        amount=amount or 0,
        note=reader.text("/note", command.note, MAX_NOTES),
    )
    reader.finish()
    _, line = _get_line(state, command.enacted_line)
    if not line.may_fund_pledges:
        raise NoMoneyForPledgesError("The line is not for the recipient; it is the donor's own.")
    request = replace(state, version=state.version + 1, funding=(*state.funding, link))
    _check_funding(request, line, adding=link.amount)
    return changed(
        request, "funding_recorded", None, {"funding": funding_record(link, state.currency)}
    )


def withdraw_funding(state: LegislativeRequest, command: WithdrawFunding, today: date) -> Change:
    """The pledge is not paid from there."""
    reader = Reader(today)
    reason = read_reason(reader, command.reason)
    reader.finish()
    link = next((one for one in state.funding if one.id == command.funding_id), None)
    if link is None:
        raise PartNotFoundError("funding link")
    if link.withdrawn:
        raise AlreadyWithdrawnError("The funding link was withdrawn before.")
    funding = tuple(replace(one, withdrawn=True) if one is link else one for one in state.funding)
    request = replace(state, version=state.version + 1, funding=funding)
    return changed(request, "funding_withdrawn", reason, {"funding_id": str(link.id)})


def open_lines(state: LegislativeRequest) -> list[Line]:
    """The counted lines that no enactment answered for good."""
    closed = {line.line for line in state.enacted_lines if not line.rest_pends}
    return [line for line in state.leaves if line.key not in closed and line.enacted is None]


def _read_lines(
    reader: Reader, state: LegislativeRequest, command: RecordEnactment
) -> tuple[EnactedLine, ...]:
    """The enacted lines as given; where none is, every line that is still open, as it was asked for."""
    raw = command.lines or [{"line": line.key} for line in open_lines(state)]
    taken = {line.key for one in state.enactments for line in one.lines}
    lines: list[EnactedLine] = []
    for pointer, one in reader.several("/lines", raw, MAX_LINES):
        line = _read_line(reader, pointer, one, state, f"E{len(taken) + 1}")
        if line.key in taken:
            reader.note(f"{pointer}/key", "repeated-value", "Another enacted line has this key.")
        taken.add(line.key)
        lines.append(line)
    return tuple(lines)


def _read_line(
    reader: Reader, pointer: str, raw: Raw, state: LegislativeRequest, usual_key: str
) -> EnactedLine:
    asked = _asked_line(reader, f"{pointer}/line", raw.get("line"), state)
    currency = CURRENCIES[state.currency]
    stated = reader.collector.find(
        lambda given: parse_amount(given, currency, may_be_zero=True),
        f"{pointer}/amount",
        raw.get("amount"),
    )
    amount = stated if raw.get("amount") is not None else (asked.amount if asked else None)
    if asked is None and raw.get("amount") is None:
        reader.note(f"{pointer}/amount", "amount-required", "A line that was added has an amount.")
    return EnactedLine(
        key=reader.collector.find(read_key, f"{pointer}/key", raw.get("key")) or usual_key,
        line=asked.key if asked else None,
        component=_word(reader, pointer, raw, "component", asked, Component.OTHER),
        label=reader.text(f"{pointer}/label", raw.get("label"), MAX_TITLE)
        or (asked.label if asked else None),
        amount=amount,
        amount_kind=_word(reader, pointer, raw, "amount_kind", asked, AmountKind.CASH),
        beneficiary=_word(reader, pointer, raw, "beneficiary", asked, Beneficiary.RECIPIENT),
        asked=asked.amount if asked else None,
        rest_pends=bool(raw.get("rest_pends")),
        available=reader.any_date(f"{pointer}/available", raw.get("available")),
        note=reader.text(f"{pointer}/note", raw.get("note"), MAX_NOTES),
    )


def _word(reader: Reader, pointer: str, raw: Raw, name: str, asked: Line | None, usual: Any) -> Any:
    """A word of an enacted line; where it is not given, that of the line asked for."""
    default = getattr(asked, name) if asked else usual
    return reader.choice(f"{pointer}/{name}", raw.get(name) or default.value, default)


def _asked_line(
    reader: Reader, pointer: str, key: str | None, state: LegislativeRequest
) -> Line | None:
    if key is None:
        return None
    line = next((one for one in state.leaves if one.key == key), None)
    if line is None:
        detail = "No line of this key is counted; name one without parts, or none."
        reader.note(pointer, "unknown-line", detail)
    return line


def _action_of(
    reader: Reader, enacted: LegislativeRequest, enactment: Enactment, action_id: UUID
) -> Action | None:
    """The step that the enactment is; ``None`` where the request is law already."""
    state = next((one.state for one in reversed(enacted.standing_actions) if one.state), None)
    if state is State.ENACTED:
        return None
    is_whole = enactment.closes or not open_lines(enacted)
    action = Action(
        id=action_id,
        on=enactment.on,
        body=None,
        state=State.ENACTED if is_whole else State.PARTLY_ENACTED,
        flag=None,
        text=enactment.law,
        vote=None,
        vehicle=enactment.vehicle,
        source_url=enactment.source_url,
        recorded_on=reader.today,
        cause=enactment.id,
    )
    check_order(reader, enacted, action, "/on")
    reader.finish()
    return action


def _get_line(state: LegislativeRequest, key: str) -> tuple[Enactment, EnactedLine]:
    for enactment in state.standing_enactments:
        for line in enactment.lines:
            if line.key == key:
                return enactment, line
    raise PartNotFoundError("enacted line")


def _amended(
    reader: Reader, state: LegislativeRequest, line: EnactedLine, changes: Raw
) -> EnactedLine:
    given = {name: changes[name] for name in AMENDABLE_ENACTED if name in changes}
    fields: dict[str, Any] = {}
    if "annulled_on" in given:
        fields["annulled"] = reader.date("/annulled_on", given["annulled_on"])
    if "available" in given:
        fields["available"] = reader.any_date("/available", given["available"])
    if "note" in given:
        fields["note"] = reader.text("/note", given["note"], MAX_NOTES)
    if "rescinded" in given:
        currency = CURRENCIES[state.currency]
        rescinded = reader.collector.find(
            lambda text: parse_amount(text, currency, may_be_zero=True),
            "/rescinded",
            given["rescinded"],
        )
        fields["rescinded"] = rescinded or 0
        if line.amount is None or fields["rescinded"] > line.amount:
            reader.note(
                "/rescinded", "out-of-range", "Not more than the line has can be taken back."
            )
    return replace(line, **fields)


def _check_funding(request: LegislativeRequest, line: EnactedLine, adding: int = 0) -> None:
    """Pledges take no more than still stands of the line.

    Raises:
        FundingExceededError: with the sum that is left for pledges.
        NoMoneyForPledgesError: nobody knows how much was enacted.
    """
    taken = request.funded_from(line.key)
    if taken == 0 and adding == 0:
        return
    standing = line.standing
    if standing is None:
        raise NoMoneyForPledgesError("The line has no published amount; say first what it is.")
    if taken > standing:
        left = format_minor(max(standing - (taken - adding), 0), request.decimals)
        raise FundingExceededError(line.key, left, request.currency)

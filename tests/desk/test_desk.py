"""Promise: a form is shown for what it would do, is recorded once, and is not lost before it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.access import service as access
from app.access.domain import Caller, Role
from app.db import Database
from app.desk import service
from app.desk.domain import MAX_DRAFTS, Form, FormKind, FormSent
from app.desk.errors import DraftNotFoundError
from app.desk.schemas import read_form
from app.desk.service import FormPreview
from app.journal import service as journal
from app.kernel.errors import AppError
from app.legislation import service as legislation
from app.legislation.domain import Column, State
from app.legislation.domain.query import VehicleFilters
from app.pledges import service as pledges
from app.pledges.domain import Stage
from app.pledges.errors import PledgeNotFoundError
from app.totals.domain import Dimension, TotalsQuery
from app.totals.service import read_totals
from tests.clock import StoppedClock
from tests.rows import dump

PLEDGE = {
    "donor": "DK",
    "title": "Donation package 13",
    "aid_type": "military",
    "amount": "1000.00",
    "currency": "DKK",
    "announced_on": "2023-11-14",
}
REQUEST = {
    "donor": "US",
    "title": "Supplemental",
    "kind": "supplemental",
    "currency": "USD",
    "requested_on": "2023-10-20",
    "lines/0/component": "military",
    "lines/0/amount": "61.40",
    "vehicles/0/identifier": "H.R. 815",
}


class Desk:
    """Somebody at the desk, without a browser."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database, self.clock = database, clock
        self.caller = self.holder("Desk Copenhagen")

    def holder(self, name: str) -> Caller:
        with self.database.transaction() as session:
            new = access.create_key(
                session, name=name, role=Role.CONTRIBUTOR, clock=self.clock, created_by="tests"
            )
        return Caller(name, Role.CONTRIBUTOR, new.key_id)

    def preview(self, form: Form, currency: str = "EUR") -> FormPreview:
        with self.database.reading() as session:
            return service.preview(session, read_form(form), clock=self.clock, currency=currency)

    def record(self, form: Form) -> FormSent:
        with self.database.transaction() as session:
            return service.record(session, read_form(form), self.caller, self.clock)

    def refusal(self, form: Form) -> dict[str, list[str]]:
        """Why the form is refused when it is recorded, by field."""
        read = read_form(form)
        try:
            with self.database.transaction() as session:
                service.record(session, read, self.caller, self.clock)
        except AppError as refused:
            return codes(service.explain_refusal(refused, read.places))
        raise AssertionError(form)

    def save(self, form: Form, caller: Caller | None = None) -> None:
        key_id = (caller or self.caller).key_id or ""
        with self.database.transaction() as session:
            service.save_draft(session, form, key_id, self.clock)

    def drafts(self, caller: Caller | None = None) -> list[UUID]:
        key_id = (caller or self.caller).key_id or ""
        with self.database.reading() as session:
            return [one.id for one in service.list_drafts(session, key_id, self.clock)]

    def total(self, measure: str = "pledged", currency: str = "EUR") -> int:
        with self.database.reading() as session:
            snapshot = journal.read_snapshot(session, None, now=self.clock.now())
            query = TotalsQuery(measure=Stage(measure), by=(Dimension.DONOR,), currency=currency)
            return sum(
                one.amount for one in read_totals(session, query, snapshot).by_currency.values()
            )


@pytest.fixture
def desk(priced_database: Database, clock: StoppedClock) -> Desk:
    """A desk on an empty ledger with exchange rates."""
    return Desk(priced_database, clock)


def form(fields: dict[str, str] = PLEDGE, kind: FormKind = FormKind.PLEDGE, **about: Any) -> Form:
    return Form(id=about.pop("id", uuid4()), kind=kind, fields=fields, **about)


def codes(findings: Any) -> dict[str, list[str]]:
    return {name: [one.code for one in found] for name, found in findings.items()}


def test_a_new_pledge_is_previewed_and_recorded(desk: Desk) -> None:
    filled = form()
    shown = desk.preview(filled)
    assert shown.pledge is not None
    assert shown.pledge.before is None
    assert shown.pledge.change.pledge.reference == "DK-2023-0001"
    [pledged] = shown.totals
    assert (pledged.stage, pledged.native, pledged.pledges, pledged.unvalued) == (
        Stage.PLEDGED, {"DKK": 100_000}, 1, 0,
    )  # fmt: skip
    # 1000 kroner at 7.4597 of 14 November 2023 (the reference rate of the European Central Bank) are 134.05 euro.
    assert (pledged.before, pledged.after) == (0, 134_05)
    sent = desk.record(filled)
    assert (sent.reference, sent.revision, sent.repeated) == ("DK-2023-0001", 1, False)
    assert desk.total() == 134_05


def test_a_form_that_is_sent_twice_is_recorded_once(desk: Desk) -> None:
    filled = form()
    first, second = desk.record(filled), desk.record(filled)
    assert (second.target, second.repeated) == (first.target, True)
    assert desk.total(currency="native") == 1000_00
    changed = form({**PLEDGE, "amount": "2000.00"}, id=filled.id)
    assert desk.refusal(changed) == {"": ["idempotency-key-reused"]}


def test_what_is_wrong_stands_beside_its_field_in_the_preview_and_when_recorded(desk: Desk) -> None:
    desk.record(form({**PLEDGE, "reference": "DKM3"}))
    before = dump(desk.database)
    bad = form(
        {
            **PLEDGE, "amount": "0.00", "reference": "DKM3", "announced_on": "14.11.2023",
            "sources/3/url": "file:///a",
        }
    )  # fmt: skip
    expected = {
        "reference": ["reference-taken"],
        "amount": ["zero-amount"],
        "announced_on": ["invalid-date"],
        "sources/3/url": ["invalid-url"],
    }
    assert codes(desk.preview(bad).findings) == expected
    assert desk.refusal(bad) == expected
    assert dump(desk.database) == before


def test_a_movement_moves_the_stages_below_it_too(desk: Desk) -> None:
    target = desk.record(form()).target
    moved = form(
        {"stage": "allocated", "amount": "400.00", "on": "2023-12-01"},
        FormKind.MOVEMENT,
        target=target,
    )
    shown = desk.preview(moved, currency="DKK")
    assert [(one.stage, one.before, one.after) for one in shown.totals] == [
        (Stage.COMMITTED, 0, 400_00), (Stage.ALLOCATED, 0, 400_00),
    ]  # fmt: skip
    assert shown.pledge is not None
    assert shown.pledge.before is not None
    assert shown.pledge.before.stages["allocated"] == "0.00"
    desk.record(moved)
    assert desk.total("committed", "native") == 400_00
    beyond = form({"stage": "delivered", "amount": "1000.01"}, FormKind.MOVEMENT, target=target)
    assert desk.refusal(beyond) == {"amount": ["exceeds-remaining"]}


def test_an_amendment_restates_and_knows_its_version(desk: Desk) -> None:
    target = desk.record(form()).target
    amended = form(
        {"amount": "1500.00", "reason": "Corrected."}, FormKind.AMENDMENT, target=target, version=1
    )
    [pledged] = desk.preview(amended, currency="DKK").totals
    assert (pledged.before, pledged.after, pledged.pledges) == (1000_00, 1500_00, 0)
    desk.record(amended)
    assert desk.total(currency="native") == 1500_00
    late = form({"amount": "7.00", "reason": "Late."}, FormKind.AMENDMENT, target=target, version=1)
    assert codes(desk.preview(late).findings) == {"": ["precondition-failed"]}
    assert desk.refusal(late) == {"": ["precondition-failed"]}
    silent = form({"amount": "7.00", "reason": " "}, FormKind.AMENDMENT, target=target, version=2)
    assert "reason" in desk.refusal(silent)


def test_a_withdrawal_takes_all_of_it_back(desk: Desk) -> None:
    target = desk.record(form()).target
    withdrawn = form({"reason": "Recorded twice."}, FormKind.WITHDRAWAL, target=target, version=1)
    [pledged] = desk.preview(withdrawn, currency="DKK").totals
    assert (pledged.before, pledged.after, pledged.pledges) == (1000_00, 0, -1)
    desk.record(withdrawn)
    assert desk.total() == 0
    again = form({"reason": "Again."}, FormKind.WITHDRAWAL, target=target, version=2)
    assert desk.refusal(again) == {"": ["illegal-transition"]}


def test_a_movement_is_taken_back(desk: Desk) -> None:
    target = desk.record(form()).target
    desk.record(form({"stage": "committed", "amount": "400.00"}, FormKind.MOVEMENT, target=target))
    with desk.database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=desk.clock.now())
        movement = pledges.get_pledge(session, target, snapshot).pledge.movements[0]
    taken = form(
        {"reason": "Typed twice."}, FormKind.MOVEMENT_WITHDRAWAL, target=target, part=movement.id, version=2
    )  # fmt: skip
    desk.record(taken)
    assert desk.total("committed") == 0


def test_a_frame_is_in_no_total(desk: Desk) -> None:
    assert desk.preview(form({**PLEDGE, "instrument": "authority"})).totals == ()


def test_without_a_rate_the_change_is_told_in_its_own_currency(
    database: Database, clock: StoppedClock
) -> None:
    [pledged] = Desk(database, clock).preview(form()).totals
    assert (pledged.native, pledged.before, pledged.after) == ({"DKK": 100_000}, None, None)


def test_a_pledge_of_unknown_amount_counts_as_one(desk: Desk) -> None:
    [pledged] = desk.preview(form({**PLEDGE, "amount": "", "currency": ""})).totals
    assert (pledged.native, pledged.pledges, pledged.unvalued) == ({"XXX": 0}, 1, 1)


def test_similar_pledges_are_shown_before_a_new_one_is_saved(desk: Desk) -> None:
    target = desk.record(form()).target
    [similar] = desk.preview(form({**PLEDGE, "announced_on": "2023-11"})).similar
    assert similar.stored.pledge.id == target
    assert similar.likeness.near == ("announced_on", "amount", "title")
    moved = form({"stage": "committed"}, FormKind.MOVEMENT, target=target)
    assert desk.preview(moved).similar == ()


def test_a_request_and_what_happened_to_it(desk: Desk) -> None:
    filled = form(REQUEST, FormKind.LEGISLATIVE_REQUEST)
    before = dump(desk.database)
    shown = desk.preview(filled).legislative_request
    assert shown is not None
    assert (shown.before, shown.after.reference) == (None, "US-LR-0001")
    assert [one.name.identifier for one in shown.vehicles] == ["H.R. 815"]
    assert dump(desk.database) == before
    sent = desk.record(filled)
    assert sent.reference == "US-LR-0001"
    action = form(
        {"on": "2023-11-07", "state": "in_committee"},
        FormKind.ACTION,
        target=sent.target,
        version=1,
    )
    after = desk.preview(action).legislative_request
    assert after is not None
    assert after.before is not None
    assert len(after.after.actions) == len(after.before.actions) + 1
    desk.record(action)
    assert desk.refusal(
        form(dict(action.fields), FormKind.ACTION, target=sent.target, version=1)
    ) == {"": ["precondition-failed"]}
    wrong = form({"on": "2023-11-08", "state": "adored"}, FormKind.ACTION, target=sent.target)
    assert codes(desk.preview(wrong).findings) == desk.refusal(wrong)
    assert "state" in desk.refusal(wrong)


def test_what_a_form_does_to_what_is_pending_is_foreseen(desk: Desk) -> None:
    """61.40 and 20.00 are asked for by the United States; what Canada asks for is in no total of theirs."""
    desk.record(form({**REQUEST, "donor": "CA", "reference": "CA-1"}, FormKind.LEGISLATIVE_REQUEST))
    filled = form(REQUEST, FormKind.LEGISLATIVE_REQUEST)
    foreseen = desk.preview(filled).foreseen
    assert foreseen is not None
    assert [(one.column, one.own, one.total) for one in foreseen.pending] == [
        (Column.AMOUNT, (0, 61_40), (0, 61_40)),
    ]  # fmt: skip
    target = desk.record(filled).target
    second = form(
        {**REQUEST, "lines/0/amount": "20.00", "vehicles/0/identifier": ""},
        FormKind.LEGISLATIVE_REQUEST,
    )
    desk.record(second)
    passed = form({"on": "2024-04-24", "state": "passed"}, FormKind.ACTION, target=target)
    desk.record(passed)
    law = form(
        {"on": "2024-04-24", "lines/0/line": "1", "lines/0/amount": "40.00"},
        FormKind.ENACTMENT,
        target=target,
        version=2,
    )
    foreseen = desk.preview(law).foreseen
    assert foreseen is not None
    # What was not granted was denied: nothing of it is pending, and the donor's other 20.00 still are.
    assert [(one.own, one.total) for one in foreseen.pending] == [((61_40, 0), (81_40, 20_00))]
    assert [(one.before, one.after) for one in foreseen.states] == [(State.PASSED, State.ENACTED)]
    desk.record(law)
    late = form({**law.fields, "on": "2024-04-25"}, FormKind.ENACTMENT, target=target, version=2)
    assert desk.refusal(late) == {"": ["precondition-failed"]}


def test_what_happens_to_a_bill_moves_what_it_carries(desk: Desk) -> None:
    desk.record(
        form(
            {**REQUEST, "vehicles/0/became_vehicle_on": "2023-10-20"}, FormKind.LEGISLATIVE_REQUEST
        )
    )
    with desk.database.reading() as session:
        snapshot = journal.read_snapshot(session, None, now=desk.clock.now())
        [vehicle], _ = legislation.list_vehicles(
            session, VehicleFilters(), snapshot, after=None, limit=9
        )
    target = vehicle.vehicle.id
    before = dump(desk.database)
    acted = form(
        {"actions/0/on": "2024-04-24", "actions/0/state": "enacted"}, FormKind.VEHICLE_ACTIONS, target=target
    )  # fmt: skip
    foreseen = desk.preview(acted).foreseen
    assert foreseen is not None
    assert [one.own for one in foreseen.pending] == [(61_40, 0)]
    assert [(one.reference, one.after) for one in foreseen.states] == [
        ("US-LR-0001", State.ENACTED)
    ]
    assert dump(desk.database) == before
    sent = desk.record(acted)
    assert (sent.target, sent.reference) == (target, "US//H.R. 815")
    assert desk.record(acted).repeated
    amended = form(
        {"reason": "So.", "title": "A bill"}, FormKind.VEHICLE_AMENDMENT, target=target, version=1
    )
    assert desk.refusal(amended) == {"": ["precondition-failed"]}


def test_a_form_about_nothing_is_not_found(desk: Desk) -> None:
    with pytest.raises(PledgeNotFoundError):
        desk.preview(form({"stage": "committed"}, FormKind.MOVEMENT, target=uuid4()))


def test_a_draft_survives_until_it_is_recorded(desk: Desk) -> None:
    filled = form({**PLEDGE, "amount": "not yet"}, version=3, part="arms")
    desk.save(filled)
    desk.clock.advance(timedelta(minutes=1))
    finished = form(id=filled.id, version=4, part="arms")
    desk.save(finished)
    with desk.database.reading() as session:
        kept = service.get_draft(session, filled.id, desk.caller.key_id or "", desk.clock)
    assert (kept.kind, kept.fields) == (FormKind.PLEDGE, PLEDGE)
    assert (kept.version, kept.part) == (4, "arms")
    desk.record(finished)
    assert desk.drafts() == []


def test_a_refused_form_keeps_its_draft(desk: Desk) -> None:
    bad = form({**PLEDGE, "amount": "0.00"})
    desk.save(bad)
    assert desk.refusal(bad) == {"amount": ["zero-amount"]}
    assert desk.drafts() == [bad.id]


def test_a_draft_is_its_keys_own(desk: Desk) -> None:
    filled, other = form(), desk.holder("Somebody else")
    desk.save(filled)
    attempts: list[Callable[[Any], object]] = [
        lambda session: service.get_draft(session, filled.id, other.key_id or "", desk.clock),
        lambda session: service.save_draft(session, filled, other.key_id or "", desk.clock),
    ]
    for attempt in attempts:
        with pytest.raises(DraftNotFoundError), desk.database.transaction() as session:
            attempt(session)
    with desk.database.transaction() as session:
        service.drop_draft(session, filled.id, other.key_id or "")
    assert (desk.drafts(), desk.drafts(other)) == ([filled.id], [])
    with desk.database.transaction() as session:
        service.drop_draft(session, filled.id, desk.caller.key_id or "")
    assert desk.drafts() == []


def test_a_key_keeps_so_many_drafts_and_each_for_thirty_days(desk: Desk) -> None:
    forms = [form() for _ in range(MAX_DRAFTS + 2)]
    for one in forms:
        desk.save(one)
        desk.clock.advance(timedelta(minutes=1))
    assert desk.drafts() == [one.id for one in reversed(forms[2:])]
    desk.clock.advance(timedelta(days=30))
    assert desk.drafts() == []
    with pytest.raises(DraftNotFoundError), desk.database.reading() as session:
        service.get_draft(session, forms[-1].id, desk.caller.key_id or "", desk.clock)
    other = desk.holder("Somebody else")
    desk.save(form(), other)
    assert len(dump(desk.database)["web_draft"]) == 1

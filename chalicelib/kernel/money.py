"""Money: an integer of minor units and its currency."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.kernel.texts import CURRENCY

MAX_MINOR_UNITS = 10**12

Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_MINOR_UNITS)]
Currency = Annotated[str, msgspec.Meta(pattern=CURRENCY, max_length=3)]


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`{"amount": 1990, "currency": "CNY"}`: minor units, never a float."""

    amount: Amount
    currency: Currency


# Source: ISO 4217; every other currency has two digits.
_DIGITS = dict.fromkeys(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ),
    0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)


def digits_of(currency: str) -> int:
    """How many digits of an amount are minor units: 2 for CNY, 0 for JPY."""
    return _DIGITS.get(currency, 2)


def spoken(amount: int, currency: str, language: str) -> str:
    """Minor units as a shop says them: `¥4.00` in Chinese, `CNY 4.00` and `JPY 400` elsewhere."""
    if currency == "CNY" and language != "en":
        return f"{'-' if amount < 0 else ''}¥{grouped(abs(amount), currency)}"
    return f"{currency} {grouped(amount, currency)}"


def major(amount: int, currency: str, finer: int = 0) -> str:
    """Minor units as people write them: 1990 CNY is `19.90`. Of the 10**`finer`th part of a minor
    unit, so many digits more: 1990 with 6 is `0.00001990`."""
    digits = digits_of(currency) + finer
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def grouped(amount: int, currency: str) -> str:
    """The same with its thousands apart, to be read: 198000 CNY is `1,980.00`."""
    whole, point, rest = major(abs(amount), currency).partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}{point}{rest}"


# Source: ISO 4217, list one of 2024-06-25: the currencies of countries.
_OF_COUNTRIES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP "
    "GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
    "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR "
    "SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS "
    "UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_OF_COUNTRIES.split())

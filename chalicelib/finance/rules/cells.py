"""Cells of a settlement's files: text that no spreadsheet runs, money as text without a float."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from chalicelib.kernel import clock

Cell = str | int
Row = tuple[Cell, ...]

# What a spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Source: ISO 4217; every other currency has two digits.
_DIGITS = dict.fromkeys(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV",
     "XAF", "XOF", "XPF"), 0,
) | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)  # fmt: skip


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")


def safe(text: str) -> str:
    """Text that stays text in a spreadsheet: what would begin a formula gets an apostrophe."""
    begins = text.startswith(_STARTS_A_FORMULA) and not _NUMBER.match(text)
    return f"'{text}" if begins else text


def major(amount: int, currency: str) -> str:
    """Minor units as people write them: 1990 CNY is `19.90`."""
    digits = _DIGITS.get(currency, 2)
    whole, rest = divmod(abs(amount), 10**digits)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def local_time(at_ms: int, zone: tzinfo) -> str:
    """An instant in the program's time zone: `2026-11-21T08:00:00.000+08:00`."""
    at: datetime = clock.from_ms(at_ms).astimezone(zone)
    return at.isoformat(timespec="milliseconds")

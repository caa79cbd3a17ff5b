"""Movements of points and money at one moment, for tests of rules."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.ledger import Entry
from chalicelib.ledger.rules.accounts import Effect
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.journal import CashEntry

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 21)
AT_MS = 1_795_248_000_000
AT = "2026-11-21T16:00:00.000+08:00"
LATER = "2026-11-21T16:00:00.001+08:00"


def entry(contra: str = "redeemed", points: int = -800, **other: Any) -> Entry:
    given: dict[str, Any] = {
        "account_id": "mbr_1:points",
        "seq": 3,
        "type": "redemption",
        "points": points,
        "balance_after": 0,
        "effect": Effect({1: points}, contra=contra),
        "reference": "order:ord_1",
        "source": "order:ord_1",
        "rule": None,
        "content": None,
        "occurred_at_ms": AT_MS,
        "recorded_at_ms": AT_MS + 1,
        "prev_hash": b"",
    } | other
    return Entry(**given)


def cash(
    kind: str = journal.CHARGE,
    amount: int = 1_000,
    fee: int = 30,
    to: str = journal.SALES,
    **other: Any,
) -> CashEntry:
    legs = journal.through_provider(amount, fee, to)
    given = {"transaction": "txn_1"} | other
    return CashEntry("charge:ch_1", kind, "CNY", legs, "order:ord_1", AT_MS, AT_MS + 1, **given)

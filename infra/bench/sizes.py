"""Sizes of accounts and entries, typical and at their longest; 1 KB is where units step up."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from chalicelib.ledger import Account, Cause, Credit, Entry, rules
from chalicelib.ledger.rules import TransferLimits
from chalicelib.ledger.tables import AccountItem, EntryItem
from infra.bench.ledger_units import EACH_GIVEN, EACH_HELD, MESSAGE
from infra.bench.people import DAY_S, LARGEST, LOTS
from infra.bench.write_units import item_size

KB = 1024
TYPICAL = 1_280
_AT_MS = 1_795_000_000_000
_ACCOUNT_ID, _ORDER_ID, _PARTNER = f"mbr_{'m' * 26}:points", "o" * 64, "demo-shop"
# The bytes of sealing: the key's name and its length, a nonce, a tag.
_SEAL = 1 + 2 + 12 + 16

_PAID = Cause(
    f"order_paid:{_PARTNER}:{_ORDER_ID}:purchases",
    f"{_PARTNER}:{_ORDER_ID}",
    _AT_MS,
    "purchases",
    bytes(12),
    b"999999999999 CNY",
)
_SPENT = Cause(f"order:ord_{'o' * 26}", f"order:ord_{'o' * 26}", _AT_MS)
_GIVEN = Cause(
    f"transfer:trf_{'t' * 26}",
    f"member:mbr_{'m' * 26}",
    _AT_MS,
    None,
    bytes(12),
    bytes(_SEAL + len(MESSAGE.encode())),
)


class Size(NamedTuple):
    """Bytes of an item, and their limit (None: it may take a second KB)."""

    what: str
    size: int
    below: int | None = KB

    @property
    def units(self) -> int:
        """Write units of an entry or account in a transaction, without its indexes."""
        return 2 * -(-self.size // KB)

    @property
    def holds(self) -> bool:
        return self.below is None or self.size < self.below


def measure() -> list[Size]:
    """Items made by the rules, as they are stored."""
    accounts = {
        "Account, 36 lots of 1,280 points": _rich(TYPICAL),
        "Account, 36 lots, each and every balance and total of 12 digits": _fullest(),
    }
    credit = Credit(LARGEST, _AT_MS // 1000 + DAY_S, _PAID)
    accrual = rules.accrue(_rich(0), credit, _AT_MS)[1]
    single = {
        "Entry, accrual of a paid order, ids at their longest": accrual,
        "Entry, redemption out of one lot": _redemption(TYPICAL, 1),
        "Entry, gift of one lot, its message at its longest": _gift(50_000, 1),
    }
    many = {
        "Entry, redemption out of 36 lots of 1,280 points": _redemption(TYPICAL, LOTS),
        "Entry, redemption out of 36 lots of 11 digits": _redemption(EACH_HELD, LOTS),
        "Entry, gift of 36 lots, its message at its longest": _gift(EACH_GIVEN, LOTS),
    }
    return [
        *(
            Size(what, item_size(AccountItem.of(each).serialize()))
            for what, each in accounts.items()
        ),
        *(Size(what, _entry_size(entry)) for what, entry in single.items()),
        *(Size(what, _entry_size(entry), None) for what, entry in many.items()),
    ]


def _fullest() -> Account:
    return replace(
        _rich(LARGEST),
        held=LARGEST,
        pending=LARGEST,
        redeemed=LARGEST,
        expired=LARGEST,
        transferred=-LARGEST,
        adjusted=-LARGEST,
        sent_on=740_000,
        sent=99_999,
        sends=19,
        reminded_s=_AT_MS // 1000 - 1,
        passed=99_999,
    )


def _rich(each: int) -> Account:
    lots = {_AT_MS // 1000 + number * DAY_S: each for number in range(1, LOTS + 1) if each}
    total = each * len(lots)
    return Account(
        _ACCOUNT_ID, posted=total, lots=lots, seq=99_999, last_at_ms=_AT_MS, accrued=total
    )


def _redemption(each: int, lots: int) -> Entry:
    return rules.redeem(_rich(each), each * lots, _SPENT, _AT_MS)[1]


def _gift(each: int, lots: int) -> Entry:
    limits = TransferLimits(LARGEST, LARGEST, 1)
    return rules.send(_rich(each), each * lots, limits, 740_000, _GIVEN, _AT_MS)[1]


def _entry_size(entry: Entry) -> int:
    return item_size(EntryItem.of(entry).serialize())

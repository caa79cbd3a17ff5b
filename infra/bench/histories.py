"""Histories of accounts for filled engines: valid chains, made by the rules alone."""

from __future__ import annotations

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.ledger import UNITS, Account, Cause, Credit, Entry, points_account, rules
from chalicelib.ledger.tables import AccountItem, EntryItem
from infra.bench.engine_file import Filled, filled
from infra.bench.write_units import Typed

DAY_MS = 86_400_000
GIVEN = 120
# The share of three days' points that is spent on the third; the rest stays in monthly lots.
SPENT = 180


def account_id(number: int) -> str:
    return points_account(f"mbr_{number:026d}")


def history(
    number: int, length: int, last_ms: int, step_ms: int = DAY_MS
) -> tuple[Account, list[Entry]]:
    """An account with so many entries, one each step until `last_ms`.

    References are the same in every account, where alone they must differ. Whatever the length,
    it ends with one lot: what differs between accounts is how much came before.
    """
    account, entries = Account(account_id(number)), []
    for seq in range(1, length + 1):
        now_ms = last_ms - (length - seq) * step_ms
        account, entry = _next(account, seq, length, now_ms)
        entries.append(entry)
    return account, entries


def _next(account: Account, seq: int, length: int, now_ms: int) -> tuple[Account, Entry]:
    if 1 < seq == length - 1:
        return rules.redeem(account, account.posted, _order(seq, now_ms), now_ms)
    if seq % 3 or seq == length:
        return rules.accrue(account, _credit(seq, now_ms), now_ms)
    return rules.redeem(account, SPENT, _order(seq, now_ms), now_ms)


def _credit(seq: int, now_ms: int) -> Credit:
    name = f"demo-shop:2026{seq:016d}"
    policy = UNITS["points"].expires
    expires_at = rules.expires_at(policy, clock.from_ms(now_ms), config().time_zone)
    cause = Cause(f"order_paid:{name}:purchases", name, now_ms, "purchases", bytes(12))
    return Credit(GIVEN, expires_at, cause)


def _order(seq: int, now_ms: int) -> Cause:
    name = f"order:ord_{seq:026d}"
    return Cause(name, name, now_ms)


def items(
    number: int, length: int, last_ms: int, step_ms: int = DAY_MS
) -> tuple[Typed, list[Filled]]:
    """(the account's item, its entries as the engine's file holds them)."""
    account, entries = history(number, length, last_ms, step_ms)
    made = [filled(EntryItem.of(entry).serialize()) for entry in entries]
    return AccountItem.of(account).serialize(), made

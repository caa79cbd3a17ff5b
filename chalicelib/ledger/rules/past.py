"""An account as it was in the past, without its later entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from chalicelib.ledger.rules import lots
from chalicelib.ledger.rules.accounts import LIFETIME, Account, Entry


def account_before(account: Account, later: Iterable[Entry]) -> Account:
    """The account before its last entries, given in any order.

    Lots, the other balances, lifetime totals and `seq` are as they were; the rest is unchanged.
    """
    moved, totals = Counter[int](), Counter[str]()
    seq = account.seq
    for entry in later:
        effect = entry.effect
        for expiry, points in effect.lots.items():
            moved[expiry] -= points
        totals.update(held=-effect.held, pending=-effect.pending, debt=-effect.debt)
        if effect.contra is not None:
            name, sign = LIFETIME[effect.contra]
            totals[name] -= sign * effect.from_outside
        seq = min(seq, entry.seq - 1)
    before = lots.moved(account.lots, moved)
    changed = {name: getattr(account, name) + change for name, change in totals.items()}
    return replace(account, lots=before, posted=sum(before.values()), seq=seq, **changed)

"""Merging: all that a member's account has goes into another member's, each lot with its expiry."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from chalicelib.ledger.rules import lots
from chalicelib.ledger.rules.accounts import (
    MERGE_IN,
    MERGE_OUT,
    TRANSFERS,
    Account,
    Cause,
    Effect,
    Entry,
    post,
    recording_time,
)
from chalicelib.ledger.rules.clawbacks import settled
from chalicelib.ledger.rules.movements import Posted, post_credit


def together(account: Account, merged: Iterable[Account]) -> Account:
    """An account as its member sees it: what is held or waits in accounts that were merged into it
    is theirs, too, until it comes."""
    each = list(merged)
    return replace(
        account,
        held=account.held + sum(one.held for one in each),
        pending=account.pending + sum(one.pending for one in each),
    )


def leave(account: Account, now_ms: int) -> Posted | None:
    """Let the spendable points of a merged account, or its debt, leave it; None if it has none.

    Held and pending points stay: they leave when they are released or unlocked.
    """
    assert account.merged_into is not None, "points leave for a member"
    if not account.lots and not account.debt:
        return None
    reference = f"merge:{account.member_id}:{account.seq + 1}"
    cause = Cause(reference, f"merge:{account.merged_into}", now_ms)
    effect = Effect(lots.negative(account.lots), debt=-account.debt, contra=TRANSFERS)
    return post(account, MERGE_OUT, effect, cause, now_ms)


def arrive(account: Account, left: Entry, now_ms: int) -> tuple[Account, list[Entry]]:
    """Take in what left a merged account. Its points pay a debt of this one, and these points pay
    a debt of that one; the rest of a debt follows the unit's policy."""
    cause = Cause(left.reference, f"merge:{left.account_id.partition(':')[0]}", now_ms)
    debt = -left.effect.debt
    if not debt:
        given = lots.negative(left.lots)
        after, entry = post_credit(account, MERGE_IN, given, TRANSFERS, cause, now_ms)
        return after, [entry]
    live = lots.live(account.lots, recording_time(account, now_ms))
    taken = lots.soonest(live, min(debt, sum(live.values())))
    short = debt - sum(taken.values())
    effect = Effect(lots.negative(taken), debt=short, contra=TRANSFERS)
    after, entry = post(account, MERGE_IN, effect, cause, now_ms)
    return settled(after, entry, short, cause, now_ms)

"""Writes that move points: each adds its entries and the account's new state to a `WriteSet`.

The commit fails with Moved if the account has changed since the caller read it, and with
EntryExists if an entry has this reference already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.errors import EntryExists
from chalicelib.ledger.rules import Account, Cause, Clawback, Credit, Entry, Pending
from chalicelib.ledger.rules.expiry import DAYS, ExpiryPolicy, expires_at
from chalicelib.ledger.rules.freezing import BY_DEBT
from chalicelib.ledger.tables import PendingItem, StatusItem


def accrue(
    writes: WriteSet, seen: Account, credits: Sequence[Credit], now: datetime
) -> list[Entry]:
    """Add one accrual for each credit; the commit writes all of them or none.

    Where the account's status holds credits back, they are pending for days.
    """
    draft = Draft(seen, now)
    until_s = int((now + timedelta(days=config().ledger.review_pending_days)).timestamp())
    credits = [rules.held_back(seen, each, until_s) for each in credits]
    entries = [draft.add(rules.accrue(draft.account, each, draft.now_ms)) for each in credits]
    draft.record(writes)
    for credit in credits:
        if credit.unlocks_at is not None:
            writes.put(PendingItem.of(_waiting(seen.id, credit, credit.unlocks_at)))
    return entries


def _waiting(account_id: str, credit: Credit, unlocks_at: int) -> Pending:
    return Pending(
        account_id,
        credit.cause.reference,
        credit.points,
        credit.expires_at,
        unlocks_at,
        credit.cause.source,
        credit.cause.rule,
        credit.is_held_back,
    )


def redeem(writes: WriteSet, seen: Account, points: int, cause: Cause, now: datetime) -> Entry:
    """Add the redemption of points, soonest to lapse first.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.redeem(draft.account, points, cause, draft.now_ms))
    draft.record(writes)
    return entry


def reverse(
    writes: WriteSet,
    seen: Account,
    undone: Entry,
    cause: Cause,
    now: datetime,
    *,
    or_raise: type[EntryExists | Moved] = EntryExists,
) -> Entry:
    """Add the return of a redemption's points to their lots.

    The entry's reference is the redemption's own with `:reversed`, so nothing is reversed twice:
    `or_raise` refuses that.

    Raises NotReversible, AccountMismatch.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.reverse(draft.account, undone, cause, draft.now_ms))
    draft.record(writes, or_raise=or_raise)
    return entry


def refund(
    writes: WriteSet,
    seen: Account,
    spent: Entry,
    points: int,
    refunded: int,
    cause: Cause,
    now: datetime,
    *,
    or_raise: type[EntryExists | Moved] = EntryExists,
) -> Entry:
    """Add the refund of some points of a redemption or a hold to their lots.

    `refunded` points have come back before; the caller keeps the sum within the points spent. A
    setting gives points a grace period that have lapsed meanwhile. `or_raise` refuses a reference
    that exists already.
    """
    draft = Draft(seen, now)
    lots = {expiry: -taken for expiry, taken in spent.lots.items() if taken < 0}
    entry = draft.add(
        rules.refund(
            draft.account,
            lots,
            points,
            refunded,
            cause,
            draft.now_ms,
            lapsed_until_s=_end_of_grace(now),
        )
    )
    draft.record(writes, or_raise=or_raise)
    return entry


def _end_of_grace(now: datetime) -> int | None:
    """The second until which refunded points live that have lapsed; None if they stay lapsed."""
    days = config().ledger.refunded_points_grace_days
    return expires_at(ExpiryPolicy(DAYS, days), now, config().time_zone) if days else None


def adjust(
    writes: WriteSet, seen: Account, points: int, expires_at: int, cause: Cause, now: datetime
) -> Entry:
    """Add an adjustment: points given until `expires_at` (epoch seconds), or taken.

    Raises InsufficientPoints.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.adjust(draft.account, points, expires_at, cause, draft.now_ms))
    draft.record(writes)
    return entry


def claw_back(
    writes: WriteSet, seen: Account, accrual: Entry, points: int, cause: Cause, now: datetime
) -> Entry:
    """Add the clawback of an accrual after a refund, by the policy of its unit.

    Raises NotReversible, AccountMismatch, ClawbackExceedsAccrual.
    """
    return claw_back_each(writes, seen, [Clawback(accrual, points, cause)], now)[0]


def claw_back_each(
    writes: WriteSet, seen: Account, clawbacks: Sequence[Clawback], now: datetime
) -> list[Entry]:
    """Add a clawback for each of several accruals of one account.

    Raises NotReversible, AccountMismatch, ClawbackExceedsAccrual.
    """
    draft, made = Draft(seen, now), []
    for accrual, points, cause in clawbacks:
        # Read after the account: pending points cannot change without the account's seq.
        waiting = queries.find_pending(seen.id, accrual.reference)
        account, entries = rules.claw_back(
            draft.account, accrual, points, waiting, cause, draft.now_ms
        )
        for entry in entries:
            draft.add((account, entry))
        if waiting is not None:
            _leave_waiting(writes, waiting, waiting.points + entries[0].effect.pending)
        made.append(entries[0])
    draft.record(writes)
    if draft.account.status != seen.status:
        writes.put(StatusItem.of(seen.id, draft.account.status, draft.now_ms, BY_DEBT))
    return made


def _leave_waiting(writes: WriteSet, seen: Pending, points: int) -> None:
    unmoved = PendingItem.points == seen.points
    if points:
        writes.put(PendingItem.of(replace(seen, points=points)), condition=unmoved)
    else:
        writes.delete(PendingItem.of(seen), condition=unmoved)


def unlock(account_id: str, reference: str, now: datetime, *, early: bool = False) -> Entry | None:
    """Make an accrual's pending points spendable, once; None if none wait.

    Before their time it needs `early`, and is None otherwise.
    """

    def write() -> Entry | None:
        seen = queries.find_account(account_id)
        waiting = queries.find_pending(account_id, reference)
        if waiting is None:
            return None
        if not early and waiting.unlocks_at * 1000 > to_ms(now):
            return None
        writes = WriteSet()
        draft = Draft(seen, now)
        entry = draft.add(rules.unlock(draft.account, waiting, draft.now_ms))
        # The next fresh read shows an unlock that exists already.
        draft.record(writes, or_raise=Moved)
        _leave_waiting(writes, waiting, 0)
        writes.commit()
        return entry

    made = with_fresh_reads(write)
    return made or queries.find_entry(account_id, rules.unlock_of(reference))


def unlock_all_held_back(member_id: str, now: datetime) -> int:
    """Make all spendable that the status of a member's accounts held back; how much.

    One transaction for each accrual: after a crash another call does the rest.
    """
    accounts = [
        queries.account_of(member_id, unit.name) for unit in rules.UNITS.values() if unit.spendable
    ]
    waiting = [each for id_ in accounts for each in queries.pending_of(id_) if each.is_held_back]
    given = [unlock(each.account_id, each.reference, now, early=True) for each in waiting]
    return sum(-each.effect.pending for each in given if each)

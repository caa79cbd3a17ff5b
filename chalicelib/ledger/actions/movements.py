"""Writes that move points: each adds its entries and the account's new state to a `WriteSet`.

The account is written only if it still is what the caller has read (Moved otherwise), and an
entry only if its reference is new (EntryExists otherwise).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.ledger import queries, rules
from chalicelib.ledger.actions.drafts import Draft
from chalicelib.ledger.rules import Account, Cause, Clawback, Credit, Entry, Pending
from chalicelib.ledger.tables import PendingItem, StatusItem


def accrue(
    writes: WriteSet, seen: Account, credits: Sequence[Credit], now: datetime
) -> list[Entry]:
    """Add one accrual for each credit; all of them or none will be written."""
    draft = Draft(seen, now)
    entries = [draft.add(rules.accrue(draft.account, each, draft.now_ms)) for each in credits]
    draft.record(writes)
    for credit in credits:
        if credit.unlocks_at is not None:
            writes.put(PendingItem.of(_waiting(seen.id, credit, credit.unlocks_at)))
    return entries


def _waiting(account_id: str, credit: Credit, unlocks_at: int) -> Pending:
    return Pending(
        account_id, credit.cause.reference, credit.points, credit.expires_at, unlocks_at,
        credit.cause.source, credit.cause.rule,
    )  # fmt: skip


def redeem(writes: WriteSet, seen: Account, points: int, cause: Cause, now: datetime) -> Entry:
    """Add the redemption of points, soonest to lapse first.

    Raises InsufficientPoints, AccountFrozen, UnitMismatch.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.redeem(draft.account, points, cause, draft.now_ms))
    draft.record(writes)
    return entry


def reverse(writes: WriteSet, seen: Account, undone: Entry, cause: Cause, now: datetime) -> Entry:
    """Add the return of a redemption's points to the lots that they came from.

    The reference is the redemption's own with `:reversed`, whatever the cause says: nothing is
    reversed twice.

    Raises NotReversible, AccountMismatch.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.reverse(draft.account, undone, cause, draft.now_ms))
    draft.record(writes)
    return entry


def refund(
    writes: WriteSet,
    seen: Account,
    spent: Entry,
    points: int,
    refunded: int,
    cause: Cause,
    now: datetime,
) -> Entry:
    """Add the return of so many points to the lots that a redemption or a hold took them from.

    `refunded` points of it have come back before: the caller keeps the sum within what was spent.
    """
    draft = Draft(seen, now)
    lots = {expiry: -taken for expiry, taken in spent.lots.items() if taken < 0}
    entry = draft.add(rules.refund(draft.account, lots, points, refunded, cause, draft.now_ms))
    draft.record(writes)
    return entry


def adjust(
    writes: WriteSet, seen: Account, points: int, expires_at: int, cause: Cause, now: datetime
) -> Entry:
    """Add points given (which lapse at `expires_at`, epoch seconds) or taken by hand.

    Raises InsufficientPoints.
    """
    draft = Draft(seen, now)
    entry = draft.add(rules.adjust(draft.account, points, expires_at, cause, draft.now_ms))
    draft.record(writes)
    return entry


def claw_back(
    writes: WriteSet, seen: Account, accrual: Entry, points: int, cause: Cause, now: datetime
) -> Entry:
    """Add what a refund takes back of an accrual, by the policy of its unit; the clawback.

    Raises NotReversible, AccountMismatch, ClawbackExceedsAccrual.
    """
    return claw_back_each(writes, seen, [Clawback(accrual, points, cause)], now)[0]


def claw_back_each(
    writes: WriteSet, seen: Account, clawbacks: Sequence[Clawback], now: datetime
) -> list[Entry]:
    """Add what a refund takes back of several accruals of one account; a clawback for each.

    Raises NotReversible, AccountMismatch, ClawbackExceedsAccrual.
    """
    draft, made = Draft(seen, now), []
    for accrual, points, cause in clawbacks:
        # Read after the account: what waits cannot change without the account's seq.
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
        writes.put(StatusItem.of(seen.id, draft.account.status, draft.now_ms))
    return made


def _leave_waiting(writes: WriteSet, seen: Pending, points: int) -> None:
    unmoved = PendingItem.points == seen.points
    if points:
        writes.put(PendingItem.of(replace(seen, points=points)), condition=unmoved)
    else:
        writes.delete(PendingItem.of(seen), condition=unmoved)


def unlock(account_id: str, reference: str, now: datetime, *, early: bool = False) -> Entry | None:
    """Make an accrual's pending points spendable, once; None if none wait.

    Before their time only where an action unlocks them (`early`); None otherwise.
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
        # An unlock that stands already shows at the next fresh read.
        draft.record(writes, or_raise=Moved)
        _leave_waiting(writes, waiting, 0)
        writes.commit()
        return entry

    made = with_fresh_reads(write)
    return made or queries.find_entry(account_id, rules.unlock_of(reference))


def lapse(account_id: str, now: datetime) -> Entry | None:
    """Write down what has lapsed in an account; None if nothing has."""

    def write() -> Entry | None:
        draft = Draft(queries.find_account(account_id), now)
        if not draft.entries:
            return None
        writes = WriteSet()
        draft.record(writes)
        writes.commit()
        return draft.entries[0]

    return with_fresh_reads(write)

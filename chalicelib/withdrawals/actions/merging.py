"""A member is merged into another one: where the money goes."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.withdrawals.actions.payout_accounts import add_account
from chalicelib.withdrawals.queries import payout_accounts as queries


def join_of(member_id: str, into: str, now: datetime) -> None:
    """Let a member's payout account be another's, who has none: one of theirs is kept, and the old
    one stays with its id. Safe to repeat."""

    def write() -> None:
        gone, kept = (queries.find_payout_account(each) for each in (member_id, into))
        if gone.sealed is None or kept.sealed is not None:
            return
        account = queries.opened(gone.sealed, member_id)
        writes = WriteSet()
        add_account(writes, into, kept, queries.seal(account, into), now)
        add_account(writes, member_id, gone, None, now)
        writes.commit()

    with_fresh_reads(write)

"""Two members prove to be one person: one of them is merged into the other, step by step.

Names and addresses move first. Then one transaction joins the accounts and leaves the old id, which
leads to the other member. So far, and with what the caps of rules count, goes the request. The rest
may be long, and follows by schedule. Each step is safe to repeat, and the merge stands in its list
until all are done: the next run continues one that a crash cut off.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib import (
    audit,
    campaigns,
    catalog,
    coupons,
    earning,
    ledger,
    members,
    notify,
    orders,
    risk,
    tiers,
    withdrawals,
)
from chalicelib.audit import Act
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.store.writes import WriteSet, delete_each, with_fresh_reads
from chalicelib.members import Pair
from chalicelib.privacy import queries
from chalicelib.privacy.rules import Merged
from chalicelib.privacy.tables import MergeItem


def merge(pair: Pair, act: Act, now: datetime) -> tuple[Merged, bool]:
    """Merge a member into another one: (the merge, replayed). `run_merge` does the rest.

    Raises MergeBlocked, MergeWithSelf, NotFound, MemberErased, MemberMerged, MergeInProgress,
    IdempotencyKeyReused, Invalid naming `into`.
    """

    def begin() -> bool:
        members.reasons_against(pair)
        writes = WriteSet()
        others = queries.reasons_against_merge(pair, act.actor.member_id)
        members.begin_merge(writes, pair, others)
        writes.put(MergeItem.of(pair))
        after: audit.Facts = {"merged_into": pair.into, "points": 0}
        points = _points_of(pair.member_id, now)
        audit.record(writes, act.changing({"merged_into": None, "points": points}, after))
        # The same act stands on the other member's page.
        other = act.about(pair.into, new_id("act"))
        came: audit.Facts = {"merged_from": pair.member_id, "points": points}
        audit.record(writes, other.changing({}, came))
        writes.commit()
        return True

    _, replayed = audit.once(act, begin, lambda: True)
    if queries.is_unfinished(pair):
        with_fresh_reads(lambda: _join(pair, now))
        earning.join_of(*pair)
    left = members.find_merged(pair.member_id)
    if left is None:
        raise NotFound()
    return Merged(pair.member_id, left.merged_into, left.merged_at), replayed


def run_merge(pair: Pair, now: datetime) -> bool:
    """Go on with a merge that has begun; whether it was not done before. Safe to repeat after a
    crash at any point."""
    if not queries.is_unfinished(pair):
        return False
    with_fresh_reads(lambda: _join(pair, now))
    # Who stayed may have been merged meanwhile.
    now_pair = Pair(pair.member_id, members.current(pair.into))
    coupons.join_of(*now_pair)
    earning.join_of(*now_pair)
    campaigns.join_of(*now_pair)
    orders.join_of(*now_pair)
    catalog.join_of(*now_pair)
    withdrawals.join_of(*now_pair, now)
    tiers.join_of(*now_pair, now)
    risk.join_of(*now_pair, now)
    notify.join_of(pair.member_id)
    members.drop_rest(now_pair)
    delete_each([MergeItem.of(pair)])
    return True


def _join(pair: Pair, now: datetime) -> None:
    if members.merged_into(pair.member_id) is not None:
        return
    members.move_rows(pair)
    writes = WriteSet()
    for member_id in members.finish_merge(writes, pair, to_ms(now)):
        again = member_id != pair.member_id
        ledger.join(writes, member_id, pair.into, now, again=again)
    writes.commit()


def _points_of(member_id: str, now: datetime) -> int:
    account = ledger.find_account(ledger.points_account(member_id))
    return account.available(to_ms(now)) - account.debt
